"""A forum that knows only "most recently active first", in pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from powerup.integrations.forums.base import ThreadStub
from powerup.integrations.forums.sweep import Row, fingerprint

START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Listing:
    """A forum that knows only "most recently active first", in pages."""

    per_page: int = 3
    threads: dict[str, tuple[datetime, int, bool]] = field(default_factory=dict)
    """Id -> active at, version, pinned."""
    read: list[int] = field(default_factory=list)
    before_page: Callable[[int], None] = lambda page: None

    def bump(self, name: str, minutes: float, *, pinned: bool = False) -> None:
        self.threads[name] = (START + timedelta(minutes=minutes), self.threads.get(name, (START, 0, False))[1] + 1, pinned)

    def fetch(self, page: int) -> tuple[Sequence[Row], bool]:
        self.before_page(page)
        self.read.append(page)
        rows = sorted((row for row in self.threads.items()), key=lambda item: (item[1][0], item[0]), reverse=True)
        pinned = [row for row in rows if row[1][2]]
        rest = [row for row in rows if not row[1][2]]
        shown = rest[page * self.per_page : (page + 1) * self.per_page]
        return [self._row(*row) for row in pinned + shown], (page + 1) * self.per_page < len(rest)

    def _row(self, name: str, value: tuple[datetime, int, bool]) -> Row:
        at, version, pinned = value
        return Row(ThreadStub(name, f"https://x/t/{name}", name, START, at, version), at, pinned, fingerprint(str(at), version))
