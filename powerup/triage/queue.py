"""The queue: every thread that nobody owns, in the order in which they should be taken.

Keyset paging over `ix_tickets_queue`: rank, then how long somebody waits, then id. Columns, no entities: this is read every few
seconds by everybody in the call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.forums.models import Forum
from powerup.teams.models import Area
from powerup.tickets.models import QUEUED, SET_ASIDE, Customer, Ticket
from powerup.triage.rules import Impact, Standing

Place = tuple[int, datetime, int]
"""Rank, time and id of a row: where a page ended."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which threads; None: all."""

    standing: Standing = Standing.new
    forum_id: int | None = None
    team_id: int | None = None
    """Whose area it probably is."""
    impact: Impact | None = None
    waiting_on: str | None = None
    customer_id: int | None = None
    ids: Sequence[int] | None = None
    """What a search found."""


def page(session: Session, workspace_id: int, wanted: Filter, *, after: Place | None = None, limit: int = 50) -> Sequence[RowMapping]:
    """Rows in the order of the queue; columns are the ticket's, with `forum_name`, `forum_kind`, `customer_name`, `username`."""
    there = _matching(_columns(), workspace_id, wanted)
    if after is not None:
        rank, at, ticket_id = after
        same = Ticket.queue_rank == rank
        later = or_(Ticket.queue_rank > rank, and_(same, Ticket.queue_at > at), and_(same, Ticket.queue_at == at, Ticket.id > ticket_id))
        there = there.where(later)
    ordered = there.order_by(Ticket.queue_rank, Ticket.queue_at, Ticket.id).limit(limit)
    return session.execute(ordered).mappings().all()


def rows(session: Session, workspace_id: int, ticket_ids: Sequence[int]) -> Mapping[int, RowMapping]:
    """The same columns for tickets by id, wherever they stand; unknown ones are absent."""
    found = session.execute(_columns().where(Ticket.workspace_id == workspace_id, Ticket.id.in_(ticket_ids))).mappings()
    return {row["id"]: row for row in found}


def count(session: Session, workspace_id: int, wanted: Filter) -> int:
    """How many rows all pages have together."""
    return session.scalar(_matching(select(func.count(Ticket.id)), workspace_id, wanted)) or 0


def in_queue(now: datetime) -> ColumnElement[bool]:
    """New threads, and those whose snooze is over."""
    return or_(Ticket.triage == Standing.new, and_(Ticket.triage == Standing.snoozed, Ticket.snoozed_until <= now))


def _columns() -> Select[Any]:
    ticket = [
        getattr(Ticket, name)
        for name in (
            *("id", "url", "subject", "excerpt", "state", "private", "message_count", "created_at", "last_message_at"),
            *("waiting_on", "waiting_since", "assigned_to", "impact", "triage", "snoozed_until", "queue_rank", "queue_at"),
            *("warn_at", "due_at", "due_kind", "customer_id", "forum_id", "area_id"),
        )
    ]
    about = (
        Forum.name.label("forum_name"),
        Forum.kind.label("forum_kind"),
        Customer.name.label("customer_name"),
        Customer.username.label("username"),
    )
    return select(*ticket, *about).join(Forum, Forum.id == Ticket.forum_id).join(Customer, Customer.id == Ticket.customer_id)


def _matching(there: Select[Any], workspace_id: int, wanted: Filter) -> Select[Any]:
    now = clock.now()
    there = there.where(Ticket.workspace_id == workspace_id)
    match wanted.standing:
        case Standing.new:
            there = there.where(QUEUED, in_queue(now))
        case Standing.snoozed:
            there = there.where(QUEUED, Ticket.triage == Standing.snoozed, Ticket.snoozed_until > now)
        case Standing.no_action:
            there = there.where(SET_ASIDE)
        case _:
            there = there.where(Ticket.triage == wanted.standing)
    for column, value in (
        (Ticket.forum_id, wanted.forum_id),
        (Ticket.impact, wanted.impact),
        (Ticket.waiting_on, wanted.waiting_on),
        (Ticket.customer_id, wanted.customer_id),
    ):
        if value is not None:
            there = there.where(column == value)
    if wanted.team_id is not None:
        there = there.where(Ticket.area_id.in_(select(Area.id).where(Area.team_id == wanted.team_id)))
    if wanted.ids is not None:
        there = there.where(Ticket.id.in_(wanted.ids))
    return there
