"""Attacks on what triage added: foreign tokens, words without end, ids that only we may make, texts that cost seconds."""

import time
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from powerup import clock
from powerup.assignments.models import Assignment
from powerup.deliveries.trello_card import unmarked
from powerup.errors import ConflictError
from powerup.integrations.forums.discourse.reading import stub_of
from powerup.outages import queries as outages
from powerup.outages.models import Outage, OutageTicket
from powerup.outbox.models import Delivery, State
from powerup.sandbox.trello.session import HOST_KEY
from powerup.suggest.terms import spoken
from powerup.sync.members import refresh_if_unknown
from powerup.teams.actions import add_keyword
from powerup.teams.models import Area
from powerup.teams.rules import MOST_KEYWORDS
from powerup.tickets.models import Ticket
from powerup.triage import audit
from powerup.triage.brain import Brain
from powerup.triage.models import Decision, Lesson
from powerup.triage.undo import undo
from powerup.workspaces.models import Board, TrelloAccount
from tests.api.conftest import at_desk, small_desk
from tests.api.desk import Desk, of
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO
from tests.factories import BY_BEN, desk
from tests.triage.conftest import Queue, queue

__all__ = ["at_desk", "queue", "small_desk"]


def test_a_token_of_another_app_is_not_made_ours_by_a_quotation_mark(small: World) -> None:
    theirs = small.trello.store.make_token(small.trello.store.member(ADA.trello_id), HOST_KEY).value
    for token in (theirs, f'{theirs}", oauth_consumer_key="{HOST_KEY}'):
        answer = Client(small.app).post("/api/v1/session/trello", {"trello_token": token})
        assert (answer.status_code, answer.json and answer.json["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("token", ["x" * 20 + "\r\nX-More: 1", "å" * 20, "漢" * 20, "x" * 20 + "\x7f"])
def test_a_token_that_no_header_can_hold_is_no_failure_of_ours(small: World, token: str) -> None:
    assert Client(small.app).post("/api/v1/session/trello", {"trello_token": token}).status_code == 401


def test_knocking_at_a_board_that_nobody_can_ask_about_does_not_keep_old_memberships_alive(small: World) -> None:
    long_ago = clock.parse("2026-01-01T00:00:00Z")
    with small.services.database.write() as session:
        session.execute(update(Board).values(members_checked_at=long_ago))
        session.execute(update(TrelloAccount).values(state="refused", sealed_token=None))
    refresh_if_unknown(small.services, small.board.id, CLEO.trello_id)
    with small.services.database.read() as session:
        assert set(session.scalars(select(Board.members_checked_at))) == {long_ago}


def test_words_are_added_to_an_area_only_up_to_a_number(queue: Queue) -> None:
    with queue.database.write() as session:
        area = session.get_one(Area, queue.area)
        for number in range(MOST_KEYWORDS):
            assert add_keyword(session, area, f"word {number}", by=BY_BEN)
        with pytest.raises(ConflictError):
            add_keyword(session, area, "one more", by=BY_BEN)
        assert not add_keyword(session, area, "word 7", by=BY_BEN)


def test_a_stand_up_at_no_time_is_refused(small_desk: Desk) -> None:
    for at in ("1" * 5_000 + ":00", "٠٩:٣٠", "009:15", "9:5", "9", ":", ""):
        wanted = {"stand_up": {"at": at, "days": [0], "time_zone": None}}
        assert small_desk.ada.put(f"/api/v1/teams/{small_desk.team_id}", wanted).status_code == 422, at


def test_nobody_sends_a_request_id_of_ours(small_desk: Desk) -> None:
    ticket = small_desk.thread()
    for request_id in ("outage:1:hold", "slack-click:1"):
        said = {"ticket_ids": [ticket], "text": "Hello", "request_id": request_id}
        assert small_desk.ben.post("/api/v1/triage/replies", said).status_code == 422
        one = {"text": "Hello", "request_id": request_id}
        assert small_desk.ben.post(f"/api/v1/tickets/{ticket}/replies", one).status_code == 422
        card = {"list_id": small_desk.inbox.id, "request_id": request_id}
        assert small_desk.ben.post(f"/api/v1/tickets/{ticket}/cards", card).status_code == 422


def test_what_others_send_does_not_count_as_told(at_desk: Desk) -> None:
    ticket, other = at_desk.thread(), at_desk.thread("Another", "The agent is silent.")
    wanted = {"area_id": at_desk.agents_id, "title": "Agents are silent", "ticket_ids": [ticket], "reply": "We see it."}
    outage_id = of(at_desk.ben.post("/api/v1/outages", wanted))["outage"]["id"]
    with at_desk.world.services.database.write() as session:
        sent = session.scalars(select(Delivery).where(Delivery.kind == "forum_reply")).one()
        values = {each.name: getattr(sent, each.name) for each in Delivery.__table__.columns if each.name != "id"}
        session.add(Delivery(**(values | {"ticket_id": other, "marker": "f" * 32, "request_id": f"outage:{outage_id}:mine"})))
    with at_desk.world.services.database.read() as session:
        assert outages.telling(session, [outage_id, 999]) == {outage_id: (0, 1), 999: (0, 0)}
        assert session.scalars(select(OutageTicket.ticket_id)).all() == [ticket]
        assert session.scalars(select(Outage.state)).all() == ["open"]


def test_a_private_threads_address_does_not_tell_its_subject(small: World) -> None:
    topic = {"id": 7, "slug": "my-password-is-hunter2", "title": "My password", "created_at": "2026-11-23T08:00:00Z", "posts_count": 1}
    site = SimpleNamespace(base_url="https://forum.test")
    assert stub_of(site, topic).url == "https://forum.test/t/my-password-is-hunter2/7"  # type: ignore[arg-type]
    assert stub_of(site, topic | {"archetype": "private_message"}).url == "https://forum.test/t/7"  # type: ignore[arg-type]


def test_the_map_is_audited_soon_after_many_decisions(queue: Queue) -> None:
    with queue.database.write() as session:
        text = " ".join(f"word{number}" for number in range(300))
        ids = [queue.thread(number, f"heartbeat {text}", session=session) for number in range(300)]
        area = session.get_one(Area, queue.area)
        area.added_keywords = [f"keyword {number}" for number in range(MOST_KEYWORDS)]
        for ticket_id in ids:
            right = f"area:{area.id}"
            session.add(Lesson(workspace_id=queue.workspace_id, ticket_id=ticket_id, right=right, wrong=None, at=clock.now()))
    brain = Brain(queue.database, queue.workspace_id)
    with queue.database.read() as session:
        brain.catch_up(session)
        brain.wait(60)
        began = time.process_time()
        audit.findings(session, brain)
    assert time.process_time() - began < 5


def test_a_long_line_without_spaces_is_read_once() -> None:
    began = time.process_time()
    assert len(spoken("漢字" * 10_000)) == 2
    assert time.process_time() - began < 0.5


def test_ben_does_not_see_what_ada_saved(small_desk: Desk) -> None:
    made = of(small_desk.ada.post("/api/v1/triage/views", {"name": "Mine", "filter": {}}))["view"]["id"]
    assert of(small_desk.ben.get("/api/v1/triage/views"))["views"] == []
    assert small_desk.ben.delete(f"/api/v1/triage/views/{made}").status_code == 404
    assert BEN.trello_id != ADA.trello_id
    with small_desk.world.services.database.read() as session:
        assert session.scalars(select(Ticket.id)).all() == []


def test_a_customers_words_make_no_link_on_a_card(small_desk: Desk) -> None:
    said = "Log in at [Trello](https://evil.test/a_b) ![x](https://evil.test/x.png) <https://evil.test> *now* `x` \\\\[y]"
    ticket = small_desk.thread("No heartbeat", f"```\n{said}\n```")
    small_desk.assign(ticket)
    small_desk.world.deliver()
    with small_desk.world.services.trello(small_desk.world.token(ADA)) as trello:
        made = [card.desc for card in trello.cards_in_full(small_desk.world.board.id) if card.name == "No heartbeat"]
    assert len(made) == 1 and "\\[Trello\\](https://evil.test/a_b)" in made[0] and "![x]" not in made[0]
    assert unmarked("a_b (c) d-e @f") == "a_b (c) d-e @f"


def test_nobody_is_linked_to_a_card_that_is_on_its_way_to_the_archive(queue: Queue) -> None:
    first, second = queue.thread(1), queue.thread(2)
    made = queue.decide(first)
    with queue.database.write() as session:
        standing = session.get_one(Assignment, made.assignment_id)
        standing.card_id = queue.rows.card.id
    with queue.database.write() as session:
        undo(session, session.get_one(Decision, made.id), desk())
        archive = session.scalars(select(Delivery).where(Delivery.kind == "trello_archive")).one()
        archive.state = State.running
    with pytest.raises(ConflictError, match="archive"):
        queue.decide(second, kind="link", batch="link", card=queue.rows.card)
    with queue.database.write() as session:
        session.execute(update(Delivery).where(Delivery.kind == "trello_archive").values(state=State.pending))
    queue.decide(second, kind="link", batch="link", card=queue.rows.card)
