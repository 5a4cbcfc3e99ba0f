"""Digests: a team's stand-up, as a page reads it; and sending it now."""

from typing import Any, Literal

from flask import Blueprint

from api import auth
from api.context import database, settings
from api.openapi import Model, documented
from api.v1.shapes.deliveries import DeliveryAnswer, delivery_shape
from api.v1.shapes.refs import MemberRef, TeamRef, member_ref
from powerup import clock
from powerup.digests import actions
from powerup.digests.queries import Digest, Line, compile_digest
from powerup.errors import ConflictError
from powerup.teams import queries as teams

blueprint = Blueprint("digests", __name__)

SHOWN = 100
"""Threads of a section on the page."""


class DigestLine(Model):
    """One thread."""

    ticket_id: int
    subject: str | None
    """Null for a private thread."""
    customer: str | None
    forum: str
    url: str
    card_url: str | None
    person: MemberRef | None
    impact: Literal["low", "normal", "high", "outage"]
    waiting_since: str | None
    due_at: str | None


class DigestSection(Model):
    """One heading; `count` is of all."""

    key: Literal["over_target", "came_back", "new", "waiting_on_us", "answered"]
    title: str
    count: int
    lines: list[DigestLine]


class DigestShape(Model):
    """A team's morning."""

    team: TeamRef
    at: str
    since: str
    next_at: str | None
    """When it goes to the channel next."""
    sections: list[DigestSection]
    outages: list[str]


@blueprint.get("/teams/<int:team_id>/digest")
@documented(tag="digests", answers={200: DigestShape})
def show(team_id: int) -> dict[str, Any]:
    """The digest as of now."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        team = teams.get(session, workspace_id, team_id)
        people = teams.people(session, workspace_id)
        made = compile_digest(session, team, since=actions.last_sent(session, team), shown=SHOWN)
        next_at = clock.iso(team.stand_up_next_at) if team.stand_up_next_at else None
        return _shape(made, people) | {"next_at": next_at}


@blueprint.post("/teams/<int:team_id>/digests")
@documented(tag="digests", answers={202: DeliveryAnswer}, problems=(409,))
def send(team_id: int) -> tuple[dict[str, Any], int]:
    """Send it to the team's channel now; 409 when no channel is connected."""
    with database().write() as session:
        team = teams.get(session, auth.seat().workspace_id, team_id)
        made = actions.send(session, team, by=auth.actor(), max_attempts=settings().max_attempts)
        if made is None:
            raise ConflictError(f"No channel is connected for {team.name}. An admin can connect one in the settings.")
        return {"delivery": delivery_shape(made)}, 202


def _shape(made: Digest, people: Any) -> dict[str, Any]:
    return {
        "team": {"id": made.team_id, "name": made.team},
        "at": clock.iso(made.at),
        "since": clock.iso(made.since),
        "sections": [
            {"key": each.key, "title": each.title, "count": each.count, "lines": [_line(line, people) for line in each.lines]}
            for each in made.sections
        ],
        "outages": list(made.outages),
    }


def _line(line: Line, people: Any) -> dict[str, Any]:
    return {
        "ticket_id": line.ticket_id,
        "subject": line.subject or None,
        "customer": line.customer or None,
        "forum": line.forum,
        "url": line.url,
        "card_url": line.card_url,
        "person": member_ref(people, line.member_id),
        "impact": line.impact,
        "waiting_since": clock.iso(line.waiting_since) if line.waiting_since else None,
        "due_at": clock.iso(line.due_at) if line.due_at else None,
    }
