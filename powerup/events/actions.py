"""Write history."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from powerup import clock
from powerup.events.models import Event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `member` with Trello's id, `forum` with the forum's id, or `trello` / `system`."""

    kind: str
    id: str | None = None


SYSTEM = Actor("system")


def record(
    session: Session,
    workspace_id: int,
    verb: str,
    *,
    by: Actor,
    card_id: int | None = None,
    ticket_id: int | None = None,
    **data: Any,
) -> Event:
    """Add one line to the history, in the caller's transaction."""
    event = Event(
        workspace_id=workspace_id,
        at=clock.now(),
        actor_kind=by.kind,
        actor_id=by.id,
        verb=verb,
        card_id=card_id,
        ticket_id=ticket_id,
        data=data,
    )
    session.add(event)
    return event
