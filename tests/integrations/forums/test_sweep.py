"""Incremental reading misses nothing and gives nothing out twice, whatever the list does meanwhile."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from powerup.integrations.forums import sweep
from powerup.integrations.forums.sweep import advance
from powerup.integrations.forums.walk import walk
from tests.integrations.forums.a_listing import START, Listing

LONG_AGO = START - timedelta(days=900)


@dataclass
class Reader:
    """Keeps the state between steps, as a worker does in its database: changes first, then history, then changes again."""

    listing: Listing
    state: dict[str, Any] | None = None
    given: list[tuple[str, int]] = field(default_factory=list)
    past: list[tuple[str, int]] = field(default_factory=list)

    def begin(self) -> None:
        """The newest, then all history."""
        self.poll()
        state: dict[str, Any] | None = None
        for _ in range(500):
            walked = walk(state, self.listing.fetch, since=LONG_AGO)
            state = walked.state
            self.past += [(row.id, row.stub.message_count) for row in walked.rows]
            if not walked.more:
                return
        raise AssertionError("the reading back does not come to an end")

    def poll(self) -> None:
        """Until there is no more, as one poll does."""
        for _ in range(500):
            step = advance(self.state, self.listing.fetch)
            self.state = step.state
            self.given += [(row.id, row.stub.message_count) for row in step.out.values()]
            if not step.more:
                return
        raise AssertionError("the reading does not come to an end")

    def exactly_everything(self) -> bool:
        """Every thread's present version was given out, and no version twice by the same reading."""
        once = len(self.given) == len(set(self.given)) and len(self.past) == len(set(self.past))
        return once and {*self.given, *self.past} >= {(name, version) for name, (_, version, _) in self.listing.threads.items()}


TIMES = st.integers(0, 4)
CHANGES = st.lists(st.tuples(st.integers(0, 40), TIMES, st.booleans()), max_size=25)


@settings(max_examples=60)
@given(st.lists(st.tuples(TIMES, st.booleans()), max_size=40), st.lists(CHANGES, max_size=4), st.integers(1, 5))
def test_every_change_is_given_out_once_with_equal_times_and_pins(first: list[tuple[int, bool]], rounds: list[Any], per_page: int) -> None:
    listing = Listing(per_page)
    for number, (minutes, pinned) in enumerate(first):
        listing.bump(str(number), minutes, pinned=pinned and number % 7 == 0)
    reader = Reader(listing)
    reader.begin()
    assert reader.exactly_everything()
    for number, changes in enumerate(rounds, start=1):
        for name, minutes, pinned in changes:
            listing.bump(str(name), number * 5 + minutes, pinned=pinned and name % 7 == 0)
        reader.poll()
        assert reader.exactly_everything()


@settings(max_examples=60)
@given(st.lists(st.integers(0, 3), min_size=10, max_size=40), st.lists(st.tuples(st.integers(0, 60), TIMES), max_size=20))
def test_rows_that_slide_down_while_we_read_are_neither_missed_nor_doubled(first: list[int], bumps: list[tuple[int, int]]) -> None:
    listing = Listing()
    for number, minutes in enumerate(first):
        listing.bump(str(number), minutes)
    waiting = list(bumps)

    def meanwhile(page: int) -> None:
        if waiting and page:
            name, minutes = waiting.pop()
            listing.bump(str(name), 10 + minutes)

    listing.before_page = meanwhile
    reader = Reader(listing)
    reader.begin()
    listing.before_page = lambda page: None
    reader.poll()
    assert reader.exactly_everything()


@settings(max_examples=60)
@given(st.lists(st.integers(0, 90), min_size=12, max_size=40), st.lists(st.integers(0, 39), max_size=6), st.booleans())
def test_rows_that_slide_up_when_threads_vanish_are_not_missed(minutes: list[int], vanishing: list[int], after: bool) -> None:
    listing, reader = Listing(), None
    if after:
        # Everything is known and then everything is active again: one long sweep.
        for number in range(len(minutes)):
            listing.bump(str(number), number)
        reader = Reader(listing)
        reader.begin()
    for number, at in enumerate(minutes):
        listing.bump(str(number), 200 + at)
    waiting = list(vanishing)

    def meanwhile(page: int) -> None:
        if waiting and page:
            listing.threads.pop(str(waiting.pop()), None)

    listing.before_page = meanwhile
    if reader:
        reader.poll()
    else:
        reader = Reader(listing)
        reader.begin()
    assert reader.exactly_everything()


def test_the_first_step_is_one_page_and_what_is_older_is_only_learnt() -> None:
    listing = Listing(per_page=30)
    for number in range(100):
        listing.bump(f"{number:03}", number)
    step = advance(None, listing.fetch)
    assert sorted(step.out) == [f"{number:03}" for number in range(70, 100)]
    for _ in range(3):
        assert step.more
        step = advance(step.state, listing.fetch)
        assert step.out == {}
    assert not step.more
    listing.bump("003", 50)  # retagged, say: still far down
    for _ in range(sweep.RECHECKED_PAGES):
        step = advance(step.state, listing.fetch)
        if step.out:
            break
    assert list(step.out) == ["003"]


def test_a_quiet_poll_reads_two_pages_and_notices_what_does_not_bump() -> None:
    listing = Listing(per_page=30)
    for number in range(200):
        listing.bump(f"{number:03}", number * 10)
    reader = Reader(listing)
    reader.poll()
    at, version, _ = listing.threads["060"]
    listing.threads["060"] = (at, version + 1, False)  # closed, say: the same place, something else said
    reader.given.clear()
    listing.read.clear()
    for _ in range(sweep.RECHECKED_PAGES):
        reader.poll()
    assert reader.given == [("060", version + 1)]
    assert len(listing.read) <= 2 * sweep.RECHECKED_PAGES


@pytest.mark.parametrize("per_page", [30, 100])
def test_what_is_forgotten_is_not_taken_for_new(per_page: int) -> None:
    listing = Listing(per_page)
    for number in range(900):
        listing.bump(f"{number:03}", number * 10)
    reader = Reader(listing)
    for _ in range(20):
        reader.poll()
    assert len(reader.given) == len(set(reader.given)) == per_page
    assert reader.state is not None
    assert len(reader.state["seen"]) <= sweep.KEPT


def test_an_empty_forum_and_its_first_thread() -> None:
    listing = Listing()
    reader = Reader(listing)
    reader.poll()
    listing.bump("1", 5)
    reader.poll()
    reader.poll()
    assert reader.given == [("1", 1)]
