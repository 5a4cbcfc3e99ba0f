"""Who clicked in Slack says who they are on Trello, with a link that only they were shown."""

from datetime import timedelta

import pytest
import time_machine

from powerup import clock
from powerup.teams.models import Team
from powerup.teams.people import slack_token
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.cast import BEN


@pytest.fixture
def token(at_desk: Desk) -> str:
    """What Slack's answer carried."""
    with at_desk.world.services.database.read() as session:
        workspace_id = session.get_one(Team, at_desk.team_id).workspace_id
    return slack_token(at_desk.world.services.signer, workspace_id, "U0BEN00001", "ben")


def test_the_link_makes_the_slack_user_ben(at_desk: Desk, token: str) -> None:
    person = of(at_desk.ben.post("/api/v1/people/slack", {"token": token}))["person"]
    assert (person["id"], person["slack_user_id"]) == (BEN.trello_id, "U0BEN00001")


def test_a_link_of_another_kind_or_of_yesterday_is_refused(at_desk: Desk, token: str) -> None:
    forged = at_desk.world.services.signer.sign("session", {"workspace": 1, "user": "U0BEN00001", "name": "ben"})
    assert code(at_desk.ben.post("/api/v1/people/slack", {"token": forged})) == "invalid"
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert code(at_desk.ben.post("/api/v1/people/slack", {"token": token})) == "invalid"


def test_a_link_of_another_workspace_is_refused(at_desk: Desk) -> None:
    foreign = slack_token(at_desk.world.services.signer, 4711, "U0BEN00001", "ben")
    assert code(at_desk.ben.post("/api/v1/people/slack", {"token": foreign})) == "forbidden"
