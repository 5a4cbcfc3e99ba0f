"""What people do with a card on Trello means something for its threads; what we do ourselves means nothing new."""

import json
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from powerup import clock
from powerup.assignments.models import Dismissal
from powerup.events.models import Event
from powerup.inbox.actions import store
from powerup.integrations.trello.caller import IDENTIFIER
from powerup.integrations.trello.webhooks import parse
from powerup.sandbox.trello import By
from powerup.sync import hooks
from powerup.sync.hints import hint_of
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Wanted, decide
from powerup.triage.models import Decision
from powerup.triage.waking import wake
from powerup.workspaces.models import Board
from tests.cast import ADA, BEN
from tests.deliveries.desk import Office, office
from tests.scene import Scene


@pytest.fixture
def desk(scene: Scene, httpserver: HTTPServer) -> Office:
    """Two teams, and Trello tells of both boards."""
    return watched(scene, httpserver)


@pytest.fixture
def small_desk(small: Scene, httpserver: HTTPServer) -> Office:
    """The same on SQLite only."""
    return watched(small, httpserver)


def watched(scene: Scene, httpserver: HTTPServer) -> Office:
    made = office(scene)
    token = scene.trello.store.token(scene.trello_token)
    assert token is not None
    for name, board in (("web", scene.trello_board), ("agents", made.other_trello_board)):
        httpserver.expect_request(f"/{name}").respond_with_data("")
        scene.trello.store.add_webhook(token, httpserver.url_for(f"/{name}"), board.id)
    return made


def told(desk: Office, httpserver: HTTPServer, *, hide_identifier: bool = False) -> None:
    """Work on all that Trello has told."""
    assert desk.scene.trello.dispatcher.wait_until_idle(20)
    boards: dict[str, Board] = {"/web": desk.scene.board, "/agents": desk.other_board}
    for asked, _ in httpserver.log:
        if asked.method != "POST":
            continue
        board = boards[asked.path]
        is_ours = asked.headers.get("X-Trello-Client-Identifier") == IDENTIFIER and not hide_identifier
        change = parse(asked.get_data())
        hint = hint_of(change, is_ours=is_ours, is_team_board=True)
        if hint is not None:
            with desk.scene.services.database.write() as session:
                store(session, board.workspace_id, source=f"trello:{board.id}", event_id=change.event_id, hint=json.loads(json.dumps(hint)))
    while hooks.run_one(desk.scene.services, "test"):
        pass


def test_a_card_taken_to_another_teams_board_takes_its_threads_along(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    made = desk.assign(ticket, member_id=ADA.trello_id)
    desk.scene.deliver()
    (card,) = desk.cards()
    desk.scene.trello.store.move_card(card, desk.other_inbox, By(BEN.trello_id))
    told(desk, httpserver)
    live = desk.live(ticket)
    assert live is not None
    assert (live.team_id, live.made_by, live.member_id) == (desk.agents.id, BEN.trello_id, None)
    with desk.scene.services.database.read() as session:
        assert session.get_one(Decision, made.id).handed_back_at is not None
    assert desk.deliveries("trello_move") == []
    desk.scene.deliver()
    told(desk, httpserver)
    after = desk.live(ticket)
    assert after is not None and after.id == live.id
    assert len(desk.cards(desk.other_trello_board)) == 1 and desk.unfinished() == []


@pytest.mark.parametrize("hide_identifier", [False, True])
def test_our_own_move_means_nothing_new(small_desk: Office, httpserver: HTTPServer, hide_identifier: bool) -> None:
    desk, ticket = small_desk, small_desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    desk.reassign(ticket, desk.agents)
    desk.scene.deliver()
    desk.reassign(ticket, desk.web)
    told(desk, httpserver, hide_identifier=hide_identifier)
    desk.scene.deliver()
    told(desk, httpserver, hide_identifier=hide_identifier)
    live = desk.live(ticket)
    assert live is not None and live.team_id == desk.web.id
    assert len(desk.scene.cards_in_inbox()) == 1 and len(desk.deliveries("trello_move")) == 2


def test_whoever_is_put_on_a_card_owns_what_nobody_has(desk: Office, httpserver: HTTPServer) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    (card,) = desk.cards()
    trello = desk.scene.trello.store
    ada, ben = trello.member(ADA.trello_id), trello.member(BEN.trello_id)
    trello.set_card_members(card, [ben], By(ADA.trello_id))
    # Trello promises no order: the first is heard of before there is a second.
    told(desk, httpserver)
    trello.set_card_members(card, [ben, ada], By(ADA.trello_id))
    told(desk, httpserver)
    live = desk.live(ticket)
    assert live is not None and live.member_id == BEN.trello_id
    trello.set_card_members(card, [ada], By(ADA.trello_id))
    told(desk, httpserver)
    live = desk.live(ticket)
    assert live is not None and live.member_id is None
    assert desk.deliveries("trello_member") == []
    with desk.scene.services.database.read() as session:
        verbs = session.scalars(select(Event.verb).where(Event.ticket_id == ticket.id)).all()
    assert "assignment.taken" in verbs and "assignment.released" in verbs


@pytest.mark.parametrize("hide_identifier", [False, True])
@pytest.mark.parametrize("lost", [False, True])
def test_an_undone_card_is_not_tied_to_its_thread_by_the_news_of_its_making(
    small_desk: Office, httpserver: HTTPServer, hide_identifier: bool, lost: bool
) -> None:
    desk, ticket = small_desk, small_desk.scene.ticket()
    made = desk.assign(ticket)
    if lost:
        desk.scene.lose_next_answer(desk.scene.trello, path="/1/cards")
    desk.scene.deliver()
    desk.scene.trello.faults.clear()
    desk.undo(made)
    told(desk, httpserver, hide_identifier=hide_identifier)
    desk.scene.deliver(tries=2)
    told(desk, httpserver, hide_identifier=hide_identifier)
    assert [card.closed for card in desk.cards()] == [True]
    assert (desk.standing(ticket), desk.links(ticket), desk.live(ticket)) == ("new", 0, None)


def test_an_inbox_that_is_archived_and_comes_back_is_the_teams_again(small_desk: Office, httpserver: HTTPServer) -> None:
    desk, by = small_desk, By(ADA.trello_id)
    desk.scene.trello.store.update_list(desk.scene.inbox, by, name="Incoming")
    told(desk, httpserver)
    desk.scene.trello.store.update_list(desk.scene.inbox, by, closed=True)
    told(desk, httpserver)
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    assert desk.cards() == []
    desk.scene.trello.store.update_list(desk.scene.inbox, by, closed=False)
    told(desk, httpserver)
    desk.scene.deliver()
    assert len(desk.scene.cards_in_inbox()) == 1 and desk.links(ticket) == 1


def test_a_snoozed_thread_wakes_in_its_time_and_is_told_once(desk: Office) -> None:
    ticket = desk.scene.ticket()
    with desk.at_desk() as (session, at):
        until = clock.now() + timedelta(hours=1)
        decide(session, session.get_one(Ticket, ticket.id), Wanted("snooze", "batch-snooze", until=until), at)
    with desk.scene.services.database.write() as session:
        assert wake(session) == 0
        past = clock.now() - timedelta(seconds=1)
        session.scalars(select(Dismissal)).one().until = session.get_one(Ticket, ticket.id).snoozed_until = past
    for woken in (1, 0):
        with desk.scene.services.database.write() as session:
            assert wake(session) == woken
    assert desk.standing(ticket) == "new"
    with desk.scene.services.database.read() as session:
        assert list(session.scalars(select(Event.verb))).count("triage.woken") == 1
