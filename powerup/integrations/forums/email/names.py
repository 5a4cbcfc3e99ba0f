"""Folders' names, strings and sets of UIDs as IMAP writes them. Pure."""

import base64
import re
from collections.abc import Sequence

from powerup.integrations.errors import RejectedError

_LONGEST_LINE = 6_000
"""Servers take at least 8,000 bytes a command (RFC 7162 §4)."""


def quoted(text: str) -> str:
    """An IMAP quoted string. Line breaks and NUL cannot be in one: they never pass here."""
    if re.search(r"[\r\n\x00]", text):
        raise RejectedError("A name holds a line break, which no mail server takes.", permanent=True, sent=False)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def encoded_name(name: str) -> str:
    """A folder's name in IMAP's own UTF-7 (RFC 3501 §5.1.3)."""

    def shifted(match: re.Match[str]) -> str:
        text = match[0]
        coded = base64.b64encode(text.encode("utf-16-be", "replace")).decode().rstrip("=").replace("/", ",")
        return "&-" if text == "&" else f"&{coded}-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, name)


def decoded_name(name: str) -> str:
    """The reverse; what is not well-formed stays as it is."""

    def plain(match: re.Match[str]) -> str:
        coded = match[1].replace(",", "/")
        try:
            return base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-16-be") if coded else "&"
        except ValueError:
            return match[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", plain, name)


def sets(uids: Sequence[int], at_once: int) -> list[str]:
    """UIDs as sequence sets (`1:4,7`), each of at most `at_once` messages and no longer than a line may be."""
    ordered, found, runs, size, count = sorted(set(uids)), list[str](), list[str](), 0, 0
    position = 0
    while position < len(ordered):
        end = position
        while end + 1 < len(ordered) and ordered[end + 1] == ordered[end] + 1 and end + 1 - position + count < at_once:
            end += 1
        run = str(ordered[position]) if end == position else f"{ordered[position]}:{ordered[end]}"
        runs.append(run)
        size, count, position = size + len(run) + 1, count + end - position + 1, end + 1
        if count >= at_once or size > _LONGEST_LINE:
            found.append(",".join(runs))
            runs, size, count = [], 0, 0
    return [*found, ",".join(runs)] if runs else found
