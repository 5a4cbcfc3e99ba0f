"""What was measured, as a person reads it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from tests.bench.data import LINKED, Size
from tests.bench.measure import LEAST_OF_SINGLES, MOST_OF_SQL, Effort, Times, p90
from tests.bench.places import PROCESSES, THREADS

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def head(size: Size, effort: Effort) -> str:
    """What is measured and what is not."""
    counts = f"{effort.rounds * effort.pairs} pairs, {effort.rounds} × {size.cards_per_board:,} singles"
    return f"""Badges of a board with {size.cards_per_board:,} cards, the way its connector asks for them.

Data      {size.tickets:,} tickets with a message of 60 words each, {LINKED:.0%} linked to {size.cards:,} cards on {size.boards} boards
          of {size.workspaces} workspaces; a quarter of the cards resolved; some deliveries waiting or failed.
POST      POST /api/v1/badges to `closeloop serve` ({PROCESSES} processes of {THREADS} threads) on this machine: HTTP over loopback on
          a connection that stays open, a real bearer token, the log at WARNING. No TLS, no proxy, no browser.
By hand   The same two SQL statements by the bare driver (sqlite3, psycopg) in this process on a connection that stays open,
          all rows fetched, the same answer built and written as JSON. No HTTP, no token, no membership check, no
          validation of the question: that is what the rest of the POST does.
Singles   A POST for each card, one after another on one connection that stays open; a browser has some six.
Times     POST and by hand alternate, board after board: {counts}. Client, server and database share
          {os.cpu_count()} cores: compare within one run only. PostgreSQL runs without fsync, which reading does not notice.
"""


def table(results: Mapping[str, Times]) -> str:
    """Medians, the slowest tenth, ratios and marks."""
    return "\n".join(_lines(results))


def _lines(results: Mapping[str, Times]) -> Iterator[str]:
    every = list(results.values())
    yield _line("", [NAMES[kind] for kind in results])
    yield _line("", ["median          p90"] * len(every))
    yield _line("One POST for all cards", [_pair(times.post) for times in every])
    yield _line("The same SQL by hand", [_pair(times.by_hand) for times in every])
    yield _line("A POST for each card, all together", [_pair(times.singles) for times in every])
    yield _line("Cards with something to say", [f"{times.spoken:,}" for times in every])
    yield _line("Question, answer", [f"{times.question_bytes / 1000:,.0f} kB, {times.answer_bytes / 1000:,.0f} kB" for times in every])
    yield ""
    of_sql = [_mark(times.of_sql, times.of_sql <= MOST_OF_SQL) for times in every]
    yield _line(f"POST / by hand (mark: at most {MOST_OF_SQL:g})", of_sql)
    of_singles = [_mark(times.of_singles, times.of_singles >= LEAST_OF_SINGLES) for times in every]
    yield _line(f"Singles / POST (mark: at least {LEAST_OF_SINGLES:g})", of_singles)


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:<38}" + "".join(f"{cell:>30}" for cell in cells)


def _pair(times: list[float]) -> str:
    return f"{median(times):,.2f} ms{p90(times):>10,.2f} ms"


def _mark(ratio: float, passed: bool) -> str:
    return f"{ratio:,.2f} ×  {'pass' if passed else 'MISSED'}"
