"""Two triagers, one thread, the same moment: real transactions on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.errors import AlreadyAssignedError
from powerup.events.actions import Actor
from powerup.outbox.models import Delivery
from powerup.triage import batches, presence
from powerup.triage.batches import Outcome
from powerup.triage.models import Decision, Presence
from tests import factories
from tests.factories import BY_ADA, BY_BEN
from tests.triage.conftest import Queue

ROUNDS = 6


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Everybody begins when all are ready; their answers, in order. What one raises is raised."""
    gate = threading.Barrier(len(acts), timeout=10)

    def begin(act: Callable[[], object]) -> object:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(begin, act) for act in acts]]


def test_of_two_at_once_one_decides_and_the_other_hears_who_and_where(queue: Queue) -> None:
    other = queue.more_team("Web")
    for number in range(1, ROUNDS + 1):
        ticket = queue.thread(number)

        def act(by: Actor, team: int, ticket_id: int = ticket) -> object:
            try:
                return queue.decide(ticket_id, by=by, batch=f"of {by.id} {ticket_id}", owner=Owner(team))
            except AlreadyAssignedError as error:
                return error

        answers = at_once(lambda: act(BY_ADA, queue.team), lambda: act(BY_BEN, other))
        (refused,) = [each for each in answers if isinstance(each, AlreadyAssignedError)]
        first = "Ada Okafor" if answers.index(refused) == 1 else "Ben Lindqvist"
        assert refused.extra["by_name"] == first
        with queue.database.read() as session:
            assert session.scalar(select(func.count()).where(Assignment.ticket_id == ticket)) == 1
            assert session.scalar(select(func.count()).where(Delivery.ticket_id == ticket, Delivery.kind == "trello_card")) == 1


def test_the_same_request_sent_twice_at_once_decides_once(queue: Queue) -> None:
    ticket = queue.thread(1)
    first, second = at_once(lambda: queue.decide(ticket).id, lambda: queue.decide(ticket).id)
    assert first == second
    with queue.database.read() as session:
        assert session.scalar(select(func.count(Decision.id))) == 1


def test_two_bulks_in_opposite_order_never_wait_for_each_other_crosswise(queue: Queue) -> None:
    ids = [queue.thread(number) for number in range(1, 13)]

    def act(by: Actor, order: list[int]) -> Outcome:
        with queue.database.write() as session:
            wanted = queue.wanted(batch=f"bulk of {by.id}")
            return batches.decide_all(session, queue.workspace_id, order, wanted, factories.desk(by), {}, {})

    one, other = at_once(lambda: act(BY_ADA, ids), lambda: act(BY_BEN, ids[::-1]))
    assert isinstance(one, Outcome) and isinstance(other, Outcome)
    assert len(one.done) + len(other.done) == len(ids) == len(one.refused) + len(other.refused)


def test_two_pages_of_one_person_may_speak_at_once(queue: Queue) -> None:
    ids = [queue.thread(number) for number in (1, 2)]

    def act(ticket_id: int) -> None:
        with queue.database.write() as session:
            presence.note(session, queue.workspace_id, str(BY_ADA.id), ticket_id)

    at_once(*[lambda ticket_id=ticket_id: act(ticket_id) for ticket_id in ids])
    with queue.database.read() as session:
        assert session.scalars(select(Presence)).one().ticket_id in ids
