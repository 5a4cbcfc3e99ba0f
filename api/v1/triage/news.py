"""POST /triage/news: what others do in the queue, every few seconds."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import auth
from api.context import database, services
from api.openapi import Model, body, documented
from api.v1.people import learn_names
from api.v1.shapes.outage_notices import OutageNotice, outage_notices
from api.v1.shapes.people import Member, People, TeamRef, member, ref
from powerup import clock
from powerup.teams import queries as teams
from powerup.teams.models import Team
from powerup.tickets import queries as tickets
from powerup.triage import news, presence, queue
from powerup.triage.news import Left

blueprint = Blueprint("triage_news", __name__)


class NewsWanted(Model):
    """Where the page is."""

    ticket_id: int | None
    """The thread that this person has open."""
    since: int | None = Field(None, ge=0)
    """`cursor` of the answer before; null begins now."""


class LeftShape(Model):
    """A thread that has left the queue."""

    id: int
    """Of the event: a page may be told twice, and says it once."""
    ticket_id: int
    by: Member | None
    what: Literal["assign", "link", "no_action", "snooze", "settled"]
    team: TeamRef | None
    at: str


class Present(Model):
    """Somebody else, and the thread that they have open."""

    person: Member
    ticket_id: int


class NewsAnswer(Model):
    """What has happened since; may name a thing in more than one answer."""

    cursor: int
    count: int
    """Of the whole queue, unfiltered."""
    reload: bool
    """Too much has happened: load the queue again."""
    arrived: list[int]
    left: list[LeftShape]
    changed: list[int]
    """Still in the queue, and different."""
    present: list[Present]
    outages: list[OutageNotice]
    behind: bool


@blueprint.post("/triage/news")
@documented(tag="triage", json=NewsWanted, answers={200: NewsAnswer}, problems=(422,))
def ask() -> dict[str, Any]:
    """Say which thread is open here, and hear what others have open and have done."""
    wanted, seat = body(NewsWanted), auth.seat()
    if wanted.since is None:
        learn_names(services(), seat)
    with database().read() as session:
        if wanted.ticket_id is not None:
            tickets.get(session, seat.workspace_id, wanted.ticket_id)
        answer = _news(session, seat.workspace_id, seat.member_id, wanted.since)
        is_known = presence.is_known(session, seat.workspace_id, seat.member_id, wanted.ticket_id)
    if not is_known:
        with database().write() as session:
            presence.note(session, seat.workspace_id, seat.member_id, wanted.ticket_id)
    return answer


def _news(session: Session, workspace_id: int, member_id: str, since: int | None) -> dict[str, Any]:
    found = news.since(session, workspace_id, since)
    people = teams.people(session, workspace_id)
    there = presence.others(session, workspace_id, member_id)
    return {
        "cursor": found.cursor,
        "count": queue.count(session, workspace_id, queue.Filter()),
        "reload": found.reload,
        "arrived": list(found.arrived),
        "left": _left(session, found.left, people),
        "changed": list(found.changed),
        "present": [{"person": member(people, each.member_id), "ticket_id": each.ticket_id} for each in there],
        "outages": outage_notices(session, workspace_id),
        "behind": services().brains.of(workspace_id).is_behind,
    }


def _left(session: Session, left: tuple[Left, ...], people: People) -> list[dict[str, Any]]:
    ids = {each.team_id for each in left if each.team_id is not None}
    named = {team.id: team for team in session.scalars(select(Team).where(Team.id.in_(ids)))} if ids else {}
    return [
        {
            "id": each.event_id,
            "ticket_id": each.ticket_id,
            "by": member(people, each.member_id),
            "what": each.what,
            "team": ref(named.get(each.team_id or 0)),
            "at": clock.iso(each.at),
        }
        for each in left
    ]
