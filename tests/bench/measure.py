"""Take the times: pairs of POST and SQL by hand back to back, so that what slows the machine for a while slows both."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

from tests.bench.by_hand import Ask
from tests.bench.data import Size, cards_of
from tests.bench.places import Product
from tests.bench.wire import Wire

MOST_OF_SQL = 3.0
"""One POST may take so many times what its SQL takes by hand."""
LEAST_OF_SINGLES = 50.0
"""A request for each card must take so many times what one POST for all takes."""


@dataclass(frozen=True)
class Effort:
    """How often."""

    rounds: int = 3
    pairs: int = 60
    """A round: so many pairs on board after board, then a request for each card of one board."""
    warm_up: int = 20


@dataclass
class Times:
    """Milliseconds, and what the answers were like."""

    post: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    singles: list[float] = field(default_factory=list)
    question_bytes: int = 0
    answer_bytes: int = 0
    spoken: int = 0
    """Cards in one answer."""

    @property
    def of_sql(self) -> float:
        """Median of the pairs' ratios."""
        return median(post / hand for post, hand in zip(self.post, self.by_hand, strict=True))

    @property
    def of_singles(self) -> float:
        """Ratio of the medians."""
        return median(self.singles) / median(self.post)

    @property
    def passed(self) -> bool:
        """Both marks."""
        return self.of_sql <= MOST_OF_SQL and self.of_singles >= LEAST_OF_SINGLES


def p90(times: list[float]) -> float:
    """Nine of ten are faster."""
    return quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else times[0]


def measure(product: Product, ask: Ask, size: Size, effort: Effort) -> Times:
    """Everything, on one connection to the product and one to the database; AssertionError when the two answer differently."""
    times = Times()
    with Wire(product.port) as wire:
        bench = _Bench(wire, product, ask, size, times)
        for number in range(effort.warm_up):
            bench.compare(bench.board(number))
        for turn in range(effort.rounds):
            for number in range(effort.pairs):
                bench.pair(bench.board(turn * effort.pairs + number), post_first=number % 2 == 0)
            bench.one_by_one(bench.board(turn))
    return times


@dataclass
class _Bench:
    wire: Wire
    product: Product
    ask: Ask
    size: Size
    times: Times

    def board(self, number: int) -> int:
        """Boards in turn, so that no answer is served from what the last one left in a cache near by."""
        return number % self.size.boards + 1

    def compare(self, board: int) -> None:
        """Not timed: both warm, both right."""
        cards = cards_of(self.size, board)
        posted, made = self.wire.post(self._request(board, cards)), self.ask(board, cards)
        assert json.loads(posted) == json.loads(made), "the product's answer and the one by hand differ"
        self.times.question_bytes, self.times.answer_bytes = len(json.dumps({"cards": cards})), len(posted)
        self.times.spoken = len(json.loads(posted)["cards"])

    def pair(self, board: int, *, post_first: bool) -> None:
        """One of each, in turns of who is first."""
        cards = cards_of(self.size, board)
        request = self._request(board, cards)
        acts: list[tuple[list[float], Callable[[], bytes]]] = [
            (self.times.post, lambda: self.wire.post(request)),
            (self.times.by_hand, lambda: self.ask(board, cards)),
        ]
        for times, act in acts if post_first else reversed(acts):
            times.append(_milliseconds(act))

    def one_by_one(self, board: int) -> None:
        """A request for each card, one after another; the requests are made beforehand."""
        requests = [self._request(board, [card]) for card in cards_of(self.size, board)]
        self.times.singles.append(_milliseconds(lambda: [self.wire.post(request) for request in requests]))

    def _request(self, board: int, cards: list[str]) -> bytes:
        return self.wire.packed("/api/v1/badges", self.product.token(board), json.dumps({"cards": cards}).encode())


def _milliseconds(act: Callable[[], object]) -> float:
    before = perf_counter()
    act()
    return (perf_counter() - before) * 1_000
