"""What decisions teach about whose a thread is, written down so that every process can learn it in the same order."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.triage.models import Lesson


def learn(session: Session, assignment: Assignment, *, instead_of: Assignment | None = None) -> None:
    """The thread belongs where it was assigned (and not where it was before)."""
    _add(session, assignment, right=label(assignment), wrong=label(instead_of) if instead_of else None)


def learn_wrong(session: Session, assignment: Assignment) -> None:
    """A team gave the thread back: wherever it belongs, it is not there."""
    _add(session, assignment, right=None, wrong=label(assignment))


def unlearn(session: Session, assignment: Assignment) -> None:
    """The triager undid it: it never was a decision."""
    about = update(Lesson).where(Lesson.assignment_id == assignment.id, Lesson.undone_at.is_(None))
    session.execute(about.values(undone_at=clock.now()))


def label(assignment: Assignment) -> str:
    """What is learnt: the area where one was chosen, else the team."""
    return f"area:{assignment.area_id}" if assignment.area_id is not None else f"team:{assignment.team_id}"


def owner_of(label: str) -> tuple[str, int]:
    """What a label names: `area` or `team`, and its id."""
    kind, _, number = label.partition(":")
    return kind, int(number)


def last_wrong(session: Session, ticket_id: int) -> str | None:
    """Where the thread had been when it was given back, if nobody has placed it since."""
    last = session.scalar(
        select(Lesson).where(Lesson.ticket_id == ticket_id, Lesson.undone_at.is_(None)).order_by(Lesson.id.desc()).limit(1)
    )
    return last.wrong if last is not None and last.right is None else None


def given_back(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    """For each ticket the labels of those who have had it and gave it back."""
    found: dict[int, list[str]] = {}
    wanted = select(Lesson.ticket_id, Lesson.wrong).where(
        Lesson.ticket_id.in_(ticket_ids), Lesson.right.is_(None), Lesson.undone_at.is_(None)
    )
    for ticket_id, wrong in session.execute(wanted):
        if wrong is not None:
            found.setdefault(ticket_id, []).append(wrong)
    return found


def _add(session: Session, assignment: Assignment, *, right: str | None, wrong: str | None) -> None:
    if right is not None and wrong is None:
        wrong = last_wrong(session, assignment.ticket_id)
    session.add(
        Lesson(
            workspace_id=assignment.workspace_id,
            ticket_id=assignment.ticket_id,
            assignment_id=assignment.id,
            right=right,
            wrong=None if wrong == right else wrong,
            at=clock.now(),
        )
    )
