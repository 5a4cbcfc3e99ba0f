"""Puts the story on Trello: a workspace, its people, three team boards and the Ownership board that says who owns what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from powerup.sandbox.story.boards import CUSTOMER_SUCCESS, DEPLOYMENTS, LABELS, LISTS, SHORT_LISTS, WEB_AND_API, CardStory
from powerup.sandbox.story.ownership import LABELS as KEYWORD_LABELS
from powerup.sandbox.story.ownership import OWNERSHIP, TEAM_CARD, AreaStory, TeamStory
from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.models import Board, Label, Member, Organization, Role, TList, Visibility

TRELLO = "https://trello.com"


class BoardStory(NamedTuple):
    """A board; Ada is its admin, `members` are its normal members."""

    key: str
    name: str
    visibility: Visibility
    background: str
    members: tuple[str, ...]
    lists: tuple[str, ...] = ()
    cards: tuple[CardStory, ...] = ()


TEAM_BOARDS = (
    # The first board is the one the demo opens with.
    BoardStory("deployments", "Deployments", "org", "blue", ("ben", "tomasz"), LISTS, DEPLOYMENTS),
    BoardStory("web", "Web & API", "public", "green", ("ben", "noor"), LISTS, WEB_AND_API),
    BoardStory("success", "Customer success", "org", "purple", ("tomasz",), SHORT_LISTS, CUSTOMER_SUCCESS),
)
OWNERSHIP_BOARD = BoardStory("ownership", "Ownership", "org", "orange", ("ben", "noor", "tomasz"))


@dataclass(frozen=True, slots=True)
class StoryIds:
    """Trello's ids of everything that was made, by key (`ada`; `deployments`; `deployments/Inbox`; `timeouts`).

    On the Ownership board lists are `ownership/Web & API`, cards `team/Web & API` and `area/REST API`.
    """

    organization: str
    members: dict[str, str] = field(default_factory=dict)
    boards: dict[str, str] = field(default_factory=dict)
    """`deployments`, `web`, `success`, `ownership`."""
    lists: dict[str, str] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    board_of: dict[str, str] = field(default_factory=dict)
    """Card key -> board id."""


@dataclass(frozen=True, slots=True)
class _Cast:
    ids: StoryIds
    members: dict[str, Member]
    organization: Organization
    now: datetime
    addresses: Mapping[str, str]
    trello_url: str


def seed_trello(store: Store, now: datetime, addresses: Mapping[str, str], trello_url: str = TRELLO) -> StoryIds:
    """Fill a Trello with the story as it stands at `now`.

    :param addresses: of the threads on their forum, by key; those that are not there are attached nowhere.
    :param trello_url: team boards are named on the Ownership board by their addresses there.
    """
    with store.lock:
        organization = store.add_organization("northwinddeploy", "Northwind Deploy")
        ids = StoryIds(organization.id)
        members = _people(store, organization)
        ids.members.update({key: member.id for key, member in members.items()})
        cast = _Cast(ids, members, organization, now, addresses, trello_url.rstrip("/"))
        for board in TEAM_BOARDS:
            _team_board(store, cast, board)
        _ownership(store, cast)
        return ids


def _people(store: Store, organization: Organization) -> dict[str, Member]:
    """Who is also staff on the forum has the same user name there, with the dot that Trello does not take."""
    insiders = {
        "ada": ("adaokafor", "Ada Okafor", "Support lead, admin of the boards"),
        "ben": ("benlindqvist", "Ben Lindqvist", "Deployments team, member of the boards"),
        "noor": ("noorhaddad", "Noor Haddad", "Web & API team"),
        "tomasz": ("tomaszwilk", "Tomasz Wilk", "Deployments and Customer success"),
    }
    members = {
        key: store.add_member(username, name, organizations=(organization,), note=note) for key, (username, name, note) in insiders.items()
    }
    members["cleo"] = store.add_member("cleomarchetti", "Cleo Marchetti", note="No member: may look at the public board only")
    return members


def _board(store: Store, cast: _Cast, story: BoardStory, desc: str) -> Board:
    roles: dict[Member, Role] = {cast.members["ada"]: "admin"}
    roles.update(dict.fromkeys((cast.members[key] for key in story.members), "normal"))
    board = store.add_board(
        story.name,
        organization=cast.organization,
        members=roles,
        visibility=story.visibility,
        desc=desc,
        background=story.background,
    )
    cast.ids.boards[story.key] = board.id
    return board


def _team_board(store: Store, cast: _Cast, story: BoardStory) -> None:
    board = _board(store, cast, story, f"What the {story.name} team works on for customers.")
    lists = {title: store.add_list(board, title) for title in story.lists}
    cast.ids.lists.update({f"{story.key}/{title}": one.id for title, one in lists.items()})
    labels = {title: store.add_label(board, title, color) for title, color in LABELS}
    for card in story.cards:
        cast.ids.cards[card.key] = _card(store, cast, lists[card.list], labels, card)
        cast.ids.board_of[card.key] = board.id


def _ownership(store: Store, cast: _Cast) -> None:
    board = _board(store, cast, OWNERSHIP_BOARD, "Which team owns which area of support. Keywords help at triage.")
    labels = {title: store.add_label(board, title, color) for title, color in KEYWORD_LABELS}
    for team in OWNERSHIP:
        on = store.add_list(board, team.name)
        cast.ids.lists[f"ownership/{team.name}"] = on.id
        cards = {f"area/{area.name}": area for area in team.areas}
        if team.board:
            cards = {f"team/{team.name}": AreaStory(TEAM_CARD, _about(store, cast, team), members=team.members)} | cards
        for key, area in cards.items():
            card = store.add_card(
                on,
                area.name,
                by=cast.members["ada"],
                desc=area.desc,
                labels=[labels[name] for name in area.labels],
                members=[cast.members[name] for name in area.members],
                at=cast.now - timedelta(days=90),
            )
            cast.ids.cards[key] = card.id
            cast.ids.board_of[key] = board.id


def _about(store: Store, cast: _Cast, team: TeamStory) -> str:
    """A Team card's lines; the board's address is the one that Trello's "Share" shows."""
    board = store.board(cast.ids.boards[team.board])
    return "\n".join((f"Board: {cast.trello_url}/b/{board.short_link}", *team.lines))


def _card(store: Store, cast: _Cast, on: TList, labels: dict[str, Label], story: CardStory) -> str:
    ben = cast.members["ben"]
    card = store.add_card(
        on,
        story.name,
        by=cast.members["ada"],
        desc=story.desc,
        labels=[labels[name] for name in story.labels],
        members=[cast.members[name] for name in story.members],
        urls=[cast.addresses[key] for key in story.threads if key in cast.addresses],
        comments=[(ben, story.comment)] if story.comment else [],
        at=cast.now - timedelta(days=story.days),
    )
    return card.id
