"""First replies to many, saved views, canned replies, and how waiting is measured."""

from typing import Any

import pytest

from powerup.outbox.models import Delivery
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import ADA, BEN

WEEK = {"time_zone": "Europe/Berlin", "days": {"mon": ["09:00", "17:00"], "tue": None}, "holidays": ["2026-12-25"]}
TARGETS = {name: {"first_answer": 60, "next_update": None} for name in ("low", "normal", "high", "outage")}


def test_everybody_is_called_by_name_and_once(at_desk: Desk) -> None:
    ids = [at_desk.thread(f"Thread {number}") for number in range(2)]
    said = {"ticket_ids": [*ids, 999], "text": "Hello {name}, we look into it.", "request_id": "request-1"}
    answers = [of(at_desk.ben.post("/api/v1/triage/replies", said), 202) for _ in range(2)]
    assert answers[0] == answers[1]
    assert [each["ticket_id"] for each in answers[0]["deliveries"]] == ids
    assert [(each["ticket_id"], each["code"]) for each in answers[0]["refused"]] == [(999, "not_found")]
    with at_desk.world.services.database.read() as session:
        texts = [each.payload["text"] for each in session.query(Delivery).filter(Delivery.kind == "forum_reply")]
    assert texts == ["Hello Mei, we look into it."] * 2


def test_a_canned_reply_is_counted_and_the_most_used_stands_first(at_desk: Desk) -> None:
    ben = at_desk.ben
    first, second = (
        of(ben.post("/api/v1/triage/canned-replies", {"title": title, "text": "Hello {name}"}), 201)["canned_reply"]["id"]
        for title in ("A", "B")
    )
    said = {"ticket_ids": [at_desk.thread()], "text": "Hello {name}", "request_id": "request-1", "canned_id": second}
    for _ in range(2):
        of(ben.post("/api/v1/triage/replies", said))
    found = of(ben.get("/api/v1/triage/canned-replies"))["canned_replies"]
    assert [(each["id"], each["used"]) for each in found] == [(second, 1), (first, 0)]
    changed = of(ben.put(f"/api/v1/triage/canned-replies/{first}", {"title": "C", "text": "Other"}))["canned_reply"]
    assert (changed["title"], changed["text"]) == ("C", "Other")
    assert ben.delete(f"/api/v1/triage/canned-replies/{first}").status_code == 204
    assert ben.delete(f"/api/v1/triage/canned-replies/{first}").status_code == 404
    assert [each["id"] for each in of(ben.get("/api/v1/triage/canned-replies"))["canned_replies"]] == [second]


def test_views_are_everybodys_own(world: World) -> None:
    ben, ada = world.as_(BEN), world.as_(ADA)
    made = of(ben.post("/api/v1/triage/views", {"name": " Mine ", "filter": {"impact": "high"}}), 201)["view"]
    again = of(ben.post("/api/v1/triage/views", {"name": "Mine", "filter": {"q": "agent"}}), 201)["view"]
    assert made["id"] == again["id"] and again["filter"] == {"q": "agent"}
    assert of(ada.get("/api/v1/triage/views"))["views"] == [] and ada.delete(f"/api/v1/triage/views/{made['id']}").status_code == 404
    assert of(ben.get("/api/v1/triage/views"))["views"] == [again]
    assert ben.delete(f"/api/v1/triage/views/{made['id']}").status_code == 204
    assert ben.post("/api/v1/triage/views", {"name": "Bad", "filter": {"impact": "huge"}}).status_code == 422
    assert ben.post("/api/v1/triage/views", {"name": "  ", "filter": {}}).status_code == 422


def test_hours_and_targets_are_an_admins_and_are_read_back(world: World) -> None:
    before = of(world.as_(BEN).get("/api/v1/triage/settings"))
    assert before["hours"]["days"]["sun"] == ["00:00", "24:00"] and before["targets"]["outage"]["first_answer"] == 15
    saved = of(world.as_(ADA).put("/api/v1/triage/settings", {"hours": WEEK, "targets": TARGETS}))
    assert saved == of(world.as_(BEN).get("/api/v1/triage/settings"))
    assert saved["hours"]["days"]["mon"] == ["09:00", "17:00"] and saved["hours"]["days"]["tue"] is None
    refused = world.as_(BEN).put("/api/v1/triage/settings", {"hours": WEEK, "targets": TARGETS})
    assert (refused.status_code, code(refused)) == (403, "board_admin_needed")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hours": WEEK | {"time_zone": "Berlin"}}, "hours.time_zone"),
        ({"hours": WEEK | {"time_zone": "../etc/passwd"}}, "hours.time_zone"),
        ({"hours": WEEK | {"days": {}}}, "hours.days"),
        ({"hours": WEEK | {"days": {"mon": ["17:00", "09:00"]}}}, "hours.days.mon"),
        ({"hours": WEEK | {"days": {"mon": ["9", "17"]}}}, "hours.days.mon"),
        ({"hours": WEEK | {"holidays": ["soon"]}}, "hours.holidays"),
        ({"targets": TARGETS | {"low": {"first_answer": 0}}}, "targets.low.first_answer"),
        ({"targets": TARGETS | {"low": {"first_answer": 10**9}}}, "targets.low.first_answer"),
        ({"hours": WEEK | {"days": {"mon": ["09:00", "09:01"]}}}, "targets.low.first_answer"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_meant_name_the_field(small: World, change: dict[str, Any], field: str) -> None:
    targets = TARGETS | {"low": {"first_answer": 60 * 24 * 60, "next_update": None}}
    answer = small.as_(ADA).put("/api/v1/triage/settings", {"hours": WEEK, "targets": targets} | change)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field  # type: ignore[index]


def test_new_targets_hold_for_threads_that_wait_already(at_desk: Desk) -> None:
    at_desk.thread()
    before = at_desk.rows()[0]["due_at"]
    always = {name: ["00:00", "24:00"] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    of(at_desk.ada.put("/api/v1/triage/settings", {"hours": {"time_zone": "UTC", "days": always}, "targets": TARGETS}))
    assert at_desk.rows()[0]["due_at"] < before
