"""What an Ownership board says, and what an admin is told of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.teams.rules import BoardCard, BoardList, Reading, keywords_in, read, tidy_keywords
from powerup.teams.stand_up import StandUpError, read_stand_up

LISTS = [BoardList("l2", "Web", 2.0), BoardList("l1", "Deployments", 1.0)]


def card(id: str, name: str, desc: str = "", *, of: str = "l1", **more: object) -> BoardCard:
    return BoardCard(id, of, name, desc, f"https://trello.test/c/{id}", float(id[1:]), **more)  # type: ignore[arg-type]


def texts(reading: Reading) -> list[str]:
    return [problem.text for problem in reading.problems]


def test_lists_are_teams_and_cards_are_areas_in_the_boards_order() -> None:
    cards = [
        card("c3", "Agents", "Keywords: agent, Heart Beat", member_ids=("m1",), labels=("agents",)),
        card(
            "c1",
            " team ",
            "Board: Deployments\nInbox: Incoming\nSlack channel: #deploy\nStand-up: 9:15 Mon-Fri Europe/Berlin",
            member_ids=("m1", "m2"),
        ),
        card("c2", "Pages", "- Keywords: browser", of="l2"),
    ]
    reading = read(LISTS, cards, board_url="https://trello.test/b/1")
    first, second = reading.teams
    assert (first.name, first.settings, first.member_ids) == (
        "Deployments",
        {"board": "Deployments", "inbox": "Incoming", "slack": "#deploy"},
        ("m1", "m2"),
    )
    assert first.stand_up == {"at": "09:15", "days": [0, 1, 2, 3, 4], "time_zone": "Europe/Berlin"}
    assert (second.name, second.has_card) == ("Web", False)
    assert [(area.name, area.keywords, area.owner_ids) for area in reading.areas] == [
        ("Agents", ("agent", "heart beat", "agents"), ("m1",)),
        ("Pages", ("browser",), ()),
    ]
    assert texts(reading) == []


@pytest.mark.parametrize(
    ("desc", "words"),
    [
        ("Keywords: a, b;", ("a", "b")),
        ("**Keywords:** a, `b`", ("a", "b")),
        ("Keywords:\n- one\n- two words\n\nText", ("one", "two words")),
        ("Some text.\n\n* keyword: A\n* B, c", ("a", "b", "c")),
        ("Nothing here: at all", ()),
        ("Keywords: ,, ; -", ()),
        ("Keywords: a\nOther: b", ("a",)),
    ],
)
def test_keywords_are_found_however_they_are_written(desc: str, words: tuple[str, ...]) -> None:
    assert keywords_in(desc) == words


def test_an_address_that_trello_made_a_link_of_is_an_address() -> None:
    link = '[https://trello.com/b/abc/x](https://trello.com/b/abc/x "smartCard-inline")'
    (team, _) = read(LISTS, [card("c1", "Team", f"Board: {link}")], board_url="u").teams
    assert team.settings["board"] == "https://trello.com/b/abc/x"


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ([card("c1", "Agents")], "This area has no keywords."),
        ([card("c1", "Team", "Colour: red")], "“Colour:” is no setting of a team."),
        ([card("c1", "Team"), card("c2", "Team:")], "There is a second card called “Team”"),
        ([card("c1", "Team", "Stand-up: at noon")], "“at” is no time of day."),
        ([card("c1", "A", "Keywords: x"), card("c2", "B", "Keywords: X", of="l2")], "The keyword “x” points to several teams"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_understood_is_said_with_the_cards_address(cards: list[BoardCard], told: str) -> None:
    (problem,) = read(LISTS, cards, board_url="u").problems
    assert problem.text.startswith(told) and problem.url.startswith("https://trello.test/c/c")


def test_a_word_that_two_areas_of_one_team_share_is_no_problem() -> None:
    assert texts(read(LISTS, [card("c1", "A", "Keywords: x"), card("c2", "B", "Keywords: x")], board_url="u")) == []


@given(st.text(), st.text())
def test_any_text_can_be_read(name: str, desc: str) -> None:
    reading = read(LISTS, [card("c1", name, desc), card("c2", "Team", desc)], board_url="u")
    for area in reading.areas:
        assert area.keywords == tidy_keywords(area.keywords)


@pytest.mark.parametrize(
    ("text", "at", "days", "zone"),
    [
        ("09:15 Mon-Fri Europe/Berlin", "09:15", [0, 1, 2, 3, 4], "Europe/Berlin"),
        ("9.15", "09:15", [0, 1, 2, 3, 4], None),
        ("23:59 Sat, Sunday UTC", "23:59", [5, 6], "UTC"),
        ("08:00 Fri-Mon", "08:00", [0, 4, 5, 6], None),
        ("08:00 mon–wed", "08:00", [0, 1, 2], None),
    ],
)
def test_a_stand_up_is_read_as_people_write_it(text: str, at: str, days: list[int], zone: str | None) -> None:
    assert read_stand_up(text) == {"at": at, "days": days, "time_zone": zone}


@pytest.mark.parametrize("text", ["", "none", "off"])
def test_no_stand_up(text: str) -> None:
    assert read_stand_up(text) is None


@pytest.mark.parametrize(
    "text", ["noon", "25:00", "09:15 Funday", "09:15 Europe/Atlantis", "09:15 Mon-Fri-Sat", "9", "09:15 ../etc/passwd", "9:15 /"]
)
def test_a_stand_up_that_cannot_be_meant_says_what_would_be_right(text: str) -> None:
    with pytest.raises(StandUpError, match="Write"):
        read_stand_up(text)
