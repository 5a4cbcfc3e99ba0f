"""A measured figure beside what it must beat, and a table of them as plain text."""

from collections.abc import Iterable
from dataclasses import dataclass

_FEWER = ("false", "ms ", "seconds", "minutes", "hours", "threads until")
"""How the measures begin of which less is better; of all others more is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one measure on one task."""

    dataset: str
    task: str
    measure: str
    value: float
    n: int
    """Cases it was measured on."""
    baseline: float | None
    """What a simple method reaches on the same cases, where there is one."""
    goal: float | None

    @property
    def fewer_is_better(self) -> bool:
        """True of times and of false alarms."""
        return self.measure.startswith(_FEWER)

    @property
    def goal_missed(self) -> bool:
        """True when there is a goal and the value does not reach it."""
        return self.goal is not None and self._ahead_of(self.goal) < 0

    @property
    def ahead(self) -> float | None:
        """By how much it is better than the baseline; negative when it is worse."""
        return None if self.baseline is None else self._ahead_of(self.baseline)

    def _ahead_of(self, other: float) -> float:
        return other - self.value if self.fewer_is_better else self.value - other


def table(figures: Iterable[Figure]) -> str:
    """A line for each figure, in columns."""
    rows = [("data set", "task", "measure", "value", "baseline", "goal", "n", "")]
    for each in figures:
        numbers = (_number(each.value), _number(each.baseline), _number(each.goal), str(each.n))
        rows.append((each.dataset, each.task, each.measure, *numbers, _verdict(each)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(_cell(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True))) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _cell(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if 3 <= column <= 6 else cell.ljust(width)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _verdict(figure: Figure) -> str:
    words = []
    if figure.ahead is not None:
        words.append("beats the baseline" if figure.ahead > 0 else "as the baseline" if figure.ahead == 0 else "below the baseline")
    if figure.goal is not None:
        words.append("goal missed" if figure.goal_missed else "goal met")
    return ", ".join(words)
