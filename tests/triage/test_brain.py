"""What a process learns of decisions: at once, and no more of what was undone."""

import pytest

from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.db.engine import Database
from powerup.triage import brain as brains
from powerup.triage.brain import Brain
from powerup.triage.undo import hand_back, reassign, undo
from tests import factories
from tests.factories import BY_ADA
from tests.triage.conftest import Queue

RUST = "The frobnicator of the ledger is crooked again, said the {}."


@pytest.fixture
def web(queue: Queue) -> int:
    """A second team with an area, so that there is something to choose; the area's id."""
    return queue.more_area(queue.more_team("Web & API"), "Portal", "portal")


def best(database: Database, mind: Brain, ticket_id: int) -> str | None:
    """The team that is suggested first."""
    with database.read() as session:
        choices = mind.choices(session, [ticket_id])[ticket_id]
        return choices[0].team.name if choices else None


def test_keywords_alone_speak_on_the_first_day(queue: Queue, web: int) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    assert best(queue.database, mind, queue.thread(1, "The portal is blank.", subject="Help")) == "Web & API"
    assert best(queue.database, mind, queue.thread(2, "Nothing that is known.", subject="Help")) is None


def test_one_decision_is_enough_for_the_next_thread_like_it(queue: Queue, web: int) -> None:
    here, elsewhere = (Brain(queue.database, queue.workspace_id) for _ in range(2))
    first, second = (queue.thread(number, RUST.format(number), subject="Frobnicator") for number in (1, 2))
    assert best(queue.database, here, second) is None
    queue.decide(first)
    assert best(queue.database, here, second) == "Deployments"
    assert best(queue.database, elsewhere, second) == "Deployments", "another process reads the same lessons"


def test_what_was_undone_is_not_known_any_more(queue: Queue, web: int) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    first, second = (queue.thread(number, RUST.format(number), subject="Frobnicator") for number in (1, 2))
    decision = queue.decide(first)
    assert best(queue.database, mind, second) == "Deployments"
    with queue.database.write() as session:
        undo(session, session.merge(decision), factories.desk(BY_ADA))
    assert best(queue.database, mind, second) is None


def test_a_long_history_is_read_in_the_background_and_keywords_speak_meanwhile(
    queue: Queue, web: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brains, "AT_ONCE", 1)
    first, second = (queue.thread(number, RUST.format(number), subject="Frobnicator") for number in (1, 2))
    third = queue.thread(3, "The portal is blank.", subject="Help")
    queue.decide(first)
    mind = Brain(queue.database, queue.workspace_id)
    assert best(queue.database, mind, third) == "Web & API"
    assert mind.wait(20)
    assert best(queue.database, mind, second) == "Deployments"


def test_threads_of_one_problem_find_one_another(queue: Queue) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    first, second = (queue.thread(number, RUST.format("clerk"), subject=f"Frobnicator crooked {number}") for number in (1, 2))
    queue.thread(3, "Something else entirely, about invoices.", subject="Invoice")
    with queue.database.read() as session:
        assert [each.key for each in mind.alike(session, first)] == [second]


def test_another_workspaces_threads_are_never_alike(queue: Queue) -> None:
    mine = queue.thread(1, RUST.format("clerk"), subject="Frobnicator")
    with queue.database.write() as session:
        theirs = factories.rows(session, 2)
        factories.ticket(session, theirs, "9", factories.message(1, RUST.format("clerk")), subject="Frobnicator")
    with queue.database.read() as session:
        assert Brain(queue.database, queue.workspace_id).alike(session, mine) == []


def test_a_few_decisions_about_one_thing_do_not_turn_all_other_threads(queue: Queue, web: int) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    for number in range(5):
        text = f"Since the last update our portal is blank on page {number}, and we need it for the new release."
        made = queue.thread(number, text, subject="The portal is blank again")
        queue.decide(made, batch=f"batch-{number}", owner=Owner(queue.team_of_area(web), web))
    other = queue.thread(8, "Since the last update our agent loses its heartbeat. We need it for the new release.", subject="Agent offline")
    silent = queue.thread(9, "We would like to thank you for the help.", subject="Thank you")
    assert best(queue.database, mind, other) == "Deployments"
    assert best(queue.database, mind, silent) is None
    assert best(queue.database, mind, queue.thread(10, "Our portal is blank.", subject="Blank")) == "Web & API"


def test_one_correction_is_believed_against_a_keyword(queue: Queue, web: int) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    text = "The agent draws the frobnicator of the ledger crooked, said the clerk."
    first, second = (queue.thread(number, text, subject="Frobnicator crooked") for number in (1, 2))
    assert best(queue.database, mind, second) == "Deployments"
    queue.decide(first)
    with queue.database.write() as session:
        standing = owned.live(session, first)
        assert standing is not None
        reassign(session, standing, Owner(queue.team_of_area(web), web), factories.desk(BY_ADA))
    assert best(queue.database, mind, second) == "Web & API"


def test_a_team_that_gave_a_thread_back_is_not_suggested_for_it_again(queue: Queue, web: int) -> None:
    mind = Brain(queue.database, queue.workspace_id)
    thread = queue.thread(1, "The agent stops.", subject="Agent")
    queue.decide(thread)
    with queue.database.write() as session:
        standing = owned.live(session, thread)
        assert standing is not None
        hand_back(session, standing, factories.desk(BY_ADA), why="Not ours.")
    assert best(queue.database, mind, thread) is None
    assert best(queue.database, mind, queue.thread(2, "The agent stops.", subject="Agent")) == "Deployments"
