"""Reading the forum double: lists, threads, users, search; what each viewer may see."""

from collections.abc import Iterator

import pytest

from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.sandbox.forum_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def test_a_long_thread_comes_in_chunks_of_twenty_with_all_ids(site: Site) -> None:
    topic = site.topic(posts=44)

    body = site.get(f"/t/{topic.id}.json")

    assert body["chunk_size"] == 20
    assert len(body["post_stream"]["posts"]) == 20
    assert len(body["post_stream"]["stream"]) == 45
    rest = body["post_stream"]["stream"][20:40]
    more = site.get(f"/t/{topic.id}/posts.json", params={"post_ids[]": rest})
    assert [post["id"] for post in more["post_stream"]["posts"]] == rest
    assert "raw" not in body["post_stream"]["posts"][0]


def test_raw_comes_on_request_and_keeps_what_cooked_loses(site: Site) -> None:
    topic = site.topic(raw="Some **bold** words here\n\n<!-- marker-1 -->")

    post = site.get(f"/t/{topic.id}.json?include_raw=1")["post_stream"]["posts"][0]

    assert "<!-- marker-1 -->" in post["raw"]
    assert post["cooked"] == "<p>Some <strong>bold</strong> words here</p>"


def test_posts_by_number_come_before_it_and_descending(site: Site) -> None:
    topic = site.topic(posts=30)

    before = site.get(f"/t/{topic.id}/posts.json?post_number=25")["post_stream"]["posts"]
    after = site.get(f"/t/{topic.id}/posts.json?post_number=25&asc=true")["post_stream"]["posts"]

    assert [post["post_number"] for post in before] == list(range(24, 4, -1))
    assert [post["post_number"] for post in after] == list(range(26, 32))


def test_whispers_are_for_staff(site: Site) -> None:
    topic = site.topic()
    whisper = site.whisper(topic)

    for_staff = site.get(f"/t/{topic.id}.json", "ada")
    for_all = site.get(f"/t/{topic.id}.json")
    for_customer = site.get(f"/t/{topic.id}.json", "mei")

    assert [post["post_type"] for post in for_staff["post_stream"]["posts"]] == [1, 4]
    assert whisper.id not in for_all["post_stream"]["stream"] + for_customer["post_stream"]["stream"]
    assert (for_staff["highest_post_number"], for_all["highest_post_number"]) == (2, 1)
    assert site.ask("GET", f"/posts/{whisper.id}.json").status_code == 404
    assert "Nobody outside" not in site.ask("GET", "/posts.json").text + site.ask("GET", "/search.json?q=outside").text


def test_private_messages_are_for_those_on_them_and_staff(site: Site) -> None:
    site.store.add_user("eve", "Eve")
    site.store.add_group("support", ["ben"])
    new = NewTopic("A secret", NewPost("mei", "My licence key is 1234."), archetype="private_message", allowed_groups=["support"])
    topic = site.store.add_topic(new)

    assert [site.ask("GET", f"/t/{topic.id}.json", who).status_code for who in (None, "eve", "mei", "ada")] == [404, 404, 200, 200]
    assert topic.id not in [one["id"] for one in site.get("/latest.json", "ada")["topic_list"]["topics"]]
    listed = site.get("/topics/private-messages-group/ben/support.json", "ben")["topic_list"]["topics"]
    assert [(one["id"], one["archetype"], one["category_id"]) for one in listed] == [(topic.id, "private_message", None)]


def test_latest_has_pages_and_repeats_pinned_topics(site: Site) -> None:
    topics = [site.topic(f"Topic number {number}") for number in range(35)]
    topics[3].pinned = True

    first = site.get("/latest.json")["topic_list"]
    second = site.get(first["more_topics_url"].replace("/latest?", "/latest.json?"))["topic_list"]

    assert first["more_topics_url"].startswith("/latest?")
    assert first["per_page"] == 30
    assert first["topics"][0]["id"] == second["topics"][0]["id"] == topics[3].id
    assert {one["id"] for one in first["topics"] + second["topics"]} == {topic.id for topic in topics}
    assert "more_topics_url" not in second


def test_latest_sorts_by_activity_or_creation(site: Site) -> None:
    old, new = site.topic("The older one"), site.topic("The newer one")
    site.store.add_post(old.id, NewPost("mei", "A word more about this."))

    def order(query: str) -> list[int]:
        return [one["id"] for one in site.get(f"/latest.json{query}")["topic_list"]["topics"]]

    assert order("") == [old.id, new.id]
    assert order("?order=created") == [new.id, old.id]
    assert order("?order=created&ascending=true") == [old.id, new.id]


def test_deleted_topics_are_gone_for_customers_and_marked_for_staff(site: Site) -> None:
    topic = site.topic()
    site.store.delete_topic(topic.id)

    assert site.ask("GET", f"/t/{topic.id}.json").json()["error_type"] == "not_found"
    assert site.get(f"/t/{topic.id}.json", "ada")["deleted_at"]
    assert site.get("/latest.json", "ada")["topic_list"]["topics"] == []
    site.switch(detailed_404=True)
    assert site.ask("GET", f"/t/{topic.id}.json").status_code == 410


def test_wrong_slugs_are_redirected(site: Site) -> None:
    topic = site.topic()

    answer = site.ask("GET", f"/t/another-slug/{topic.id}.json?include_raw=1")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/t/{topic.slug}/{topic.id}.json?include_raw=1")
    assert site.get(f"/t/-/{topic.id}.json")["id"] == topic.id
    assert site.get(f"/t/{topic.slug}/{topic.id}", headers={"Accept": "application/json"})["id"] == topic.id


@pytest.mark.parametrize(
    "headers",
    [
        {"Api-Key": "wrong", "Api-Username": "ada"},
        {"Api-Key": "{key}", "Api-Username": "nobody-of-that-name"},
        {"Api-Key": "{key}"},
    ],
)
def test_wrong_keys_are_refused_as_json(site: Site, headers: dict[str, str]) -> None:
    answer = site.ask("GET", "/latest.json", headers={name: value.replace("{key}", site.forum.api_key) for name, value in headers.items()})

    assert answer.status_code == 403
    assert answer.json()["error_type"] == "invalid_access"


def test_a_key_of_one_user_acts_as_nobody_else(site: Site) -> None:
    site.store.rows.keys["bens-own"] = "ben"

    assert site.get("/session/current.json", headers={"Api-Key": "bens-own"})["current_user"]["username"] == "ben"
    assert site.ask("GET", "/latest.json", headers={"Api-Key": "bens-own", "Api-Username": "ada"}).status_code == 403


def test_posts_before_an_id_come_newest_first_with_raw(site: Site) -> None:
    site.topic(posts=59)

    first = site.get("/posts.json")["latest_posts"]
    rest = site.get(f"/posts.json?before={first[-1]['id'] - 1}")["latest_posts"]

    assert (len(first), len(rest)) == (50, 10)
    ids = [post["id"] for post in first + rest]
    assert ids == sorted(ids, reverse=True)
    assert first[0]["raw"] == "More words about it, part 58."


def test_search_finds_one_hit_a_topic(site: Site) -> None:
    topic = site.topic("Agent offline", posts=3)
    site.topic("Something else", "Nothing about that here, sorry.")

    body = site.get("/search.json?q=agent")

    assert [one["id"] for one in body["topics"]] == [topic.id]
    assert body["posts"][0]["topic_id"] == topic.id
    assert body["grouped_search_result"]["post_ids"] == [body["posts"][0]["id"]]
    assert site.get("/search.json?q=agent status:closed")["posts"] == []
    assert site.ask("GET", "/search.json").status_code == 400


def test_people_and_groups(site: Site) -> None:
    site.store.add_group("support", ["ada", "ben", "mei"])

    assert site.get("/u/ADA.json")["user"]["admin"] is True
    assert site.get("/u/mei.json")["user"]["moderator"] is False
    assert "support" in [group["name"] for group in site.get("/groups.json")["groups"]]
    page = site.get("/groups/support/members.json?offset=1&limit=1")
    assert [member["username"] for member in page["members"]] == ["ben"]
    assert page["meta"] == {"total": 3, "limit": 1, "offset": 1}
    assert site.ask("GET", "/groups/nope/members.json").status_code == 404
    assert site.ask("GET", "/session/current.json").status_code == 404
    assert site.get("/about.json")["about"]["title"] == site.get("/site/basic-info.json")["title"]
