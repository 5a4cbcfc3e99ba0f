"""What people type, made into a question that neither database can misread. No I/O."""

import re
from dataclasses import dataclass

LONGEST = 200
"""Characters of a question that are looked at."""
MOST_WORDS = 12
SHORTEST_PREFIX = 2
"""A single letter is looked for as a word: as the beginning of one it would match nearly everything."""

_BETWEEN_WORDS = re.compile(r"[\s\x00-\x1f\x7f!-/:-@\[-`{-~]+")
"""Spaces, control characters and ASCII punctuation; what else separates words, each database decides for text and question alike."""


@dataclass(frozen=True, slots=True)
class Question:
    """All of these words, the last one perhaps unfinished."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Question | None":
        """The words in a text; None when it has none."""
        # Lone surrogates can come through JSON and cannot be sent to any database.
        clean = text[:LONGEST].encode("utf-8", "ignore").decode("utf-8")
        words = [word for word in _BETWEEN_WORDS.split(clean) if any(char.isalnum() for char in word)]
        return cls(tuple(words[:MOST_WORDS])) if words else None

    def for_sqlite(self, scopes: list[str], columns: str) -> str:
        """An FTS5 expression: each word a quoted string, in which nothing has a meaning."""
        wanted = [f'"{word.replace(chr(34), chr(34) * 2)}"' for word in self.words]
        if self._ends_open:
            wanted[-1] += "*"
        within = [f'scope : "{scope}"' for scope in scopes]
        return " AND ".join([*within, *(f"{{{columns}}} : {word}" for word in wanted)])

    def for_postgresql(self, label: str = "") -> str:
        """A `to_tsquery` text: each word a quoted lexeme, in which nothing has a meaning; `label` A looks in subjects only."""
        wanted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in self.words]
        marks = [label] * len(wanted)
        if self._ends_open:
            marks[-1] = "*" + label
        return " & ".join(f"{word}:{mark}" if mark else word for word, mark in zip(wanted, marks, strict=True))

    @property
    def _ends_open(self) -> bool:
        return len(self.words[-1]) >= SHORTEST_PREFIX
