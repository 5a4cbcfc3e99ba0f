"""A text's words with their places in it, so that they can be marked. Any script; no dictionary but a few English stop words."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

Word = tuple[str, int, int]
"""The word in its plain form, and where in the text it starts and ends."""

_STOP_WORDS = """
the a an and or of to in is it i this that for on with as be are was not but have has can if you my we from at by so do what how there when
which would should will just no any
"""
_STOP = frozenset(_STOP_WORDS.split())
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Thai, Japanese and Chinese set no spaces between words."""
_TOKEN = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_])+(?:_+(?:(?![{_UNSPACED}])[^\W_])+)*")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Possessive: a long word that is no compound must not be tried from each of its letters.
_COMPOUND = re.compile(r"\b\w++(?:(?:\.|::|/|-)\w++)+")
_JOINT = re.compile(r"\.|::|/|-")
_LONGEST_TOKEN = 60
"""Longer ones are keys, hashes and encoded files: their beginning is enough to know them again."""
_LONGEST_PATH = 6


def words(text: str) -> Iterator[Word]:
    """Words and the parts of identifiers (`TcpListener`, `max_retries`), without stop words."""
    for match in _TOKEN.finditer(text):
        at = match.start()
        for form, start, end in _forms(match.group()[:_LONGEST_TOKEN]):
            yield form, at + start, at + end


def compounds(text: str) -> Iterator[Word]:
    """Neighbours in paths and qualified names: `system.net.http` has `system.net` and `net.http`."""
    for match in _COMPOUND.finditer(text):
        at, parts = match.start(), []
        for part in _JOINT.split(match.group())[:_LONGEST_PATH]:
            place = text.index(part, at)
            parts.append((part.lower(), place, place + len(part)))
            at = place + len(part)
        for (left, start, _), (right, _, end) in pairwise(parts):
            yield f"{left}.{right}", start, end
        if len(parts) > 2:
            yield ".".join(part for part, _, _ in parts[:3]), parts[0][1], parts[2][2]


def plain(word: str) -> str:
    """A word without its commonest English endings: `timeouts` and `timeout` are one word."""
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=50_000)
def _forms(token: str) -> tuple[Word, ...]:
    if _IS_UNSPACED.match(token):
        return tuple((token[at : at + 2], at, min(at + 2, len(token))) for at in range(max(1, len(token) - 1)))
    low = token.lower()
    if low in _STOP or (len(low) < 2 and low.isascii()):
        return ()
    found = [(plain(low) if low.isalpha() else low, 0, len(token))]
    if "_" in token or not (token.islower() or token.isupper() or token.istitle()):
        pieces = list(_PIECE.finditer(token))
        if len(pieces) > 1:
            found += [(plain(piece.group().lower()), *piece.span()) for piece in pieces if len(piece.group()) > 1]
    return tuple(found)
