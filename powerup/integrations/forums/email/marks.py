"""Resolved, seen and tagged: IMAP's flags and keywords (RFC 3501 §2.3.2), which every mail program of the team shares.

`$Resolved` is ours. It is set on every mail of a thread, and what counts is the newest mail of a customer: when the customer writes
again, that mail does not carry it and the thread is open again. Tags are keywords; what cannot be in a keyword is written `=41`.
"""

import re
from collections.abc import Iterable, Sequence

from powerup.integrations.errors import IntegrationError, NotPermittedError, RejectedError
from powerup.integrations.forums.email.finding import Found, thread_of
from powerup.integrations.forums.email.heads import Head
from powerup.integrations.forums.email.people import People
from powerup.integrations.forums.email.shelf import Shelf

RESOLVED = "$Resolved"
NO_KEYWORDS = "The mail server keeps no keywords in this folder (PERMANENTFLAGS without \\*), by which we mark mails."

_OTHERS = re.compile(r"[\\$].*|(?:non|not)?junk|forwarded|redirected|mdnsent|unknown-\d+|receipthandled", re.IGNORECASE)
"""Keywords that mail programs use for themselves (https://www.iana.org/assignments/imap-jmap-keywords) and that are no tags."""
_FREE = re.compile(r"[A-Za-z0-9!#&'+,./:;<>?@^_`|}~-]")
_CODED = re.compile(r"(?:=[0-9A-F]{2})+")
_LONGEST = 100


def is_resolved(people: People, found: Found) -> bool:
    """Whether the newest mail of a customer, or where there is none the newest of all, is marked."""
    words = [head for head in found.mails if not head.sent and not head.automatic and not people.is_echo(head)]
    newest = (words or found.mails)[-1]
    return RESOLVED.lower() in {flag.lower() for flag in newest.flags}


def tags_in(mails: Iterable[Head]) -> tuple[str, ...]:
    """Every tag that one of the mails carries."""
    named = {tag_of(flag).lower(): tag_of(flag) for head in mails for flag in sorted(head.flags) if not _OTHERS.fullmatch(flag)}
    return tuple(named[name] for name in sorted(named))


def resolve(shelf: Shelf, thread_id: str) -> None:
    """Mark every mail of the thread."""
    _store(shelf, thread_of(shelf, thread_id).mails, "+", [RESOLVED])


def acknowledge(shelf: Shelf, thread_id: str) -> None:
    """Mark every mail as read: unread mails are a mailbox's own list of what waits."""
    _store(shelf, thread_of(shelf, thread_id).mails, "+", ["\\Seen"])


def tag(shelf: Shelf, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Set and take away keywords."""
    added = [keyword_of(name) for name in add]
    mails = thread_of(shelf, thread_id).mails
    gone = {name.lower() for name in remove} - {name.lower() for name in add}
    carried = {flag for head in mails for flag in head.flags if not _OTHERS.fullmatch(flag) and tag_of(flag).lower() in gone}
    if added:
        _store(shelf, mails, "+", added)
    if carried:
        _store(shelf, mails, "-", sorted(carried))


def answered(shelf: Shelf, head: Head) -> None:
    """Show other mail programs that this mail was answered; not worth failing for."""
    try:
        _store(shelf, [head], "+", ["\\Answered"])
    except IntegrationError:
        return


def keyword_of(name: str) -> str:
    """A tag as a keyword; raises RejectedError for what can be none."""
    keyword = "".join(
        sign if _FREE.fullmatch(sign) else "".join(f"={byte:02X}" for byte in sign.encode("utf-8", "replace")) for sign in name.strip()
    )
    if not keyword or len(keyword) > _LONGEST or _OTHERS.fullmatch(keyword):
        raise RejectedError("A mailbox cannot keep a tag of this name.", permanent=True, sent=False)
    return keyword


def tag_of(keyword: str) -> str:
    """The reverse; a foreign keyword stays as it is where it is not written like ours."""
    return _CODED.sub(lambda found: _decoded(found[0]), keyword)


def keeps_keywords(permanent: frozenset[str]) -> bool:
    """Whether a folder takes keywords that it has not seen yet."""
    return "\\*" in permanent


def _decoded(coded: str) -> str:
    try:
        text = bytes.fromhex(coded.replace("=", "")).decode()
    except ValueError:
        return coded
    return text if text.isprintable() else coded


def _store(shelf: Shelf, mails: Sequence[Head], sign: str, flags: Sequence[str]) -> None:
    # A folder that takes no keywords ignores them without a word (RFC 3501 §7.1, PERMANENTFLAGS): asked first.
    keywords = {flag.lower() for flag in flags if not flag.startswith("\\")}
    for folder in sorted({head.folder for head in mails}):
        permanent = shelf.open(folder, write=True).permanent
        if sign == "+" and not keeps_keywords(permanent) and not keywords <= {flag.lower() for flag in permanent}:
            raise NotPermittedError(NO_KEYWORDS, permanent=True, sent=False)
        shelf.imap.store([head.uid for head in mails if head.folder == folder], sign, flags)
