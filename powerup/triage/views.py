"""A triager's saved filters."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.errors import ConflictError, InvalidError, NotFoundError
from powerup.triage.models import View

MOST = 50
"""Of one person."""


def listed(session: Session, workspace_id: int, member_id: str) -> Sequence[View]:
    """The member's own, by name."""
    return session.scalars(select(View).where(*_own(workspace_id, member_id)).order_by(View.name, View.id)).all()


def save(session: Session, workspace_id: int, member_id: str, name: str, wanted: Mapping[str, Any]) -> View:
    """Keep a filter under a name; one that the member has under this name is replaced."""
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidError("Give the view a name.", errors=[{"field": "name", "message": "is empty"}])
    view = session.scalar(select(View).where(*_own(workspace_id, member_id), View.name == tidy))
    if view is None:
        if (session.scalar(select(func.count()).where(*_own(workspace_id, member_id))) or 0) >= MOST:
            raise ConflictError(f"You have {MOST} saved views. Delete one first.")
        view = View(workspace_id=workspace_id, member_id=member_id, name=tidy, filter={})
        session.add(view)
    view.filter = dict(wanted)
    session.flush()
    return view


def delete(session: Session, workspace_id: int, member_id: str, view_id: int) -> None:
    """Forget one of the member's own; raises NotFoundError."""
    view = session.scalar(select(View).where(*_own(workspace_id, member_id), View.id == view_id))
    if view is None:
        raise NotFoundError("You have no such saved view.")
    session.delete(view)


def _own(workspace_id: int, member_id: str) -> tuple[Any, Any]:
    return View.workspace_id == workspace_id, View.member_id == member_id
