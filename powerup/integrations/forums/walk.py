"""Reading the history of one listing that knows only "most recently active first", backwards and page by page.

Pure: pages come from a function, as for `sweep`. Between two requests the listing moves: whatever becomes active slides to the top and
pushes the rest down, and what vanishes pulls it up. The place is therefore no page number but a time (the ceiling) and the ids given
out at or below it. Each step reads the next page and *then*, once more, the one above it: what slid up before the first request is
found by the second. A thread that becomes active meanwhile rises above the ceiling and is left to `changed_since`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from powerup.integrations.forums.sweep import Fetch, Row

_NEVER = datetime.max.replace(tzinfo=UTC)
MOST_PAGES = 20
"""Pages that one step reads down at most, when all it meets was given out before."""
MOST_PAGES_UP = 5
"""Pages above the last place that are looked at again: so many pages' worth of threads may vanish between two steps."""


@dataclass(frozen=True, slots=True)
class Walked:
    """One step: its rows, the most recently active first; the state to keep; whether to come back."""

    rows: tuple[Row, ...]
    state: dict[str, Any]
    more: bool


def walk(state: Mapping[str, Any] | None, fetch: Fetch, *, since: datetime) -> Walked:
    """The next page's worth of threads active since `since`; `state` is JSON and None at the beginning. Two requests a step."""
    if not state:
        return _begin(fetch, since)
    if state.get("done"):
        return Walked((), dict(state), False)
    place = _Place.of(state)
    page, ended, walked = place.page, place.at_end, list[Row]()
    while not ended and page - place.page < MOST_PAGES and not _unread(walked, place, since):
        rows, has_more = fetch(page + 1)
        page += bool(rows)
        walked += rows
        ended = not has_more or not rows or _past(rows, since)
    above = max(place.page, page - 1)
    start, has_more = fetch(above)
    walked += start
    if above == page:
        # Nothing came below it, or it was the last one: is it still?
        ended = not has_more or _past(start, since)
    rows, up = start, above
    while up > max(0, above - MOST_PAGES_UP) and not place.reaches(rows):
        up -= 1
        rows, _ = fetch(up)
        walked += rows
    fresh = _unread(walked, place, since)
    lower = min(place.ceiling, _highest(start, place.ceiling))
    # All of it that is low enough: what was given out may have slid below the pages that were read.
    known = dict(place.given) | {row.id: row.active_at for row in walked if row.active_at >= since}
    given = {name: at for name, at in known.items() if at <= lower}
    floated = place.floated | {row.id for row in walked if row.floating}
    # The end counts only when a step found nothing there.
    return _walked(fresh, _Place(page, lower, given, frozenset(floated), ended), done=ended and not fresh)


def _begin(fetch: Fetch, since: datetime) -> Walked:
    rows, has_more = fetch(0)
    ended = not has_more or _past(rows, since)
    given = {row.id: row.active_at for row in rows}
    floated = frozenset(row.id for row in rows if row.floating)
    fresh = [row for row in {row.id: row for row in rows}.values() if row.active_at >= since]
    return _walked(fresh, _Place(0, _highest(rows, _NEVER), given, floated, ended), done=ended)


def _walked(fresh: Sequence[Row], place: "_Place", *, done: bool) -> Walked:
    state = {
        "page": place.page,
        "ceiling": _exact(place.ceiling),
        "given": {name: _exact(at) for name, at in place.given.items()},
        "floated": sorted(place.floated),
        "at_end": place.at_end,
        "done": done,
    }
    return Walked(tuple(sorted(fresh, key=lambda row: row.active_at, reverse=True)), state, not done)


@dataclass(frozen=True, slots=True)
class _Place:
    page: int
    ceiling: datetime
    given: Mapping[str, datetime]
    """What was given out at or below the ceiling, and when each was active."""
    floated: frozenset[str]
    """Pinned threads that were given out: they may stand on every page, or on the first alone."""
    at_end: bool
    """The page was the last one, or the last that is asked for."""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "_Place":
        given = {name: datetime.fromisoformat(at) for name, at in state["given"].items()}
        return cls(state["page"], datetime.fromisoformat(state["ceiling"]), given, frozenset(state["floated"]), state["at_end"])

    def reaches(self, rows: Sequence[Row]) -> bool:
        """Whether something stands there that was given out, or has risen: then everything above it was, or has."""
        return any(row.active_at > self.ceiling or row.id in self.given for row in rows if not row.floating)


def _unread(rows: Sequence[Row], place: _Place, since: datetime) -> list[Row]:
    known = place.given.keys() | place.floated
    each_once = {row.id: row for row in rows}.values()
    return [row for row in each_once if row.id not in known and since <= row.active_at <= place.ceiling]


def _past(rows: Sequence[Row], since: datetime) -> bool:
    return any(row.active_at < since for row in rows if not row.floating)


def _highest(rows: Sequence[Row], otherwise: datetime) -> datetime:
    return max((row.active_at for row in rows if not row.floating), default=otherwise)


def _exact(moment: datetime) -> str:
    """To the microsecond: the ceiling is compared for equality."""
    return moment.astimezone(UTC).isoformat()
