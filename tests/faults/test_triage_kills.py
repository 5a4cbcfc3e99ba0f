"""Kill workers with -9 twenty times while a backlog is given to teams, and partly taken back, with one of Trello's answers in ten lost.

Every thread that stays given has one card, once; every card that was taken back is archived; the forum and Slack know.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from powerup.links.models import Link
from powerup.outbox.models import Delivery, State
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.trello import RateLimits
from powerup.tickets.models import Ticket
from powerup.triage.models import Decision
from tests.deliveries.desk import Office, connect_slack_app, office
from tests.faults.workers import Nursery, kill, nursery
from tests.helpers import wait_for
from tests.scene import connected

KILLS = 20
THREADS = 20
UNDONE = 5
"""Every fifth is taken back."""
AHEAD = 15
"""Threads that are given out before the first kill."""
WORKERS = 2


def test_twenty_kills_lose_no_card_make_none_twice_and_archive_what_was_undone(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    # No poll in the meantime: what is measured is deliveries.
    quick = {"lease_seconds": 5, "connect_timeout": 1.0, "read_timeout": 3.0, "retry_base_seconds": 0.05, "max_attempts": 100}
    began = time.monotonic()
    with connected(database_url, limits=RateLimits.off(), poll_seconds=3600, **quick) as scene:
        desk = office(scene)
        connect_slack_app(scene)
        tickets = [scene.ticket(scene.thread(f"Question number {number}")) for number in range(THREADS)]
        scene.trello.faults.set(FaultPlan(lose_answer_every=10))
        with nursery(scene.services.settings, tmp_path / "workers.log") as workers:
            in_hand = give_out_under_fire(desk, tickets, workers)
            wait_for(partial(all_delivered, desk), 120, f"everything to be delivered:\n{workers.log[-2000:]}")
        lost = scene.trello.faults.requests.count(status=0)
        scene.trello.faults.clear()
        undone, kept = tickets[::UNDONE], [ticket for number, ticket in enumerate(tickets) if number % UNDONE]
        check_cards(desk, undone, kept)
        check_forum_and_slack(desk, undone, kept)
    report = {
        "kills": KILLS,
        "killed with a delivery in hand": in_hand,
        "answers lost": lost,
        "seconds": round(time.monotonic() - began, 1),
    }
    for name, value in report.items():
        record_property(name, value)
    print(report)
    assert lost > 3
    assert in_hand > KILLS / 4


def give_out_under_fire(desk: Office, tickets: list[Ticket], workers: Nursery) -> int:
    """Assign, take back every fifth a moment later, and kill a worker now and then; how many had a delivery in hand."""
    pick, in_hand, decisions = random.Random(11), 0, list[Decision]()
    alive = [(name, workers.start(name)) for name in (f"worker-{number}" for number in range(WORKERS))]
    for number in range(KILLS):
        while len(decisions) < len(tickets) and len(decisions) < number + AHEAD:
            at = len(decisions)
            decisions.append(desk.assign(tickets[at], desk.web if at % 2 else desk.agents))
            if at >= 2 and (at - 2) % UNDONE == 0:
                desk.undo(decisions[at - 2])
        goal = written(desk) + pick.randint(1, 2)
        wait_for(
            partial(has_written, desk, goal, is_last=len(decisions) == len(tickets)),
            60,
            f"more deliveries; the workers said:\n{workers.log[-2000:]}",
        )
        name, process_id = alive.pop(0)
        kill(process_id)
        in_hand += holds_something(desk, name)
        fresh = f"worker-{number + WORKERS}"
        alive.append((fresh, workers.start(fresh)))
    return in_hand


def has_written(desk: Office, goal: int, *, is_last: bool) -> bool:
    """Whether so much was carried out, or there is nothing left to do."""
    return written(desk) >= goal or (is_last and all_delivered(desk))


def written(desk: Office) -> int:
    """Cards, changes of cards, assignments and alerts that the doubles were asked for, answered or not."""
    trello, forum, slack = desk.scene.trello.faults.requests, desk.scene.forum.faults.requests, desk.scene.slack.faults.requests
    return trello.count("POST", "/1/cards") + trello.count("PUT", "/1/cards") + forum.count("PUT", "/assign") + slack.count("POST")


def all_delivered(desk: Office) -> bool:
    """Whether nothing waits."""
    with desk.scene.services.database.read() as session:
        return not session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state.in_((State.pending, State.running))))


def holds_something(desk: Office, worker: str) -> bool:
    """Whether a delivery is under this worker's lease."""
    with desk.scene.services.database.read() as session:
        held = select(Delivery.id).where(Delivery.state == State.running, Delivery.lease_by.startswith(f"{worker}:"))
        return bool(session.scalars(held).all())


def check_cards(desk: Office, undone: list[Ticket], kept: list[Ticket]) -> None:
    """One open card for each thread that stays given; what was taken back has none, or archived ones."""
    cards = [*desk.cards(), *desk.cards(desk.other_trello_board)]
    open_cards = Counter(card.name for card in cards if not card.closed)
    assert open_cards == Counter(ticket.subject for ticket in kept)
    assert max(Counter(card.name for card in cards).values()) == 1
    for card in cards:
        assert len(card.attachments) == 1 and desk.labels(card) == ["impact: normal"]
    assert [desk.standing(ticket) for ticket in undone] == ["new"] * len(undone)
    for ticket in kept:
        live = desk.live(ticket)
        assert live is not None and live.card_id is not None
    with desk.scene.services.database.read() as session:
        tied = session.scalars(select(Link.ticket_id).where(Link.ended_at.is_(None))).all()
    assert sorted(tied) == sorted(ticket.id for ticket in kept)
    assert desk.unfinished() == []


def check_forum_and_slack(desk: Office, undone: list[Ticket], kept: list[Ticket]) -> None:
    """The forum shows the team where it knows one; each thread that stays given was told."""
    rows = desk.scene.forum.store.rows.topics
    web = {ticket.external_id for ticket in kept if (live := desk.live(ticket)) is not None and live.team_id == desk.web.id}
    assert {str(topic.id) for topic in rows.values() if topic.assigned_group == "web"} == web
    said = " ".join(message["text"] for message in desk.scene.slack.messages)
    assert all(ticket.subject in said for ticket in kept)
    assert not any(rows[int(ticket.external_id)].assigned_group for ticket in undone)
