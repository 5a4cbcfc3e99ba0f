"""What was looked at, and how it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a step went."""

    ok = "ok"
    warning = "warning"
    """It works, but less well than it could."""
    failed = "failed"
    skipped = "skipped"
    """Not looked at, or nothing to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at."""

    name: str
    """Stable, for scripts: `address`, `listing` …"""
    mark: Mark
    says: str
    """A plain sentence."""
    mend: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Steps about one thing: the installation, or a forum."""

    title: str
    steps: Sequence[Step]
    forum_id: int | None = None


def ok(name: str, says: str) -> Step:
    """It works."""
    return Step(name, Mark.ok, says)


def warning(name: str, says: str, mend: str = "") -> Step:
    """It could be better."""
    return Step(name, Mark.warning, says, mend)


def failed(name: str, says: str, mend: str = "") -> Step:
    """It does not work."""
    return Step(name, Mark.failed, says, mend)


def skipped(name: str, says: str) -> Step:
    """Not looked at."""
    return Step(name, Mark.skipped, says)


def is_well(sections: Iterable[Section]) -> bool:
    """Whether nothing failed."""
    return all(step.mark is not Mark.failed for section in sections for step in section.steps)
