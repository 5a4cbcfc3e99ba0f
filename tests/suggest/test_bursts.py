"""Bursts: what is one, what is none, and that each is proposed once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from powerup.suggest.bursts import Burst, burst, distinct, proposals, tail
from powerup.suggest.evaluation.bursts import figures

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def stream(per_day: float, days: int, *, seed: int = 1, start: datetime = MONDAY) -> list[datetime]:
    """Threads that know nothing of one another."""
    random = Random(seed)
    times, at = [], start
    while (at := at + DAY * random.expovariate(per_day)) < start + days * DAY:
        times.append(at)
    return times


def at_once(start: datetime, count: int, *, every: timedelta = timedelta(minutes=5)) -> list[datetime]:
    return [start + number * every for number in range(count)]


@pytest.mark.parametrize(("per_day", "days"), [(0.2, 300), (1, 100), (5, 70), (30, 30), (100, 14)])
def test_a_quiet_stream_is_no_burst(per_day: float, days: int) -> None:
    assert list(proposals(stream(per_day, days), start=MONDAY + days / 5 * DAY)) == []


def test_a_clear_burst_is_proposed_once_and_in_plain_words() -> None:
    usual, start = stream(5, 56), MONDAY + 56 * DAY + 10 * HOUR
    arrivals = usual + at_once(start, 12)
    (found,) = proposals(arrivals, start=start)
    assert start < found.at < start + timedelta(minutes=30)
    now = burst(arrivals, start + 55 * timedelta(minutes=1))
    assert now and now.count == 12 and now.window == HOUR and 0.1 < now.usual < 0.5 and now.chance < 1e-8
    assert now.words("Agents") == f"12 new threads about Agents in the last hour; usually {now.usual:.1f}"


@pytest.mark.parametrize(
    ("window", "count", "usual", "words"),
    [
        (1, 9, 0.42, "9 new threads about Agents in the last hour; usually 0.4"),
        (3, 9, 1.0, "9 new threads about Agents in the last 3 hours; usually 1"),
        (6, 4, 0.03, "4 new threads about Agents in the last 6 hours; usually hardly any"),
    ],
)
def test_words_are_what_a_triager_would_say(window: int, count: int, usual: float, words: str) -> None:
    assert Burst(MONDAY, window * HOUR, count, usual, 1e-6).words("Agents") == words


def test_three_threads_are_never_a_burst() -> None:
    assert burst(at_once(MONDAY, 3), MONDAY + HOUR) is None


def test_day_one_already_knows_a_burst() -> None:
    assert burst([], MONDAY) is None
    found = burst(at_once(MONDAY, 6), MONDAY + timedelta(minutes=26))
    assert found and found.count == 6
    # An area that had nothing for a month is as surprising as a new one, or more.
    later = burst(at_once(MONDAY, 6), MONDAY + timedelta(minutes=26), observed_since=MONDAY - 30 * DAY)
    assert later and later.chance < found.chance


def test_day_one_of_a_busy_area_settles_at_its_own_rate() -> None:
    # Forty a day against the one that is assumed: a false start may happen on the first day, not after it.
    assert list(proposals(stream(40, 10), start=MONDAY + 2 * DAY)) == []


def weekly_rush(weeks: int) -> list[datetime]:
    """Two threads a day, and twelve every Monday from nine to ten."""
    rushes = [each for week in range(weeks) for each in at_once(MONDAY + week * 7 * DAY + 9 * HOUR, 12)]
    return sorted(rushes + stream(2, weeks * 7))


def test_the_monday_morning_rush_is_no_burst_once_it_is_known() -> None:
    arrivals = weekly_rush(10)
    assert list(proposals(arrivals, start=MONDAY + 28 * DAY)) == []
    # The same twelve threads on a Thursday are.
    thursday = MONDAY + 66 * DAY + 9 * HOUR
    assert len(list(proposals(sorted([each for each in arrivals if each < thursday] + at_once(thursday, 12)), start=thursday))) == 1


def test_one_outage_does_not_hide_the_next_in_the_same_hour_of_the_week() -> None:
    first, second = MONDAY + 49 * DAY + 9 * HOUR, MONDAY + 56 * DAY + 9 * HOUR
    arrivals = sorted(stream(1, 56) + at_once(first, 12) + at_once(second, 12))
    assert [found.at.date() for found in proposals(arrivals, start=first)] == [first.date(), second.date()]


def test_busy_hours_of_every_day_are_learnt() -> None:
    # 24 threads within three hours of each working day: in the rush this is usual, at night four are not.
    rushes = [each for day in range(40) for each in at_once(MONDAY + day * DAY + 9 * HOUR, 24, every=timedelta(minutes=7))]
    assert list(proposals(rushes, start=MONDAY + 21 * DAY)) == []
    night = MONDAY + 40 * DAY + 2 * HOUR
    assert len(list(proposals(rushes + at_once(night, 5), start=night))) == 1


def test_a_burst_is_proposed_again_only_after_it_was_quiet() -> None:
    usual, start = stream(1, 56), MONDAY + 56 * DAY
    # Ten hours of outage, then eight quiet hours, then another one.
    long = at_once(start, 60, every=timedelta(minutes=10))
    again = at_once(start + 18 * HOUR, 6)
    found = list(proposals(usual + long + again, start=start))
    assert [start <= found[0].at < start + HOUR, found[1].at >= again[0], len(found)] == [True, True, 2]
    # Without the quiet hours it is one burst.
    assert len(list(proposals(usual + at_once(start, 100, every=timedelta(minutes=10)), start=start))) == 1


def test_a_proposal_that_was_made_is_not_made_again() -> None:
    arrivals, now = stream(1, 56) + at_once(MONDAY + 56 * DAY, 8), MONDAY + 56 * DAY + 40 * timedelta(minutes=1)
    assert burst(arrivals, now) is not None
    assert burst(arrivals, now, proposed_at=now - timedelta(minutes=10)) is None
    assert burst(arrivals, now, proposed_at=now - 3 * DAY) is not None


def test_later_arrivals_and_the_caller_s_zone_change_nothing() -> None:
    arrivals, now = stream(1, 56) + at_once(MONDAY + 56 * DAY, 8), MONDAY + 56 * DAY + timedelta(minutes=21)
    found = burst(arrivals, now)
    assert found and found.count == 5
    assert burst([each for each in arrivals if each <= now], now) == found
    assert burst(arrivals, now) == found


def test_one_customer_with_many_threads_counts_once() -> None:
    threads = [(at, "ada") for at in at_once(MONDAY, 6)] + [(MONDAY + HOUR, "ben"), (MONDAY + 7 * HOUR, "ada")]
    assert distinct(threads) == [MONDAY, MONDAY + HOUR, MONDAY + 7 * HOUR]


def test_the_tail_is_a_probability() -> None:
    # With a large shape it is Poisson's: P(4 or more | 1) = 1 - e^-1 (1 + 1 + 1/2 + 1/6).
    assert tail(4, 1.0, 1e9) == pytest.approx(0.018988, rel=1e-3)
    assert tail(4, 1.0, 2.0) > tail(4, 1.0, 1e9)
    assert tail(0, 1.0, 2.0) == pytest.approx(1.0)
    assert tail(1000, 0.01, 1.0) == 0.0 or tail(1000, 0.01, 1.0) < 1e-100


def write(folder: Path, name: str, field: str, part: str, times: list[datetime]) -> None:
    value: object = ["A-x"] if field == "areas" else "Agents"
    rows = [{"created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "author": f"u{number}", field: value} for number, at in enumerate(times)]
    (folder / f"{name}.{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_evaluation_finds_what_was_put_in_and_repeats_itself(tmp_path: Path) -> None:
    for name, field in (("rust_issues", "areas"), ("oem_forum", "forum")):
        write(tmp_path, name, field, "train", stream(1, 100))
        write(tmp_path, name, field, "test", stream(1, 40, seed=2, start=MONDAY + 100 * DAY))
    found = list(figures(tmp_path, "test", rounds=12))
    assert found == list(figures(tmp_path, "test", rounds=12))
    by_name = {(each.dataset, each.task, each.measure): each for each in found}
    assert by_name["rust_issues", "bursts", "false alarms per area and month"].value == 0
    assert by_name["oem_forum", "bursts", "share of bursts of 12 found"].value == 1
    assert 4 <= by_name["oem_forum", "bursts", "threads until a burst of 12 is found, median"].value <= 6
    assert all(each.n > 0 for each in found)
    assert list(figures(tmp_path, "heldout", rounds=12)) == []
    assert list(figures(tmp_path, "train", rounds=12))
