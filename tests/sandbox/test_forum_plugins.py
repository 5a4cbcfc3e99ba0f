"""discourse-assign and discourse-solved on the double, on and off; limits and faults."""

from collections.abc import Iterator

import pytest
import requests

from tests.sandbox.forum_site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        made.store.add_group("support", ["ben"])
        yield made


def _assign(site: Site, topic_id: int, as_: str = "ada", **to: str) -> requests.Response:
    return site.ask("PUT", "/assign/assign.json", as_, json={"target_id": topic_id, "target_type": "Topic", **to})


def test_a_topic_is_assigned_to_a_user_then_a_group_then_nobody(site: Site) -> None:
    topic = site.topic()

    assert _assign(site, topic.id, username="ben").json() == {"success": "OK"}
    assert site.get(f"/t/{topic.id}.json", "ada")["assigned_to_user"]["username"] == "ben"
    assert _assign(site, topic.id, group_name="support").json() == {"success": "OK"}
    body = site.get(f"/t/{topic.id}.json", "ada")
    assert body["assigned_to_group"]["name"] == "support"
    assert "assigned_to_user" not in body
    assert (body["post_stream"]["posts"][-1]["post_type"], body["post_stream"]["posts"][-1]["action_code"]) == (4, "assigned_group")
    site.ask("PUT", "/assign/unassign.json", "ada", json={"target_id": topic.id, "target_type": "Topic"})
    assert "assigned_to_group" not in site.get(f"/t/{topic.id}.json", "ada")


def test_what_assign_refuses(site: Site) -> None:
    topic = site.topic()
    _assign(site, topic.id, username="ben")

    twice, customer = _assign(site, topic.id, username="ben"), _assign(site, topic.id, username="mei")

    assert (twice.status_code, "already been assigned" in twice.json()["error"]) == (400, True)
    assert (customer.status_code, "error" in customer.json()) == (400, True)
    assert _assign(site, topic.id, username="nobody").status_code == 404
    assert _assign(site, 9999, username="ben").status_code == 404
    assert _assign(site, topic.id, "mei", username="ben").status_code == 403


def test_the_assigned_filter_is_silently_ignored_for_those_who_may_not(site: Site) -> None:
    free, taken = site.topic("Nobody has this"), site.topic("Ben has this")
    _assign(site, taken.id, username="ben")

    def ids(query: str, as_: str | None) -> set[int]:
        return {one["id"] for one in site.get(f"/latest.json?assigned={query}", as_)["topic_list"]["topics"]}

    assert ids("nobody", "ada") == {free.id}
    assert ids("ben", "ada") == ids("*", "ada") == ids("me", "ben") == {taken.id}
    assert ids("nobody", "mei") == ids("nobody", None) == ids("no-such-name", "ada") == {free.id, taken.id}
    site.switch(assign_allowed=False)
    assert ids("nobody", "ada") == {free.id, taken.id}


def test_a_solution_is_accepted_and_taken_back(site: Site) -> None:
    topic = site.topic(posts=1)
    answer_id = topic.post_ids[1]

    assert site.ask("POST", "/solution/accept.json", "ada", json={"id": answer_id}).status_code == 200
    body = site.get(f"/t/{topic.id}.json", "ada")
    assert (body["accepted_answer"]["post_number"], body["accepted_answer"]["accepter_username"]) == (2, "ada")
    assert site.get("/latest.json?solved=yes")["topic_list"]["topics"][0]["has_accepted_answer"] is True
    assert site.ask("POST", "/solution/accept.json", "ada", json={"id": topic.post_ids[0]}).status_code == 403
    site.ask("POST", "/solution/unaccept.json", "ada", data={"id": answer_id})
    assert "accepted_answer" not in site.get(f"/t/{topic.id}.json")


def test_without_the_plugins_routes_and_fields_are_absent(site: Site) -> None:
    topic = site.topic(posts=1)
    _assign(site, topic.id, username="ben")
    site.switch(assign=False, solved=False)

    assert _assign(site, topic.id, username="ben").status_code == 404
    assert site.ask("POST", "/solution/accept.json", "ada", json={"id": topic.post_ids[1]}).status_code == 404
    body = site.get(f"/t/{topic.id}.json", "ada")
    assert "assigned_to_user" not in body
    assert "accepted_answer" not in body["post_stream"]["posts"][0]
    assert "can_assign" not in site.get("/session/current.json", "ada")["current_user"]


def test_too_many_requests_as_json_and_as_text(site: Site) -> None:
    site.switch(rate_limit_next=1, rate_limit_wait=9)
    json_kind = site.ask("GET", "/latest.json")
    site.switch(rate_limit_next=1, rate_limit_text=True)
    text_kind = site.ask("GET", "/latest.json")

    assert (json_kind.status_code, json_kind.headers["Retry-After"]) == (429, "9")
    assert json_kind.json()["error_type"] == "rate_limit"
    assert json_kind.json()["extras"]["wait_seconds"] == 9
    assert (text_kind.status_code, text_kind.headers["Retry-After"]) == (429, "9")
    assert text_kind.headers["Content-Type"].startswith("text/plain")
    assert text_kind.text.startswith("Slow down")
    assert site.ask("GET", "/latest.json").status_code == 200


def test_the_limit_of_admin_keys(site: Site) -> None:
    site.switch(admin_api_per_minute=2)

    statuses = [site.ask("GET", "/site.json", "ada").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert site.ask("GET", "/site.json").status_code == 200


def test_faults_reach_the_api_and_leave_the_pages_alone(site: Site) -> None:
    topic = site.topic()
    site.ask("POST", "/sandbox/faults", json={"fail_every": 1, "status": 503})

    assert site.ask("GET", "/latest.json").status_code == 503
    assert site.ask("GET", f"/t/{topic.slug}/{topic.id}").status_code == 200
    assert site.ask("GET", f"/t/{topic.slug}/{topic.id}", headers={"Accept": "application/json"}).status_code == 503
    site.ask("DELETE", "/sandbox/faults")
    assert site.ask("GET", "/latest.json").status_code == 200
    counted = site.ask("GET", "/sandbox/requests").json()["requests"]
    assert {"method": "GET", "path": "/latest.json", "status": 503, "count": 1} in counted


def test_a_lost_answer_leaves_the_post_behind(site: Site) -> None:
    topic = site.topic()
    site.ask("POST", "/sandbox/faults", json={"lose_answer_every": 1})

    with pytest.raises(requests.ConnectionError):
        site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "Carried out, but nobody hears of it."})

    assert len(topic.post_ids) == 2


def test_unknown_options_are_refused(site: Site) -> None:
    assert site.ask("PUT", "/sandbox/options", json={"no_such": 1}).status_code == 400
    assert site.ask("PUT", "/sandbox/options", data="[]", headers={"Content-Type": "application/json"}).status_code == 400
