"""When a team is at work, and how much of its time has passed between two moments. No I/O but the time zone table.

A day of work is one unbroken stretch of local clock time. It begins at the first moment at which the local clock reads its
opening time or later, and ends so at its closing time. That one sentence also says what happens when clocks change: a time that does
not exist moves to the end of the gap, a doubled time counts at its first showing, and a stretch is as long as it really was.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
MOST_HOLIDAYS = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAIVE_EPOCH = datetime(1970, 1, 1)
LAST_YEAR = 2200
"""A thread with a nonsense date must not cost seconds: business time is counted from 1970 to the end of this year."""
END = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


def _zone(name: str) -> ZoneInfo:
    # Names of the table begin with a capital; "localtime" and "posixrules" would mean another zone on each machine.
    if name[:1].isupper():
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # not there; not a path inside the table; a folder of it
            pass
    raise ValueError(f'time_zone: "{name}" is not a time zone; a name such as "Europe/Berlin" is needed.')


class Day(NamedTuple):
    """One weekday's stretch of work, in minutes after local midnight; closing at 1440 is the midnight that ends the day."""

    opens: int
    closes: int


WHOLE_DAY = Day(0, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Hours:
    """A team's week and its holidays; at least one day is open, so waiting for business time always ends."""

    time_zone: str
    days: tuple[Day | None, ...]
    """Seven, Monday first; None is a closed day."""
    holidays: frozenset[date] = frozenset()
    """Local dates on which nobody works."""

    def __post_init__(self) -> None:
        _zone(self.time_zone)
        if len(self.days) != 7:
            raise ValueError("days: a week has seven days.")
        if not any(self.days):
            raise ValueError("days: at least one day must be open.")
        for name, day in zip(DAY_NAMES, self.days, strict=True):
            if day is not None and not 0 <= day.opens < day.closes <= MIDNIGHT:
                raise ValueError(f'days.{name}: must close after it opens, on the same day (midnight at its end is "24:00").')

    @property
    def is_always(self) -> bool:
        """Around the clock, every day: business time is time."""
        return not self.holidays and all(day == WHOLE_DAY for day in self.days)


ALWAYS = Hours("UTC", (WHOLE_DAY,) * 7)
"""24 × 7, for whoever has not said when they work."""


def read(obj: Mapping[str, object]) -> Hours:
    """Read `{"time_zone": "Europe/Berlin", "days": {"mon": ["09:00", "17:00"]}, "holidays": ["2026-12-25"]}`.

    A day that is missing or null is closed. Raises ValueError with a sentence that begins with the field's name.
    """
    unknown = sorted(str(key) for key in obj if key not in ("time_zone", "days", "holidays"))
    if unknown:
        raise ValueError(f"{unknown[0]}: is not known here; there are time_zone, days and holidays.")
    time_zone = obj.get("time_zone")
    if not isinstance(time_zone, str):
        raise ValueError('time_zone: must be a name such as "Europe/Berlin".')
    return Hours(time_zone, _read_days(obj.get("days")), _read_holidays(obj.get("holidays", ())))


def as_json(hours: Hours) -> dict[str, object]:
    """What `read` reads: closed days are left out, holidays are in order."""
    days = {name: [_clock(day.opens), _clock(day.closes)] for name, day in zip(DAY_NAMES, hours.days, strict=True) if day}
    return {"time_zone": hours.time_zone, "days": days, "holidays": [day.isoformat() for day in sorted(hours.holidays)]}


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether the team is at work at this moment; the closing moment is not."""
    tick = _tick(at)
    return any(_is_within(_year(hours, year), tick) for year in _years(at, at))


def worked(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The business time between two aware moments; nothing when the end is not after the start.

    Years before 1970 and after 2200 do not count.
    """
    start, end = max(_utc(start), EPOCH), min(_utc(end), END)
    if end <= start:
        return timedelta(0)
    if hours.is_always:
        return end - start
    years = _years(start, end)
    first, last = _tick(start), _tick(end)
    # Years wholly inside need their sum only; the outermost two on each side may be cut.
    edges = {*years[:2], *years[-2:]}
    total = sum(_whole(hours, year) for year in years[2:-2])
    for year in edges:
        table = _year(hours, year)
        total += _until(table, last) - _until(table, first)
    return timedelta(microseconds=total)


def after(hours: Hours, start: datetime, amount: timedelta) -> datetime:
    """The first moment by which so much business time has passed since the start; the start itself if the amount is nothing.

    There always is one, because no Hours is without an open day; OverflowError if it lies after the year 2200.
    """
    start = max(_utc(start), EPOCH)
    if amount <= timedelta(0):
        return start
    if hours.is_always:
        return start + amount
    left = amount // TICK
    begin = _tick(start)
    for year in range((start - ONE_DAY).year, LAST_YEAR + 1):
        table = _year(hours, year)
        done = _until(table, begin)
        if left <= table.sums[-1] - done:
            return EPOCH + timedelta(microseconds=_reaching(table, done + left))
        left -= table.sums[-1] - done
    raise OverflowError(f"so much business time has not passed by the end of {LAST_YEAR}.")


def next_local(time_zone: str, at_time: time, days: Collection[int], after: datetime) -> datetime:
    """The next moment, strictly later, at which the local clock shows this time on one of these weekdays (Monday is 0).

    A time that the clock skips that day becomes the first moment after the gap; a doubled time happens once, the first.
    """
    if not days or not all(0 <= day <= 6 for day in days):
        raise ValueError("days: name at least one weekday, from 0 for Monday to 6 for Sunday.")
    if at_time.tzinfo is not None:
        raise ValueError("at_time: must be a local time, without a zone of its own.")
    zone, tick = _zone(time_zone), _tick(after)
    local = after.astimezone(zone).date() - ONE_DAY
    while True:
        if local.weekday() in days:
            moment = _first(zone, datetime.combine(local, at_time))
            if moment > tick:
                return EPOCH + timedelta(microseconds=moment)
        local += ONE_DAY


# One local year of stretches, laid out once and then searched: a queue asks for many threads of few teams.


class _Year(NamedTuple):
    """Stretches of one local year in microseconds since 1970, ascending; `sums[i]` is what the first i of them hold."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    sums: tuple[int, ...]


@lru_cache(maxsize=128)
def _year(hours: Hours, year: int) -> _Year:
    zone = _zone(hours.time_zone)
    opens: list[int] = []
    closes: list[int] = []
    local = datetime(year, 1, 1)
    for _ in range((date(year + 1, 1, 1) - local.date()).days):
        day = hours.days[local.weekday()]
        if day is not None and local.date() not in hours.holidays:
            opens.append(_first(zone, local + timedelta(minutes=day.opens)))
            closes.append(_first(zone, local + timedelta(minutes=day.closes)))
        local += ONE_DAY
    lengths = (end - begin for begin, end in zip(opens, closes, strict=True))
    return _Year(tuple(opens), tuple(closes), tuple(accumulate(lengths, initial=0)))


@lru_cache(maxsize=4096)
def _whole(hours: Hours, year: int) -> int:
    """Kept apart from the tables, so that a thread dated decades ago does not push them all out."""
    return _year.__wrapped__(hours, year).sums[-1]


def _until(table: _Year, tick: int) -> int:
    """Business time in this year's stretches up to a moment."""
    index = bisect_right(table.opens, tick)
    if index == 0:
        return 0
    return table.sums[index - 1] + min(tick, table.closes[index - 1]) - table.opens[index - 1]


def _reaching(table: _Year, amount: int) -> int:
    """The first moment by which this year's stretches hold an amount that is more than nothing."""
    index = bisect_right(table.sums, amount - 1) - 1
    return table.opens[index] + amount - table.sums[index]


def _is_within(table: _Year, tick: int) -> bool:
    index = bisect_right(table.opens, tick)
    return index > 0 and tick < table.closes[index - 1]


def _years(start: datetime, end: datetime) -> range:
    """Every local year that may touch the span: no zone is a day or more away from UTC."""
    return range((_utc(start) - ONE_DAY).year, (_utc(end) + ONE_DAY).year + 1)


def _first(zone: ZoneInfo, local: datetime) -> int:
    """The first moment at which the clock of this zone reads `local` or later, in microseconds since 1970."""
    before, since = zone.utcoffset(local), zone.utcoffset(local.replace(fold=1))
    assert before is not None and since is not None  # noqa: S101 - a ZoneInfo always knows; this tells mypy
    if before >= since:
        return (local - before - NAIVE_EPOCH) // TICK  # the usual day, or the first showing of a doubled time
    # In a gap the two readings (PEP 495) lie on either side of the change; the clock first reads more than `local` at the change.
    low, high = (local - since - NAIVE_EPOCH) // TICK, (local - before - NAIVE_EPOCH) // TICK
    while high - low > 1:
        middle = (low + high) // 2
        if (EPOCH + timedelta(microseconds=middle)).astimezone(zone).replace(tzinfo=None) < local:
            low = middle
        else:
            high = middle
    return high


def _read_days(value: object) -> tuple[Day | None, ...]:
    if not isinstance(value, Mapping):
        raise ValueError('days: must map weekdays to hours, such as {"mon": ["09:00", "17:00"]}.')
    unknown = sorted(str(name) for name in value if name not in DAY_NAMES)
    if unknown:
        raise ValueError(f"days.{unknown[0]}: is not a weekday; they are {', '.join(DAY_NAMES)}.")
    return tuple(_read_day(name, value.get(name)) for name in DAY_NAMES)


def _read_day(name: str, value: object) -> Day | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f'days.{name}: must be an opening and a closing time, such as ["09:00", "17:00"], or null.')
    return Day(*(_minutes(name, each) for each in value))


def _minutes(name: str, value: object) -> int:
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        raise ValueError(f'days.{name}: "{value}" is not a time from "00:00" to "24:00".')
    return int(value[:2]) * 60 + int(value[3:])


def _read_holidays(value: object) -> frozenset[date]:
    if not isinstance(value, list | tuple) or len(value) > MOST_HOLIDAYS:
        raise ValueError(f'holidays: must be a list of at most {MOST_HOLIDAYS} dates, such as ["2026-12-25"].')
    return frozenset(_read_date(each) for each in value)


def _read_date(value: object) -> date:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f'holidays: "{value}" is not a date such as "2026-12-25".') from None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _utc(moment: datetime) -> datetime:
    """Aware UTC: two moments of one zone are subtracted by their clocks, which is wrong across a change."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone.")
    return moment.astimezone(UTC)


def _tick(moment: datetime) -> int:
    return (_utc(moment) - EPOCH) // TICK
