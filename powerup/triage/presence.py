"""Who has which thread open: written at most every few seconds, believed for a few more."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.triage.models import Presence

BELIEVED = timedelta(seconds=20)
"""So long after somebody's last word they are taken to be there."""
SAID_AGAIN = timedelta(seconds=6)
"""Whoever stays with a thread says so no more often than this: a poll is a read, hardly ever a write."""


def others(session: Session, workspace_id: int, member_id: str) -> Sequence[Presence]:
    """Everybody else who has a thread open now."""
    wanted = select(Presence).where(Presence.workspace_id == workspace_id, Presence.member_id != member_id)
    wanted = wanted.where(Presence.ticket_id.is_not(None), Presence.seen_at > clock.now() - BELIEVED)
    return session.scalars(wanted.order_by(Presence.member_id)).all()


def is_known(session: Session, workspace_id: int, member_id: str, ticket_id: int | None) -> bool:
    """Whether the same was said a moment ago, so that nothing need be written."""
    said = session.get(Presence, (workspace_id, member_id))
    if said is None:
        return ticket_id is None
    return said.ticket_id == ticket_id and (ticket_id is None or said.seen_at > clock.now() - SAID_AGAIN)


def note(session: Session, workspace_id: int, member_id: str, ticket_id: int | None) -> None:
    """This member has this thread open (None: none)."""
    mine = update(Presence).where(Presence.workspace_id == workspace_id, Presence.member_id == member_id)
    now = clock.now()
    changed: int = session.execute(mine.values(ticket_id=ticket_id, seen_at=now)).rowcount  # type: ignore[attr-defined]  # as for any UPDATE
    if changed:
        return
    try:
        with session.begin_nested():
            session.add(Presence(workspace_id=workspace_id, member_id=member_id, ticket_id=ticket_id, seen_at=now))
    except IntegrityError:
        # Another page of the same person was as fast; either word will do.
        return
