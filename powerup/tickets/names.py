"""Who is who on the forums."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.threads import Role
from powerup.tickets.models import Message

NEWEST = 20_000
"""Messages that are looked at: whoever answers customers wrote lately."""


def staff_username(session: Session, workspace_id: int, name: str) -> str | None:
    """The username of the staff member who wrote last under this full name; None when nobody did, or when several did."""
    newest = (session.scalar(select(func.max(Message.id))) or 0) - NEWEST
    wrote = select(Message.author_username).where(
        Message.id > newest, Message.workspace_id == workspace_id, Message.author_role == Role.staff, Message.author_name == name
    )
    found = session.scalars(wrote.distinct()).all()
    return found[0] if len(found) == 1 else None
