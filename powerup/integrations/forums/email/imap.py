"""The mailbox over IMAP4rev1 (RFC 3501), by the standard library's imaplib: every answer is limited in size and in time.

CONDSTORE (RFC 7162) and SPECIAL-USE (RFC 6154) are used where the server offers them. Nothing is marked as read by reading.
"""

import contextlib
import imaplib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from powerup.integrations.errors import (
    IntegrationError,
    NotPermittedError,
    RejectedError,
    UnreachableError,
    VendorBrokenError,
)
from powerup.integrations.forums.email import answers
from powerup.integrations.forums.email.answers import Item
from powerup.integrations.forums.email.connection import Connection, bye, spoken
from powerup.integrations.forums.email.names import decoded_name, encoded_name, quoted, sets
from powerup.integrations.forums.email.refusals import imap_refusal
from powerup.integrations.forums.email.settings import Mailbox
from powerup.integrations.forums.email.wire import within
from powerup.integrations.http import HttpPolicy
from powerup.log import logger

log = logger(__name__)

T = TypeVar("T")
_EXPECTED = frozenset({"OK", "NO", "BAD", "EXISTS", "RECENT", "EXPUNGE", "FETCH", "FLAGS", "VANISHED", "ALERT", "HIGHESTMODSEQ"})
"""What a server may say unasked while it searches."""
_COMMANDS = 10
"""How much longer than one command a whole reading may take: thousands of mails on a slow server, and not a slow server's whim."""
_AT_ONCE = 500
"""Messages that one FETCH asks for."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder. `modseq`: of its last change, None without CONDSTORE. `permanent`: the flags that can be kept, `\\*` any."""

    name: str
    validity: int
    next_uid: int
    modseq: int | None
    permanent: frozenset[str]
    count: int


class Imap:
    """One connection, made when it is first needed and made anew after it broke. For one thread; close it."""

    def __init__(self, mailbox: Mailbox, policy: HttpPolicy) -> None:
        self._mailbox, self._policy = mailbox, policy
        self.who = f"The mail server ({mailbox.imap.host})"
        self._connection: Connection | None = None
        self._capabilities: frozenset[str] = frozenset()
        self._open: tuple[Folder, bool] | None = None
        self.look_again()

    def close(self) -> None:
        """Say goodbye and let the connection go; harmless when called twice."""
        connection, self._connection, self._open = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(Exception), within(1.0, connection.sock, who=self.who):
                connection.send(b"bye LOGOUT\r\n")
            connection.abandon()

    def look_again(self) -> None:
        """Begin something new: a folder that is open may show the mails of a while ago, until it is opened again.

        Everything until the next beginning shares one deadline, `_COMMANDS` times that of a single command.
        """
        self._open = None
        self._deadline = time.monotonic() + _COMMANDS * (self._policy.connect_timeout + self._policy.read_timeout)

    def can(self, capability: str) -> bool:
        """Whether the server offers something, after signing in."""
        self._connected()
        return capability.upper() in self._capabilities

    def folders(self) -> list[tuple[str, frozenset[str]]]:
        """Every folder that can be opened, with its attributes (`\\Sent` …) in lower case."""
        _, raw = self._run("LIST", lambda connection: connection.list('""', "*"))
        found = []
        for value in answers.listed(raw, who=self.who):
            if len(value) >= 3 and isinstance(value[0], list):
                attributes = frozenset(flag.lower() for flag in value[0] if isinstance(flag, str))
                name = value[2].decode("latin-1") if isinstance(value[2], bytes) else value[2] if isinstance(value[2], str) else None
                if name is not None and "\\noselect" not in attributes:
                    found.append((decoded_name(name), attributes))
        return found

    def open(self, name: str, *, write: bool = False) -> Folder:
        """Make a folder the current one; raises RejectedError when there is none of that name."""
        if self._open and self._open[0].name == name and (self._open[1] or not write):
            return self._open[0]
        return self._select(name, write=write)

    def refresh(self, name: str) -> Folder:
        """The same, asking the server even where the folder is open already."""
        return self._select(name, write=bool(self._open and self._open[0].name == name and self._open[1]))

    def search(self, *criteria: str, literal: bytes | None = None) -> list[int]:
        """UIDs in the current folder. `literal` is appended to the criteria, for words that are not ASCII."""

        def ask(connection: Connection) -> tuple[str, list[Any]]:
            connection.literal = literal  # type: ignore[assignment]  # typeshed knows only the None that it begins with
            connection.untagged_responses.clear()
            return connection.uid("SEARCH", *criteria)

        _, raw = self._run("UID SEARCH", ask)
        # Some servers say nothing where nothing is found; others must not be able to by a line that broke off.
        if raw == [None] and not _EXPECTED.issuperset(self._connected().untagged_responses):
            raise VendorBrokenError(f"{self.who} answered with data that ends too early or cannot be read.")
        words = b" ".join(part for part in raw if isinstance(part, bytes)).split(b"(")[0].split()
        return sorted({answers.number(word.decode("latin-1"), who=self.who) for word in words})

    def fetch(self, uids: Sequence[int], items: str, *, at_once: int = _AT_ONCE) -> list[Item]:
        """What is asked of these messages; those that are gone meanwhile are not among the answers."""
        wanted, found = frozenset(uids), list[Item]()
        for part in sets(uids, at_once):
            found += [item for item in self._fetch(part, items) if self.uid(item) in wanted]
        return found

    def changed(self, first: int, last: int, since: int) -> list[Item]:
        """UID and MODSEQ of messages in a range of UIDs that changed after `since` (RFC 7162 §3.1.4)."""
        return [item for item in self._fetch(f"{first}:{last}", "(UID MODSEQ)", f"(CHANGEDSINCE {since})") if "MODSEQ" in item]

    def store(self, uids: Sequence[int], sign: str, flags: Iterable[str]) -> None:
        """Add (`+`) or remove (`-`) flags of messages in the current folder, which was opened for writing."""
        named = " ".join(sorted(flags))
        for part in sets(uids, 2_000):
            self._run("UID STORE", lambda connection, part=part: connection.uid("STORE", part, f"{sign}FLAGS.SILENT", f"({named})"))  # type: ignore[misc]

    def expunge(self, uid: int) -> None:
        """Take one message away for good; without UIDPLUS it only stays marked as deleted."""
        self.store([uid], "+", ["\\Deleted"])
        if self.can("UIDPLUS"):
            self._run("UID EXPUNGE", lambda connection: connection.uid("EXPUNGE", str(uid)))

    def append(self, name: str, flags: str, at: datetime, content: bytes) -> int | None:
        """Put a message into a folder; its UID where the server says it (RFC 4315)."""
        date = imaplib.Time2Internaldate(at)
        _, data = self._run("APPEND", lambda connection: connection.append(quoted(encoded_name(name)), flags, date, content))
        found = re.search(rb"\[APPENDUID [0-9]+ ([0-9]+)\]", _words(data))
        return int(found[1]) if found else None

    def uid(self, item: Item) -> int:
        """The UID in an answer; 0 for a server's remark about a message that was not asked for."""
        return answers.number(item["UID"], who=self.who) if "UID" in item else 0

    # ---- below

    def _fetch(self, uids: str, *items: str) -> list[Item]:
        _, raw = self._run("UID FETCH", lambda connection: connection.uid("FETCH", uids, *items))
        return list(answers.fetched(raw, who=self.who))

    def _select(self, name: str, *, write: bool) -> Folder:
        self._open = None
        parameter = " (CONDSTORE)" if self.can("CONDSTORE") else ""
        target = quoted(encoded_name(name)) + parameter
        try:
            _, raw = self._run("SELECT" if write else "EXAMINE", lambda connection: connection.select(target, readonly=not write))
        except (VendorBrokenError, RejectedError) as error:
            # Many servers refuse an unknown name without a code.
            if error.permanent or error.detail.endswith("without a reason."):
                why = f"{self.who} has no folder “{name}”. Check the names in the forum's settings."
                raise RejectedError(why, permanent=True) from None
            raise
        connection = self._connected()
        permanent = _response(connection, "PERMANENTFLAGS")
        folder = Folder(
            name=name,
            validity=_number(_response(connection, "UIDVALIDITY"), self.who),
            next_uid=self._next_uid(name, _response(connection, "UIDNEXT")),
            modseq=_maybe_number(_response(connection, "HIGHESTMODSEQ")) if parameter else None,
            permanent=frozenset(permanent.decode("latin-1").strip("()").split()),
            count=_maybe_number(raw[0] if raw and isinstance(raw[0], bytes) else b"") or 0,
        )
        self._open = (folder, write)
        return folder

    def _next_uid(self, name: str, given: bytes) -> int:
        """UIDNEXT; the few servers that leave it out are asked for the last message."""
        if given.isdigit():
            return int(given)
        items = self._fetch("*", "(UID)")
        return max((self.uid(item) for item in items), default=0) + 1

    def _run(self, name: str, ask: Callable[[Connection], tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
        """One command; a refusal is raised as the error that it stands for, and a broken connection is not used again.

        Servers hang up on who was silent for long. A command that meets such a connection is given to a new one, once; not APPEND,
        which may have been carried out.
        """
        opened, rested = self._open, self._connection is not None
        connection = self._connected()
        try:
            try:
                return self._asked(connection, name, ask)
            except UnreachableError:
                if not rested or name == "APPEND":
                    raise
            connection = self._connected()
            if opened and name.startswith("UID"):
                again = self._select(opened[0].name, write=opened[1])
                if again.validity != opened[0].validity:
                    raise VendorBrokenError(f"{self.who} numbers the mails anew just now.")
            return self._asked(connection, name, ask)
        except imaplib.IMAP4.readonly:
            self._drop()
            raise NotPermittedError(f"{self.who} lets us read this mailbox only.", permanent=True) from None

    def _asked(
        self, connection: Connection, name: str, ask: Callable[[Connection], tuple[str, list[Any]]], *, signing_in: bool = False
    ) -> tuple[str, list[Any]]:
        started, failure = time.monotonic(), ""
        seconds = min(self._policy.connect_timeout + self._policy.read_timeout, max(self._deadline - started, 0.1))
        connection.room = self._policy.max_bytes
        try:
            with within(seconds, connection.sock, who=self.who) as watch:
                status, data = spoken(connection, ask, watch, self.who, signing_in=signing_in)
            if status != "OK":
                raise imap_refusal(_words(data), who=self.who, signing_in=signing_in)
            return status, data
        except IntegrationError as error:
            failure = type(error).__name__
            if not connection.whole:
                self._drop()
            raise
        finally:
            took = round((time.monotonic() - started) * 1000)
            log.info("mail call", protocol="imap", command=name, host=self._mailbox.imap.host, ms=took, failure=failure)

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._signed_in()
        return self._connection

    def _signed_in(self) -> Connection:
        server, policy = self._mailbox.imap, self._policy
        with within(policy.connect_timeout + policy.read_timeout, None, who=self.who) as watch:
            try:
                connection = Connection(server, policy, watch, self.who)
                connection.secure()
            except imaplib.IMAP4.abort as error:
                raise (bye(error, self.who) or ConnectionResetError()) from None
            except imaplib.IMAP4.error:
                raise VendorBrokenError(f"{self.who} does not speak IMAP as expected.", sent=False) from None
        self._connection = connection
        try:
            self._sign_in(connection)
            _, data = self._asked(connection, "CAPABILITY", lambda one: one.capability())
        except IntegrationError:
            self._drop()
            raise
        self._capabilities = frozenset(_words(data).decode("latin-1").upper().split())
        return connection

    def _sign_in(self, connection: Connection) -> None:
        username, password = self._mailbox.username, self._mailbox.password
        plain_only = not (username + password).isascii() or "LOGINDISABLED" in connection.capabilities
        if plain_only and "AUTH=PLAIN" not in connection.capabilities:
            raise RejectedError(f"{self.who} takes no password on this connection: choose tls or starttls.", permanent=True)
        if plain_only:
            secret = f"\x00{username}\x00{password}".encode()
            self._asked(connection, "AUTHENTICATE", lambda one: (one.authenticate("PLAIN", lambda _: secret)[0], []), signing_in=True)
        else:
            self._asked(connection, "LOGIN", lambda one: (one.login(quoted(username), password)[0], []), signing_in=True)

    def _drop(self) -> None:
        connection, self._connection, self._open = self._connection, None, None
        if connection is not None:
            connection.abandon()


def _response(connection: Connection, name: str) -> bytes:
    _, data = connection.response(name)
    return data[-1] if data and isinstance(data[-1], bytes) else b""


def _number(given: bytes, who: str) -> int:
    return answers.number(given.decode("latin-1"), who=who)


def _maybe_number(given: bytes) -> int | None:
    return int(given) if given.isdigit() and len(given) < 20 else None


def _words(data: Sequence[object]) -> bytes:
    return b" ".join(part for part in data if isinstance(part, bytes))
