"""Decide once, whoever is faster; take it back whole."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from powerup import clock
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.errors import AlreadyAssignedError, ConflictError, InvalidError, NotFoundError
from powerup.links.actions import link
from powerup.outbox.models import Delivery, State
from powerup.tickets.models import Ticket
from powerup.triage import around, batches, undo
from powerup.triage.models import Decision, Lesson
from powerup.triage.rules import Impact, Standing
from tests import factories
from tests.cast import BEN
from tests.factories import BY_ADA, BY_BEN
from tests.triage.conftest import Queue


def kinds(queue: Queue, state: State = State.pending) -> list[str]:
    with queue.database.read() as session:
        return list(session.scalars(select(Delivery.kind).where(Delivery.state == state).order_by(Delivery.id)))


def lessons(queue: Queue) -> list[tuple[str | None, str | None, bool]]:
    with queue.database.read() as session:
        return [(each.right, each.wrong, each.undone_at is not None) for each in session.scalars(select(Lesson).order_by(Lesson.id))]


def undo_it(queue: Queue, decision: Decision) -> None:
    with queue.database.write() as session:
        undo.undo(session, session.get_one(Decision, decision.id), factories.desk())


def test_assigning_owns_the_thread_orders_a_card_and_teaches(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    assert queue.ticket(ticket).triage == Standing.owned and queue.ticket(ticket).area_id == queue.area
    assert kinds(queue).count("trello_card") == 1
    assert lessons(queue) == [(f"area:{queue.area}", None, False)]
    again = queue.decide(ticket)
    assert again.id == made.id and kinds(queue).count("trello_card") == 1


def test_the_second_is_refused_with_who_and_where(queue: Queue) -> None:
    ticket = queue.thread(1)
    queue.decide(ticket)
    with pytest.raises(AlreadyAssignedError) as refused:
        queue.decide(ticket, by=BY_BEN, batch="batch of ben")
    assert refused.value.extra["by_name"] == "Ada Okafor" and refused.value.extra["team"] == {"id": queue.team, "name": "Deployments"}


def test_each_way_of_setting_aside_is_refused_to_the_second_in_plain_words(queue: Queue) -> None:
    ticket = queue.thread(1)
    queue.decide(ticket, kind="no_action")
    with pytest.raises(AlreadyAssignedError, match=r"Ada Okafor has already marked it as no action\."):
        queue.decide(ticket, by=BY_BEN, batch="of ben")
    assert queue.decide(ticket, by=BY_BEN, batch="of ben", expected=Standing.no_action).kind == "assign"


def test_a_thread_that_another_has_just_snoozed_is_not_assigned_unseen(queue: Queue) -> None:
    ticket = queue.thread(1)
    queue.decide(ticket, kind="snooze", until=clock.now() + timedelta(hours=1))
    with pytest.raises(AlreadyAssignedError, match=r"Ada Okafor has already snoozed it\."):
        queue.decide(ticket, by=BY_BEN, batch="of ben")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert queue.decide(ticket, by=BY_BEN, batch="of ben").kind == "assign"


def test_a_thread_that_was_set_aside_before_comes_back_to_the_queue_all_the_same(queue: Queue) -> None:
    ticket = queue.thread(1)
    queue.decide(ticket, kind="no_action")
    made = queue.decide(ticket, batch="second", expected=Standing.no_action)
    with queue.database.write() as session:
        undo.hand_back(session, session.get_one(Assignment, made.assignment_id), factories.desk(BY_BEN), why=None)
    assert (queue.ticket(ticket).triage, queue.ticket(ticket).queue_rank) == (Standing.new, 1)


def test_a_thread_that_came_back_stays_near_the_top_when_a_later_decision_is_undone(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    with queue.database.write() as session:
        undo.hand_back(session, session.get_one(Assignment, made.assignment_id), factories.desk(BY_BEN), why="Not ours")
    undo_it(queue, queue.decide(ticket, batch="second"))
    assert queue.ticket(ticket).queue_rank == 1
    with queue.database.read() as session:
        assert around.hand_backs(session, [ticket])[ticket][1] == "Not ours"


def test_a_thread_that_is_settled_has_left_the_queue(queue: Queue) -> None:
    ticket = queue.thread(1, state="closed")
    with pytest.raises(AlreadyAssignedError, match="left the queue"):
        queue.decide(ticket)


def test_a_batch_id_means_one_decision(queue: Queue) -> None:
    ticket = queue.thread(1)
    queue.decide(ticket)
    with pytest.raises(ConflictError, match="batch id"):
        queue.decide(ticket, by=BY_BEN)


@pytest.mark.parametrize("days", [-1, 91])
def test_a_snooze_is_for_some_time_ahead(queue: Queue, days: int) -> None:
    ticket = queue.thread(1)
    with pytest.raises(InvalidError):
        queue.decide(ticket, kind="snooze", until=clock.now() + timedelta(days=days))


def test_undo_of_an_assignment_leaves_nothing_behind(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    for _ in range(2):
        undo_it(queue, made)
    assert queue.ticket(ticket).triage == Standing.new
    assert "trello_card" not in kinds(queue) and "trello_card" in kinds(queue, State.cancelled)
    assert lessons(queue) == [(f"area:{queue.area}", None, True)]
    assert queue.decide(ticket, batch="again").id != made.id


def test_undo_after_the_card_was_made_archives_it(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    card_made(queue, ticket, queue.rows.card.id)
    undo_it(queue, made)
    assert "trello_archive" in kinds(queue) and queue.ticket(ticket).triage == Standing.new


def test_a_card_that_is_worked_on_is_not_archived_under_its_people(queue: Queue) -> None:
    ticket, other = queue.thread(1), queue.thread(2)
    made = queue.decide(ticket)
    card_made(queue, ticket, queue.rows.card.id)
    queue.decide(other, kind="link", batch="link", card=queue.rows.card)
    with pytest.raises(ConflictError, match="worked on"):
        undo_it(queue, made)


def test_linking_to_a_card_makes_its_owner_the_threads(queue: Queue) -> None:
    first, second = queue.thread(1), queue.thread(2)
    queue.decide(first, owner=Owner(queue.team, queue.area, BEN.trello_id))
    card_made(queue, first, queue.rows.card.id)
    made = queue.decide(second, kind="link", batch="link", card=queue.rows.card)
    with queue.database.read() as session:
        standing = owned.live(session, second)
        assert standing is not None
        assert (standing.area_id, standing.member_id, standing.card_id) == (queue.area, BEN.trello_id, queue.rows.card.id)
    undo_it(queue, made)
    assert queue.ticket(second).triage == Standing.new and queue.ticket(first).triage == Standing.owned


def test_a_card_that_is_closed_cannot_be_linked_to(queue: Queue) -> None:
    ticket = queue.thread(1)
    with queue.database.write() as session:
        card = session.get_one(Card, queue.rows.card.id)
        card.closed_at = clock.now()
    with pytest.raises(InvalidError):
        queue.decide(ticket, kind="link", card=card)


def test_handing_back_is_a_lesson_a_misroute_and_a_place_near_the_top(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    with queue.database.write() as session:
        undo.hand_back(session, session.get_one(Assignment, made.assignment_id), factories.desk(BY_BEN), why="  Not ours ")
    assert (queue.ticket(ticket).triage, queue.ticket(ticket).queue_rank) == (Standing.new, 1)
    other = queue.more_team("Web")
    queue.decide(ticket, batch="second", owner=Owner(other))
    area = f"area:{queue.area}"
    assert lessons(queue) == [(area, None, True), (None, area, False), (f"team:{other}", area, False)]
    with queue.database.read() as session:
        assert session.get_one(Decision, made.id).handed_back_at is not None
        assert session.get_one(Assignment, made.assignment_id).ended_why == "Not ours"


def test_passing_on_within_the_team_is_no_misroute(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    with queue.database.write() as session:
        standing = session.get_one(Assignment, made.assignment_id)
        passed = undo.reassign(session, standing, Owner(queue.team, queue.area, BEN.trello_id), factories.desk())
        assert passed.id != standing.id
    with queue.database.read() as session:
        assert session.get_one(Decision, made.id).handed_back_at is None
    assert lessons(queue) == [(f"area:{queue.area}", None, False)]


def test_undoing_what_was_passed_on_is_refused(queue: Queue) -> None:
    ticket, other = queue.thread(1), queue.more_team("Web")
    made = queue.decide(ticket)
    with queue.database.write() as session:
        undo.reassign(session, session.get_one(Assignment, made.assignment_id), Owner(other), factories.desk())
    with pytest.raises(ConflictError, match="passed this thread on"):
        undo_it(queue, made)


def test_one_refusal_of_a_batch_changes_nothing_and_holds_up_nothing(queue: Queue) -> None:
    ids = [queue.thread(number) for number in range(1, 5)]
    queue.decide(ids[1])
    with queue.database.write() as session:
        outcome = batches.decide_all(
            session, queue.workspace_id, [*reversed(ids), 999], queue.wanted(batch="many"), factories.desk(), {}, {}
        )
        assert [each.ticket_id for each in outcome.done] == [ids[0], ids[2], ids[3]]
        assert [each.ticket_id for each in outcome.refused] == [ids[1], 999]
    with queue.database.read() as session:
        assert session.scalar(select(func.count()).where(Delivery.kind == "trello_card")) == 4


def test_a_batch_of_another_or_of_nobody_is_not_found(queue: Queue) -> None:
    queue.decide(queue.thread(1))
    with queue.database.write() as session, pytest.raises(NotFoundError):
        batches.undo_all(session, queue.workspace_id, "batch", factories.desk(BY_BEN))


def test_what_was_decided_yesterday_is_not_undone_by_a_key(queue: Queue) -> None:
    ticket = queue.thread(1)
    made = queue.decide(ticket)
    with queue.database.write() as session:
        session.get_one(Decision, made.id).at = clock.now() - timedelta(hours=25)
        undone, refused = batches.undo_all(session, queue.workspace_id, "batch", factories.desk())
        assert undone == [] and "more than a day ago" in refused[0].error.detail


def test_an_impact_moves_the_thread_and_shortens_its_promise(queue: Queue) -> None:
    ticket = queue.thread(1)
    before = queue.ticket(ticket)
    with queue.database.write() as session:
        assert batches.set_impacts(session, queue.workspace_id, [ticket, ticket], Impact.outage, factories.desk()) == [ticket]
    after = queue.ticket(ticket)
    assert (before.queue_rank, after.queue_rank) == (3, 0)
    assert before.due_at is not None and after.due_at is not None and after.due_at < before.due_at


def card_made(queue: Queue, ticket_id: int, card_id: int) -> None:
    """What the worker writes down when the card stands."""
    with queue.database.write() as session:
        standing = owned.live(session, ticket_id)
        assert standing is not None
        standing.card_id = card_id
        link(session, session.get_one(Card, card_id), session.get_one(Ticket, ticket_id), by=BY_ADA, max_attempts=5, attach=False)
        for delivery in session.scalars(select(Delivery).where(Delivery.ticket_id == ticket_id, Delivery.kind == "trello_card")):
            delivery.state, delivery.attempts, delivery.outcome = State.done, 1, {"card_id": card_id}
