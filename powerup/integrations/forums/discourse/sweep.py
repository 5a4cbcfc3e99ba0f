"""Finding what changed in one listing that knows only "most recently active first". Pure: pages come from a function.

Discourse has no "since". A listing is read newest first until it is older than what was read before, and three things make sure
that nothing is missed and nothing is given out twice:

* **Fingerprints.** The state holds, for the 300 most recently active threads (and all within the present sweep), a short hash of
  everything a listing says of a thread. A thread is given out when its hash differs, whatever its position: equal times, pinned
  threads and rows that slid onto the next page while we read are harmless, and a thread that was closed, solved, assigned, retagged
  or retitled (none of which moves it) is noticed on any page that is read.
* **Sweeps.** A sweep reads down to `since` less an overlap (a bump may be committed a little after a later one). Reading one page is
  atomic; when a sweep took more, it is repeated until it finds nothing on the later pages, because rows also slide *up* onto a
  page already read when a thread above them vanishes. Only then `since` moves on.
* **Re-checks.** A quiet poll also reads one of the pages 2 to 8, in turn.

The first call gives out the first page. The rest follows backwards with `back`: a time (the ceiling) and the ids given out at or
below it, so that its place survives rows sliding either way; each step begins with the pages that hold the last one.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from powerup import clock
from powerup.integrations.forums.base import ThreadStub

State = dict[str, Any]
OVERLAP = timedelta(minutes=5)
KEPT = 300
"""Fingerprints kept beyond those a sweep needs; more than the re-checked pages hold, so that a thread sliding up is still known."""
RECHECKED_PAGES = 7
BACK_LIMIT = 1_000
"""Threads that a new forum is read back to; older ones arrive when they become active or are linked."""
_MOST_ROUNDS = 3
_MOST_PAGES_A_STEP = 20
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One thread of a listing. `floating`: pinned, so its position says nothing of its time."""

    stub: ThreadStub
    active_at: datetime
    floating: bool
    print: str

    @property
    def id(self) -> str:
        """The thread's id."""
        return self.stub.external_id


Fetch = Callable[[int], tuple[Sequence[Row], bool]]
"""Page number from 0 -> its rows, and whether there are more pages."""


@dataclass(slots=True)
class Step:
    """One call's worth: what to give out, the state to keep, whether to come back at once."""

    state: State
    fetch: Fetch
    out: dict[str, Row] = field(default_factory=dict)

    @property
    def more(self) -> bool:
        """Whether something is known to be left."""
        return bool(self.state.get("sweep") or self.state.get("back"))

    def is_new(self, row: Row) -> bool:
        """Whether the row is unknown, or says something else than when it was given out."""
        return bool(self.state["seen"].get(row.id, [""])[0] != row.print)

    def take(self, rows: Sequence[Row], *, since: datetime = _LONG_AGO) -> int:
        """Give out the rows that are new or changed; returns how many. Unknown ones older than `since` are taken for forgotten."""
        seen, count = self.state["seen"], 0
        for row in rows:
            if row.id not in seen and row.active_at < since:
                continue
            if self.is_new(row):
                self.out[row.id] = row
                count += 1
            seen[row.id] = [row.print, clock.iso(row.active_at), int(row.floating)]
        return count

    def memory(self) -> datetime:
        """The time since when every thread given out is still remembered."""
        times = sorted((value[1] for value in self.state["seen"].values() if not value[2]), reverse=True)
        return clock.parse(times[KEPT - 1]) if len(times) >= KEPT else _LONG_AGO


def fingerprint(*parts: object) -> str:
    """A short hash of what a listing says of a thread."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:12]


def advance(state: State | None, fetch: Fetch, *, back_limit: int = BACK_LIMIT) -> Step:
    """One bounded step (a few pages at most) of an endless reading; `state` is JSON and None at the very beginning."""
    if state is None:
        return _begin(fetch, back_limit)
    step = Step({**state, "seen": dict(state["seen"])}, fetch)
    swept_at_once = _sweep(step)
    if not step.state.get("sweep"):
        if step.state.get("back"):
            _go_back(step)
        elif swept_at_once and not step.out:
            _recheck(step)
    _forget(step.state)
    return step


def _begin(fetch: Fetch, back_limit: int) -> Step:
    rows, has_more = fetch(0)
    step = Step({"since": clock.iso(_newest(rows, _LONG_AGO)), "seen": {}, "sweep": None, "back": None, "turn": 0}, fetch)
    step.take(rows)
    if has_more and len(rows) < back_limit:
        ceiling = max((row.active_at for row in rows if not row.floating), default=_newest(rows, _LONG_AGO))
        edge = sorted(row.id for row in rows if row.active_at <= ceiling)
        step.state["back"] = {"page": 0, "ceiling": _exact(ceiling), "edge": edge, "left": back_limit - len(rows)}
    return step


def _sweep(step: Step) -> bool:
    """Read the next page of the present sweep, or of a new one; true when a single page was enough."""
    state = step.state
    until = clock.parse(state["since"]) - OVERLAP
    sweep = dict(state.get("sweep") or {"page": 0, "until": clock.iso(until), "top": state["since"], "round": 1, "deep": False})
    rows, has_more = step.fetch(sweep["page"])
    found = step.take(rows, since=min(clock.parse(sweep["until"]), step.memory()))
    if sweep["page"] == 0:
        sweep["top"] = clock.iso(_newest(rows, clock.parse(sweep["top"])))
    else:
        sweep["deep"] = bool(found) or sweep["deep"] or sweep["round"] == 1
    reached = not has_more or any(row.active_at < clock.parse(sweep["until"]) for row in rows if not row.floating)
    if not reached:
        state["sweep"] = {**sweep, "page": sweep["page"] + 1}
    elif sweep["deep"] and sweep["round"] < _MOST_ROUNDS:
        state["sweep"] = {**sweep, "page": 0, "round": sweep["round"] + 1, "deep": False}
    else:
        state["since"], state["sweep"] = sweep["top"], None
    return bool(reached and sweep["page"] == 0)


def _go_back(step: Step) -> None:
    """Give out the next page's worth of older threads.

    First the page where the last step ended is read again, and those above it until one reaches above the ceiling: whatever slid
    up since is there, at or below the ceiling and not at the edge. Only then comes the next page.
    """
    back = step.state["back"]
    ceiling, edge, page = clock.parse(back["ceiling"]), set(back["edge"]), back["page"]
    rows, has_more = step.fetch(page)
    start, walked, at_end = rows, list(rows), not has_more
    while page > 0 and not any(row.active_at > ceiling and not row.floating for row in rows):
        page -= 1
        rows, _ = step.fetch(page)
        walked += rows
    page, fresh = back["page"], _unread(step, walked, ceiling, edge)
    while not fresh and has_more and page - back["page"] < _MOST_PAGES_A_STEP:
        rows, has_more = step.fetch(page + 1)
        page += bool(rows)
        walked += rows
        fresh = _unread(step, rows, ceiling, edge)
        has_more = has_more and bool(rows)
    step.take(fresh)
    left = back["left"] - len(fresh)
    # The next step begins by looking again at all that this one began with: rows slide up between two requests of a step, too.
    lower = min(ceiling, max((row.active_at for row in start if not row.floating), default=ceiling))
    at_edge = sorted({row.id for row in walked if row.active_at <= lower} | (edge if lower == ceiling else set()))
    # The end counts only when this step began at it: a list that became shorter meanwhile is looked at once more.
    done = (at_end and not fresh) or left <= 0
    step.state["back"] = None if done else {"page": page, "ceiling": _exact(lower), "edge": at_edge, "left": left}


def _unread(step: Step, rows: Sequence[Row], ceiling: datetime, edge: set[str]) -> list[Row]:
    each_once = {row.id: row for row in rows}.values()
    return [row for row in each_once if row.active_at <= ceiling and row.id not in edge and step.is_new(row)]


def _recheck(step: Step) -> None:
    turn = step.state["turn"] % RECHECKED_PAGES + 1
    rows, has_more = step.fetch(turn)
    step.take(rows, since=step.memory())
    step.state["turn"] = turn if has_more else 0


def _forget(state: State) -> None:
    """Drop fingerprints that nothing will ask for: keep the newest 300, the floating, and what a sweep may meet again."""
    sweep = state.get("sweep")
    until = min(clock.parse(state["since"]) - OVERLAP, clock.parse(sweep["until"]) if sweep else datetime.max.replace(tzinfo=UTC))
    newest = sorted(state["seen"].items(), key=lambda item: item[1][1], reverse=True)
    limit = clock.iso(until)
    state["seen"] = {key: value for index, (key, value) in enumerate(newest) if index < KEPT or value[2] or value[1] >= limit}


def _newest(rows: Sequence[Row], least: datetime) -> datetime:
    return max([least, *(row.active_at for row in rows)])


def _exact(moment: datetime) -> str:
    """To the microsecond: `clock.iso` cuts to milliseconds, and this one is compared for equality."""
    return moment.astimezone(UTC).isoformat()
