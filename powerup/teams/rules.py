"""Reads an Ownership board: each list a team, each card an area, one card called "Team" with the team's settings. No I/O.

What cannot be understood becomes a Problem with the card's address; nothing is passed over in silence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from powerup.teams.stand_up import StandUpError, read_stand_up

TEAM_CARD = "team"
MOST_KEYWORDS = 200
LONGEST_KEYWORD = 60

_LINE = re.compile(r"^\s*[*_]*([^\W\d_][\w \-]{0,30}?)[*_]*\s*:[*_]*\s*(.*?)\s*$")
_BULLET = re.compile(r"^\s*[-*+•]\s+(.*?)\s*$")
_LINK = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]+)[^)]*\)")
_SETTINGS = {
    "board": "board",
    "inbox": "inbox",
    "slack": "slack",
    "slack channel": "slack",
    "forum group": "forum_group",
    "forum": "forum_group",
    "stand-up": "stand_up",
    "standup": "stand_up",
    "stand up": "stand_up",
}
_KEYWORDS = ("keywords", "keyword")


@dataclass(frozen=True, slots=True)
class BoardList:
    """A list of the Ownership board."""

    id: str
    name: str
    position: float


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A card of the Ownership board."""

    id: str
    list_id: str
    name: str
    desc: str
    url: str
    position: float
    labels: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something on the board that an admin has to mend."""

    text: str
    name: str
    """Of the card or list."""
    url: str

    def as_json(self) -> dict[str, str]:
        """As kept in `Ownership.problems`."""
        return {"text": self.text, "name": self.name, "url": self.url}


@dataclass(frozen=True, slots=True)
class ReadTeam:
    """A team as its list says."""

    list_id: str
    name: str
    position: float
    url: str
    """Of its Team card, or of the board."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """`board`, `inbox`, `slack`, `forum_group` as written."""
    stand_up: dict[str, Any] | None = None
    member_ids: tuple[str, ...] = ()
    has_card: bool = False


@dataclass(frozen=True, slots=True)
class ReadArea:
    """An area as its card says."""

    card_id: str
    list_id: str
    name: str
    url: str
    position: float
    keywords: tuple[str, ...]
    owner_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole board."""

    teams: tuple[ReadTeam, ...]
    areas: tuple[ReadArea, ...]
    problems: tuple[Problem, ...]


def read(lists: Sequence[BoardList], cards: Sequence[BoardCard], *, board_url: str) -> Reading:
    """Teams and areas, in the board's order, with everything that could not be understood."""
    problems: list[Problem] = []
    teams: list[ReadTeam] = []
    areas: list[ReadArea] = []
    for one in sorted(lists, key=lambda each: each.position):
        here = sorted((card for card in cards if card.list_id == one.id), key=lambda card: card.position)
        about = [card for card in here if _is_team_card(card)]
        teams.append(_team(one, about, board_url, problems))
        areas += [_area(card, problems) for card in here if not _is_team_card(card)]
    problems += _shared_keywords(teams, areas)
    return Reading(tuple(teams), tuple(areas), tuple(problems))


def keywords_in(desc: str) -> tuple[str, ...]:
    """What follows `Keywords:` in a description, on the same line or as a list below it; in order, each once."""
    found: list[str] = []
    listing = False
    for line in desc.splitlines():
        bullet = _BULLET.match(line)
        named = _LINE.match(bullet[1] if bullet and not listing else line)
        if named and named[1].strip().lower() in _KEYWORDS:
            found += named[2].split(",")
            listing = True
        elif listing and bullet:
            found += bullet[1].split(",")
        elif line.strip():
            listing = False
    return tidy_keywords(found)


def tidy_keywords(words: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, in lower case, each once; nothing that is no word."""
    tidy = (" ".join(word.strip(" \t`*_\"'.;").lower().split())[:LONGEST_KEYWORD] for word in words)
    return tuple(dict.fromkeys(word for word in tidy if any(char.isalnum() for char in word)))[:MOST_KEYWORDS]


def _is_team_card(card: BoardCard) -> bool:
    return card.name.strip().lower().rstrip(":") == TEAM_CARD


def _team(one: BoardList, about: Sequence[BoardCard], board_url: str, problems: list[Problem]) -> ReadTeam:
    if not about:
        return ReadTeam(one.id, one.name, one.position, board_url)
    card = about[0]
    problems += [
        Problem("There is a second card called “Team” in this list; only the first is read.", each.name, each.url) for each in about[1:]
    ]
    settings: dict[str, str] = {}
    stand_up = None
    for name, value in _settings_of(card):
        known = _SETTINGS.get(name.lower())
        if known is None:
            problems.append(
                Problem(f"“{name}:” is no setting of a team. Known are Board, Inbox, Slack, Forum group and Stand-up.", one.name, card.url)
            )
        elif known == "stand_up":
            try:
                stand_up = read_stand_up(value)
            except StandUpError as error:
                problems.append(Problem(str(error), one.name, card.url))
        elif value:
            settings[known] = value
    return ReadTeam(one.id, one.name, one.position, card.url, settings, stand_up, card.member_ids, has_card=True)


def _settings_of(card: BoardCard) -> Iterator[tuple[str, str]]:
    for line in card.desc.splitlines():
        bullet = _BULLET.match(line)
        named = _LINE.match(bullet[1] if bullet else line)
        if named and not named[2].startswith("//"):
            # Trello's editor makes links of addresses: [https://…](https://… "smartCard-inline").
            yield named[1].strip(), _LINK.sub(r"\2", named[2]).strip("<>` ")


def _area(card: BoardCard, problems: list[Problem]) -> ReadArea:
    keywords = tidy_keywords([*keywords_in(card.desc), *card.labels])
    if not keywords:
        problems.append(
            Problem("This area has no keywords. Write “Keywords: …” into the description, or put labels on the card.", card.name, card.url)
        )
    return ReadArea(card.id, card.list_id, card.name.strip() or "(no name)", card.url, card.position, keywords, card.member_ids)


def _shared_keywords(teams: Sequence[ReadTeam], areas: Sequence[ReadArea]) -> Iterator[Problem]:
    names = {team.list_id: team.name for team in teams}
    holders: defaultdict[str, list[ReadArea]] = defaultdict(list)
    for area in areas:
        for word in area.keywords:
            holders[word].append(area)
    for word, sharing in holders.items():
        if len({area.list_id for area in sharing}) > 1:
            where = " and ".join(f"“{area.name}” ({names.get(area.list_id, '?')})" for area in sharing[:3])
            yield Problem(
                f"The keyword “{word}” points to several teams: {where}. It speaks for neither until one lets it go.",
                sharing[0].name,
                sharing[0].url,
            )
