"""How often bursts are proposed for nothing, and how soon a real one is: on two forums' own threads, with bursts put in by hand.

The forums' parts before the measured one are history. Every alarm on the unmodified stream counts as false, though some may have had
a cause. Bursts are then put in, one at a time, at random moments of the measured part: so many customers, at exponential gaps that
fill about an hour. All of it is seeded: the same files give the same figures.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from random import Random

from powerup.suggest.bursts import SIX_HOURS, distinct, proposals
from powerup.suggest.evaluation.figures import Figure

PARTS = ("train", "test", "heldout")
SETS = {"rust_issues": "areas", "oem_forum": "forum"}
"""Data sets with times, and the field that names a thread's area."""
WHOLE = "*"
"""Every thread of a forum together: a busy area, where the smallest areas are too quiet to be hard."""
LEAST_HISTORY = 24
SIZES = (5, 8, 12, 20)
ROUNDS = 100
HOUR = timedelta(hours=1)
MONTH = timedelta(days=365.25 / 12)
WEEK = timedelta(days=7)

Times = Sequence[datetime]
Rule = Callable[[Times, datetime, datetime | None], Iterator[datetime]]
"""(arrivals, from when on, last alarm) → alarms."""


@dataclass(frozen=True, slots=True)
class Goals:
    """What we set ourselves after trying on the training part and before looking at the test part."""

    false_per_month: float | None
    found: dict[int, float]


AREA_GOALS = Goals(0.05, {5: 0.9, 8: 0.98, 12: 0.98, 20: 0.98})
WHOLE_GOALS = Goals(0.5, {12: 0.95, 20: 0.98})


def figures(folder: Path, part: str, *, rounds: int = ROUNDS) -> Iterator[Figure]:
    """All figures of one part; sets that are not in the folder are left out."""
    for name, field in SETS.items():
        if (folder / f"{name}.{part}.jsonl").exists():
            walk = _read(folder, name, field, part)
            yield from _task(name, "bursts", walk.only(lambda area: area != WHOLE), AREA_GOALS, rounds)
            yield from _task(name, "bursts, whole forum", walk.only(lambda area: area == WHOLE), WHOLE_GOALS, rounds)


def _task(name: str, task: str, walk: "_Walk", goals: Goals, rounds: int) -> Iterator[Figure]:
    if not walk.streams:
        return
    simple = _measures(walk, _five_in_an_hour, rounds)
    for measure, (value, n, goal) in _measures(walk, _ours, rounds, goals).items():
        yield Figure(name, task, measure, value, n, simple[measure][0] if measure in simple else None, goal)
    for measure, (value, n, _) in _measures(walk, _three_sigma, rounds).items():
        yield Figure(name, f"{task}, by mean + 3 sigma", measure, value, n, None, None)


# The streams


@dataclass(frozen=True, slots=True)
class _Walk:
    """Each area's arrivals, history included; the measured part begins at `start`."""

    streams: dict[str, list[datetime]]
    """Each customer counted once in six hours, as the product counts."""
    as_they_are: dict[str, list[datetime]]
    start: datetime
    end: datetime

    def only(self, wanted: Callable[[str], bool]) -> "_Walk":
        streams, as_they_are = ({area: times for area, times in each.items() if wanted(area)} for each in (self.streams, self.as_they_are))
        return _Walk(streams, as_they_are, self.start, self.end)

    def history(self, area: str) -> int:
        return bisect_left(self.streams[area], self.start)


def _read(folder: Path, name: str, field: str, part: str) -> _Walk:
    """The part and all before it; for the first part, which has none before it, its last two fifths."""
    threads: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    start: datetime | None = None
    for each in PARTS[: PARTS.index(part) + 1]:
        path = folder / f"{name}.{each}.jsonl"
        if not path.exists():
            continue
        with path.open(encoding="utf-8") as lines:
            rows = sorted(map(json.loads, lines), key=lambda row: str(row["created_at"]))
        for row in rows:
            at = _moment(row["created_at"])
            for area in {WHOLE, *(row[field] if isinstance(row[field], list) else [row[field]])}:
                threads[area].append((at, str(row["author"])))
        if each == part:
            start = _moment(rows[0 if len(threads[WHOLE]) > len(rows) else len(rows) * 3 // 5]["created_at"])
    assert start is not None  # noqa: S101 - the caller looked that the part's file is there; this tells mypy
    known = {area: found for area, found in sorted(threads.items()) if sum(at < start for at, _ in found) >= LEAST_HISTORY}
    streams = {area: distinct(found) for area, found in known.items()}
    as_they_are = {area: [at for at, _ in found] for area, found in known.items()}
    return _Walk(streams, as_they_are, start, threads[WHOLE][-1][0])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# What is measured


Measures = dict[str, tuple[float, int, float | None]]
"""Name → value, over how many, our goal."""


def _measures(walk: _Walk, rule: Rule, rounds: int, goals: Goals | None = None) -> Measures:
    alarms = {area: list(rule(times, walk.start, None)) for area, times in walk.streams.items()}
    found: Measures = _false_alarms(walk, alarms, "", goals)
    found |= _false_alarms(
        walk, {area: list(rule(times, walk.start, None)) for area, times in walk.as_they_are.items()}, ", each thread counted", None
    )
    for size in SIZES:
        share = goals.found.get(size) if goals else None
        found |= _injected(walk, rule, alarms, _bursts(walk, size, rounds), share)
    return found


def _false_alarms(walk: _Walk, alarms: dict[str, list[datetime]], note: str, goals: Goals | None) -> Measures:
    span, count = walk.end - walk.start, sum(map(len, alarms.values()))
    months = span / MONTH * len(alarms)
    return {
        f"false alarms per area and month{note}": (count / months, round(months), goals.false_per_month if goals else None),
        f"false alarms per week, all areas{note}": (count / (span / WEEK), round(span / WEEK), None),
    }


def _bursts(walk: _Walk, size: int, rounds: int) -> list[tuple[str, list[datetime]]]:
    """(area, arrivals): outages strike where the threads are, from a random moment on, with exponential gaps that fill about an hour.

    Seeded by the size alone, so that each rule meets the same bursts.
    """
    random = Random(size)  # noqa: S311 - no secret
    found = []
    for area in random.choices(list(walk.streams), [walk.history(area) for area in walk.streams], k=rounds):
        times = [walk.start + (walk.end - walk.start) * random.random()]
        while len(times) < size:
            times.append(times[-1] + HOUR * random.expovariate(size))
        found.append((area, times))
    return found


def _injected(
    walk: _Walk, rule: Rule, alarms: dict[str, list[datetime]], bursts: list[tuple[str, list[datetime]]], goal: float | None
) -> Measures:
    """Each burst alone in its area's stream; found is found within six hours of its first thread."""
    size, minutes, threads = len(bursts[0][1]), [], []
    for area, extra in bursts:
        last, stream = extra[0] + SIX_HOURS, walk.streams[area]
        before = alarms[area][: bisect_left(alarms[area], extra[0])]
        stream = sorted([*stream[: bisect_right(stream, last)], *extra])
        found = next((at for at in rule(stream, extra[0], before[-1] if before else None) if at <= last), None)
        if found:
            minutes.append((found - extra[0]) / timedelta(minutes=1))
            threads.append(float(bisect_right(extra, found)))
    measures: Measures = {f"share of bursts of {size} found": (len(minutes) / len(bursts), len(bursts), goal)}
    for unit, delays in (("minutes", sorted(minutes)), ("threads", sorted(threads))):
        if delays:
            name, n = f"{unit} until a burst of {size} is found", len(delays)
            measures |= {f"{name}, median": (delays[n // 2], n, None), f"{name}, 90th percentile": (delays[n * 9 // 10], n, None)}
    return measures


# The rules


def _ours(times: Times, start: datetime, last: datetime | None) -> Iterator[datetime]:
    return (found.at for found in proposals(times, start=start, proposed_at=last))


def _five_in_an_hour(times: Times, start: datetime, last: datetime | None) -> Iterator[datetime]:
    """The simple rule beside which ours stands; it keeps silent for six hours after an alarm."""
    return _by_the_hour(times, start, last, lambda index: 5)


def _three_sigma(times: Times, start: datetime, last: datetime | None) -> Iterator[datetime]:
    """More than mean + 3 standard deviations of the hourly counts of the last eight weeks, and at least four."""

    def limit(index: int) -> float:
        end = times[index] - HOUR
        begin = max(times[0], end - 8 * WEEK)
        hours = max((end - begin) / HOUR, 1.0)
        counts = Counter((at - begin) // HOUR for at in times[bisect_left(times, begin) : bisect_right(times, end)]).values()
        mean = sum(counts) / hours
        variance = max(sum(count * count for count in counts) / hours - mean * mean, 0.0)
        return max(4.0, mean + 3 * sqrt(variance))

    return _by_the_hour(times, start, last, limit)


def _by_the_hour(times: Times, start: datetime, last: datetime | None, limit: Callable[[int], float]) -> Iterator[datetime]:
    for index in range(bisect_left(times, start), len(times)):
        at = times[index]
        count = index + 1 - bisect_right(times, at - HOUR)
        if count >= 4 and count >= limit(index) and (last is None or at - last >= SIX_HOURS):
            last = at
            yield at
