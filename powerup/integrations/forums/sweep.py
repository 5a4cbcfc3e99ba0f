"""Finding what changed in one listing that knows only "most recently active first". Pure: pages come from a function.

Many forums have no "since". A listing is read newest first until it is older than what was read before, and three things make sure
that nothing is missed and nothing is given out twice:

* **Fingerprints.** The state holds, for the 300 most recently active threads (and all within the present sweep), a short hash of
  everything a listing says of a thread. A thread is given out when its hash differs, whatever its position: equal times, pinned
  threads and rows that slid onto the next page while we read are harmless, and a thread that was closed, solved, assigned, retagged
  or retitled (none of which moves it) is noticed on any page that is read.
* **Sweeps.** A sweep reads down to `since` less an overlap (a bump may be committed a little after a later one). Reading one page is
  atomic; when a sweep took more, it is repeated until it finds nothing on the later pages, because rows also slide *up* onto a
  page already read when a thread above them vanishes. Only then `since` moves on.
* **Re-checks.** A quiet poll also reads one of the pages 2 to 8, in turn.

The first call gives out the newest page, and the following ones what was active within the overlap. Whatever is older belongs to
`walk`, which reads history: the pages that are re-checked are learnt by heart first, without giving them out, so that what changes
there while history is being read is noticed.
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
_MOST_ROUNDS = 3
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
        return bool(self.state.get("sweep") or self.state.get("learn"))

    def is_new(self, row: Row) -> bool:
        """Whether the row is unknown, or says something else than when it was given out."""
        return bool(self.state["seen"].get(row.id, [""])[0] != row.print)

    def take(self, rows: Sequence[Row], *, since: datetime = _LONG_AGO) -> int:
        """Give out the rows that are new or changed; returns how many. Unknown ones older than `since` are only remembered."""
        seen, count = self.state["seen"], 0
        for row in rows:
            if self.is_new(row) and (row.id in seen or row.active_at >= since):
                self.out[row.id] = row
                count += 1
            seen[row.id] = [row.print, clock.iso(row.active_at), int(row.floating)]
        return count

    def memory(self) -> datetime:
        """The time since when every thread given out is still remembered."""
        times = sorted((value[1] for value in self.state["seen"].values() if not value[2]), reverse=True)
        return clock.parse(times[KEPT - 1]) if len(times) >= KEPT else _LONG_AGO

    def floor(self) -> datetime:
        """What was last active before is history, and no change."""
        return clock.parse(self.state["floor"]) if "floor" in self.state else _LONG_AGO


def fingerprint(*parts: object) -> str:
    """A short hash of what a listing says of a thread."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:12]


def advance(state: State | None, fetch: Fetch) -> Step:
    """One bounded step (two pages at most) of an endless reading; `state` is JSON and None at the very beginning."""
    if state is None:
        return _begin(fetch)
    step = Step({**state, "seen": dict(state["seen"])}, fetch)
    if step.state.get("learn") and not step.state.get("sweep"):
        _learn(step)
    elif _sweep(step) and not step.out:
        _recheck(step)
    _forget(step.state)
    return step


def _begin(fetch: Fetch) -> Step:
    rows, has_more = fetch(0)
    newest = _newest(rows, _LONG_AGO)
    # What lies within the overlap may be committed after it was passed by: it is read like a change. Older is history.
    floor = min([newest - OVERLAP, *(row.active_at for row in rows if not row.floating)]) if has_more else _LONG_AGO
    state: State = {"since": clock.iso(newest), "floor": clock.iso(floor), "seen": {}, "sweep": None, "turn": 0, "learn": int(has_more)}
    step = Step(state, fetch)
    step.take(rows)
    until = clock.iso(newest - OVERLAP)
    if has_more and not _reaches(rows, clock.parse(until)):
        state["sweep"] = {"page": 1, "until": until, "top": state["since"], "round": 1, "deep": False}
    return step


def _sweep(step: Step) -> bool:
    """Read the next page of the present sweep, or of a new one; true when the first of several was enough."""
    state = step.state
    until = clock.parse(state["since"]) - OVERLAP
    sweep = dict(state.get("sweep") or {"page": 0, "until": clock.iso(until), "top": state["since"], "round": 1, "deep": False})
    rows, has_more = step.fetch(sweep["page"])
    found = step.take(rows, since=max(min(clock.parse(sweep["until"]), step.memory()), step.floor()))
    if sweep["page"] == 0:
        sweep["top"] = clock.iso(_newest(rows, clock.parse(sweep["top"])))
    else:
        sweep["deep"] = bool(found) or sweep["deep"] or sweep["round"] == 1
    reached = not has_more or _reaches(rows, clock.parse(sweep["until"]))
    if not reached:
        state["sweep"] = {**sweep, "page": sweep["page"] + 1}
    elif sweep["deep"] and sweep["round"] < _MOST_ROUNDS:
        state["sweep"] = {**sweep, "page": 0, "round": sweep["round"] + 1, "deep": False}
    else:
        state["since"], state["sweep"] = sweep["top"], None
    return bool(reached and has_more and sweep["page"] == 0)


def _learn(step: Step) -> None:
    page = step.state["learn"]
    rows, has_more = step.fetch(page)
    step.take(rows, since=step.floor())
    step.state["learn"] = page + 1 if has_more and page < RECHECKED_PAGES else 0


def _recheck(step: Step) -> None:
    turn = step.state["turn"] % RECHECKED_PAGES + 1
    rows, has_more = step.fetch(turn)
    step.take(rows, since=max(step.memory(), step.floor()))
    step.state["turn"] = turn if has_more else 0


def _forget(state: State) -> None:
    """Drop fingerprints that nothing will ask for: keep the newest 300, the floating, and what a sweep may meet again."""
    sweep = state.get("sweep")
    until = min(clock.parse(state["since"]) - OVERLAP, clock.parse(sweep["until"]) if sweep else datetime.max.replace(tzinfo=UTC))
    newest = sorted(state["seen"].items(), key=lambda item: item[1][1], reverse=True)
    limit = clock.iso(until)
    state["seen"] = {key: value for index, (key, value) in enumerate(newest) if index < KEPT or value[2] or value[1] >= limit}


def _reaches(rows: Sequence[Row], until: datetime) -> bool:
    return any(row.active_at < until for row in rows if not row.floating)


def _newest(rows: Sequence[Row], least: datetime) -> datetime:
    return max([least, *(row.active_at for row in rows)])
