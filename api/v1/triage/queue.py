"""GET /triage/queue and /triage/tickets/<id>: what is to be decided, and what helps to decide."""

from typing import Any, Literal

from flask import Blueprint
from itsdangerous import BadData, URLSafeSerializer
from pydantic import Field
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services
from api.limits import refuse_unstorable
from api.openapi import Model, documented, query
from api.v1.shapes.assignments import past_assignment
from api.v1.shapes.tickets import forum_abilities, forum_ref, message_shape
from api.v1.shapes.triage import ImpactName, Queue, QueueDetail
from api.v1.triage.rows import customer_ref, queue_rows, standing
from powerup import clock
from powerup.assignments import queries as assignments
from powerup.errors import InvalidError, NotFoundError
from powerup.forums import queries as forums
from powerup.search.queries import search
from powerup.teams import queries as teams
from powerup.tickets import attachments
from powerup.tickets import people as persons
from powerup.tickets import queries as tickets
from powerup.triage import around, queue
from powerup.triage.queue import Filter, Place
from powerup.triage.rules import Impact, Standing

blueprint = Blueprint("triage_queue", __name__)

FOUND = 200
"""Threads that a search looks among."""
ALIKE = 6
"""Similar threads that are shown."""
FIRST, LAST = 3, 2
"""Messages from either end of a thread that are shown."""

_CURSORS = URLSafeSerializer("not a secret: it only keeps cursors opaque", salt="queue")


class QueueFilter(Model):
    """Which threads; what is left out: all."""

    standing: Literal["new", "snoozed", "no_action"] = "new"
    forum_id: int | None = None
    team_id: int | None = None
    """Of whose area it probably is."""
    impact: ImpactName | None = None
    waiting_on: Literal["us", "customer"] | None = None
    customer_id: int | None = None
    q: str | None = Field(None, max_length=200)


class QueuePage(QueueFilter):
    """Which part of them."""

    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=100)


@blueprint.get("/triage/queue")
@documented(tag="triage", query=QueuePage, answers={200: Queue}, problems=(422,))
def listed() -> dict[str, Any]:
    """Threads that nobody owns, in the order in which they should be taken, with suggestions and their reasons."""
    wanted, workspace_id = query(QueuePage), auth.seat().workspace_id
    after = _place(wanted.cursor)
    with database().read() as session:
        chosen = _filter(session, workspace_id, wanted)
        found = queue.page(session, workspace_id, chosen, after=after, limit=wanted.limit + 1)
        page = found[: wanted.limit]
        return {
            "rows": queue_rows(session, workspace_id, page),
            "next_cursor": _cursor(page[-1]) if len(found) > wanted.limit else None,
            "count": queue.count(session, workspace_id, chosen),
            "behind": services().brains.of(workspace_id).is_behind,
        }


@blueprint.get("/triage/tickets/<int:ticket_id>")
@documented(tag="triage", answers={200: QueueDetail})
def one(ticket_id: int) -> dict[str, Any]:
    """One thread with its messages, similar threads, its customer's other threads and whose it has been."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        row = queue.rows(session, workspace_id, [ticket_id]).get(ticket_id)
        if row is None:
            raise NotFoundError("There is no such ticket in this workspace.")
        ends = tickets.ends(session, ticket_id, first=FIRST, last=LAST)
        people = teams.people(session, workspace_id)
        files = attachments.of_messages(session, [message.id for message in ends.messages])
        return {
            "row": queue_rows(session, workspace_id, [row])[0],
            "messages": [message_shape(message, files.get(message.id, ())) for message in ends.messages],
            "messages_left_out": ends.left_out,
            **forum_abilities(forums.get(session, workspace_id, row["forum_id"], removed_too=True)),
            "alike": _alike(session, workspace_id, ticket_id),
            "customer_threads": _threads(session, workspace_id, row),
            "history": [past_assignment(each, people) for each in assignments.history(session, workspace_id, ticket_id)],
        }


def _filter(session: Session, workspace_id: int, wanted: QueueFilter) -> Filter:
    ids = None
    if wanted.q and wanted.q.strip():
        ids = search(session, workspace_id, wanted.q, forum_id=wanted.forum_id, limit=FOUND)
    return Filter(
        standing=Standing(wanted.standing),
        forum_id=wanted.forum_id,
        team_id=wanted.team_id,
        impact=Impact(wanted.impact) if wanted.impact else None,
        waiting_on=wanted.waiting_on,
        customer_id=wanted.customer_id,
        ids=ids,
    )


def _alike(session: Session, workspace_id: int, ticket_id: int) -> list[dict[str, Any]]:
    found = services().brains.of(workspace_id).alike(session, ticket_id, limit=ALIKE)
    ids = [int(each.key) for each in found]
    rows, places, now = queue.rows(session, workspace_id, ids), around.places(session, workspace_id, ids), clock.now()
    shown = []
    for each in found:
        row, place = rows.get(int(each.key)), places.get(int(each.key))
        if row is None:
            continue
        about = {"customer": customer_ref(row), "created_at": clock.iso(row["created_at"]), "standing": standing(row, now)}
        shown.append(
            {
                "ticket": {name: row[name] for name in ("id", "subject", "url", "impact")} | about,
                "likeness": round(min(1.0, max(0.0, each.likeness)), 4),
                "words": list(each.words),
                "card": _card(place) if place else None,
                "assigned_team": {"id": place.assigned.id, "name": place.assigned.name} if place and place.assigned else None,
            }
        )
    return shown


def _card(place: around.Place) -> dict[str, Any] | None:
    if place.card is None:
        return None
    team = {"id": place.team.id, "name": place.team.name} if place.team else None
    card = place.card
    return {"id": card.id, "trello_id": card.trello_id, "name": card.name, "url": card.url, "team": team}


def _threads(session: Session, workspace_id: int, row: RowMapping) -> list[dict[str, Any]]:
    others = persons.threads_of(session, workspace_id, row["customer_id"], but=row["id"])
    places = around.places(session, workspace_id, [each.id for each, _ in others])
    shown = []
    for each, forum in others:
        place = places.get(each.id)
        url = place.card.url if place and place.card else None
        about = {"id": each.id, "subject": each.subject, "state": each.state, "url": each.url, "waiting_on": each.waiting_on}
        shown.append(
            about | {"created_at": clock.iso(each.created_at), "card_url": url, "forum": forum_ref(forum.id, forum.name, forum.kind)}
        )
    return shown


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    try:
        rank, at, ticket_id = _CURSORS.loads(cursor)
        refuse_unstorable([int(rank), int(ticket_id)])
        return int(rank), clock.parse(at), int(ticket_id)
    except (BadData, ValueError, TypeError, OverflowError):
        problem = {"field": "cursor", "message": "take it from next_cursor of the page before"}
        raise InvalidError("This cursor is not one of ours.", errors=[problem]) from None


def _cursor(row: RowMapping) -> str:
    made = _CURSORS.dumps([row["queue_rank"], row["queue_at"].isoformat(), row["id"]])
    return made if isinstance(made, str) else made.decode()
