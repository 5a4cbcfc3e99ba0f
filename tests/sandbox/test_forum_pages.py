"""The forum's pages, as a person without script sees them."""

from collections.abc import Iterator

import pytest
import requests

from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.sandbox.forum_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def _page(site: Site, path: str, *, staff: bool = False) -> requests.Response:
    answer = site.session.get(site.forum.url + path, cookies={"forum_side": "staff"} if staff else None, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_list_shows_titles_and_states_and_hides_what_is_private(site: Site) -> None:
    topic = site.topic("Quotes & <b>brackets</b>")
    topic.closed = True
    site.store.add_topic(NewTopic("A secret matter", NewPost("mei", "For staff only, please."), archetype="private_message"))

    page = _page(site, "/")

    assert "Quotes &amp; &lt;b&gt;brackets&lt;/b&gt;" in page.text
    assert "Closed" in page.text
    assert "A secret matter" not in page.text
    assert "A secret matter" in _page(site, "/", staff=True).text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_topic_page_has_anchors_and_shows_whispers_to_staff_only(site: Site) -> None:
    topic = site.topic(posts=2)
    site.whisper(topic, "The customer is on the old plan.")
    path = f"/t/{topic.slug}/{topic.id}"

    page = _page(site, path).text

    assert all(f'id="post_{number}"' in page for number in (1, 2, 3))
    assert "old plan" not in page
    assert "Customer: Mei" in page
    assert "old plan" in _page(site, path, staff=True).text
    assert _page(site, f"/t/{topic.id}").url.endswith(path)


def test_hostile_posts_are_shown_without_their_teeth(site: Site) -> None:
    bad = '<script>x()</script><img src=x onerror="y()"><a href="javascript:z()">a</a><iframe src="//e"></iframe>'
    bad += '<p style="position:fixed">p</p>'
    topic = site.store.add_topic(NewTopic("Hostile", NewPost("mei", bad, cooked=bad)))

    page = _page(site, f"/t/{topic.slug}/{topic.id}").text

    assert not [word for word in ("x()", "onerror", "javascript:", "<iframe", "style=") if word in page]
    assert site.get(f"/t/{topic.id}.json")["post_stream"]["posts"][0]["cooked"] == bad


def test_a_person_replies_as_the_customer_and_as_staff(site: Site) -> None:
    topic = site.topic()
    path = f"{site.forum.url}/t/{topic.slug}/{topic.id}/replies"

    answer = site.session.post(path, data={"raw": "Any news?"}, timeout=10)
    staff = {"forum_side": "staff"}
    site.session.post(path, data={"raw": "Looking.", "whisper": "1"}, cookies=staff, timeout=10)

    assert answer.url.endswith("#post_2")
    posts = [site.store.rows.posts[one] for one in topic.post_ids[1:]]
    assert [(post.username, post.raw, int(post.type)) for post in posts] == [("mei", "Any news?", 1), ("ada", "Looking.", 4)]


def test_a_person_opens_a_topic_as_a_new_customer(site: Site) -> None:
    values = {"username": "ines", "title": "Ajuda, por favor", "raw": "Nada funciona desde ontem."}

    answer = site.session.post(f"{site.forum.url}/topics", data=values, timeout=10)

    assert "Ajuda, por favor" in answer.text
    assert site.store.user("ines") is not None
    refused = site.session.post(f"{site.forum.url}/topics", data={**values, "username": "ada"}, timeout=10)
    assert (refused.status_code, "member of staff" in refused.text) == (422, True)


def test_closed_topics_and_empty_texts_take_no_reply_from_customers(site: Site) -> None:
    topic = site.topic()
    path = f"{site.forum.url}/t/{topic.slug}/{topic.id}/replies"

    assert site.session.post(path, data={"raw": " "}, timeout=10).status_code == 422
    topic.closed = True
    assert site.session.post(path, data={"raw": "Hello?"}, timeout=10).status_code == 422
    assert len(topic.post_ids) == 1


def test_other_sites_may_not_write_and_view_as_stays_here(site: Site) -> None:
    topic = site.topic()
    path = f"{site.forum.url}/t/{topic.slug}/{topic.id}/replies"

    assert site.session.post(path, data={"raw": "Evil"}, headers={"Origin": "https://evil.example"}, timeout=10).status_code == 403
    away = site.session.post(
        f"{site.forum.url}/view-as", data={"side": "staff", "back": "//evil.example"}, timeout=10, allow_redirects=False
    )
    assert away.headers["Location"] == "/"


def test_files_avatars_and_users(site: Site) -> None:
    site.store.add_file("a/b.svg", "image/svg+xml", b"<svg/>")
    mei = site.store.rows.users["mei"]

    assert _page(site, "/uploads/a/b.svg").headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert _page(site, mei.avatar_template.replace("{size}", "48")).headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "Mei" in _page(site, "/u/mei").text
    assert site.ask("GET", "/uploads/none").status_code == 404
    assert site.ask("GET", "/u/none").status_code == 404
    assert "setTimeout" in _page(site, "/sandbox/forum/forum.js").text
    assert site.ask("GET", "/sandbox/forum/..%2fpages.py").status_code == 404
