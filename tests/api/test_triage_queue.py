"""The queue: its order, its filters, its pages, and what helps to decide."""

import pytest
import time_machine
from sqlalchemy import update

from powerup import clock
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.workspaces.models import Board
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import BEN


def test_threads_that_nobody_owns_stand_in_the_queue_with_what_a_triager_needs(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    answer = of(at_desk.ben.get("/api/v1/triage/queue"))
    (row,) = answer["rows"]
    assert (answer["count"], answer["next_cursor"], row["id"]) == (1, None, ticket)
    assert row["subject"] == "No heartbeat" and row["excerpt"].startswith("The agent shows")
    assert row["customer"]["name"] == "Mei" and row["forum"]["name"] == "Help"
    assert (row["waiting_on"], row["impact"], row["standing"], row["handed_back"]) == ("us", "normal", "new", False)
    assert row["due_kind"] == "first_answer" and row["warn_at"] < row["due_at"]
    assert row["worked_minutes"] == 0 and row["earlier_threads"] == 0


def test_a_keyword_suggests_the_team_and_is_marked_in_the_text(at_desk: Desk) -> None:
    at_desk.thread("Something else entirely", "My agent has no heartbeat.")
    (row,) = at_desk.rows()
    first = row["choices"][0]
    assert (first["team"]["name"], first["area"]["name"]) == ("Deployments", "Agents")
    reason = next(each for each in first["reasons"] if each["text"] == "heartbeat")
    assert (reason["field"], reason["source"]) == ("body", "keyword")
    assert "My agent has no heartbeat."[reason["start"] : reason["end"]] == reason["text"]


def test_outages_come_first_and_then_whoever_waits_longest(at_desk: Desk) -> None:
    first, second, third = (at_desk.thread(f"Thread {number}") for number in range(3))
    assert at_desk.ids() == [first, second, third]
    of(at_desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [third], "impact": "outage"}))
    of(at_desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [first], "impact": "low"}))
    assert at_desk.ids() == [third, second, first]
    assert at_desk.ids(impact="low") == [first]


def test_pages_hold_every_thread_once_and_the_count_is_that_of_all(at_desk: Desk) -> None:
    made = [at_desk.thread(f"Thread {number}") for number in range(5)]
    of(at_desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": made[3:], "impact": "high"}))
    seen, cursor = [], None
    while True:
        page = of(at_desk.ben.get("/api/v1/triage/queue", query_string={"limit": 2} | ({"cursor": cursor} if cursor else {})))
        assert page["count"] == 5
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [*made[3:], *made[:3]]


@pytest.mark.parametrize("query", ["cursor=x", "limit=101", "standing=owned", "impact=huge", "waiting_on=nobody", "limit=0", "color=red"])
def test_a_question_that_makes_no_sense_is_refused(small_desk: Desk, query: str) -> None:
    answer = small_desk.ben.get(f"/api/v1/triage/queue?{query}")
    assert (answer.status_code, code(answer)) == (422, "invalid")


def test_the_queue_can_be_searched_and_filtered(at_desk: Desk) -> None:
    step, _ = at_desk.thread("A step stops", "It stops with a timeout."), at_desk.thread()
    assert at_desk.ids(q="timeout") == [step]
    assert at_desk.ids(q="no such words at all") == []
    assert at_desk.ids(forum_id=1, waiting_on="us", q="stops") == [step]
    assert at_desk.ids(forum_id=99) == [] and at_desk.ids(customer_id=99) == []
    assert at_desk.ids(waiting_on="customer") == []


def test_business_minutes_are_counted(small_desk: Desk) -> None:
    small_desk.thread()
    closed = {"hours": {"time_zone": "UTC", "days": {"mon": ["09:00", "17:00"]}, "holidays": []}}
    targets = {name: {"first_answer": 60, "next_update": 60} for name in ("low", "normal", "high", "outage")}
    of(small_desk.ada.put("/api/v1/triage/settings", closed | {"targets": targets}))
    with time_machine.travel(clock.now().timestamp() + 8 * 24 * 3600, tick=True):
        with small_desk.world.services.database.write() as session:
            session.execute(update(Board).values(members_checked_at=clock.now()))
        (row,) = small_desk.rows()
    assert 8 * 60 <= row["worked_minutes"] <= 16 * 60


def test_one_thread_is_shown_with_its_ends_its_likes_and_its_customers_others(at_desk: Desk) -> None:
    world = at_desk.world
    topic = world.thread("Heartbeat lost", "The agent shows no heartbeat since the upgrade.")
    for number in range(7):
        world.forum.store.add_post(topic.id, NewPost("mei", f"Still nothing, day {number}."))
    ticket = of(at_desk.ben.post("/api/v1/ticket-lookups", {"url": world.thread_url(topic)}))["ticket"]["id"]
    other = at_desk.thread("Heartbeat lost again", "The agent shows no heartbeat since the upgrade, the second time.")
    at_desk.assign(other)
    world.deliver()
    detail = of(at_desk.ben.get(f"/api/v1/triage/tickets/{ticket}"))
    assert detail["row"]["id"] == ticket and detail["row"]["earlier_threads"] == 1
    assert [message["number"] for message in detail["messages"]] == [1, 2, 3, 7, 8]
    assert detail["messages_left_out"] == 3 and "reply" in detail["features"]
    (alike,) = [each for each in detail["alike"] if each["ticket"]["id"] == other]
    assert alike["card"]["name"] == "Heartbeat lost again" and alike["card"]["team"]["name"] == "Deployments"
    assert alike["assigned_team"]["name"] == "Deployments" and alike["ticket"]["standing"] == "owned"
    assert [(each["id"], each["card_url"]) for each in detail["customer_threads"]] == [(other, alike["card"]["url"])]
    assert [each["team"]["name"] for each in of(at_desk.ben.get(f"/api/v1/triage/tickets/{other}"))["history"]] == ["Deployments"]


def test_a_thread_of_another_forum_user_is_no_earlier_thread(small_desk: Desk) -> None:
    world = small_desk.world
    ticket = small_desk.thread()
    topic = world.forum.store.add_topic(NewTopic("Another's", NewPost("omar", "Mine is another.")))
    of(world.as_(BEN).post("/api/v1/ticket-lookups", {"url": world.thread_url(topic)}))
    assert of(small_desk.ben.get(f"/api/v1/triage/tickets/{ticket}"))["customer_threads"] == []


def test_a_member_whose_board_has_no_teams_sees_threads_without_suggestions(small: World) -> None:
    of(small.as_(BEN).post("/api/v1/ticket-lookups", {"url": small.thread_url(small.thread())}))
    (row,) = of(small.as_(BEN).get("/api/v1/triage/queue"))["rows"]
    assert (row["choices"], row["person"]) == ([], None)
