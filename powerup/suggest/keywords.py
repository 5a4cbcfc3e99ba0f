"""The words that an area says it owns, found in a thread: all that is known on the first day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from powerup.suggest.document import Document
from powerup.suggest.features import BODY_LENGTH, SUBJECT_LENGTH, Field
from powerup.suggest.words import plain

_WORD = re.compile(r"\w+")
_SINGLE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
"""Scripts without spaces: each character is a step, so that a keyword is found inside a run of them."""


@dataclass(frozen=True, slots=True)
class Match:
    """A keyword of an owner, and where it stands."""

    owner: str
    keyword: str
    field: Field
    start: int
    end: int


class KeywordMap:
    """Made of `{owner: [keywords]}`. Upper and lower case and plain English endings do not matter; a keyword may be several words."""

    def __init__(self, keywords: Mapping[str, Iterable[str]]) -> None:
        self.owners: tuple[str, ...] = tuple(keywords)
        self._keywords: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._lengths: dict[str, set[int]] = {}
        """First word -> how many words the keywords have that begin with it."""
        for owner, listed in keywords.items():
            for keyword in dict.fromkeys(listed):
                forms = tuple(form for form, _, _ in _steps(keyword))
                if forms:
                    self._keywords.setdefault(forms, []).append((owner, keyword))
                    self._lengths.setdefault(forms[0], set()).add(len(forms))

    def matches(self, document: Document) -> list[Match]:
        """Every place of every keyword, subject first."""
        return [
            *self._found("subject", document.subject[:SUBJECT_LENGTH]),
            *self._found("body", document.body[:BODY_LENGTH]),
        ]

    def _found(self, field: Field, text: str) -> list[Match]:
        steps = list(_steps(text))
        forms = [form for form, _, _ in steps]
        found = []
        for at, (form, start, _) in enumerate(steps):
            for length in sorted(each for each in self._lengths.get(form, ()) if at + each <= len(forms)):
                for owner, keyword in self._keywords.get(tuple(forms[at : at + length]), ()):
                    found.append(Match(owner, keyword, field, start, steps[at + length - 1][2]))
        return found


def _steps(text: str) -> Iterable[tuple[str, int, int]]:
    for match in _WORD.finditer(text):
        start, word = match.start(), match.group()
        if _SINGLE.search(word):
            yield from ((char, start + at, start + at + 1) for at, char in enumerate(word))
        else:
            yield plain(word.lower()), start, match.end()
