"""First replies that are often the same."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.errors import ConflictError, InvalidError, NotFoundError
from powerup.tickets.replies import LONGEST
from powerup.triage.models import CannedReply

MOST = 200
NAME = "{name}"
"""Stands for the customer's name."""


def listed(session: Session, workspace_id: int) -> Sequence[CannedReply]:
    """The workspace's, most used first."""
    there = select(CannedReply).where(CannedReply.workspace_id == workspace_id, CannedReply.removed_at.is_(None))
    return session.scalars(there.order_by(CannedReply.used.desc(), CannedReply.title, CannedReply.id)).all()


def get(session: Session, workspace_id: int, reply_id: int) -> CannedReply:
    """One of them; raises NotFoundError."""
    there = select(CannedReply).where(CannedReply.workspace_id == workspace_id, CannedReply.removed_at.is_(None))
    found = session.scalar(there.where(CannedReply.id == reply_id))
    if found is None:
        raise NotFoundError("There is no such canned reply in this workspace. Somebody may have removed it.")
    return found


def add(session: Session, workspace_id: int, title: str, text: str) -> CannedReply:
    """A new one."""
    there = select(func.count()).where(CannedReply.workspace_id == workspace_id, CannedReply.removed_at.is_(None))
    if (session.scalar(there) or 0) >= MOST:
        raise ConflictError(f"There are {MOST} canned replies. Remove one first.")
    made = CannedReply(workspace_id=workspace_id, title="", text="", used=0)
    change(made, title, text)
    session.add(made)
    session.flush()
    return made


def change(reply: CannedReply, title: str, text: str) -> None:
    """Other words; raises InvalidError naming the field."""
    tidy = " ".join(title.split())
    for field, value, most in (("title", tidy, 80), ("text", text.strip(), LONGEST)):
        if not 1 <= len(value) <= most:
            problem = {"field": field, "message": f"has 1 to {most} characters"}
            raise InvalidError(f"Something is wrong with {field}.", errors=[problem])
    reply.title, reply.text = tidy, text.strip()


def remove(reply: CannedReply) -> None:
    """Take it out of the list; what was sent stays sent."""
    reply.removed_at = clock.now()


def note_use(session: Session, reply: CannedReply, times: int) -> None:
    """It was sent so often; two who send it at once both count."""
    mine = update(CannedReply).where(CannedReply.id == reply.id).values(used=CannedReply.used + times)
    session.execute(mine.execution_options(synchronize_session=False))


def addressed(text: str, name: str) -> str:
    """The words for one customer."""
    return text.replace(NAME, name)
