"""`python -m tests.bench`: exit status 1 when a mark is missed."""

import signal
import sys
from argparse import ArgumentParser
from time import perf_counter

from tests.bench.by_hand import by_hand
from tests.bench.data import Size
from tests.bench.measure import Effort, Times, measure
from tests.bench.places import empty_database, prepare, product
from tests.bench.report import NAMES, head, table
from tests.bench.triage_page import main as triage_page


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    about = "The badge request beside the same SQL by hand, on both databases; then the triage page by keyboard."
    parser = ArgumentParser(prog="make bench", description=about)
    parser.add_argument("--quick", action="store_true", help="10 thousand tickets instead of 100 thousand")
    parser.add_argument("--database", choices=list(NAMES), action="append", help="on this kind only (default: on both)")
    arguments = parser.parse_args(argv)
    # As Ctrl-C: leave nothing running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    size = Size(tickets=10_000, boards=10) if arguments.quick else Size()
    effort = Effort()
    print(head(size, effort))
    results = {kind: run(kind, size, effort) for kind in arguments.database or NAMES}
    print("\n" + table(results))
    missed = triage_page([])
    return missed or (0 if all(times.passed for times in results.values()) else 1)


def run(kind: str, size: Size, effort: Effort) -> Times:
    """All of it on one kind of database."""
    with empty_database(kind) as url:
        began = perf_counter()
        print(f"{NAMES[kind]}: writing {size.tickets:,} tickets … ", end="", flush=True)
        prepare(url, size)
        print(f"{perf_counter() - began:.0f} s; measuring … ", end="", flush=True)
        began = perf_counter()
        with product(url) as served, by_hand(url) as ask:
            times = measure(served, ask, size, effort)
        print(f"{perf_counter() - began:.0f} s", flush=True)
    return times


if __name__ == "__main__":
    sys.exit(main())
