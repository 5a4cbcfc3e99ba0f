"""Tickets: lists, search and whole threads."""

from typing import Any

from flask import Blueprint
from itsdangerous import BadData, URLSafeSerializer
from pydantic import Field
from sqlalchemy.orm import Session

from api import auth
from api.context import database
from api.limits import refuse_unstorable
from api.openapi import Model, documented, query
from api.v1.shapes.tickets import TicketDetail, TicketSummary, ticket_detail, ticket_summary
from powerup import clock
from powerup.errors import InvalidError
from powerup.links import queries as links
from powerup.search.queries import search
from powerup.tickets import queries
from powerup.tickets.queries import Summary

blueprint = Blueprint("tickets", __name__)

_CURSORS = URLSafeSerializer("not a secret: it only keeps cursors opaque", salt="tickets")


class TicketFilter(Model):
    """Which tickets; `q` searches, best first (one page)."""

    q: str | None = Field(None, max_length=200)
    forum_id: int | None = None
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class TicketList(Model):
    """Newest first, or best first when searched."""

    tickets: list[TicketSummary]
    next_cursor: str | None


class ThreadPage(Model):
    """Which part of the thread: the latest, or the messages before a position."""

    before: int | None = Field(None, ge=0)
    limit: int = Field(queries.PAGE, ge=1, le=200)


@blueprint.get("/tickets")
@documented(tag="tickets", query=TicketFilter, answers={200: TicketList}, problems=(422,))
def listed() -> dict[str, Any]:
    """Tickets of the workspace, newest message first; or found by words."""
    wanted, workspace_id = query(TicketFilter), auth.seat().workspace_id
    with database().read() as session:
        if wanted.q and wanted.q.strip():
            ids = search(session, workspace_id, wanted.q, forum_id=wanted.forum_id, limit=wanted.limit)
            found = queries.summaries(session, workspace_id, ids)
            return {"tickets": [ticket_summary(found[each]) for each in ids if each in found], "next_cursor": None}
        return _page(session, workspace_id, wanted)


@blueprint.get("/tickets/<int:ticket_id>")
@documented(tag="tickets", query=ThreadPage, answers={200: TicketDetail}, problems=(422,))
def one(ticket_id: int) -> dict[str, Any]:
    """A ticket with the latest part of its thread, or an earlier part."""
    wanted, workspace_id = query(ThreadPage), auth.seat().workspace_id
    with database().read() as session:
        row = queries.summary(session, workspace_id, ticket_id)
        page = queries.messages(session, ticket_id, before=wanted.before, limit=wanted.limit)
        return ticket_detail(session, row, page, links.cards_of(session, workspace_id, ticket_id))


def _page(session: Session, workspace_id: int, wanted: TicketFilter) -> dict[str, Any]:
    before = None
    if wanted.cursor is not None:
        try:
            at, ticket_id = _CURSORS.loads(wanted.cursor)
            refuse_unstorable(int(ticket_id))
            before = (clock.parse(at), int(ticket_id))
        except (BadData, ValueError, TypeError, OverflowError):
            problem = {"field": "cursor", "message": "take it from next_cursor of the page before"}
            raise InvalidError("This cursor is not one of ours.", errors=[problem]) from None
    rows = queries.newest(session, workspace_id, forum_id=wanted.forum_id, before=before, limit=wanted.limit + 1)
    page = rows[: wanted.limit]
    return {
        "tickets": [ticket_summary(row) for row in page],
        "next_cursor": _cursor(page[-1]) if len(rows) > wanted.limit else None,
    }


def _cursor(row: Summary) -> str:
    made = _CURSORS.dumps([row.Ticket.last_message_at.isoformat(), row.Ticket.id])
    return made if isinstance(made, str) else made.decode()
