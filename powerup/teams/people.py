"""Who somebody on Slack is on Trello: they say so themselves, once, by signing in."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from powerup.crypto import Signer
from powerup.errors import ForbiddenError
from powerup.events.actions import Actor, record
from powerup.teams import queries
from powerup.teams.models import Person

LINK_SECONDS = 3600
_PURPOSE = "slack.person"


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """Somebody who clicked in a workspace's Slack."""

    workspace_id: int
    user_id: str
    name: str


def slack_token(signer: Signer, workspace_id: int, slack_user_id: str, name: str) -> str:
    """What the link carries that only this person was shown; good for an hour."""
    return signer.sign(_PURPOSE, {"workspace": workspace_id, "user": slack_user_id, "name": name[:80]})


def read_slack_token(signer: Signer, token: str) -> SlackPerson:
    """Who was shown the link; raises TokenExpiredError or UnauthenticatedError."""
    said = signer.read(_PURPOSE, token, LINK_SECONDS)
    return SlackPerson(int(said["workspace"]), str(said["user"]), str(said["name"]))


def remember_slack(session: Session, workspace_id: int, member_id: str, who: SlackPerson, *, by: Actor) -> Person:
    """From now on this member is the one who clicks as that Slack user; raises ForbiddenError for another workspace's link."""
    if who.workspace_id != workspace_id:
        raise ForbiddenError("This link belongs to another workspace. Sign in on a board of the workspace whose Slack sent it.")
    earlier = update(Person).where(Person.workspace_id == workspace_id, Person.slack_user_id == who.user_id)
    session.execute(earlier.where(Person.trello_member_id != member_id).values(slack_user_id=None))
    person = queries.person(session, workspace_id, member_id)
    if person is None:
        # The next reading of the boards brings the name that Trello knows.
        person = Person(workspace_id=workspace_id, trello_member_id=member_id, username="", name=who.name or "Somebody")
        session.add(person)
    if person.slack_user_id != who.user_id:
        person.slack_user_id = who.user_id
        record(session, workspace_id, "person.slack_set", by=by, member=member_id)
    session.flush()
    return person


def slack_response_purpose(workspace_id: int) -> str:
    """What the address is sealed for by which a click is answered: it is a credential."""
    return f"slack.response:{workspace_id}"
