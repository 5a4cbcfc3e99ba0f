"""Reading history backwards misses nothing and gives nothing out twice, whatever the list does meanwhile."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from powerup.integrations.forums.walk import walk
from tests.integrations.forums.a_listing import START, Listing

LONG_AGO = START - timedelta(days=900)


def walked(listing: Listing, *, since: datetime = LONG_AGO, between: Callable[[int], None] = lambda step: None) -> list[str]:
    """Ids in the order in which they came; the state goes through JSON, as through a database."""
    state: dict[str, Any] | None = None
    found: list[str] = []
    for step in range(500):
        answer = walk(state, listing.fetch, since=since)
        found += [row.id for row in answer.rows]
        if not answer.more:
            return found
        state = json.loads(json.dumps(answer.state))
        between(step)
    raise AssertionError("the reading back does not come to an end")


def test_newest_first_page_by_page() -> None:
    listing = Listing(per_page=10)
    for number in range(35):
        listing.bump(f"{number:02}", number)
    assert walked(listing) == [f"{number:02}" for number in reversed(range(35))]
    assert len(listing.read) <= 2 * 4 + 1


def test_what_is_older_than_asked_for_is_not_even_read() -> None:
    listing = Listing(per_page=10)
    for number in range(100):
        listing.bump(f"{number:03}", number)
    assert walked(listing, since=START + timedelta(minutes=85)) == [f"{number:03}" for number in reversed(range(85, 100))]
    assert max(listing.read) <= 2


def test_a_pinned_thread_comes_once_wherever_it_stands() -> None:
    listing = Listing(per_page=3)
    for number in range(12):
        listing.bump(f"{number:02}", number, pinned=number in (0, 11))
    found = walked(listing)
    assert sorted(found) == [f"{number:02}" for number in range(12)]


def test_an_empty_list() -> None:
    assert walked(Listing()) == []


def test_thousands_of_threads_of_one_moment_take_few_pages_a_step() -> None:
    listing = Listing(per_page=30)
    for number in range(900):
        listing.bump(f"{number:03}", 5)
    assert sorted(walked(listing)) == [f"{number:03}" for number in range(900)]
    assert len(listing.read) <= 2 * 31


@settings(max_examples=80)
@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), max_size=12), st.integers(2, 5))
def test_threads_that_rise_and_come_meanwhile(minutes: list[int], rising: list[tuple[int, int]], per_page: int) -> None:
    listing = Listing(per_page)
    for number, at in enumerate(minutes):
        listing.bump(str(number), at)
    risen: set[str] = set()
    waiting = list(rising)

    def between(step: int) -> None:
        if waiting:
            name, more = waiting.pop()
            risen.add(str(name))
            listing.bump(str(name), 100 + more)

    found = walked(listing, between=between)
    quiet = {str(number) for number in range(len(minutes))} - risen
    assert quiet <= set(found)
    assert len(found) == len(set(found))


@settings(max_examples=80)
@given(st.lists(st.integers(0, 30), max_size=40), st.lists(st.integers(0, 40), max_size=8), st.integers(2, 5))
def test_threads_that_vanish_meanwhile(minutes: list[int], vanishing: list[int], per_page: int) -> None:
    listing = Listing(per_page)
    for number, at in enumerate(minutes):
        listing.bump(str(number), at)
    waiting = list(vanishing)

    def meanwhile(page: int) -> None:
        if waiting and page:
            listing.threads.pop(str(waiting.pop()), None)

    listing.before_page = meanwhile
    found = walked(listing)
    assert set(listing.threads) <= set(found)
    assert len(found) == len(set(found))
