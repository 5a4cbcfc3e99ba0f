"""Business hours: what they hold, across clock changes of several zones, beside a count of minutes by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from powerup.hours import ALWAYS, DAY_NAMES, Day, Hours, after, as_json, is_open, next_local, read, worked

MINUTE = timedelta(minutes=1)
BERLIN = Hours("Europe/Berlin", (Day(540, 1020),) * 5 + (None, None), frozenset({date(2026, 12, 25)}))

# Around each of these moments the clocks of the zone change: the usual hour, half an hour, at midnight, twice a midnight, a whole day.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2017, 10, 15, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 11, 1, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),
    ("Africa/Monrovia", datetime(1972, 1, 7, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC)),
]


@st.composite
def days(draw: st.DrawFn) -> Day:
    opens = draw(st.integers(0, 1439))
    return Day(opens, draw(st.integers(opens + 1, 1440)))


WEEKS = st.tuples(*[st.one_of(st.none(), st.just(Day(0, 1440)), days())] * 7).filter(any)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours in one of the zones, perhaps with holidays, and a moment near a change of its clocks."""
    zone, change = draw(st.sampled_from(CHANGES))
    holidays = draw(st.frozensets(st.integers(-3, 3).map(lambda off: change.date() + timedelta(days=off)), max_size=2))
    moment = change + draw(st.timedeltas(timedelta(days=-2), timedelta(days=2)))
    return Hours(zone, draw(WEEKS), holidays), moment


SPANS = st.one_of(st.timedeltas(timedelta(0), timedelta(days=4)), st.timedeltas(timedelta(0), timedelta(days=900)))
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=3))
"""Of business time: of a minute a week, more would take centuries."""


def first_at(zone: ZoneInfo, local: datetime) -> datetime:
    """By hand, minute by minute: the first moment at which the clock reads `local` or later."""
    moment = local.replace(tzinfo=UTC) - timedelta(hours=26)
    while moment.astimezone(zone).replace(tzinfo=None) < local:
        moment += MINUTE
    return moment


def open_minutes(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """By hand: how many minutes that begin in the span lie in a stretch of work."""
    zone = ZoneInfo(hours.time_zone)
    stretches = []
    local = start.date() - timedelta(days=2)
    while local <= end.date() + timedelta(days=2):
        day = hours.days[local.weekday()]
        if day and local not in hours.holidays:
            midnight = datetime.combine(local, time())
            stretches.append((first_at(zone, midnight + day.opens * MINUTE), first_at(zone, midnight + day.closes * MINUTE)))
        local += timedelta(days=1)
    count, minute = 0, start
    while minute < end:
        count += any(opens <= minute < closes for opens, closes in stretches)
        minute += MINUTE
    return count * MINUTE


@settings(max_examples=20)  # minutes by hand are slow
@given(cases(), st.integers(0, 30 * 60))
def test_worked_time_is_what_a_count_of_minutes_says(case: tuple[Hours, datetime], minutes: int) -> None:
    hours, moment = case
    # Monrovia's offset had seconds; minutes by hand need moments on its minutes.
    assume(hours.time_zone != "Africa/Monrovia")
    start = moment.replace(second=0, microsecond=0)
    assert worked(hours, start, start + minutes * MINUTE) == open_minutes(hours, start, start + minutes * MINUTE)


@settings(max_examples=50)
@given(cases(), SPANS, SPANS)
def test_worked_time_adds_up_and_never_exceeds_time(case: tuple[Hours, datetime], first: timedelta, second: timedelta) -> None:
    hours, start = case
    middle, end = start + first, start + first + second
    assert worked(hours, start, middle) + worked(hours, middle, end) == worked(hours, start, end)
    assert timedelta(0) <= worked(hours, start, middle) <= min(first, worked(hours, start, end))


@settings(max_examples=50)
@given(cases(), AMOUNTS)
def test_after_is_the_first_moment_with_so_much_work(case: tuple[Hours, datetime], amount: timedelta) -> None:
    hours, start = case
    moment = after(hours, start, amount)
    assert moment.tzinfo is UTC
    assert worked(hours, start, moment) == amount
    assert amount == timedelta(0) or worked(hours, start, moment - timedelta(microseconds=1)) < amount


@settings(max_examples=50)
@given(cases(), SPANS)
def test_after_undoes_worked(case: tuple[Hours, datetime], span: timedelta) -> None:
    hours, start = case
    assert after(hours, start, worked(hours, start, start + span)) <= start + span


@settings(max_examples=50)
@given(cases(), AMOUNTS, AMOUNTS)
def test_after_grows_with_the_start_and_the_amount(case: tuple[Hours, datetime], first: timedelta, second: timedelta) -> None:
    hours, start = case
    assert after(hours, start, first) <= after(hours, start, first + second)
    assert after(hours, start, first) <= after(hours, start + second, first)


@given(cases())
def test_open_means_that_the_next_instant_is_worked(case: tuple[Hours, datetime]) -> None:
    hours, moment = case
    instant = timedelta(microseconds=1)
    assert is_open(hours, moment) == (worked(hours, moment, moment + instant) == instant)


@settings(max_examples=50)
@given(cases(), st.times(), st.frozensets(st.integers(0, 6), min_size=1))
def test_next_local_is_later_each_time_and_shows_the_time(case: tuple[Hours, datetime], at_time: time, weekdays: frozenset[int]) -> None:
    hours, moment = case
    zone = ZoneInfo(hours.time_zone)
    seen = [moment]
    for _ in range(4):
        seen.append(next_local(hours.time_zone, at_time, weekdays, seen[-1]))
    assert seen == sorted(set(seen))
    locals_ = [each.astimezone(zone) for each in seen[1:]]
    shown = [each for each in locals_ if each.time() == at_time and each.weekday() in weekdays and each.fold == 0]
    # At most one of them was moved out of a gap.
    assert len(shown) >= len(locals_) - 1


@given(cases())
def test_settings_survive_being_written(case: tuple[Hours, datetime]) -> None:
    assert read(as_json(case[0])) == case[0]


def test_a_week_of_work_with_a_holiday() -> None:
    monday = datetime(2026, 12, 21, tzinfo=UTC)
    assert worked(BERLIN, monday, monday + timedelta(days=7)) == timedelta(hours=32)
    assert worked(BERLIN, monday + timedelta(days=7), monday) == timedelta(0)
    # Thursday 16:00 in Berlin and two hours more: Friday is Christmas, so Monday at 10:00.
    assert after(BERLIN, datetime(2026, 12, 24, 15, tzinfo=UTC), timedelta(hours=2)) == datetime(2026, 12, 28, 9, tzinfo=UTC)
    # A deadline met exactly at closing time is met then, not next morning.
    assert after(BERLIN, datetime(2026, 12, 24, 15, tzinfo=UTC), timedelta(hours=1)) == datetime(2026, 12, 24, 16, tzinfo=UTC)


def test_the_opening_moment_is_open_and_the_closing_one_is_not() -> None:
    assert [is_open(BERLIN, datetime(2026, 7, 6, hour, tzinfo=UTC)) for hour in (6, 7, 14, 15)] == [False, True, True, False]
    assert not is_open(BERLIN, datetime(2026, 12, 25, 10, tzinfo=UTC))


def test_a_night_is_as_long_as_it_really_was() -> None:
    nights = Hours("Europe/Berlin", (Day(0, 360),) * 7)
    lengths = [worked(nights, datetime(2026, 10, day, 12, tzinfo=UTC), datetime(2026, 10, day + 1, 12, tzinfo=UTC)) for day in (23, 24, 25)]
    assert lengths == [timedelta(hours=6), timedelta(hours=7), timedelta(hours=6)]
    assert worked(nights, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)) == timedelta(hours=5)


def test_moments_of_any_zone_are_the_same_moments() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    start, end = datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 9, tzinfo=UTC)
    assert worked(BERLIN, start.astimezone(tokyo), end.astimezone(tokyo)) == worked(BERLIN, start, end) == timedelta(hours=10)
    berlin = ZoneInfo("Europe/Berlin")
    # By the clock alone this is 26 hours, but one of them does not exist.
    across = datetime(2026, 3, 28, 12, tzinfo=berlin), datetime(2026, 3, 29, 14, tzinfo=berlin)
    assert worked(ALWAYS, *across) == timedelta(hours=25)
    assert after(ALWAYS, across[0], timedelta(hours=25)) == across[1].astimezone(UTC)


def test_a_span_of_many_years_is_as_long_as_its_days() -> None:
    start, end = datetime(1971, 5, 3, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
    plain = Hours("UTC", (Day(540, 1020),) * 5 + (None, None))
    assert worked(plain, start, end) == (end - start) // timedelta(days=7) * timedelta(hours=40)


def test_the_morning_digest_keeps_its_local_time() -> None:
    moments = [datetime(2026, 10, 23, 6, tzinfo=UTC)]
    for _ in range(3):
        moments.append(next_local("Europe/Berlin", time(8), {0, 4, 6}, moments[-1]))
    assert [f"{moment:%d %H}" for moment in moments[1:]] == ["25 07", "26 07", "30 07"]


@pytest.mark.parametrize(
    ("zone", "at_time", "before", "expected"),
    [
        # 02:30 does not exist on 29 March in Berlin: 03:00 summer time is the first moment after the gap.
        ("Europe/Berlin", time(2, 30), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", time(2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
        # 02:30 is shown twice on 25 October: the first, and not again an hour later.
        ("Europe/Berlin", time(2, 30), datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Europe/Berlin", time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        # Lord Howe moves by half an hour: 02:15 becomes 02:30.
        ("Australia/Lord_Howe", time(2, 15), datetime(2026, 10, 3, 12, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # São Paulo had no midnight that day: its Sunday began at 01:00.
        ("America/Sao_Paulo", time(0), datetime(2017, 10, 14, 12, tzinfo=UTC), datetime(2017, 10, 15, 3, tzinfo=UTC)),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", time(9), datetime(2011, 12, 30, 0, tzinfo=UTC), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_missing_or_doubled_happens_once(zone: str, at_time: time, before: datetime, expected: datetime) -> None:
    assert next_local(zone, at_time, range(7), before) == expected


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zone": None}, r"time_zone: must be a name"),
        ({"time_zone": "Europe/Atlantis"}, r'time_zone: "Europe/Atlantis" is not a time zone'),
        ({"time_zone": "../../etc/passwd"}, r"time_zone: .* is not a time zone"),
        ({"time_zone": "America"}, r"time_zone: .* is not a time zone"),
        ({"time_zone": "localtime"}, r"time_zone: .* is not a time zone"),
        ({"time_zone": "Europe/\x00"}, r"time_zone: .* is not a time zone"),
        ({"time_zone": ""}, r"time_zone: .* is not a time zone"),
        ({"days": None}, r"days: must map weekdays"),
        ({"days": {}}, r"days: at least one day must be open"),
        ({"days": {"mon": None}}, r"days: at least one day must be open"),
        ({"days": {"monday": ["09:00", "17:00"]}}, r"days\.monday: is not a weekday"),
        ({"days": {"mon": "09:00-17:00"}}, r"days\.mon: must be an opening and a closing time"),
        ({"days": {"mon": ["09:00"]}}, r"days\.mon: must be an opening and a closing time"),
        ({"days": {"mon": ["9:00", "17:00"]}}, r'days\.mon: "9:00" is not a time'),
        ({"days": {"mon": ["09:00", 17]}}, r'days\.mon: "17" is not a time'),
        ({"days": {"mon": ["09:00", "25:00"]}}, r'days\.mon: "25:00" is not a time'),
        ({"days": {"mon": ["17:00", "09:00"]}}, r"days\.mon: must close after it opens"),
        ({"days": {"mon": ["09:00", "09:00"]}}, r"days\.mon: must close after it opens"),
        ({"holidays": "2026-12-25"}, r"holidays: must be a list"),
        ({"holidays": ["25.12.2026"]}, r'holidays: "25\.12\.2026" is not a date'),
        ({"holidays": ["2026-02-30"]}, r'holidays: "2026-02-30" is not a date'),
        ({"holidays": [None]}, r'holidays: "None" is not a date'),
        ({"holidays": ["2026-12-25"] * 1001}, r"holidays: must be a list of at most"),
        ({"break": 1}, r"break: is not known here"),
    ],
)
def test_bad_settings_are_refused_with_the_field_and_the_reason(change: dict[str, object], sentence: str) -> None:
    good: dict[str, object] = {"time_zone": "Europe/Berlin", "days": {"mon": ["09:00", "17:00"]}, "holidays": ["2026-12-25"]}
    assert read(good).days == (Day(540, 1020), *[None] * 6)
    with pytest.raises(ValueError, match=rf"^{sentence}.*\.$"):
        read({**good, **change})


def test_always_is_all_of_the_time() -> None:
    assert as_json(ALWAYS)["days"] == {name: ["00:00", "24:00"] for name in DAY_NAMES}
    start = datetime(2026, 3, 28, tzinfo=UTC)
    assert worked(ALWAYS, start, start + timedelta(days=3)) == timedelta(days=3)
    # The same by the table, for a zone whose days are of 23 hours too.
    nearly = Hours("Europe/Berlin", (Day(0, 1440),) * 7, frozenset({date(2000, 1, 1)}))
    assert worked(nearly, start, start + timedelta(days=3)) == timedelta(days=3)


def test_nonsense_dates_are_cheap() -> None:
    assert worked(BERLIN, datetime.min.replace(tzinfo=UTC), datetime(1970, 1, 1, 9, tzinfo=UTC)) == timedelta(hours=1)
    plain = Hours("UTC", (Day(540, 1020),) * 7)
    days = (datetime(2201, 1, 1) - datetime(2180, 1, 1)).days
    assert worked(plain, datetime(2180, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) == days * timedelta(hours=8)
    assert after(BERLIN, datetime.min.replace(tzinfo=UTC), timedelta(hours=1)) == datetime(1970, 1, 1, 9, tzinfo=UTC)
    with pytest.raises(OverflowError, match="2200"):
        after(BERLIN, datetime(2199, 1, 1, tzinfo=UTC), timedelta(days=400_000))


def test_mistakes_of_callers_are_told() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(BERLIN, datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="weekday"):
        next_local("UTC", time(8), [], datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="weekday"):
        next_local("UTC", time(8), [7], datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="zone of its own"):
        next_local("UTC", time(8, tzinfo=UTC), [0], datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="seven"):
        Hours("UTC", (Day(0, 1440),) * 6)
