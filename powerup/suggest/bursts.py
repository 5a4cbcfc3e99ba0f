"""Is one area suddenly getting far more threads than usual? Then triage proposes "outage mode". No I/O.

The count of the last hours is set against what the same hours usually bring, and a burst is a count that chance alone would hardly
ever produce. What is usual is learnt from the area's last weeks: its rate, its weekdays and hours as far as the data carry them, and
what the very same hours of earlier weeks brought. With no history at all an assumed rate stands in.

On real forums most clusters are one person who writes several threads in a row, so arrivals should come through `distinct` first.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil, exp, lgamma, log, log1p, sqrt

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY
SIX_HOURS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as a burst; the values were chosen on the training part of docs/bursts.md."""

    windows: tuple[timedelta, ...] = (timedelta(hours=1), timedelta(hours=3), SIX_HOURS)
    least: int = 4
    """Fewer threads than this are never a burst."""
    factor: float = 3.0
    """A burst is at least so many times the usual count, however many threads make a smaller rise certain."""
    chance: float = 3e-4
    """A burst is a count that an ordinary day reaches with at most this probability."""
    weeks: int = 8
    """How far back "usual" looks."""
    assumed_per_day: float = 1.0
    """The rate of an area of which nothing is known …"""
    assumed_days: float = 2.0
    """… which weighs as much as so many days of history."""
    pattern_threads: float = 60.0
    """Weekdays and hours are believed half when there is this much history, and fully when there is much more."""
    same_hours_threads: float = 4.0
    """The very same hours of earlier weeks are believed half when so many threads were to be expected in them."""
    spread: float = 1.1
    """Variance over mean of an ordinary count; 1 would be threads that know nothing of one another."""
    quiet: timedelta = SIX_HOURS
    """A burst is over after so long without another one's worth of threads."""


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Burst:
    """One area's count over a window, and how unusual it is."""

    at: datetime
    window: timedelta
    """The span up to `at` that is the least likely."""
    count: int
    usual: float
    """What this span of the week brings on an ordinary day."""
    chance: float
    """The probability of so many or more on an ordinary day."""

    def words(self, area: str) -> str:
        """For the triage page: "9 new threads about Agents in the last hour; usually 0.4"."""
        hours = round(self.window / timedelta(hours=1))
        span = "hour" if hours == 1 else f"{hours} hours"
        usual = "hardly any" if self.usual < 0.05 else f"{self.usual:.1f}".removesuffix(".0")
        return f"{self.count} new threads about {area} in the last {span}; usually {usual}"


def distinct(threads: Iterable[tuple[datetime, str]], *, within: timedelta = SIX_HOURS) -> list[datetime]:
    """Arrival times, each customer counted once in a while: one person with five threads is no outage.

    Takes (time, customer) in order of time. A thread is left out if the same customer's last counted one is nearer than `within`.
    """
    counted: dict[str, datetime] = {}
    times: list[datetime] = []
    for at, customer in threads:
        if customer not in counted or at - counted[customer] >= within:
            counted[customer] = at
            times.append(at)
    return times


def burst(
    arrivals: Sequence[datetime],
    now: datetime,
    *,
    observed_since: datetime | None = None,
    proposed_at: datetime | None = None,
    settings: Settings = DEFAULT,
) -> Burst | None:
    """The burst that one area is in right now, unless it was proposed already; arrivals ascend, later ones are not looked at.

    `observed_since` is when the forum began to be read, if arrivals do not say (they are taken to begin with the first);
    `proposed_at` is when the last proposal for this area was made: another comes only after the area was quiet again.
    """
    recent = now - timedelta(weeks=settings.weeks + 1)
    times = [each.timestamp() for each in arrivals[bisect_left(arrivals, recent) : bisect_right(arrivals, now)]]
    since = None if observed_since is None else observed_since.timestamp()
    if since is None and arrivals and arrivals[0] < recent:
        since = recent.timestamp()
    last = None if proposed_at is None else proposed_at.timestamp()
    return _burst(times, now.timestamp(), since, last, settings)


def proposals(
    arrivals: Sequence[datetime], *, start: datetime | None = None, proposed_at: datetime | None = None, settings: Settings = DEFAULT
) -> Iterator[Burst]:
    """What would have been proposed from `start` on, had somebody looked at the moment of each arrival."""
    times = [each.timestamp() for each in arrivals]
    last = None if proposed_at is None else proposed_at.timestamp()
    first = 0 if start is None else bisect_left(arrivals, start)
    for index in range(first, len(times)):
        now = times[index]
        begin = bisect_left(times, now - (settings.weeks + 1) * WEEK)
        found = _burst(times[begin : index + 1], now, times[0], last, settings)
        if found:
            last = now
            yield found


def _burst(times: Sequence[float], now: float, since: float | None, proposed_at: float | None, settings: Settings) -> Burst | None:
    longest = max(settings.windows).total_seconds()
    if len(times) - bisect_right(times, now - longest) < settings.least:
        return None  # almost always, and cheap
    usual = _Usual(times, now - longest, since, settings)
    if proposed_at is not None and not _was_quiet(times, proposed_at, now, usual, settings):
        return None
    found = [_judge(times, now, window, usual, settings) for window in settings.windows]
    return min((each for each in found if each), key=lambda each: each.chance, default=None)


def _judge(times: Sequence[float], now: float, window: timedelta, usual: "_Usual", settings: Settings) -> Burst | None:
    start = now - window.total_seconds()
    count = len(times) - bisect_right(times, start)
    if count < settings.least:
        return None
    mean, known = usual.count(start, now)
    if count < settings.factor * mean:
        return None
    # Three reasons to vary more than Poisson: threads cluster, the rate rests on few threads, and so does the pattern.
    chance = tail(count, mean, 1 / ((settings.spread - 1) / mean + 1 / usual.evidence + 1 / known))
    if chance > settings.chance:
        return None
    return Burst(datetime.fromtimestamp(now, UTC), window, count, mean, chance)


def _was_quiet(times: Sequence[float], proposed_at: float, now: float, usual: "_Usual", settings: Settings) -> bool:
    """Whether some span since the proposal held too little for a burst; the emptiest ones end just before an arrival, or now."""
    span = settings.quiet.total_seconds()
    most = max(settings.least - 1, settings.factor * usual.rate * span)
    ends = [*times[bisect_left(times, proposed_at + span) :], now]
    return any(end - span >= proposed_at and bisect_left(times, end) - bisect_right(times, end - span) <= most for end in ends)


class _Usual:
    """What an area brings on an ordinary day, learnt from its arrivals up to `end`."""

    def __init__(self, times: Sequence[float], end: float, since: float | None, settings: Settings) -> None:
        first = since if since is not None else (times[0] if times else end)
        self._begin, self._end = min(end, max(first, end - settings.weeks * WEEK)), end
        self._times = times[bisect_left(times, self._begin) : bisect_right(times, end)]
        self._settings = settings
        seen = len(self._times)
        self.evidence = settings.assumed_per_day * settings.assumed_days + seen
        """How many threads the rate rests on."""
        self.rate = self.evidence / (settings.assumed_days * DAY + end - self._begin)
        """Threads in a second, whatever the hour."""
        self._by_hour = Counter([int(time) // 3600 % 168 for time in self._times])
        """Counts by hour of the week (the epoch's week begins on a Thursday, which does no harm)."""
        self._days = self._factors(DAY, 7)
        self._hours = self._factors(HOUR, 24)

    def _factors(self, unit: float, count: int) -> list[float]:
        """How much more than the mean each weekday (hour of the day) brings, near 1 while little is known."""
        span = self._end - self._begin
        if not self._times:
            return [1.0] * count
        seen, expected = [0.0] * count, [span // WEEK * WEEK / count] * count
        for hour, threads in self._by_hour.items():
            seen[int(hour * HOUR // unit) % count] += threads
        # What goes beyond whole weeks: on day four nobody knows yet what a Friday is like.
        for begin, end in pairwise(_cut(self._end - span % WEEK, self._end)):
            expected[int(begin // unit) % count] += end - begin
        if unit == HOUR:
            # An hour borrows from its neighbours: forums have no sharp edges, and there are few threads in an hour.
            seen, expected = _smooth(seen), _smooth(expected)
        rate, prior = len(self._times) / span, self._settings.pattern_threads / count
        return [(found + prior) / (rate * time + prior) for found, time in zip(seen, expected, strict=True)]

    def count(self, start: float, end: float) -> tuple[float, float]:
        """The usual count of this span, and how many threads its pattern rests on.

        It is made of rate, weekday and hour, and then corrected by the same span of earlier weeks.
        """
        pieces = pairwise(_cut(start, end))
        mean = sum((b - a) * self.rate * self._days[int(a // DAY) % 7] * self._hours[int(a // HOUR) % 24] for a, b in pieces)
        earlier, believed = self._earlier(start, end, mean), self._settings.same_hours_threads
        known = believed + sum(earlier)
        return mean * known / (believed + mean * len(earlier)), known

    def _earlier(self, start: float, end: float, mean: float) -> list[float]:
        """Counts of the same span one week ago, two weeks ago and so on.

        If the highest is far above both the mean and the second highest, it was an outage and no pattern: it is cut down.
        """
        counts: list[float] = []
        for week in range(1, self._settings.weeks + 1):
            if start - week * WEEK < self._begin:
                break
            counts.append(bisect_right(self._times, end - week * WEEK) - bisect_right(self._times, start - week * WEEK))
        if counts:
            *others, top = sorted(counts)
            counts = [*others, min(top, max([mean + 2 * sqrt(mean) + 1, *others[-1:]]))]
        return counts


def _cut(start: float, end: float) -> list[float]:
    """The span's edges and each full hour between them."""
    return [start, *(hour * HOUR for hour in range(int(start // HOUR) + 1, ceil(end / HOUR))), end]


def _smooth(values: list[float]) -> list[float]:
    return [(values[index - 1] + 2 * value + values[(index + 1) % len(values)]) / 4 for index, value in enumerate(values)]


def tail(count: int, mean: float, shape: float) -> float:
    """The probability of `count` or more under a negative binomial (a Poisson whose rate is itself uncertain)."""
    odds = mean / (shape + mean)
    term = exp(lgamma(shape + count) - lgamma(shape) - lgamma(count + 1) + shape * log1p(-odds) + count * log(odds))
    total = 0.0
    while term > total * 1e-9:
        total += term
        term *= odds * (shape + count) / (count + 1)
        count += 1
    return min(total, 1.0)
