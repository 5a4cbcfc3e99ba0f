"""Reading what an IMAP server says (RFC 3501 §9): parenthesised lists with atoms, strings and literals. Pure; takes any bytes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from powerup.integrations.errors import TooLargeError, VendorBrokenError

Value = str | bytes | None | list["Value"]
"""An atom, a string, NIL, a list."""
Item = Mapping[str, Value]
"""One message's answer to FETCH: `UID`, `FLAGS`, `BODY[1]` …, names in upper case and without the origin of a part (`<0>`)."""

_TOKEN = re.compile(rb'[ \t]*(?:([()])|"((?:[^"\\]|\\.)*)"|\{[0-9]+\}$|((?:\[[^\[\]]*\](?:<[0-9]+>)?|[^\s()"\[]|\[)+))', re.DOTALL)
_ORIGIN = re.compile(r"<[0-9]+>$")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(rb" ?([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})")
_DEEPEST = 60
_MOST_VALUES = 50_000
"""In one answer: a mail has some twelve for each of its parts."""


def fetched(raw: Sequence[object], *, who: str) -> Iterator[Item]:
    """The messages in the data of imaplib's FETCH: tuples (text before a literal, the literal), each response ended by plain bytes."""
    pieces: list[tuple[bytes, bytes | None]] = []
    for part in raw:
        if isinstance(part, tuple):
            pieces.append((bytes(part[0]), bytes(part[1])))
        elif isinstance(part, bytes):
            yield _message([*pieces, (part, None)], who)
            pieces = []


def listed(raw: Sequence[object], *, who: str) -> list[list[Value]]:
    """Any other untagged responses in imaplib's data, taken apart."""
    found: list[list[Value]] = []
    pieces: list[tuple[bytes, bytes | None]] = []
    for part in raw:
        if isinstance(part, tuple):
            pieces.append((bytes(part[0]), bytes(part[1])))
        elif isinstance(part, bytes):
            found.append(values([*pieces, (part, None)], who=who))
            pieces = []
    return found


def values(pieces: Sequence[tuple[bytes, bytes | None]], *, who: str) -> list[Value]:
    """Everything in a run of text and literals; raises VendorBrokenError for what is not well-formed, TooLargeError for what is absurd.

    A customer chooses how many parts a mail has and how deep they are, so that is no reason to give up on a whole mailbox.
    """
    stack: list[list[Value]] = [[]]
    read = 0
    for text, literal in pieces:
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position, end)
            if match is None or match.end() == position:
                raise _unreadable(who)
            position = match.end()
            read += 1
            if read > _MOST_VALUES:
                raise _absurd(who)
            bracket, quoted, atom = match.groups()
            if bracket == b"(":
                if len(stack) > _DEEPEST:
                    raise _absurd(who)
                inner: list[Value] = []
                stack[-1].append(inner)
                stack.append(inner)
            elif bracket == b")":
                if len(stack) == 1:
                    raise _unreadable(who)
                stack.pop()
            elif quoted is not None:
                stack[-1].append(_ESCAPED.sub(rb"\1", quoted))
            elif atom is not None:
                stack[-1].append(None if atom.upper() == b"NIL" else atom.decode("latin-1"))
        if literal is not None:
            stack[-1].append(literal)
    if len(stack) != 1:
        raise _unreadable(who)
    return stack[0]


def number(value: Value, *, who: str) -> int:
    """A number; raises VendorBrokenError for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    raise _unreadable(who)


def flags_of(item: Item) -> frozenset[str]:
    """Flags and keywords as the server spells them."""
    flags = item.get("FLAGS")
    return frozenset(flag for flag in flags if isinstance(flag, str)) if isinstance(flags, list) else frozenset()


def moment_of(item: Item, *, who: str) -> datetime:
    """INTERNALDATE: when the server got the message; unlike `Date` not for the sender to say."""
    given = item.get("INTERNALDATE")
    match = _DATE.fullmatch(given) if isinstance(given, bytes) else None
    if match is None or match[2].decode().lower() not in _MONTHS:
        raise _unreadable(who)
    day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    try:
        local = datetime(year, _MONTHS.index(match[2].decode().lower()) + 1, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        raise _unreadable(who) from None
    offset = (int(match[8]) * 60 + int(match[9])) * 60 * (1 if match[7] == b"+" else -1)
    try:
        return datetime.fromtimestamp(local.timestamp() - offset, UTC)
    except (ValueError, OverflowError, OSError):
        raise _unreadable(who) from None


def section(item: Item, name: str) -> bytes | None:
    """The bytes of `BODY[name…]`; None where the server has none."""
    wanted = f"BODY[{name.upper()}"
    for key, value in item.items():
        if key == f"{wanted}]" or (name.endswith("HEADER.FIELDS") and key.startswith(f"{wanted} ")):
            return value if isinstance(value, bytes) else value.encode("latin-1") if isinstance(value, str) else None
    return None


def _message(pieces: Sequence[tuple[bytes, bytes | None]], who: str) -> Item:
    found = values(pieces, who=who)
    if len(found) != 2 or not isinstance(found[1], list) or len(found[1]) % 2:
        raise _unreadable(who)
    pairs = zip(found[1][::2], found[1][1::2], strict=True)
    return {_ORIGIN.sub("", name).upper(): value for name, value in pairs if isinstance(name, str)}


def _absurd(who: str) -> TooLargeError:
    return TooLargeError(f"{who} told of a mail that has more parts than are read.")


def _unreadable(who: str) -> VendorBrokenError:
    return VendorBrokenError(f"{who} answered with data that ends too early or cannot be read.")
