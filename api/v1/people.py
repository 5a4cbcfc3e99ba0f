"""People: by which names the forum and Slack know them."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database
from api.context import services as context_services
from api.openapi import Model, body, documented
from api.v1.shapes.teams import PersonShape, person_shape
from powerup.errors import InvalidError, NotFoundError, UnauthenticatedError
from powerup.events.actions import record
from powerup.integrations.errors import IntegrationError
from powerup.log import logger
from powerup.services import Services
from powerup.teams import queries
from powerup.teams.actions import SeenPerson, remember_people
from powerup.teams.people import read_slack_token, remember_slack
from powerup.workspaces import queries as workspaces
from powerup.workspaces.queries import Seat

blueprint = Blueprint("people", __name__)
log = logger("api")


class PersonWanted(Model):
    """What is left out stays."""

    forum_username: str | None = Field(None, max_length=255)
    slack_user_id: str | None = Field(None, pattern=r"^[A-Z0-9]{6,32}$")


class PersonAnswer(Model):
    """One person."""

    person: PersonShape


@blueprint.put("/people/<member_id>")
@documented(tag="teams", json=PersonWanted, answers={200: PersonAnswer}, problems=(422,))
def change(member_id: str) -> dict[str, Any]:
    """Say by which names the forum and Slack know somebody. Board admins only."""
    auth.require_steward()
    wanted, seat = body(PersonWanted), auth.seat()
    with database().write() as session:
        person = queries.person(session, seat.workspace_id, member_id)
        if person is None:
            raise NotFoundError("Closeloop knows no such person in this workspace.")
        for name in wanted.model_fields_set:
            setattr(person, name, (getattr(wanted, name) or "").strip() or None)
        record(session, seat.workspace_id, "person.changed", by=auth.actor(), member=member_id)
        return {"person": person_shape(person)}


class SlackLink(Model):
    """What the link in Slack's answer carried."""

    token: str = Field(min_length=10, max_length=1_000)


@blueprint.post("/people/slack")
@documented(tag="teams", json=SlackLink, answers={200: PersonAnswer}, problems=(422,))
def join_slack() -> dict[str, Any]:
    """Say that you are the one who clicked in Slack: from then on your clicks count as yours."""
    seat = auth.seat()
    try:
        who = read_slack_token(context_services().signer, body(SlackLink).token)
    except UnauthenticatedError:
        # It is the link that is too old, not the session of whoever opened it.
        problem = {"field": "token", "message": "is no link of ours, or older than an hour"}
        raise InvalidError("This link has run out. Press the button in Slack again, and open the new one.", errors=[problem]) from None
    with database().write() as session:
        return {"person": person_shape(remember_slack(session, seat.workspace_id, seat.member_id, who, by=auth.actor()))}


def learn_names(services: Services, seat: Seat) -> None:
    """Make sure that whoever comes to triage has a name for the others; asks Trello once, and lets it be when Trello cannot say."""
    with services.database.read() as session:
        if queries.person(session, seat.workspace_id, seat.member_id) is not None:
            return
        account = workspaces.account(session, workspaces.board(session, seat.board_id).account_id)
    try:
        with services.trello(services.trello_token(account)) as trello:
            seen = [SeenPerson(one.id, one.username, one.full_name) for one in trello.members_of_board(seat.trello_board_id)]
    except IntegrationError as error:
        log.warning("names unknown", error=type(error).__name__)
        return
    with services.database.write() as session:
        remember_people(session, seat.workspace_id, seen)
