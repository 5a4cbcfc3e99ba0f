"""IMAP4rev1 for one account, as far as Closeloop speaks it, and strictly: what RFC 3501 does not know gets BAD.

Extensions: CONDSTORE (RFC 7162), SPECIAL-USE (RFC 6154), UIDPLUS (RFC 4315); each can be switched off by `capabilities`.
"""

import base64
import binascii
import re
import socket
from collections.abc import Callable
from typing import BinaryIO

from powerup.sandbox.mail.mailbox import Mail, Mailbox, MailFolder
from powerup.sandbox.mail.mime import section
from powerup.sandbox.mail.trouble import IMAP_REFUSALS, Trouble, give
from powerup.sandbox.mail.words import BadCommand, Word, astring, atom, date_time, day, numbers, words

_LONGEST_LINE = 65_536
_LARGEST = 50_000_000
_QUIET = ("CAPABILITY", "LOGIN", "AUTHENTICATE", "LOGOUT")
"""What no trouble touches: signing in has its own refusals."""
_WRITES = ("APPEND", "UID STORE", "UID EXPUNGE")


class NoAnswer(Exception):
    """Answered with NO and these words."""


class ImapServer:
    """What the sessions share. `commands` counts what was asked."""

    def __init__(self, mailbox: Mailbox, trouble: Trouble, password: Callable[[], str]) -> None:
        self.mailbox, self.trouble, self.password = mailbox, trouble, password
        self.capabilities = ["IMAP4rev1", "AUTH=PLAIN", "CONDSTORE", "SPECIAL-USE", "UIDPLUS"]
        self.commands: list[str] = []

    def talk(self, connection: socket.socket) -> None:
        """One session."""
        _Session(self, connection).run()


class _Session:
    def __init__(self, server: ImapServer, connection: socket.socket) -> None:
        self._server, self._connection = server, connection
        self._file: BinaryIO = connection.makefile("rb")
        self._signed_in = ""
        self._folder: MailFolder | None = None
        self._writes = False

    def run(self) -> None:
        self._connection.sendall(b"* OK [CAPABILITY %s] ready\r\n" % " ".join(self._server.capabilities).encode())
        while pieces := self._line():
            tag, _, rest = pieces[0][0].partition(" ")
            if not re.fullmatch(r"[A-Za-z0-9.]+", tag):
                self._connection.sendall(b"* BAD no tag\r\n")
                continue
            pieces[0] = (rest, pieces[0][1])
            if not self._answer(tag.encode(), pieces):
                return

    def _line(self) -> list[tuple[str, bytes | None]]:
        """A whole command with its literals; [] at the end."""
        pieces: list[tuple[str, bytes | None]] = []
        while True:
            raw = self._file.readline(_LONGEST_LINE)
            if not raw.endswith(b"\r\n"):
                return []
            text = raw[:-2].decode("utf-8", "replace")
            match = re.search(r"\{([0-9]+)(\+?)\}$", text)
            if match is None:
                return [*pieces, (text, None)]
            size = int(match[1])
            if size > _LARGEST or match[2]:
                self._connection.sendall(b"* BAD [TOOBIG] literal\r\n")
                return []
            self._connection.sendall(b"+ go on\r\n")
            pieces.append((text[: match.start()], self._file.read(size)))

    def _answer(self, tag: bytes, pieces: list[tuple[str, bytes | None]]) -> bool:
        try:
            given = words(pieces)
            name = atom(given[0]).upper() if given else ""
            if name == "UID" and len(given) > 1:
                name, given = f"UID {atom(given[1]).upper()}", given[1:]
            self._server.commands.append(name)
            kind, released = self._server.trouble.now("imap", write=name in _WRITES)
            kind = "" if name in _QUIET else kind
            if self._signed_in and self._signed_in != self._server.password() and name not in _QUIET:
                self._connection.sendall(b"* BYE [EXPIRED] The password was changed\r\n")
                return False
            if refusal := IMAP_REFUSALS.get(kind):
                data, status = b"", refusal
            else:
                with self._server.mailbox.store.lock:
                    data, status = self._done(name, given[1:])
        except BadCommand as bad:
            data, status, kind, released = b"", f"BAD {bad}".encode(), *self._server.trouble.now("none", write=False)
            name = ""
        except NoAnswer as refused:
            data, status = b"", f"NO {refused}".encode()
        if kind == "truncated" and data:
            # Data that ends too early though the answer goes on: a list that is never closed, a line that is only begun.
            data = b"* 1 FETCH (UID 1 FLAGS (\\Seen\r\n" if b" FETCH (" in data else data[:6] + b"\r\n"
        return give(self._connection, kind, data + tag + b" " + status + b"\r\n", released) and name != "LOGOUT"

    def _done(self, name: str, given: list[Word]) -> tuple[bytes, bytes]:
        free: dict[str, Callable[[list[Word]], bytes]] = {
            "CAPABILITY": self._capability, "NOOP": lambda _: b"", "LOGOUT": lambda _: b"* BYE see you\r\n",
            "LOGIN": self._login, "AUTHENTICATE": self._authenticate,
        }  # fmt: skip
        signed_in: dict[str, Callable[[list[Word]], bytes]] = {
            "LIST": self._list, "SELECT": self._select, "EXAMINE": lambda one: self._select(one, write=False),
        }  # fmt: skip
        selected: dict[str, Callable[[list[Word]], bytes]] = {
            "UID SEARCH": self._search, "UID FETCH": self._fetch, "UID STORE": self._store, "UID EXPUNGE": self._expunge,
        }  # fmt: skip
        if name == "APPEND" and self._signed_in:
            return b"", self._append(given)
        act = free.get(name) or (signed_in.get(name) if self._signed_in else None)
        act = act or (selected.get(name) if self._folder is not None else None)
        if act is None:
            known = name in signed_in or name in selected or name == "APPEND"
            raise BadCommand("not now" if known else "unknown command")
        data = act(given)
        if name in ("SELECT", "EXAMINE"):
            return data, b"OK [READ-WRITE] done" if self._writes else b"OK [READ-ONLY] done"
        return data, b"OK done"

    # ---- signing in

    def _capability(self, _: list[Word]) -> bytes:
        return f"* CAPABILITY {' '.join(self._server.capabilities)}\r\n".encode()

    def _login(self, given: list[Word]) -> bytes:
        if len(given) != 2 or self._signed_in:
            raise BadCommand("LOGIN wants a name and a password")
        return self._enter(astring(given[0]), astring(given[1]))

    def _authenticate(self, given: list[Word]) -> bytes:
        if [one for one in given if not isinstance(one, str)] or len(given) != 1 or atom(given[0]).upper() != "PLAIN":
            raise BadCommand("only PLAIN")
        self._connection.sendall(b"+ \r\n")
        try:
            _, name, password = base64.b64decode(self._file.readline(_LONGEST_LINE).strip(), validate=True).decode().split("\x00")
        except (ValueError, binascii.Error):
            raise BadCommand("no PLAIN") from None
        return self._enter(name, password)

    def _enter(self, name: str, password: str) -> bytes:
        if name.lower() != self._server.mailbox.address or password != self._server.password():
            raise NoAnswer("[AUTHENTICATIONFAILED] Authentication failed")
        self._signed_in = password
        return b""

    # ---- folders

    def _list(self, given: list[Word]) -> bytes:
        if len(given) != 2:
            raise BadCommand("LIST wants two names")
        lines = [f'* LIST (\\HasNoChildren {one.attributes}) "/" "{one.name}"\r\n' for one in self._server.mailbox.folders.values()]
        return "".join(lines).replace(" )", ")").encode()

    def _select(self, given: list[Word], *, write: bool = True) -> bytes:
        if not given or (len(given) == 2 and given[1] != ["CONDSTORE"]) or len(given) > 2:
            raise BadCommand("a folder's name is expected")
        self._folder = None
        folder = self._server.mailbox.folders.get(astring(given[0]).lower())
        if folder is None:
            raise NoAnswer("[NONEXISTENT] No such mailbox")
        self._folder, self._writes = folder, write
        flags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft"
        permanent = (flags + (" \\*" if folder.keywords else "")) if write else ""
        lines = [f"FLAGS ({flags})", f"{len(folder.mails)} EXISTS", "0 RECENT", f"OK [PERMANENTFLAGS ({permanent})] kept"]
        lines += [f"OK [UIDVALIDITY {folder.validity}] valid", f"OK [UIDNEXT {folder.next_uid}] next"]
        if "CONDSTORE" in self._server.capabilities:
            lines.append(f"OK [HIGHESTMODSEQ {folder.modseq}] highest")
        return "".join(f"* {line}\r\n" for line in lines).encode()

    def _append(self, given: list[Word]) -> bytes:
        folder = self._server.mailbox.folders.get(astring(given[0]).lower()) if given else None
        if folder is None:
            raise NoAnswer("[TRYCREATE] No such mailbox")
        flags, rest = (given[1], given[2:]) if len(given) > 1 and isinstance(given[1], list) else ([], given[1:])
        if len(rest) != 2 or not isinstance(rest[1], bytes):
            raise BadCommand("APPEND wants a folder, flags, a date and a mail")
        mail = folder.add(rest[1], date_time(rest[0]), [atom(flag) for flag in flags])
        return b"OK [APPENDUID %d %d] done" % (folder.validity, mail.uid)

    # ---- mails

    @property
    def _open(self) -> MailFolder:
        assert self._folder is not None  # noqa: S101 - `_done` saw to it
        return self._folder

    def _search(self, given: list[Word]) -> bytes:
        rest = list(given)
        if rest and rest[0] == "CHARSET":
            if len(rest) < 3 or astring(rest[1]).upper() not in ("UTF-8", "US-ASCII"):
                raise NoAnswer("[BADCHARSET (UTF-8)] Unknown character set")
            rest = rest[2:]
        if not rest:
            raise BadCommand("nothing to search for")
        tests = []
        while rest:
            test, rest = self._test(rest)
            tests.append(test)
        found = [mail.uid for mail in self._open.mails.values() if all(test(mail) for test in tests)]
        return f"* SEARCH {' '.join(map(str, found))}".rstrip().encode() + b"\r\n"

    def _test(self, given: list[Word]) -> tuple[Callable[[Mail], bool], list[Word]]:
        name, rest = atom(given[0]).upper(), given[1:]
        wants = {"ALL": 0, "UID": 1, "SINCE": 1, "TEXT": 1, "HEADER": 2, "OR": 1}.get(name)
        if wants is None or len(rest) < wants:
            raise BadCommand(f"cannot search for {name}")
        if name == "OR":
            one, rest = self._test(rest)
            if not rest:
                raise BadCommand("OR wants two")
            other, rest = self._test(rest)
            return lambda mail: one(mail) or other(mail), rest
        if name == "UID":
            wanted = set(numbers(rest[0], list(self._open.mails)))
            return lambda mail: mail.uid in wanted, rest[1:]
        if name == "SINCE":
            since = day(rest[0])
            return lambda mail: mail.at >= since, rest[1:]
        if name == "TEXT":
            text = astring(rest[0]).lower()
            return lambda mail: text in mail.raw.decode("utf-8", "replace").lower(), rest[1:]
        if name == "HEADER":
            field, value = astring(rest[0]).lower(), astring(rest[1]).lower()
            return lambda mail: field in mail.searched and value in mail.searched[field], rest[2:]
        return lambda mail: True, rest

    def _fetch(self, given: list[Word]) -> bytes:
        if len(given) not in (2, 3):
            raise BadCommand("FETCH wants UIDs and items")
        since = 0
        if len(given) == 3:
            match given[2]:
                case ["CHANGEDSINCE", str(number)] if number.isdigit() and "CONDSTORE" in self._server.capabilities:
                    since = int(number)
                case _:
                    raise BadCommand("unknown modifier")
        items = [atom(one) for one in given[1]] if isinstance(given[1], list) else [atom(given[1])]
        out: list[bytes] = []
        ordered = sorted(self._open.mails)
        places = {uid: place for place, uid in enumerate(ordered, 1)}
        for uid in numbers(given[0], ordered):
            mail = self._open.mails[uid]
            if mail.modseq > since:
                out.append(b"* %d FETCH (%s)\r\n" % (places[uid], b" ".join(_item(mail, one) for one in items)))
        return b"".join(out)

    def _store(self, given: list[Word]) -> bytes:
        if len(given) != 3 or not isinstance(given[2], list):
            raise BadCommand("STORE wants UIDs, an act and flags")
        act, flags = atom(given[1]).upper(), [atom(flag) for flag in given[2]]
        if act not in ("+FLAGS.SILENT", "-FLAGS.SILENT"):
            raise BadCommand("unknown act")
        if not self._writes:
            raise NoAnswer("[READ-ONLY] Opened for reading")
        flags = [flag for flag in flags if flag.startswith("\\") or self._open.keywords]
        mails = [self._open.mails[uid] for uid in numbers(given[0], sorted(self._open.mails))]
        self._open.mark(mails, **{"add" if act[0] == "+" else "remove": flags})
        self._server.mailbox.marked(mails)
        return b""

    def _expunge(self, given: list[Word]) -> bytes:
        if "UIDPLUS" not in self._server.capabilities or len(given) != 1:
            raise BadCommand("unknown command")
        for uid in numbers(given[0], sorted(self._open.mails)):
            if "\\Deleted" in self._open.mails[uid].flags:
                self._open.remove(uid)
        return b""


def _item(mail: Mail, name: str) -> bytes:
    match name.upper():
        case "UID":
            return b"UID %d" % mail.uid
        case "FLAGS":
            return b"FLAGS (%s)" % " ".join(sorted(mail.flags)).encode()
        case "INTERNALDATE":
            return mail.at.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S +0000"').encode()
        case "RFC822.SIZE":
            return b"RFC822.SIZE %d" % len(mail.raw)
        case "MODSEQ":
            return b"MODSEQ (%d)" % mail.modseq
        case "BODYSTRUCTURE":
            return b"BODYSTRUCTURE " + mail.structure
    match = re.fullmatch(r"BODY\.PEEK\[([^\]]*)\](?:<([0-9]+)\.([0-9]+)>)?", name, re.IGNORECASE)
    if match is None:
        raise BadCommand(f"unknown item {name}")
    wanted = re.fullmatch(r"HEADER\.FIELDS \(([^)]+)\)", match[1], re.IGNORECASE)
    if wanted:
        named = {one.lower() for one in wanted[1].split()}
        content: bytes | None = b"".join(raw for field, raw in mail.fields if field in named) + b"\r\n"
    elif re.fullmatch(r"(?:[0-9]+(?:\.[0-9]+)*)?(?:\.?(?:HEADER|TEXT|MIME))?", match[1]):
        content = section(mail.raw, match[1])
    else:
        raise BadCommand("unknown section")
    label = f"BODY[{match[1]}]".encode() + (f"<{match[2]}>".encode() if match[2] is not None else b"")
    if content is None:
        return label + b" NIL"
    if match[2] is not None:
        content = content[int(match[2]) : int(match[2]) + int(match[3])]
    return b"%s {%d}\r\n%s" % (label, len(content), content)
