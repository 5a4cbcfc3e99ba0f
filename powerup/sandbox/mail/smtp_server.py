"""SMTP submission (RFC 6409) and delivery (RFC 5321) for the mailbox's domain, strictly."""

import base64
import binascii
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from powerup.sandbox.mail.trouble import SMTP_REFUSALS, Trouble, give

_LONGEST_LINE = 2_048
_PATH = re.compile(r"(FROM|TO):<([^<>\s]*)>((?: [A-Z0-9]+(?:=[^\s=]+)?)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail that was taken. `signed_in`: it was submitted by the account, else it came from somewhere."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)
    signed_in: bool


class SmtpServer:
    """What the sessions share. `refused`: recipients that nobody has."""

    def __init__(self, trouble: Trouble, address: Callable[[], str], password: Callable[[], str], take: Callable[[Delivery], None]) -> None:
        self.trouble, self.address, self.password, self.take = trouble, address, password, take
        self.refused: set[str] = set()
        self.commands: list[str] = []

    def talk(self, connection: socket.socket) -> None:
        """One session."""
        _Session(self, connection).run()


class _Session:
    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self._server, self._connection = server, connection
        self._file = connection.makefile("rb")
        self._signed_in = False
        self._greeted = False
        self._sender: str | None = None
        self._recipients: list[str] = []

    def run(self) -> None:
        self._connection.sendall(b"220 mx.northwind.example ESMTP\r\n")
        while (raw := self._file.readline(_LONGEST_LINE)).endswith(b"\r\n"):
            line = raw[:-2].decode("utf-8", "replace")
            name, _, rest = line.partition(" ")
            name = name.upper()
            self._server.commands.append(name)
            answer = self._answer(name, rest)
            # The trouble of a mail comes when it is handed over; until then all goes well, as it mostly does.
            kind, released = self._server.trouble.now("smtp", write=name == "DATA")
            if not give(self._connection, kind if name == "DATA" else "", answer + b"\r\n", released) or name == "QUIT":
                return

    def _answer(self, name: str, rest: str) -> bytes:
        match name:
            case "EHLO" if rest:
                self._greeted, self._sender, self._recipients = True, None, []
                return b"250-mx.northwind.example\r\n250-SIZE 50000000\r\n250-AUTH PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
            case "AUTH" if self._greeted:
                return self._authenticate(rest)
            case "MAIL" if self._greeted and (match := _PATH.fullmatch(rest)) and match[1].upper() == "FROM":
                self._sender, self._recipients = match[2], []
                return b"250 2.1.0 Ok"
            case "RCPT" if self._sender is not None and (match := _PATH.fullmatch(rest)) and match[1].upper() == "TO":
                return self._recipient(match[2].lower())
            case "DATA" if not rest:
                return self._data() if self._recipients else b"503 5.5.1 No recipients"
            case "RSET" | "NOOP":
                self._sender, self._recipients = (None, []) if name == "RSET" else (self._sender, self._recipients)
                return b"250 2.0.0 Ok"
            case "QUIT":
                return b"221 2.0.0 Bye"
            case "EHLO" | "AUTH" | "MAIL" | "RCPT" | "DATA":
                return b"503 5.5.1 Bad sequence of commands, or bad arguments"
        return b"500 5.5.2 Unknown command"

    def _authenticate(self, rest: str) -> bytes:
        name, _, coded = rest.partition(" ")
        try:
            if name.upper() == "PLAIN" and coded:
                _, user, password = base64.b64decode(coded, validate=True).decode().split("\x00")
            elif name.upper() == "LOGIN" and coded:
                self._connection.sendall(b"334 UGFzc3dvcmQ6\r\n")
                given = self._file.readline(_LONGEST_LINE).strip()
                user, password = base64.b64decode(coded, validate=True).decode(), base64.b64decode(given, validate=True).decode()
            else:
                return b"504 5.5.4 Unknown mechanism"
        except (ValueError, binascii.Error):
            return b"501 5.5.2 No such words"
        if (user.lower(), password) != (self._server.address(), self._server.password()):
            return b"535 5.7.8 Authentication credentials invalid"
        self._signed_in = True
        return b"235 2.7.0 Ok"

    def _recipient(self, address: str) -> bytes:
        if address in self._server.refused:
            return b"550 5.1.1 No such user"
        if not self._signed_in and address != self._server.address():
            return b"550 5.7.1 Relaying denied"
        self._recipients.append(address)
        return b"250 2.1.5 Ok"

    def _data(self) -> bytes:
        self._connection.sendall(b"354 go on\r\n")
        lines: list[bytes] = []
        while (line := self._file.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                raise EOFError
            lines.append(line[1:] if line.startswith(b".") else line)
        kind, _ = self._server.trouble.now("smtp", write=True)
        if refusal := SMTP_REFUSALS.get(kind):
            return refusal
        self._server.take(Delivery(self._sender or "", tuple(self._recipients), b"".join(lines), self._signed_in))
        self._sender, self._recipients = None, []
        return b"250 2.0.0 Ok: queued"
