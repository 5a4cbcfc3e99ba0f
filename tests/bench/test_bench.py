"""The bench measures what it says, on data small enough for every test run. No test here looks at a time."""

import json

import pytest

from powerup.db.engine import Database
from tests.bench.by_hand import by_hand
from tests.bench.data import Size, cards_of, fill
from tests.bench.measure import Effort, Times, measure
from tests.bench.places import product
from tests.bench.report import head, table

TINY = Size(tickets=200, workspaces=2, boards=2, cards_per_board=100)
ONCE = Effort(rounds=1, pairs=2, warm_up=2)


def test_the_product_and_the_sql_by_hand_answer_the_same_and_both_are_timed(database: Database, database_url: str) -> None:
    fill(database, TINY)
    with product(database_url) as served, by_hand(database_url) as ask:
        times = measure(served, ask, TINY, ONCE)
    assert len(times.post) == len(times.by_hand) == ONCE.pairs
    assert len(times.singles) == ONCE.rounds
    assert 0 < times.spoken <= TINY.cards_per_board
    assert times.answer_bytes > times.question_bytes > 0
    printed = table({"sqlite": times})
    assert all(word in printed for word in ("median", "p90", "mark: at most 3", "mark: at least 50"))


def test_a_board_has_something_of_everything_to_say(database: Database, database_url: str) -> None:
    fill(database, TINY)
    facts = []
    with by_hand(database_url) as ask:
        for board in (1, 2):
            facts += list(json.loads(ask(board, cards_of(TINY, board)))["cards"].values())
    assert {fact["waiting_on"] for fact in facts} == {"us", "customer", None}
    assert any(fact["resolution"] for fact in facts)
    assert sum(fact["tickets"] for fact in facts) == 194
    assert any(fact["failed"] or fact["pending"] for fact in facts)


@pytest.mark.parametrize(
    "post, singles, passed", [(3.0, 150.0, True), (3.1, 200.0, False), (1.0, 49.0, False)], ids=["at the marks", "slow", "few gained"]
)
def test_a_missed_mark_is_said(post: float, singles: float, passed: bool) -> None:
    times = Times(post=[post, post], by_hand=[1.0, 1.0], singles=[singles])
    assert times.passed is passed
    assert ("MISSED" in table({"sqlite": times})) is not passed


def test_the_head_says_what_is_not_measured() -> None:
    said = head(Size(), Effort())
    assert "100,000 tickets" in said and "No TLS, no proxy, no browser" in said and "No HTTP, no token" in said
