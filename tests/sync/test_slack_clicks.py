"""A click in Slack is worth as much as one on the card: by whom it was is known, the second is told who was first."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from powerup import clock
from powerup.crypto import Signer
from powerup.errors import ForbiddenError, TokenExpiredError
from powerup.inbox.actions import store
from powerup.inbox.models import Received
from powerup.integrations.slack.interactions import parse
from powerup.sync import hooks
from powerup.teams.models import Person
from powerup.teams.people import SlackPerson, read_slack_token, remember_slack, slack_response_purpose
from powerup.workspaces.models import BoardMember
from tests.cast import ADA, BEN
from tests.deliveries.desk import Office, connect_slack_app, office
from tests.factories import BY_ADA
from tests.scene import Scene

BENS_SLACK, ADAS_SLACK = "U0BEN00001", "U0ADA00001"


@pytest.fixture
def desk(scene: Scene, httpserver: HTTPServer) -> Iterator[Office]:
    """With a Slack app whose clicks come to us; Slack knows Ben, and we know who he is there."""
    made = office(scene)
    connect_slack_app(scene)
    httpserver.expect_request("/clicks").respond_with_data("")
    scene.slack.request_url = httpserver.url_for("/clicks")
    knows(made, BEN.trello_id, BENS_SLACK)
    yield made


def knows(desk: Office, member_id: str, slack_user_id: str) -> None:
    """The member has said who they are on Slack."""
    workspace_id = desk.scene.board.workspace_id
    with desk.scene.services.database.write() as session:
        remember_slack(session, workspace_id, member_id, SlackPerson(workspace_id, slack_user_id, "Somebody"), by=BY_ADA)


def click(desk: Office, httpserver: HTTPServer, user: str, number: int = 1) -> None:
    """Somebody clicks "Take it"; we take it in and answer."""
    assert desk.scene.slack.click(number, "take", user=user) == ""
    for asked, _ in httpserver.log:
        take_in(desk, asked.get_data())
    while hooks.run_one(desk.scene.services, "test"):
        pass
    desk.scene.deliver()


def take_in(desk: Office, body: bytes) -> None:
    """As the webhook does."""
    seen, workspace_id = parse(body), desk.scene.board.workspace_id
    sealed = desk.scene.services.sealer.seal(slack_response_purpose(workspace_id), seen.response_url)
    where = {"channel": seen.channel_id, "ts": seen.message_ts, "sealed_url": sealed}
    hint = {"action": seen.action_id, "value": seen.value, "user": seen.user_id, "name": seen.user_name, **where}
    with desk.scene.services.database.write() as session:
        store(session, workspace_id, source=f"slack:{workspace_id}", event_id=seen.event_id, hint=hint)


def ephemeral(desk: Office) -> list[dict[str, Any]]:
    """What only one person sees."""
    return [message for message in desk.scene.slack.messages if message.get("only_to")]


def test_taking_a_thread_shows_who_has_it_and_keeps_the_links(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    click(desk, httpserver, BENS_SLACK)
    live = desk.live(ticket)
    assert live is not None and live.member_id == BEN.trello_id
    (message,) = desk.scene.slack.messages
    said = json.dumps(message, ensure_ascii=False)
    assert "✅ Taken by Ben Lindqvist, " in said and "Take it" not in said
    assert "Open card" in said and "Open thread" in said and "My step fails" in said
    assert desk.cards()[0].member_ids == [BEN.trello_id] and desk.unfinished() == []


def test_the_same_click_twice_is_one(desk: Office, httpserver: HTTPServer) -> None:
    desk.assign(desk.scene.ticket())
    desk.scene.deliver()
    click(desk, httpserver, BENS_SLACK)
    with desk.scene.services.database.write() as session:
        item = session.scalars(select(Received).where(Received.source.startswith("slack:"))).one()
        item.state, item.next_attempt_at = "pending", item.received_at
    assert hooks.run_one(desk.scene.services, "test")
    assert len(desk.deliveries("slack_answer")) == 1 and len(desk.deliveries("trello_member")) == 1


def test_the_second_is_told_who_was_first(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    desk.take(ticket, ADA.trello_id)
    click(desk, httpserver, BENS_SLACK)
    (answer,) = ephemeral(desk)
    assert answer["text"] == "Ada Okafor has already taken this thread." and answer["only_to"] == BENS_SLACK
    assert "Take it" in str(desk.scene.slack.messages[0])


def test_what_was_undone_cannot_be_taken(desk: Office, httpserver: HTTPServer) -> None:
    made = desk.assign(desk.scene.ticket())
    desk.scene.deliver()
    desk.undo(made)
    click(desk, httpserver, BENS_SLACK)
    assert "back in triage" in ephemeral(desk)[0]["text"]


def test_whom_we_do_not_know_gets_a_link_that_makes_them_known(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    click(desk, httpserver, ADAS_SLACK)
    said = ephemeral(desk)[0]["blocks"][0]["text"]["text"]
    token = parse_qs(said.partition("/slack/me?")[2].partition("|")[0])["token"][0]
    who = read_slack_token(desk.scene.services.signer, token)
    assert (who.workspace_id, who.user_id) == (desk.scene.board.workspace_id, ADAS_SLACK)
    with desk.scene.services.database.write() as session:
        remember_slack(session, who.workspace_id, ADA.trello_id, who, by=BY_ADA)
    click(desk, httpserver, ADAS_SLACK)
    live = desk.live(ticket)
    assert live is not None and live.member_id == ADA.trello_id


def test_who_left_every_board_takes_nothing(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    with desk.scene.services.database.write() as session:
        for row in session.scalars(select(BoardMember).where(BoardMember.trello_member_id == BEN.trello_id)):
            session.delete(row)
    click(desk, httpserver, BENS_SLACK)
    live = desk.live(ticket)
    assert live is not None and live.member_id is None
    assert "not a member" in ephemeral(desk)[0]["text"]


def test_an_answer_that_slack_does_not_take_is_a_visible_failure_and_given_up_in_time(desk: Office, httpserver: HTTPServer) -> None:
    desk.assign(desk.scene.ticket())
    desk.scene.deliver()
    desk.scene.break_calls(desk.scene.slack, status=503, path_contains="/actions/")
    click(desk, httpserver, BENS_SLACK)
    (waiting,) = desk.deliveries("slack_answer")
    assert waiting.state == "pending" and waiting.reason
    with desk.scene.services.database.write() as session:
        row = session.get_one(type(waiting), waiting.id)
        row.payload = {**row.payload, "until": clock.iso(clock.now() - timedelta(seconds=1))}
    desk.scene.deliver(tries=2)
    (late,) = desk.deliveries("slack_answer")
    assert late.state == "failed" and "half an hour" in (late.reason or "")
    assert "/actions/" not in str(late.payload)


def test_another_workspaces_link_and_an_old_one_are_refused(small: Scene) -> None:
    with small.services.database.write() as session, pytest.raises(ForbiddenError):
        remember_slack(session, small.board.workspace_id, ADA.trello_id, SlackPerson(99, "U1", "Ada"), by=BY_ADA)
    signer = Signer(["x" * 32])
    with pytest.raises(TokenExpiredError):
        signer.read("slack.person", signer.sign("slack.person", {"workspace": 1}), max_age=-1)


def test_a_slack_user_is_one_person_only(small: Scene) -> None:
    desk = office(small)
    for member in (ADA.trello_id, BEN.trello_id):
        knows(desk, member, BENS_SLACK)
    with small.services.database.read() as session:
        found = session.scalars(select(Person.trello_member_id).where(Person.slack_user_id == BENS_SLACK)).all()
    assert found == [BEN.trello_id]
