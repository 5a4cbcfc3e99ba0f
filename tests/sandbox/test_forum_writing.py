"""Writing to the forum double, and how it refuses."""

from collections.abc import Iterator

import pytest

from tests.sandbox.forum_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def test_a_reply_is_answered_with_the_post_and_bumps_the_topic(site: Site) -> None:
    topic = site.topic()
    before = topic.bumped_at

    answer = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "Please try the new build.\n<!-- m-7 -->"})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["post_number"], body["post_type"], body["username"], body["staff"]) == (2, 1, "ada", True)
    assert body["post_url"] == f"/t/{topic.slug}/{topic.id}/2"
    assert "m-7" in body["raw"]
    assert "m-7" not in body["cooked"]
    assert topic.bumped_at >= before


def test_a_whisper_does_not_bump_and_is_for_staff_only(site: Site) -> None:
    topic = site.topic()
    before = topic.bumped_at

    whisper = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "He called us yesterday.", "whisper": True})
    by_customer = site.ask("POST", "/posts.json", "mei", data={"topic_id": topic.id, "raw": "May I whisper as well?", "whisper": "true"})

    assert whisper.json()["post_type"] == 4
    assert by_customer.json()["post_type"] == 1
    assert before < topic.bumped_at
    site.switch(whispers=False)
    plain = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "This one is for everybody.", "whisper": "true"})
    assert plain.json()["post_type"] == 1


def test_short_and_repeated_posts_are_refused(site: Site) -> None:
    topic = site.topic()
    long = {"topic_id": topic.id, "raw": "The very same words as before."}

    short = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "ok <!-- a comment does not count -->"})
    first, again = site.ask("POST", "/posts.json", "ada", json=long), site.ask("POST", "/posts.json", "ada", json=long)

    assert short.status_code == 422
    assert short.json() == {"action": "create_post", "errors": ["Body is too short (minimum is 20 characters)"]}
    assert (first.status_code, again.status_code) == (200, 422)
    assert again.json()["errors"] == ["Body is too similar to what you recently posted"]


def test_with_approval_a_post_is_enqueued_without_an_id(site: Site) -> None:
    topic = site.topic()
    site.switch(approval=True)

    body = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "Is anybody there at all?"}).json()

    assert (body["success"], body["action"]) == (True, "enqueued")
    assert "id" not in body
    assert len(topic.post_ids) == 1


def test_a_new_topic_keeps_tags_and_external_id(site: Site) -> None:
    values = {"title": "From the API", "raw": "A topic that was made by a program.", "tags": ["api"], "external_id": "x-1"}

    made = site.ask("POST", "/posts.json", "ada", json=values).json()

    assert site.get(f"/t/{made['topic_id']}.json")["tags"] == [{"id": 1, "name": "api", "slug": "api"}]
    found = site.ask("GET", "/t/external_id/x-1.json")
    assert (found.status_code, found.headers["Location"]) == (301, f"/t/from-the-api/{made['topic_id']}.json")


def test_edits_and_deletions(site: Site) -> None:
    topic = site.topic(posts=1)
    post_id = topic.post_ids[1]

    edited = site.ask(
        "PUT", f"/posts/{post_id}.json", "ada", json={"post": {"raw": "Entirely different words now.", "edit_reason": "typing"}}
    )

    assert (edited.json()["post"]["version"], edited.json()["post"]["edit_reason"]) == (2, "typing")
    assert site.ask("DELETE", f"/posts/{post_id}.json", "mei").status_code == 200
    assert site.get(f"/posts/{post_id}.json")["raw"] == "(post deleted by author)"
    assert site.ask("DELETE", f"/posts/{post_id}.json", "ada").status_code == 200
    assert post_id not in site.get(f"/t/{topic.id}.json", "ada")["post_stream"]["stream"]
    assert site.ask("DELETE", f"/t/{topic.id}.json", "mei").status_code == 403
    assert site.ask("DELETE", f"/t/{topic.id}.json", "ada").status_code == 200
    assert site.ask("GET", f"/t/{topic.id}.json").status_code == 404
    assert site.ask("PUT", f"/t/{topic.id}/recover.json", "ada").status_code == 200
    assert site.ask("GET", f"/t/{topic.id}.json").status_code == 200


def test_closing_takes_strings_and_leaves_a_line(site: Site) -> None:
    topic = site.topic()

    answer = site.ask("PUT", f"/t/{topic.id}/status.json", "ada", data={"status": "closed", "enabled": "true"})
    reply = site.ask("POST", "/posts.json", "mei", json={"topic_id": topic.id, "raw": "But it still does not work!"})

    assert answer.json() == {"success": "OK", "topic_status_update": None}
    posts = site.get(f"/t/{topic.id}.json")["post_stream"]["posts"]
    assert (posts[-1]["post_type"], posts[-1]["action_code"]) == (3, "closed.enabled")
    assert reply.status_code == 422
    assert site.ask("PUT", f"/t/{topic.id}/status.json", "mei", data={"status": "closed", "enabled": "false"}).status_code == 403
    site.ask("PUT", f"/t/{topic.id}/status.json", "ada", data={"status": "closed", "enabled": "false"})
    assert site.get(f"/t/{topic.id}.json")["closed"] is False


def test_tags_are_replaced_as_a_whole(site: Site) -> None:
    topic = site.topic()

    site.ask("PUT", f"/t/-/{topic.id}.json", "ada", json={"title": "Another title", "tags": ["one", "two"]})
    body = site.get(f"/t/{topic.id}.json")

    assert (body["title"], [tag["name"] for tag in body["tags"]]) == ("Another title", ["one", "two"])
    site.ask("PUT", f"/t/-/{topic.id}.json", "ada", data={"tags[]": ""})
    assert site.get(f"/t/{topic.id}.json")["tags"] == []


def test_anonymous_writing_is_answered_by_rails(site: Site) -> None:
    answer = site.ask("POST", "/posts.json", json={"topic_id": site.topic().id, "raw": "A spammer writes something."})

    assert (answer.status_code, answer.json()) == (403, ["BAD CSRF"])
