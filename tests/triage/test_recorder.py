"""The pace of triage, where scripts and batches decide too."""

from powerup.triage.recorder import Fact, _lengths
from tests.factories import NOON


def fact(batch: str, seconds: float | None) -> Fact:
    return Fact(NOON, batch, "ada", seconds, None, None, None, None)


def test_what_was_decided_at_once_is_one_decision_and_nobody_decides_in_no_time() -> None:
    facts = [fact("a", 4.0), fact("a", 6.0), fact("b", 0.01), fact("c", None), fact("d", 9_000.0)]
    assert _lengths(facts) == [10.0, 1.0, 300.0]
