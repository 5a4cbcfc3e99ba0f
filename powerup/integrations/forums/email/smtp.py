"""Sending by SMTP (RFC 5321), by the standard library's smtplib under our own policy of addresses, time and size."""

import contextlib
import smtplib
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence

from powerup.integrations.errors import CredentialsRefusedError, IntegrationError, RejectedError, UnreachableError, VendorBrokenError
from powerup.integrations.forums.email.refusals import smtp_refusal
from powerup.integrations.forums.email.settings import Mailbox, Server
from powerup.integrations.forums.email.wire import closing_on_failure, connect, tls, within
from powerup.integrations.http import HttpPolicy
from powerup.integrations.http_wire import Watch
from powerup.log import logger

log = logger(__name__)

_MOST_LINES = 100
_LONGEST_LINE = 8_192


def send(mailbox: Mailbox, policy: HttpPolicy, content: bytes, *, to: str, cc: Sequence[str]) -> None:
    """Hand a mail over. `error.sent` is False when it certainly was not taken; an address in `cc` that is refused gets none."""
    with _session(mailbox, policy, "DATA") as (smtp, who, watch):
        watch.sent = False
        options = ["SMTPUTF8"] if smtp.has_extn("smtputf8") and not all(one.isascii() for one in (to, *cc)) else []
        if not options and not to.isascii():
            raise RejectedError(f"{who} takes no mail for addresses in other scripts than Latin.", permanent=True, sent=False)
        size = [f"SIZE={len(content)}"] if smtp.has_extn("size") else []
        _expect(smtp.mail(mailbox.address, [*size, *options]), who, "mail from our address")
        _expect(smtp.rcpt(to), who, "the customer's address")
        for one in cc:
            if options or one.isascii():
                code, text = smtp.rcpt(one)
                if code == 421:
                    raise smtp_refusal(code, text, who=who, about="the mail", sent=False)
        watch.sent = True
        try:
            code, text = smtp.data(content)
        except smtplib.SMTPDataError as error:
            raise smtp_refusal(error.smtp_code, _raw(error.smtp_error), who=who, about="the mail", sent=False) from None
        _expect((code, text), who, "the mail")


def try_out(mailbox: Mailbox, policy: HttpPolicy) -> None:
    """Connect and sign in, and send nothing; raises what is wrong."""
    with _session(mailbox, policy, "NOOP") as (smtp, who, _):
        _expect(smtp.noop(), who, "the connection")


@contextlib.contextmanager
def _session(mailbox: Mailbox, policy: HttpPolicy, name: str) -> Iterator[tuple[smtplib.SMTP, str, Watch]]:
    """A signed-in connection, under one deadline for everything."""
    server, started, failure = mailbox.smtp, time.monotonic(), ""
    if server is None:
        raise RejectedError("No SMTP server is entered for this mailbox, so nothing can be sent.", permanent=True, sent=False)
    who = f"The mail server ({server.host})"
    try:
        with within(policy.connect_timeout + policy.read_timeout, None, who=who) as watch:
            smtp = _Connection(server, policy, watch, who)
            try:
                _sign_in(smtp, mailbox, server, who)
                yield smtp, who, watch
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    smtp.putcmd("quit")
            except smtplib.SMTPException as error:
                raise _meaning(error, who, watch) from None
            finally:
                smtp.close()
    except IntegrationError as error:
        failure = type(error).__name__
        raise
    finally:
        took = round((time.monotonic() - started) * 1000)
        log.info("mail call", protocol="smtp", command=name, host=server.host, ms=took, failure=failure)


def _sign_in(smtp: "_Connection", mailbox: Mailbox, server: Server, who: str) -> None:
    _expect(smtp.connect(server.host, server.port), who, "the connection")
    _expect(smtp.ehlo(), who, "the connection")
    if server.security == "starttls":
        if not smtp.has_extn("starttls"):
            raise RejectedError(f"{who} offers no STARTTLS here: choose tls, or another port.", permanent=True, sent=False)
        _expect(smtp.starttls(context=tls()), who, "STARTTLS")
        smtp.watch.use(smtp.sock)
        _expect(smtp.ehlo(), who, "the connection")
    if not smtp.has_extn("auth"):
        raise RejectedError(f"{who} asks for no password here: enter the port for sending (465 or 587).", permanent=True, sent=False)
    if not (mailbox.username + mailbox.password).isascii():
        # smtplib's mechanisms are ASCII only; RFC 4616 says UTF-8.
        smtp.user, smtp.password = mailbox.username, mailbox.password
        _expect(smtp.docmd("AUTH", f"PLAIN {_plain(mailbox)}"), who, "the password")
        return
    try:
        smtp.login(mailbox.username, mailbox.password)
    except smtplib.SMTPAuthenticationError as error:
        refusal = smtp_refusal(error.smtp_code, _raw(error.smtp_error), who=who, about="the password", sent=False)
        if error.smtp_code >= 500 and not isinstance(refusal, CredentialsRefusedError):
            refusal = smtp_refusal(535, b"", who=who, about="the password", sent=False)
        raise refusal from None


def _plain(mailbox: Mailbox) -> str:
    return b64encode(f"\x00{mailbox.username}\x00{mailbox.password}".encode()).decode()


def _expect(reply: tuple[int, bytes], who: str, about: str) -> None:
    code, text = reply
    if not 200 <= code < 400:
        raise smtp_refusal(code, _raw(text), who=who, about=about, sent=False)


def _meaning(error: smtplib.SMTPException, who: str, watch: Watch) -> IntegrationError:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        if watch.over:
            raise TimeoutError
        return UnreachableError(f"{who} broke the connection off.", sent=watch.sent)
    if isinstance(error, smtplib.SMTPResponseException):
        return smtp_refusal(error.smtp_code, _raw(error.smtp_error), who=who, about="the mail", sent=watch.sent)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RejectedError(f"{who} cannot do what is needed to send this mail.", permanent=True, sent=False)
    return VendorBrokenError(f"{who} answered with something that is no reply.", sent=watch.sent)


def _raw(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


class _Connection(smtplib.SMTP):
    """smtplib over a connection of ours; a reply has an end."""

    def __init__(self, server: Server, policy: HttpPolicy, watch: Watch, who: str) -> None:
        self._server, self._policy, self.watch, self._who = server, policy, watch, who
        # A name of our own would tell the inside of our network to every recipient.
        super().__init__(local_hostname="[127.0.0.1]")
        # smtplib checks certificates against this name.
        self._host = server.host

    def _get_socket(self, host: str, port: int, timeout: float | None) -> socket.socket:
        sock = connect(self._server, self._policy, self.watch, who=self._who)
        if self._server.security == "tls":
            with closing_on_failure(sock):
                sock = tls().wrap_socket(sock, server_hostname=self._server.host)
            self.watch.use(sock)
        return sock

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        texts: list[bytes] = []
        for _ in range(_MOST_LINES):
            line = self.file.readline(_LONGEST_LINE + 1)
            if not line.endswith(b"\n"):
                self.close()
                raise smtplib.SMTPServerDisconnected("the reply has no end")
            code, mark = line[:3], line[3:4]
            if not code.isdigit() or mark not in (b" ", b"-", b"\r", b"\n"):
                self.close()
                raise smtplib.SMTPException("no reply")
            texts.append(line[4:].strip(b" \t\r\n"))
            if mark != b"-":
                return int(code), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPException("the reply has no end")
