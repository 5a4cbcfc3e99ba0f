"""The pace of a forum: quickly slower, slowly quicker, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from powerup.sync.pace import FIRST, LONGEST, quicker, rest_after, slower

PACES = st.floats(0, LONGEST)


@given(PACES)
def test_it_stays_within_its_bounds_and_gives_way_faster_than_it_takes(pace: float) -> None:
    assert FIRST <= slower(pace) <= LONGEST and slower(pace) >= min(2 * pace, LONGEST)
    assert 0 <= quicker(pace) <= pace


def test_without_complaints_the_pause_goes_at_last() -> None:
    pace, threads = slower(0.0), 0
    while pace:
        pace, threads = quicker(pace), threads + 1
    assert 1_000 < threads < 5_000


@given(PACES, st.floats(0, 1_000))
def test_history_leaves_the_forum_half_of_its_time(pace: float, took: float) -> None:
    assert rest_after(took, pace) >= min(took, LONGEST) and rest_after(took, pace) >= pace
