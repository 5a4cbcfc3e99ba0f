"""One IMAP connection: imaplib (of the standard library) over a socket of ours, and with an end to what a server may make us read."""

import contextlib
import imaplib
import socket
from collections.abc import Callable
from typing import Any

from powerup.integrations.errors import IntegrationError, RejectedError, TooLargeError
from powerup.integrations.forums.email.refusals import imap_refusal
from powerup.integrations.forums.email.settings import Server
from powerup.integrations.forums.email.wire import closing_on_failure, connect, tls
from powerup.integrations.http import HttpPolicy
from powerup.integrations.http_wire import Watch


class Connection(imaplib.IMAP4):
    """imaplib over a connection of ours, and with an end to what a server may make us read."""

    def __init__(self, server: Server, policy: HttpPolicy, watch: Watch, who: str) -> None:
        self._server, self._policy, self._watch, self._who = server, policy, watch, who
        self.room = 100_000
        self.whole = True
        """False once an answer was not read to its end."""
        super().__init__(server.host, server.port, None)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = connect(self._server, self._policy, self._watch, who=self._who)
        if self._server.security != "tls":
            return sock
        with closing_on_failure(sock):
            secure = tls().wrap_socket(sock, server_hostname=self._server.host)
        self._watch.use(secure)
        return secure

    def secure(self) -> None:
        """STARTTLS, where it is to be. The certificate is checked before the password goes out; a server without it gets none."""
        if self._server.security != "starttls":
            return
        with closing_on_failure(self):
            if "STARTTLS" not in self.capabilities:
                raise RejectedError(f"{self._who} offers no STARTTLS here: choose tls, or another port.", permanent=True, sent=False)
            self.starttls(tls())
        self._watch.use(self.sock)

    def read(self, size: int) -> bytes:
        self._take(size)
        data = super().read(size)
        if len(data) < size:
            raise self.abort("the connection ended within a literal")
        return data

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    def close(self) -> tuple[str, list[Any]]:
        """Let go (imaplib would close the folder, which takes away what is marked as deleted)."""
        self.abandon()
        return "OK", []

    def abandon(self) -> None:
        """Let go without a word."""
        with contextlib.suppress(Exception):
            self.file.close()
        with contextlib.suppress(Exception):
            self.sock.close()

    def _take(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise TooLargeError(f"{self._who} sent more than {self._policy.max_bytes:,} bytes in one answer, which is not read.")


def spoken(
    connection: Connection,
    ask: Callable[[Connection], tuple[str, list[Any]]],
    watch: Watch,
    who: str,
    *,
    signing_in: bool,
) -> tuple[str, list[Any]]:
    """imaplib's exceptions are ours after this; `connection.whole` says whether the next command can follow."""
    connection.whole = False
    try:
        status, data = ask(connection)
    except (imaplib.IMAP4.readonly, IntegrationError):
        raise
    except imaplib.IMAP4.abort as error:
        raise (None if watch.over else bye(error, who)) or ConnectionResetError() from None
    except imaplib.IMAP4.error as error:
        # BAD, or a refused LOGIN: the answer was read to its end.
        connection.whole = True
        given = error.args[0] if error.args else b""
        raise imap_refusal(given if isinstance(given, bytes) else str(given).encode(), who=who, signing_in=signing_in) from None
    if watch.fired:
        raise TimeoutError
    connection.whole = True
    return status, data


def bye(error: Exception, who: str) -> IntegrationError | None:
    """The reason in a BYE, where it has one that we know."""
    text = str(error.args[0] if error.args else "").encode()
    refusal = imap_refusal(text, who=who)
    return None if refusal.detail.endswith("without a reason.") else refusal
