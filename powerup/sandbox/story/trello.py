"""Puts the story on Trello: a workspace, its people, the Ownership board and two team boards."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from powerup.sandbox.story.boards import DEPLOYMENTS, LABELS, LISTS, OWNERSHIP, WEB_AND_API, CardStory
from powerup.sandbox.story.threads import thread
from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.models import Board, Label, Member, Organization, TList, Visibility


@dataclass(frozen=True, slots=True)
class StoryIds:
    """Trello's ids of everything that was made, by key (`ada`; `deployments`; `deployments/Inbox`; `timeouts`)."""

    organization: str
    members: dict[str, str] = field(default_factory=dict)
    boards: dict[str, str] = field(default_factory=dict)
    """`ownership`, `deployments`, `web`."""
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
    forum_url: str


def seed_trello(store: Store, now: datetime, forum_url: str) -> StoryIds:
    """Fill a Trello with the story as it stands at `now`; threads are attached by their address on `forum_url`."""
    with store.lock:
        organization = store.add_organization("northwinddeploy", "Northwind Deploy")
        ids = StoryIds(organization.id)
        members = {
            "ada": store.add_member("adaokafor", "Ada Okafor", organizations=(organization,), note="Support lead, admin of the boards"),
            "ben": store.add_member("benlindqvist", "Ben Lindqvist", organizations=(organization,), note="Member of the boards"),
            "cleo": store.add_member("cleomarchetti", "Cleo Marchetti", note="No member: may look at the public board only"),
        }
        ids.members.update({key: member.id for key, member in members.items()})
        cast = _Cast(ids, members, organization, now, forum_url.rstrip("/"))
        # The first board is the one the demo opens with.
        _team_board(store, cast, "deployments", "Deployments", "org", DEPLOYMENTS)
        _team_board(store, cast, "web", "Web & API", "public", WEB_AND_API)
        _ownership(store, cast)
        return ids


def _board(store: Store, cast: _Cast, key: str, name: str, visibility: Visibility, desc: str) -> Board:
    board = store.add_board(
        name,
        organization=cast.organization,
        members={cast.members["ada"]: "admin", cast.members["ben"]: "normal"},
        visibility=visibility,
        desc=desc,
        background={"deployments": "blue", "web": "green", "ownership": "orange"}[key],
    )
    cast.ids.boards[key] = board.id
    return board


def _ownership(store: Store, cast: _Cast) -> None:
    board = _board(store, cast, "ownership", "Ownership", "org", "Which team owns which area of support. Keywords help at triage.")
    for team, areas in OWNERSHIP.items():
        on = store.add_list(board, team)
        cast.ids.lists[f"ownership/{team}"] = on.id
        for name, desc in areas:
            card = store.add_card(on, name, by=cast.members["ada"], desc=desc, at=cast.now - timedelta(days=90))
            cast.ids.cards[f"area/{name}"] = card.id
            cast.ids.board_of[f"area/{name}"] = board.id


def _team_board(store: Store, cast: _Cast, key: str, name: str, visibility: Visibility, cards: tuple[CardStory, ...]) -> None:
    board = _board(store, cast, key, name, visibility, f"What the {name} team works on for customers.")
    lists = {title: store.add_list(board, title) for title in LISTS}
    cast.ids.lists.update({f"{key}/{title}": one.id for title, one in lists.items()})
    labels = {title: store.add_label(board, title, color) for title, color in LABELS}
    for story in cards:
        cast.ids.cards[story.key] = _card(store, cast, lists[story.list], labels, story)
        cast.ids.board_of[story.key] = board.id


def _card(store: Store, cast: _Cast, on: TList, labels: dict[str, Label], story: CardStory) -> str:
    ben = cast.members["ben"]
    card = store.add_card(
        on,
        story.name,
        by=cast.members["ada"],
        desc=story.desc,
        labels=[labels[name] for name in story.labels],
        members=[cast.members[name] for name in story.members],
        urls=[cast.forum_url + thread(key).path for key in story.threads],
        comments=[(ben, story.comment)] if story.comment else [],
        at=cast.now - timedelta(days=story.days),
    )
    return card.id
