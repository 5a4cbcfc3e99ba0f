"""What is looked at in a document: its words by field, pairs of the subject's words, and parts of names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from powerup.suggest.document import Document
from powerup.suggest.words import compounds, words

Field = Literal["subject", "body"]

_WORD = re.compile(r"\w+")

SUBJECT_LENGTH = 300
BODY_LENGTH = 2500
"""Characters of each that are read: what a thread is about stands at its beginning, and a pasted log must not cost seconds."""

SUBJECT = "s:"
PAIR = "p:"
PIECE = "c:"

_PIECE_LENGTH = 4
_BUCKETS = 16_384
"""Pieces share this many places, so that they cannot grow without bound."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a feature stands."""

    feature: str
    field: Field
    start: int
    end: int


def count(document: Document) -> dict[str, float]:
    """Each feature with how often it occurs; a word of the subject counts for itself, twice more as a word, and in pairs."""
    found: dict[str, float] = {}
    subject, body = document.subject[:SUBJECT_LENGTH], document.body[:BODY_LENGTH]
    before = ""
    for form, _, _ in words(subject):
        _add(found, SUBJECT + form, 1)
        _add(found, form, 2)
        if before:
            _add(found, f"{PAIR}{before} {form}", 1)
        before = form
    for form, _, _ in compounds(subject):
        _add(found, SUBJECT + form, 1)
        _add(found, form, 1)
    for form, _, _ in words(body):
        _add(found, form, 1)
    for form, _, _ in compounds(body):
        _add(found, form, 1)
    return found


def places(document: Document) -> Iterator[Place]:
    """Where each feature stands; slower than `count`, and only needed to say why."""
    subject, body = document.subject[:SUBJECT_LENGTH], document.body[:BODY_LENGTH]
    before = None
    for form, start, end in words(subject):
        yield Place(SUBJECT + form, "subject", start, end)
        yield Place(form, "subject", start, end)
        if before:
            yield Place(f"{PAIR}{before[0]} {form}", "subject", min(before[1], start), max(before[2], end))
        before = (form, start, end)
    for form, start, end in compounds(subject):
        yield Place(SUBJECT + form, "subject", start, end)
        yield Place(form, "subject", start, end)
    for form, start, end in words(body):
        yield Place(form, "body", start, end)
    for form, start, end in compounds(body):
        yield Place(form, "body", start, end)


def pieces(document: Document) -> list[str]:
    """Every four letters in a row of the subject's words, numbered."""
    found = []
    for word in dict.fromkeys(_WORD.findall(document.subject[:SUBJECT_LENGTH].lower())):
        fenced = f"<{word}>".encode("utf-8", "replace").decode("utf-8")
        for at in range(len(fenced) - _PIECE_LENGTH + 1):
            # Python's own hash differs from process to process.
            found.append(f"{PIECE}{crc32(fenced[at : at + _PIECE_LENGTH].encode()) % _BUCKETS}")
    return list(dict.fromkeys(found))


def _add(found: dict[str, float], feature: str, times: float) -> None:
    found[feature] = found.get(feature, 0.0) + times
