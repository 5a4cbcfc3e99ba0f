"""IMAP commands taken apart, strictly (RFC 3501 §9): what is not well-formed is refused."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

Word = str | bytes | list["Word"]
"""An atom; a string (its bytes); a parenthesised list."""

_ATOM = re.compile(r'[^\s(){"\x00-\x1f\x7f\[\]]+(?:\[[^\]]*\](?:<[0-9]+\.[0-9]+>)?)?|[^\s(){"\x00-\x1f\x7f]+')
_SET = re.compile(r"(?:[1-9][0-9]*|\*)(?::(?:[1-9][0-9]*|\*))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class BadCommand(Exception):
    """Answered with BAD."""


def words(pieces: Sequence[tuple[str, bytes | None]]) -> list[Word]:
    """The words of a command: text, each time followed by the literal it announced."""
    stack: list[list[Word]] = [[]]
    for text, literal in pieces:
        position, spaced = 0, True
        while position < len(text):
            sign = text[position]
            if sign == " ":
                if spaced and position:
                    raise BadCommand("two spaces")
                position, spaced = position + 1, True
            elif sign == "(":
                inner: list[Word] = []
                stack[-1].append(inner)
                stack.append(inner)
                position += 1
            elif sign == ")":
                if len(stack) == 1:
                    raise BadCommand("a bracket too many")
                stack.pop()
                position, spaced = position + 1, False
            elif sign == '"':
                match = re.compile(r'"((?:[^"\\\r\n]|\\["\\])*)"').match(text, position)
                if match is None:
                    raise BadCommand("a string without end")
                stack[-1].append(re.sub(r"\\(.)", r"\1", match[1]).encode())
                position, spaced = match.end(), False
            else:
                match = _ATOM.match(text, position)
                if match is None:
                    raise BadCommand("no atom")
                stack[-1].append(match[0])
                position, spaced = match.end(), False
        if literal is not None:
            stack[-1].append(literal)
    if len(stack) != 1:
        raise BadCommand("a bracket too few")
    return stack[0]


def atom(word: Word) -> str:
    """An atom."""
    if not isinstance(word, str):
        raise BadCommand("an atom is expected")
    return word


def astring(word: Word) -> str:
    """An atom or a string, as text."""
    if isinstance(word, list):
        raise BadCommand("a string is expected")
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else word


def numbers(word: Word, known: Sequence[int]) -> list[int]:
    """The UIDs of a sequence set that are there; `*` is the highest."""
    found: set[int] = set()
    top = max(known, default=0)
    for part in atom(word).split(","):
        if not _SET.fullmatch(part):
            raise BadCommand("no sequence set")
        first, _, last = part.partition(":")
        ends = sorted(top if end == "*" else int(end) for end in (first, last or first))
        found.update(range(max(ends[0], 1), ends[1] + 1) if ends[1] - ends[0] < 10 else (one for one in known if ends[0] <= one <= ends[1]))
    return [one for one in known if one in found]


def day(word: Word) -> datetime:
    """A date as SEARCH takes it."""
    match = re.fullmatch(r"([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})", astring(word))
    if match is None or match[2].lower() not in _MONTHS:
        raise BadCommand("no date")
    return datetime(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]), tzinfo=UTC)


def date_time(word: Word) -> datetime:
    """A date and time as APPEND takes it."""
    try:
        return datetime.strptime(astring(word).strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        raise BadCommand("no date and time") from None
