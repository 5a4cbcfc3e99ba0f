"""The Ownership board says who owns what: what stands there is so, what cannot be read is shown, nothing else is asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from powerup import clock
from powerup.events.models import Event
from powerup.outbox.models import Delivery
from powerup.sandbox.trello import By
from powerup.sandbox.trello.store.models import Board as TrelloBoard
from powerup.sandbox.trello.store.models import TList
from powerup.sync import members, ownership
from powerup.teams import queries as teams
from powerup.teams.actions import follow_if_ownership
from powerup.teams.models import Area, Ownership, Person, Team
from powerup.workspaces.actions import ProvenBoard, connect_board, disconnect_board
from powerup.workspaces.models import Board, TrelloAccount
from tests.cast import ADA, BEN
from tests.deliveries.desk import Office, office
from tests.factories import BY_ADA
from tests.scene import Scene

TEAM = "Board: {url}\nInbox: Inbox\nSlack: #web\nForum group: web\nStand-up: 09:15 Mon-Fri Europe/Berlin"


@dataclass
class Map:
    """The Ownership board on Trello and with us: one team with one area."""

    scene: Scene
    there: TrelloBoard
    board: Board
    web: TList

    def read(self) -> bool:
        """Read what is due."""
        return ownership.read_due(self.scene.services)

    def again(self) -> None:
        """Read now."""
        with self.scene.services.database.write() as session:
            session.get_one(Ownership, self.board.workspace_id).next_read_at = clock.now()
        assert self.read()

    @property
    def row(self) -> Ownership:
        """How it stands."""
        with self.scene.services.database.read() as session:
            return session.get_one(Ownership, self.board.workspace_id)

    def teams(self) -> dict[str, Team]:
        """The teams by name."""
        with self.scene.services.database.read() as session:
            return {team.name: team for team in teams.listed(session, self.board.workspace_id)}

    def areas(self) -> dict[str, list[str]]:
        """Keywords by area."""
        with self.scene.services.database.read() as session:
            return {area.name: area.keywords for area in teams.areas(session, self.board.workspace_id)}

    def add(self, on: TList, name: str, desc: str = "", **more: Any) -> Any:
        """A card."""
        return self.scene.trello.store.add_card(on, name, by=By(ADA.trello_id), desc=desc, **more)


def followed(scene: Scene) -> Map:
    """Ada has made an Ownership board and connects it."""
    store = scene.trello.store
    ada, ben = store.member(ADA.trello_id), store.member(BEN.trello_id)
    there = store.add_board("Ownership", organization=store.organization("ours"), members={ada: "admin", ben: "normal"})
    url = f"{scene.trello.url}/b/{there.short_link}"
    proven = ProvenBoard(there.id, "Ownership", url, there.organization_id, "Ours", {ADA.trello_id: "admin"})
    with scene.services.database.write() as session:
        board = connect_board(session, proven, member_id=ADA.trello_id, token=scene.trello_token, sealer=scene.services.sealer)
        assert follow_if_ownership(session, board, by=BY_ADA)
    made = Map(scene, there, board, store.add_list(there, "Web"))
    made.add(made.web, "Team", TEAM.format(url=f"{scene.trello.url}/b/{scene.trello_board.short_link}/support"), members=[ben])
    made.add(made.web, "Portal", "Keywords: portal, page")
    return made


@pytest.fixture
def board(scene: Scene) -> Map:
    """On each kind of database."""
    return followed(scene)


@pytest.fixture
def map_(small: Scene) -> Map:
    """On SQLite only."""
    return followed(small)


def test_lists_are_teams_and_cards_are_areas(board: Map) -> None:
    assert board.read() is True and board.read() is False
    team = board.teams()["Web"]
    assert (team.board_id, team.inbox_list_id, team.inbox_list_name) == (board.scene.board.id, board.scene.inbox.id, "Inbox")
    assert (team.slack_channel, team.forum_group, team.member_ids) == ("#web", "web", [BEN.trello_id])
    assert team.stand_up_next_at is not None and team.stand_up_next_at > clock.now()
    assert board.areas() == {"Portal": ["portal", "page"]}
    assert board.row.problems == [] and board.row.read_error is None and board.row.read_at is not None
    with board.scene.services.database.read() as session:
        assert set(session.scalars(select(Person.name))) == {ADA.full_name, BEN.full_name}


def test_a_board_that_did_not_change_writes_nothing_and_tells_nobody(board: Map) -> None:
    board.read()
    before = everything(board)
    board.again()
    assert everything(board) == before


def test_what_changes_there_changes_here_and_what_goes_is_kept_for_history(board: Map) -> None:
    board.read()
    store, by = board.scene.trello.store, By(ADA.trello_id)
    team_card, area = (card for card in store.cards_of(board.there.id))
    store.update_card(area, by, name="Portal and pages", desc="Keywords: portal")
    store.update_card(team_card, by, desc=team_card.desc.replace("09:15", "10:00"))
    planned = board.teams()["Web"].stand_up_next_at
    board.again()
    assert board.areas() == {"Portal and pages": ["portal"]}
    assert board.teams()["Web"].stand_up_next_at != planned
    store.update_list(board.web, by, closed=True)
    board.again()
    assert board.teams() == {} and board.areas() == {}
    with board.scene.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Team)) == session.scalar(select(func.count()).select_from(Area)) == 1


def test_only_boards_that_a_team_card_names_are_asked(map_: Map) -> None:
    office(map_.scene)
    map_.read()
    asked = map_.scene.trello.faults.requests
    assert asked.count(path=f"/1/boards/{map_.scene.trello_board.id}/lists") == 1
    assert asked.count(path="/lists") == 2


def test_what_cannot_be_understood_is_shown_with_its_card(map_: Map) -> None:
    map_.scene.trello.store.add_list(map_.there, "Nobody")
    card = map_.add(map_.web, "Empty area")
    map_.read()
    problems = map_.row.problems
    assert any("no keywords" in each["text"] and card.short_link in each["url"] for each in problems)
    assert any("no card called “Team”" in each["text"] and each["name"] == "Nobody" for each in problems)


def test_trello_in_trouble_is_said_and_tried_again_soon(map_: Map) -> None:
    map_.scene.break_calls(map_.scene.trello, status=503)
    map_.read()
    row = map_.row
    assert row.read_error and row.next_read_at is not None and row.next_read_at < clock.now() + timedelta(minutes=2)
    map_.scene.trello.faults.clear()
    map_.again()
    assert map_.row.read_error is None and "Web" in map_.teams()


def test_a_token_that_trello_refuses_marks_the_account(map_: Map) -> None:
    map_.scene.trello.store.revoke(map_.scene.trello_token)
    map_.read()
    assert "onnect" in (map_.row.read_error or "")
    with map_.scene.services.database.read() as session:
        assert session.scalars(select(TrelloAccount.state)).all() == ["refused"]


def test_one_teams_board_that_nobody_may_read_keeps_its_inbox_and_is_shown(map_: Map) -> None:
    map_.read()
    map_.scene.break_calls(map_.scene.trello, status=404, path_contains=f"/boards/{map_.scene.trello_board.id}/")
    map_.again()
    assert map_.teams()["Web"].inbox_list_id == map_.scene.inbox.id
    assert any("cannot be read" in each["text"] for each in map_.row.problems)


def test_a_board_that_was_disconnected_is_not_asked_any_more(map_: Map) -> None:
    with map_.scene.services.database.write() as session:
        disconnect_board(session, session.get_one(Board, map_.board.id), by=BY_ADA)
    map_.read()
    assert map_.row.read_error == ownership.NOT_CONNECTED and map_.row.next_read_at is None
    assert map_.scene.trello.faults.requests.count() == 0


def test_threads_that_waited_get_their_cards_when_the_team_has_a_list(map_: Map) -> None:
    store, by = map_.scene.trello.store, By(ADA.trello_id)
    store.update_list(map_.scene.inbox, by, name="Incoming")
    map_.read()
    team = map_.teams()["Web"]
    assert team.inbox_list_id is None and "It has: Incoming" in map_.row.problems[0]["text"]
    desk = Office(map_.scene, team, team, map_.board, map_.there, map_.web)
    ticket = map_.scene.ticket()
    desk.assign(ticket)
    map_.scene.deliver()
    assert desk.cards() == []
    store.update_list(map_.scene.inbox, by, name="Inbox")
    map_.again()
    map_.scene.deliver()
    assert len(map_.scene.cards_in_inbox()) == 1 and desk.links(ticket) == 1


def test_an_older_reading_that_comes_late_is_thrown_away(map_: Map) -> None:
    map_.read()
    with map_.scene.services.database.write() as session:
        session.get_one(Ownership, map_.board.workspace_id).read_at = clock.now() + timedelta(seconds=30)
    map_.scene.trello.store.update_list(map_.web, By(ADA.trello_id), closed=True)
    map_.again()
    assert "Web" in map_.teams()


def test_a_board_of_another_name_and_a_second_source_are_not_followed(small: Scene) -> None:
    with small.services.database.write() as session:
        assert follow_if_ownership(session, session.get_one(Board, small.board.id)) is False
    made = followed(small)
    with small.services.database.write() as session:
        assert follow_if_ownership(session, session.get_one(Board, made.board.id)) is False
        assert session.get_one(Ownership, made.board.workspace_id).board_id == made.board.id


def test_the_names_of_members_are_known_without_an_ownership_board(small: Scene) -> None:
    members.refresh(small.services, small.board)
    with small.services.database.read() as session:
        assert teams.name_of(session, small.board.workspace_id, BEN.trello_id) == BEN.full_name


def everything(board: Map) -> list[Any]:
    """All rows that a reading may touch, and all that it tells."""
    with board.scene.services.database.read() as session:
        tables = (Team.__table__, Area.__table__, Person.__table__, Event.__table__, Delivery.__table__)
        return [tuple(row) for table in tables for row in session.execute(select(table).order_by(table.c.id))]
