"""Teams hear of their threads in their own channel, and what cannot be told is there to be seen."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from powerup.outages.actions import Declaration, declare, end
from powerup.outages.models import Outage
from powerup.sandbox.discourse.store import NewPost
from powerup.sync.reading import read_thread
from powerup.teams.editing import Hook, add_area, set_hook
from powerup.teams.models import Area, Team
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Wanted, decide
from powerup.triage.rules import Impact
from tests.cast import BEN
from tests.deliveries.desk import Office, connect_slack_app, office
from tests.factories import BY_ADA
from tests.scene import Scene, connect_slack


@pytest.fixture
def desk(small: Scene) -> Iterator[Office]:
    """With a Slack app that has buttons."""
    made = office(small)
    connect_slack_app(small)
    yield made


def told(desk: Office, channel: str = "web-and-api") -> list[dict[str, Any]]:
    """What stands in the channel."""
    return desk.scene.slack.messages_in(channel)


def buttons(message: dict[str, Any]) -> list[str]:
    """What can be clicked."""
    return [each["text"]["text"] for block in message["blocks"] if block["type"] == "actions" for each in block["elements"]]


def test_an_assignment_is_told_with_buttons_that_lead_on(desk: Office) -> None:
    ticket = desk.scene.ticket(desk.scene.thread("My step <fails> & stops"))
    desk.assign(ticket)
    desk.scene.deliver()
    (message,) = told(desk)
    said = str(message)
    assert "New for Web: My step &lt;fails&gt; &amp; stops" in said and "It stops after one minute" in said
    assert "Mei Tanaka" in said and "Normal" in said and "Assigned by Ada Okafor" in said
    assert buttons(message) == ["Take it", "Open card", "Open thread"]
    assert "<!channel>" not in said


def test_without_a_signing_secret_there_are_links_and_no_buttons(small: Scene) -> None:
    desk = office(small)
    connect_slack_app(small, buttons=False)
    desk.assign(small.ticket())
    small.deliver()
    (message,) = told(desk)
    assert buttons(message) == [] and "Open thread" in str(message)


def test_an_alert_waits_a_moment_for_the_card_to_which_it_leads(desk: Office) -> None:
    desk.assign(desk.scene.ticket())
    running = desk.claim("trello_card")
    desk.scene.deliver()
    assert told(desk) == [] and desk.deliveries("team_alert")[0].state == "pending"
    desk.finish(running)
    desk.scene.deliver(tries=2)
    assert "Open card" in buttons(told(desk)[0])
    assert desk.deliveries("team_alert")[0].card_id is not None


def test_an_outage_is_told_at_once_and_to_everybody_in_the_channel(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket, member_id=BEN.trello_id)
    desk.scene.deliver()
    desk.impact(ticket, Impact.outage)
    desk.scene.deliver()
    message = told(desk)[-1]
    assert message["text"].startswith("Outage: ") and "<!channel>" in str(message)
    assert "Take it" not in buttons(message) and "Ben Lindqvist" in str(message)


def test_a_customers_answer_is_told_in_its_own_words(desk: Office) -> None:
    topic = desk.scene.thread()
    ticket = desk.scene.ticket(topic)
    desk.assign(ticket)
    desk.scene.deliver()
    desk.scene.forum.store.add_post(topic.id, NewPost("mei", "It still stops, after two minutes now."))
    with desk.scene.services.forum(desk.scene.forum_row) as adapter:
        read_thread(desk.scene.services, adapter, desk.scene.forum_row, str(topic.id))
    desk.scene.deliver()
    message = told(desk)[-1]
    assert message["text"].startswith("Mei Tanaka answered: ") and "after two minutes now" in str(message)


def test_another_customer_on_a_card_is_told(desk: Office) -> None:
    first, second = desk.scene.ticket(), desk.scene.ticket(desk.scene.thread("Mine fails too"))
    desk.assign(first)
    desk.scene.deliver()
    card = desk.scene.known_card(desk.cards()[0].id)
    with desk.at_desk() as (session, at):
        decide(session, session.get_one(Ticket, second.id), Wanted("link", "batch-of-two", card=card), at)
    desk.scene.deliver()
    assert told(desk)[-1]["text"] == "One more customer on “My step fails”: Mine fails too"


def test_a_private_thread_is_told_of_without_its_words(desk: Office) -> None:
    ticket = desk.scene.ticket()
    with desk.scene.services.database.write() as session:
        session.get_one(Ticket, ticket.id).private = True
    desk.assign(ticket)
    desk.scene.deliver()
    said = str(told(desk)[0])
    assert "a private thread" in said
    assert not any(words in said for words in ("My step fails", "one minute", "Mei"))
    assert "My step fails" not in desk.cards()[0].name + desk.cards()[0].desc


def test_what_was_passed_on_meanwhile_is_told_to_the_right_team_only(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.reassign(ticket, desk.agents)
    desk.scene.deliver()
    assert told(desk) == [] and len(told(desk, "deployments")) == 1
    assert desk.deliveries("team_alert")[0].outcome is not None and "skipped" in (desk.deliveries("team_alert")[0].outcome or {})


def test_what_was_undone_is_not_told(desk: Office) -> None:
    desk.undo(desk.assign(desk.scene.ticket()))
    desk.scene.deliver()
    assert desk.scene.slack.messages == []


@pytest.mark.parametrize("kind", ["msteams", "slack"])
def test_a_teams_own_webhook_is_enough(small: Scene, kind: str) -> None:
    desk = office(small)
    url = small.slack.teams_url if kind == "msteams" else small.slack.webhook_url_of("triage")
    with small.services.database.write() as session:
        team = session.get_one(Team, desk.web.id)
        team.slack_channel = None
        set_hook(team, Hook(kind, url), sealer=small.services.sealer)
    desk.assign(small.ticket())
    small.deliver()
    (message,) = small.slack.messages
    assert "New for Web: My step fails" in str(message)
    assert kind == "msteams" or (message["channel"] == small.slack.channel_id("triage") and buttons(message) == [])


def test_the_workspaces_webhook_hears_what_no_team_channel_does(small: Scene) -> None:
    desk = office(small)
    connect_slack(small)
    desk.assign(small.ticket())
    small.deliver()
    assert small.slack.messages[0]["text"] == "New for Web: My step fails"


def test_a_channel_that_is_gone_is_a_failure_on_the_card_in_plain_words(desk: Office) -> None:
    desk.scene.slack.set_state("web-and-api", "archived")
    desk.assign(desk.scene.ticket())
    desk.scene.deliver()
    (lost,) = desk.deliveries("team_alert")
    assert lost.state == "failed" and "#web-and-api is archived" in (lost.reason or "")
    row = desk.scene.known_card(desk.cards()[0].id)
    assert row is not None and lost.card_id == row.id


def test_a_resolution_is_told_where_the_cards_team_is(desk: Office) -> None:
    connect_slack(desk.scene)
    card = desk.scene.card()
    news = {"what": "resolved", "words": "Code fix", "evidence_url": None, "note": None, "telling": 2}
    desk.scene.order("slack_alert", news, card_id=card.id)
    desk.scene.deliver()
    (message,) = told(desk)
    assert message["text"] == "Resolved: Code fix: Timeouts after the upgrade" and "2 customers told" in str(message)


def test_outage_mode_is_told_with_what_was_promised(desk: Office) -> None:
    ticket = desk.scene.ticket()
    with desk.scene.services.database.write() as session:
        area = add_area(session, session.get_one(Team, desk.web.id), "Portal", ["portal"], [], by=BY_ADA)
    with desk.at_desk() as (session, at):
        said = Declaration("Portal is down", [ticket.id], "We are at it, {name}.")
        outage = declare(session, session.get_one(Area, area.id), said, at)
    desk.scene.deliver()
    (opened,) = [one for one in told(desk) if one["text"].startswith("Outage mode: Portal is down")]
    assert "One customer is told" in str(opened) and "News is promised by " in str(opened) and "<!channel>" in str(opened)
    with desk.at_desk() as (session, at):
        end(session, session.get_one(Outage, outage.id), "Everything works again, thank you.", at)
    desk.scene.deliver()
    assert told(desk)[-1]["text"] == "Over: Portal is down" and desk.unfinished() == []


def test_a_digest_is_sent_as_things_stand(desk: Office) -> None:
    desk.assign(desk.scene.ticket(), member_id=BEN.trello_id)
    desk.scene.deliver()
    (card,) = desk.scene.cards_in_inbox()
    row = desk.scene.known_card(card.id)
    assert row is not None
    desk.scene.order("team_digest", {"team_id": desk.web.id, "since": None})
    desk.scene.deliver()
    message = told(desk)[-1]
    assert message["text"] == "Stand-up: Web"
    assert str(message).count(f"• <{row.url}|My step fails> (Mei Tanaka), {BEN.full_name}, waits ") == 1
    assert "Waiting on us (1)\\n… 1 named above" in str(message)
    with desk.scene.services.database.read() as session:
        assert session.scalars(select(Team.id)).all()
