"""Rows of the queue, and what is around one thread."""

from typing import Literal

from api.openapi import Model
from api.v1.shapes.people import AreaRef, Member, TeamRef
from api.v1.shapes.tickets import ForumRef, MessageShape

ImpactName = Literal["low", "normal", "high", "outage"]
StandingName = Literal["new", "snoozed", "no_action", "owned", "settled"]
DueKind = Literal["first_answer", "next_update"]


class Reason(Model):
    """A word that speaks for a suggestion; offsets count code points, in the row's subject or the first message's plain text."""

    field: Literal["subject", "body", "author"]
    start: int
    end: int
    text: str
    source: Literal["keyword", "learnt", "author"]


class Choice(Model):
    """A team to which the thread may belong."""

    team: TeamRef
    area: AreaRef | None
    share: float
    reasons: list[Reason]


class CustomerRef(Model):
    """Who opened the thread."""

    id: int
    name: str
    username: str


class HandedBack(Model):
    """Which team gave it back, and what it said."""

    team: TeamRef
    why: str | None


class QueueRow(Model):
    """One thread of the queue."""

    id: int
    url: str
    subject: str
    excerpt: str
    private: bool
    forum: ForumRef
    customer: CustomerRef
    message_count: int
    created_at: str
    last_message_at: str
    waiting_on: Literal["us", "customer"] | None
    waiting_since: str | None
    worked_minutes: int | None
    """Business minutes that the customer has waited for us; null while nobody does."""
    impact: ImpactName
    standing: StandingName
    snoozed_until: str | None
    past: bool
    """Asked long before the forum was connected, and nobody has looked at it since: after everything else."""
    handed_back: bool
    handed_back_by: HandedBack | None
    due_at: str | None
    warn_at: str | None
    due_kind: DueKind | None
    earlier_threads: int
    """Other threads of this customer."""
    choices: list[Choice]
    """At most three, best first; empty where nothing speaks for any team."""
    person: Member | None
    """Whom of the first choice's team it would be for."""


class Queue(Model):
    """A page of the queue, in the order in which threads should be taken."""

    rows: list[QueueRow]
    next_cursor: str | None
    count: int
    """Of all pages."""
    behind: bool
    """What was decided before is still being learnt: suggestions get better in a moment."""


class AlikeTicket(Model):
    """A thread that resembles this one."""

    id: int
    subject: str
    url: str
    standing: StandingName
    impact: ImpactName
    created_at: str
    customer: CustomerRef


class AlikeCard(Model):
    """An open card that stands for it; `id` is ours."""

    id: int
    trello_id: str
    name: str
    url: str
    team: TeamRef | None


class Alike(Model):
    """How alike, and where it went."""

    ticket: AlikeTicket
    likeness: float
    words: list[str]
    card: AlikeCard | None
    assigned_team: TeamRef | None


class CustomerThread(Model):
    """Another thread of the same customer, on this forum or on another that verified the same e-mail address."""

    id: int
    subject: str
    state: Literal["open", "resolved", "closed", "deleted"]
    url: str
    created_at: str
    waiting_on: Literal["us", "customer"] | None
    card_url: str | None
    forum: ForumRef


class PastAssignment(Model):
    """Whose the thread is or was."""

    id: int
    team: TeamRef
    area: AreaRef | None
    person: Member | None
    by: Member | None
    at: str
    ended_at: str | None
    ended_how: Literal["reassigned", "handed_back", "unlinked", "undone"] | None
    ended_why: str | None


class QueueDetail(Model):
    """One thread with what helps to decide about it."""

    row: QueueRow
    messages: list[MessageShape]
    """The first three and the last two."""
    messages_left_out: int
    """Between them."""
    features: list[str]
    missing: dict[str, str]
    alike: list[Alike]
    customer_threads: list[CustomerThread]
    history: list[PastAssignment]
    """Newest first."""
