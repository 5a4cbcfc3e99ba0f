"""Teams are what the board says; what an admin set by hand stays."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from powerup.db.engine import Database
from powerup.errors import ConflictError, InvalidError
from powerup.events.models import Event
from powerup.teams import actions, editing, queries
from powerup.teams.actions import Place, SeenPerson
from powerup.teams.models import Area, Ownership, Team
from powerup.teams.rules import BoardCard, BoardList, read
from tests import factories
from tests.cast import BEN
from tests.factories import BY_ADA, NOON, STAFF, Rows, message

TEAM = "Board: Support\nInbox: Inbox\nSlack: #deploy\nForum group: deployments\nStand-up: 09:15 Mon-Fri UTC"


@pytest.fixture
def made(database: Database) -> Rows:
    """A workspace whose board Support is read."""
    with database.write() as session:
        rows = factories.rows(session)
        actions.follow(session, rows.workspace_id, rows.board.id, by=BY_ADA)
        return rows


def apply(database: Database, made: Rows, *cards: tuple[str, str, str], people: tuple[SeenPerson, ...] = (), lists: int = 1) -> Ownership:
    """The board as it is now: cards are (id, name, description)."""
    columns = [BoardList(f"l{number}", f"Team {number}", float(number)) for number in range(1, lists + 1)]
    rows = [BoardCard(id, "l1", name, desc, f"https://trello.test/c/{id}", 1.0, member_ids=(BEN.trello_id,)) for id, name, desc in cards]
    place = Place(made.board.id, "Support", frozenset({"support", "abc"}), {"inbox": "i1"}, {"i1": "Inbox"})
    with database.write() as session:
        actions.apply(session, made.workspace_id, read(columns, rows, board_url="https://trello.test/b/1"), [place], people)
        return session.get_one(Ownership, made.workspace_id)


def team(database: Database, made: Rows) -> Team:
    with database.read() as session:
        return queries.listed(session, made.workspace_id)[0]


def areas(database: Database, made: Rows) -> list[tuple[str, list[str], list[str]]]:
    with database.read() as session:
        return [(area.name, area.keywords, area.added_keywords) for area in queries.areas(session, made.workspace_id)]


AGENTS = ("c2", "Agents", "Keywords: agent")
CARD = ("c1", "Team", TEAM)


def test_the_board_makes_the_team_and_reading_twice_changes_nothing(database: Database, made: Rows) -> None:
    apply(database, made, CARD, AGENTS)
    found = team(database, made)
    assert (found.board_id, found.inbox_list_id, found.slack_channel, found.forum_group) == (made.board.id, "i1", "#deploy", "deployments")
    assert found.member_ids == [BEN.trello_id] and found.stand_up is not None and queries.is_ready(found)
    events = count(database)
    ownership = apply(database, made, CARD, AGENTS)
    assert ownership.problems == [] and ownership.read_at is not None and count(database) == events


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ([AGENTS], "This list has no card called “Team”"),
        ([("c1", "Team", "Slack: #x")], "The Team card has no line “Board: …”"),
        ([("c1", "Team", "Board: Nowhere")], "The board “Nowhere” is not connected"),
        ([("c1", "Team", "Board: Support\nInbox: Later")], "The board “Support” has no list “Later”. It has: Inbox."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_team_that_has_nowhere_to_go_is_told_to_the_admin(
    database: Database, made: Rows, cards: list[tuple[str, str, str]], told: str
) -> None:
    ownership = apply(database, made, *cards)
    assert ownership.problems[0]["text"].startswith(told) and not queries.is_ready(team(database, made))


def test_a_board_is_named_by_its_address_too(database: Database, made: Rows) -> None:
    apply(database, made, ("c1", "Team", "Board: https://trello.com/b/abc/support-desk?x=1"))
    assert queries.is_ready(team(database, made))


def test_what_leaves_the_board_goes_and_comes_back_as_itself(database: Database, made: Rows) -> None:
    apply(database, made, CARD, AGENTS)
    before = team(database, made).id
    apply(database, made, CARD)
    assert areas(database, made) == []
    apply(database, made, lists=0)
    with database.read() as session:
        assert queries.listed(session, made.workspace_id) == []
    apply(database, made, CARD, AGENTS)
    assert team(database, made).id == before and areas(database, made) == [("Agents", ["agent"], [])]


def test_a_word_added_at_the_desk_stays_until_the_board_has_it(database: Database, made: Rows) -> None:
    apply(database, made, CARD, AGENTS)
    with database.write() as session:
        (area,) = session.scalars(select(Area))
        assert actions.add_keyword(session, area, " Probe. ", by=BY_ADA) and not actions.add_keyword(session, area, "probe", by=BY_ADA)
        assert not actions.add_keyword(session, area, "agent", by=BY_ADA) and not actions.add_keyword(session, area, " . ", by=BY_ADA)
    apply(database, made, CARD, AGENTS)
    assert areas(database, made) == [("Agents", ["agent"], ["probe"])]
    apply(database, made, CARD, ("c2", "Agents", "Keywords: agent, probe"))
    assert areas(database, made) == [("Agents", ["agent", "probe"], [])]


def test_what_was_set_by_hand_stays_until_it_is_given_back(database: Database, made: Rows) -> None:
    apply(database, made, CARD)
    with database.write() as session:
        row = session.get_one(Team, team(database, made).id)
        editing.set_by_hand(session, row, "members", {"member_ids": []})
        editing.set_by_hand(session, row, "board", {"board_id": None, "inbox_list_id": None, "inbox_list_name": None})
    apply(database, made, CARD)
    assert (team(database, made).member_ids, team(database, made).board_id) == ([], None)
    with database.write() as session:
        editing.give_back(session, session.get_one(Team, team(database, made).id), ["members", "board"])
    apply(database, made, CARD)
    assert team(database, made).member_ids == [BEN.trello_id] and queries.is_ready(team(database, made))


def test_the_forums_name_of_somebody_is_guessed_from_whoever_wrote_there_under_it(database: Database, made: Rows) -> None:
    with database.write() as session:
        factories.ticket(session, made, "1", message(1), message(2, author=STAFF))
    people: Any = (SeenPerson("m1", "help", "Helper"), SeenPerson("m2", "ben", "Ben Lindqvist"))
    apply(database, made, CARD, people=people)
    with database.read() as session:
        found = queries.people(session, made.workspace_id)
    assert (found["m1"].forum_username, found["m2"].forum_username) == ("helper", None)


def test_a_stand_up_is_planned_by_the_teams_clock_or_the_workspaces(database: Database, made: Rows) -> None:
    apply(database, made, CARD)
    with time_machine.travel(NOON, tick=False):
        row = team(database, made)
        row.stand_up = {"at": "09:15", "days": [0, 1, 2, 3, 4], "time_zone": None}
        actions.plan_stand_up(row, "America/New_York")
        assert row.stand_up_next_at is not None and row.stand_up_next_at.isoformat() == "2026-11-23T14:15:00+00:00"
        row.stand_up = None
        actions.plan_stand_up(row, "UTC")
        assert row.stand_up_next_at is None


def test_a_board_is_due_once(database: Database, made: Rows) -> None:
    with database.write() as session:
        assert actions.claim_due(session) is not None
    with database.write() as session:
        assert actions.claim_due(session) is None
        actions.read_soon(session, made.board.id)
        assert actions.claim_due(session) is not None


def test_names_of_teams_are_their_own(database: Database, made: Rows) -> None:
    with database.write() as session:
        first = editing.add_team(session, made.workspace_id, "  Web  team ", by=BY_ADA)
        assert first.name == "Web team"
        for name in ("", "x" * 121, "WEB TEAM"):
            with pytest.raises(InvalidError):
                editing.add_team(session, made.workspace_id, name, by=BY_ADA)
        with pytest.raises(ConflictError):
            editing.remove_team(session, first, open_tickets=1, by=BY_ADA)


def test_a_board_that_is_left_leaves_its_teams_to_the_settings(database: Database, made: Rows) -> None:
    apply(database, made, CARD, AGENTS)
    with database.write() as session:
        row = session.get_one(Team, team(database, made).id)
        with pytest.raises(InvalidError):
            editing.rename(session, row, "Other")
        actions.follow(session, made.workspace_id, None, by=BY_ADA)
        editing.rename(session, row, "Other")
        assert not editing.is_of_board(session, row)


def count(database: Database) -> int:
    with database.read() as session:
        return len(session.scalars(select(Event)).all())
