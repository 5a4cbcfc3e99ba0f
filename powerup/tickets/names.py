"""Who is who on the forums."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.threads import Role
from powerup.tickets.models import Message

NEWEST = 20_000
"""Messages that are looked at: whoever answers customers wrote lately."""


def staff_username(session: Session, workspace_id: int, name: str, *, forum_id: int | None = None) -> str | None:
    """The username of the staff member who wrote last under this full name (on this forum, if one is given).

    None when nobody did, or when several did.
    """
    newest = (session.scalar(select(func.max(Message.id))) or 0) - NEWEST
    wrote = select(Message.author_username).where(
        Message.id > newest, Message.workspace_id == workspace_id, Message.author_role == Role.staff, Message.author_name == name
    )
    if forum_id is not None:
        wrote = wrote.where(Message.forum_id == forum_id)
    found = session.scalars(wrote.distinct()).all()
    return found[0] if len(found) == 1 else None
