"""A thread that is given to a team gets one card, whatever is lost and whoever changes their mind meanwhile."""

from collections.abc import Iterator

import pytest

from powerup.links.actions import link
from powerup.outbox.rules import reference
from powerup.sandbox.trello import By
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Wanted, decide
from powerup.triage.rules import Impact
from powerup.triage.waiting import cards_for_waiting
from tests.cast import ADA, BEN, CLEO
from tests.deliveries.desk import Office, office, team
from tests.factories import BY_ADA
from tests.scene import Scene


@pytest.fixture
def ours(scene: Scene) -> Office:
    """On each kind of database."""
    return office(scene)


@pytest.fixture
def desk(small: Scene) -> Iterator[Office]:
    """On SQLite only."""
    yield office(small)


def test_an_assigned_thread_gets_a_card_with_all_that_belongs_on_it(ours: Office) -> None:
    topic = ours.scene.thread()
    ticket = ours.scene.ticket(topic)
    ours.impact(ticket, Impact.high)
    ours.assign(ticket, member_id=BEN.trello_id)
    ours.scene.deliver()
    (card,) = ours.scene.cards_in_inbox()
    (done,) = ours.deliveries("trello_card")
    assert done.outcome is not None and "left_out" not in done.outcome
    assert card.name == ticket.subject and ticket.excerpt in card.desc and reference(done.marker) in card.desc
    assert [each.url for each in card.attachments] == [ticket.url]
    assert ours.labels(card) == ["impact: high"] and card.member_ids == [BEN.trello_id]
    live, row = ours.live(ticket), ours.scene.known_card(card.id)
    assert live is not None and row is not None and live.card_id == row.id == done.card_id
    assert ours.links(ticket) == 1
    assert (topic.assigned_user, topic.assigned_group) == (None, "web")
    assert ours.unfinished() == []


def test_what_cannot_be_put_on_the_card_is_left_out_and_said(desk: Office) -> None:
    desk.scene.break_calls(desk.scene.trello, status=400, path_contains="/labels")
    desk.assign(desk.scene.ticket(), member_id=CLEO.trello_id)
    desk.scene.deliver()
    (card,) = desk.scene.cards_in_inbox()
    (done,) = desk.deliveries("trello_card")
    assert done.state == "done" and done.outcome is not None
    assert not card.label_ids and not card.member_ids
    assert "impact: normal" in done.outcome["left_out"][0] and "not a member" in done.outcome["left_out"][1]


@pytest.mark.parametrize("path", ["/1/cards", "/1/labels", "idMembers"])
def test_whatever_answer_is_lost_there_is_one_card(desk: Office, path: str) -> None:
    desk.assign(desk.scene.ticket(), member_id=BEN.trello_id)
    desk.scene.lose_next_answer(desk.scene.trello, path=path)
    desk.scene.deliver(tries=2)
    (card,) = desk.cards()
    assert desk.labels(card) == ["impact: normal"] and card.member_ids == [BEN.trello_id]
    with desk.scene.trello.store.lock:
        assert len(desk.scene.trello.store.labels_of(desk.scene.trello_board)) == 1


def test_undone_when_all_was_delivered(ours: Office) -> None:
    topic = ours.scene.thread()
    ticket = ours.scene.ticket(topic)
    made = ours.assign(ticket)
    ours.scene.deliver()
    ours.undo(made)
    ours.scene.deliver()
    taken_back(ours, ticket)
    assert topic.assigned_group is None


def test_undone_while_the_card_is_being_made(ours: Office) -> None:
    ticket = ours.scene.ticket()
    made = ours.assign(ticket)
    running = ours.claim("trello_card")
    ours.undo(made)
    ours.finish(running)
    ours.scene.deliver()
    assert ours.scene.cards_in_inbox() == [] or all(card.closed for card in ours.cards())
    assert ours.standing(ticket) == "new" and ours.links(ticket) == 0 and ours.unfinished() == []


def test_undone_between_trellos_doing_and_our_knowing(ours: Office) -> None:
    ticket = ours.scene.ticket()
    made = ours.assign(ticket)
    ours.scene.lose_next_answer(ours.scene.trello, path="/1/cards")
    ours.scene.deliver()
    assert len(ours.scene.cards_in_inbox()) == 1
    ours.undo(made)
    ours.scene.deliver(tries=2)
    taken_back(ours, ticket)


def test_undone_after_the_card_was_given_up_though_trello_had_made_it(desk: Office) -> None:
    ticket = desk.scene.ticket()
    made = desk.assign(ticket)
    desk.scene.lose_next_answer(desk.scene.trello, path="/1/cards")
    desk.scene.deliver()
    desk.scene.break_calls(desk.scene.trello, status=400)
    desk.scene.deliver(tries=2)
    assert desk.deliveries("trello_card")[0].state == "failed"
    desk.scene.trello.faults.clear()
    desk.undo(made)
    desk.scene.deliver()
    taken_back(desk, ticket)


def test_undone_before_anything_was_sent_asks_trello_nothing(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.undo(desk.assign(ticket))
    desk.scene.deliver()
    assert desk.scene.trello.faults.requests.count() == 0
    assert desk.standing(ticket) == "new" and desk.deliveries("trello_archive") == []


def test_undone_and_given_again_while_trello_was_away(ours: Office) -> None:
    ticket = ours.scene.ticket()
    first = ours.assign(ticket)
    ours.scene.lose_next_answer(ours.scene.trello, path="/1/cards")
    ours.scene.deliver()
    ours.undo(first)
    ours.undo(ours.assign(ticket, ours.agents))
    ours.assign(ticket)
    ours.scene.deliver(tries=3)
    closed = [card.closed for card in ours.cards()]
    assert sorted(closed) == [False, True] and ours.cards(ours.other_trello_board) == []
    (open_card,) = [card for card in ours.cards() if not card.closed]
    live, row = ours.live(ticket), ours.scene.known_card(open_card.id)
    assert live is not None and row is not None and live.card_id == row.id
    assert ours.links(ticket) == 1 and ours.unfinished() == []


def test_passed_on_while_the_card_is_being_made(ours: Office) -> None:
    ticket = ours.scene.ticket()
    ours.assign(ticket)
    running = ours.claim("trello_card")
    ours.reassign(ticket, ours.agents, BEN.trello_id)
    ours.finish(running)
    ours.scene.deliver()
    on_the_right_board(ours, ticket)


def test_passed_on_after_the_card_was_made_through_an_account_that_sees_both_boards(ours: Office) -> None:
    topic = ours.scene.thread()
    ticket = ours.scene.ticket(topic)
    ours.assign(ticket)
    ours.scene.deliver()
    ours.reassign(ticket, ours.agents, BEN.trello_id)
    ours.scene.lose_next_answer(ours.scene.trello, method="PUT")
    ours.scene.deliver(tries=2)
    on_the_right_board(ours, ticket)


def test_passed_on_to_a_team_on_the_same_board_goes_to_that_teams_list(desk: Office) -> None:
    store = desk.scene.trello.store
    theirs = store.add_list(desk.scene.trello_board, "Their inbox")
    with desk.scene.services.database.write() as session:
        neighbours = team(session, desk.scene.board.workspace_id, "Neighbours", desk.scene.board, theirs)
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    desk.reassign(ticket, neighbours)
    desk.scene.deliver()
    assert [card.list_id for card in desk.cards()] == [theirs.id]


def test_passed_on_when_no_account_sees_both_boards_says_what_to_do(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    store = desk.scene.trello.store
    store.set_role(desk.other_trello_board, store.member(ADA.trello_id), None)
    store.set_role(desk.scene.trello_board, store.member(BEN.trello_id), None)
    desk.reassign(ticket, desk.agents)
    desk.scene.deliver()
    (lost,) = desk.deliveries("trello_move")
    assert lost.state == "failed" and "member of both boards" in (lost.reason or "")


def test_passed_on_when_the_first_card_could_not_be_made(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.trello.store.update_list(desk.scene.inbox, By(ADA.trello_id), closed=True)
    running = desk.claim("trello_card")
    desk.reassign(ticket, desk.agents)
    desk.finish(running)
    desk.scene.deliver()
    assert [card.list_id for card in desk.cards(desk.other_trello_board)] == [desk.other_inbox.id]
    assert desk.links(ticket) == 1 and desk.cards() == []


@pytest.mark.parametrize("kind", ["trello_move", "trello_member", "trello_impact"])
def test_a_card_that_was_deleted_is_said_so_in_plain_words(desk: Office, kind: str) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    (card,) = desk.cards()
    desk.scene.trello.store.delete_card(card, By(BEN.trello_id))
    change(desk, ticket, kind)
    desk.scene.deliver()
    lost = desk.deliveries(kind)[-1]
    assert lost.state == "failed" and "deleted on Trello" in (lost.reason or "")


@pytest.mark.parametrize("kind", ["trello_move", "trello_member", "trello_impact"])
def test_a_card_that_was_archived_takes_it_all_the_same(desk: Office, kind: str) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.scene.deliver()
    (card,) = desk.cards()
    desk.scene.trello.store.update_card(card, By(BEN.trello_id), closed=True)
    change(desk, ticket, kind)
    desk.scene.deliver()
    assert desk.deliveries(kind)[-1].state == "done"


def test_owners_come_onto_the_card_and_go(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    desk.take(ticket, BEN.trello_id)
    desk.scene.deliver()
    (card,) = desk.cards()
    assert card.member_ids == [BEN.trello_id]
    desk.reassign(ticket, desk.web, ADA.trello_id)
    for _ in range(2):
        desk.scene.lose_next_answer(desk.scene.trello, path="idMembers")
        desk.scene.deliver(tries=3)
    assert card.member_ids == [ADA.trello_id] and desk.unfinished() == []


def test_a_card_wears_the_label_of_its_highest_impact(desk: Office) -> None:
    first, second = desk.scene.ticket(), desk.scene.ticket(desk.scene.thread("Mine fails too"))
    desk.assign(first)
    desk.scene.deliver()
    (there,) = desk.cards()
    card = desk.scene.known_card(there.id)
    with desk.at_desk() as (session, at):
        decide(session, session.get_one(Ticket, second.id), Wanted("link", "batch-of-two", card=card), at)
    desk.impact(second, Impact.outage)
    desk.impact(first, Impact.low)
    desk.scene.deliver()
    assert desk.labels(there) == ["impact: outage"]
    desk.impact(second, Impact.normal)
    desk.scene.deliver()
    assert desk.labels(there) == ["impact: normal"]


def test_an_impact_that_changes_while_the_card_is_being_made(desk: Office) -> None:
    ticket = desk.scene.ticket()
    desk.assign(ticket)
    running = desk.claim("trello_card")
    desk.impact(ticket, Impact.outage)
    desk.finish(running)
    desk.scene.deliver()
    assert desk.labels(desk.cards()[0]) == ["impact: outage"]


def test_a_card_that_people_made_is_let_go_and_not_archived(desk: Office) -> None:
    there, ticket = desk.scene.trello_card(), desk.scene.ticket()
    card = desk.scene.card(there)
    with desk.at_desk() as (session, at):
        decide(session, session.get_one(Ticket, ticket.id), Wanted("link", "batch-of-one", card=card), at)
    desk.scene.deliver()
    assert len(there.attachments) == 1
    desk.hand_back(ticket)
    desk.scene.deliver()
    assert not there.closed and there.attachments == []
    assert desk.standing(ticket) == "new" and desk.links(ticket) == 0


def test_a_card_to_which_others_were_linked_before_it_could_be_archived_stays(desk: Office) -> None:
    first, second = desk.scene.ticket(), desk.scene.ticket(desk.scene.thread("Mine fails too"))
    made = desk.assign(first)
    desk.scene.deliver()
    (there,) = desk.cards()
    desk.undo(made)
    card = desk.scene.known_card(there.id)
    assert card is not None
    with desk.scene.services.database.write() as session:
        link(session, card, session.get_one(Ticket, second.id), by=BY_ADA, max_attempts=5)
    desk.scene.deliver()
    assert not there.closed and desk.links(first) == 0 and desk.links(second) == 1


def test_threads_that_waited_for_their_teams_list_get_their_cards_once(ours: Office) -> None:
    with ours.scene.services.database.write() as session:
        new = team(session, ours.scene.board.workspace_id, "New", None, None)
    fresh, passed_on = ours.scene.ticket(), ours.scene.ticket(ours.scene.thread("Passed on"))
    ours.assign(fresh, new)
    ours.assign(passed_on)
    ours.scene.deliver()
    ours.reassign(passed_on, new)
    ours.scene.deliver()
    assert len(ours.cards()) == 1
    for _ in range(2):
        with ours.scene.services.database.write() as session:
            here = session.get_one(Team, new.id)
            here.board_id, here.inbox_list_id = ours.other_board.id, ours.other_inbox.id
            session.flush()
            cards_for_waiting(session, here, max_attempts=5)
        ours.scene.deliver()
    assert len(ours.cards(ours.other_trello_board)) == 2 and ours.cards() == []
    assert ours.links(fresh) == ours.links(passed_on) == 1


def change(ours: Office, ticket: Ticket, kind: str) -> None:
    """Something that makes a delivery of this kind."""
    match kind:
        case "trello_move":
            ours.reassign(ticket, ours.agents)
        case "trello_member":
            ours.take(ticket, BEN.trello_id)
        case _:
            ours.impact(ticket, Impact.high)


def taken_back(ours: Office, ticket: Ticket) -> None:
    """As if nothing had happened, but for an archived card."""
    assert [card.closed for card in ours.cards()] == [True]
    assert (ours.standing(ticket), ours.links(ticket), ours.live(ticket)) == ("new", 0, None)
    row = ours.scene.known_card(ours.cards()[0].id)
    assert row is None or row.closed_at is not None
    assert ours.unfinished() == []


def on_the_right_board(ours: Office, ticket: Ticket) -> None:
    """One card, in the other team's inbox, dressed as it should be there."""
    assert ours.cards() == []
    (card,) = ours.cards(ours.other_trello_board)
    assert (card.list_id, card.closed, card.member_ids) == (ours.other_inbox.id, False, [BEN.trello_id])
    assert ours.labels(card) == ["impact: normal"]
    live, row = ours.live(ticket), ours.scene.known_card(card.id)
    assert live is not None and row is not None
    assert (live.team_id, live.card_id, row.board_id) == (ours.agents.id, row.id, ours.other_board.id)
    assert ours.links(ticket) == 1 and ours.unfinished() == []
