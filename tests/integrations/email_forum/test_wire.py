"""The way to a mail server: whom we connect to, how long, how much, and how safely."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from powerup.errors import InvalidError
from powerup.integrations.errors import (
    AddressRefusedError,
    IntegrationError,
    RateLimitedError,
    RejectedError,
    TooLargeError,
    UnreachableError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.forums.base import Draft, ForumConfig
from powerup.integrations.forums.email import Email
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.forums.email.names import decoded_name, encoded_name, quoted, sets
from powerup.integrations.forums.email.refusals import imap_refusal, smtp_refusal
from powerup.integrations.forums.email.wire import is_public
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.mail.serving import LineServer
from powerup.sandbox.mail.trouble import Plan
from tests.integrations.email_forum.box import US, Box, mail

POLICY = HttpPolicy(1.0, 1.0, ("127.0.0.1",))


@contextmanager
def speaking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says what it likes."""
    server = LineServer(talk, "strange")
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def opened(port: int, policy: HttpPolicy = POLICY, **more: str) -> Email:
    given = {"imap_host": "127.0.0.1", "imap_port": str(port), "imap_security": "plain", "password": "secret", **more}
    return Email(ForumConfig(f"mailto:{US}", given), policy)


def refused(port: int, policy: HttpPolicy = POLICY, **more: str) -> IntegrationError:
    with opened(port, policy, **more) as forum, pytest.raises(IntegrationError) as caught:
        forum.read(key_of("a@c"))
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "192.0.0.1",
        "192.88.99.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254"])
def test_a_private_server_is_refused_unless_listed(host: str, security: str) -> None:
    error = refused(993, replace(POLICY, private_hosts=("127.0.0.1:143",)), imap_host=host, imap_security=security)
    assert isinstance(error, AddressRefusedError) and not error.sent and error.permanent


def test_a_name_that_answers_with_public_and_private_addresses_never_leads_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 993)), (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 993))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: found)

    def connect(self: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert isinstance(refused(993, imap_host="mail.example.org", imap_security="tls"), UnreachableError)
    assert asked == [("8.8.8.8", 993)], "the very address that was judged"


def test_a_password_never_goes_in_the_open_over_the_internet() -> None:
    error = refused(143, imap_host="mail.example.org", imap_security="plain")
    assert isinstance(error, RejectedError) and "encryption" in error.detail


def test_a_server_without_starttls_gets_no_password() -> None:
    heard: list[bytes] = []

    def talk(sock: socket.socket) -> None:
        sock.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        while data := sock.recv(1000):
            heard.append(data)
            tag = data.split()[0]
            sock.sendall((b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in data else b"") + tag + b" OK done\r\n")

    with speaking(talk) as port:
        error = refused(port, imap_security="starttls")
    assert isinstance(error, RejectedError) and "STARTTLS" in error.detail
    assert not any(b"secret" in one for one in heard)


def test_a_server_that_forbids_logging_in_gets_no_password() -> None:
    heard: list[bytes] = []

    def talk(sock: socket.socket) -> None:
        sock.sendall(b"* OK hello\r\n")
        while data := sock.recv(1000):
            heard.append(data)
            sock.sendall(b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n" + data.split()[0] + b" OK done\r\n")

    with speaking(talk) as port:
        assert isinstance(refused(port), RejectedError)
    assert not any(b"secret" in one for one in heard)


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"", (UnreachableError, VendorTimeoutError)),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", (UnreachableError, VendorBrokenError)),
        (b"* BYE [UNAVAILABLE] later\r\n", (VendorBrokenError, UnreachableError)),
        (b"* BYE Too many connections\r\n", (RateLimitedError, VendorBrokenError, UnreachableError)),
        (b"* OK " + b"x" * 2_000_000 + b"\r\n", (UnreachableError, VendorBrokenError)),
        (b"* OK {999999999999}\r\n", (UnreachableError, VendorBrokenError, VendorTimeoutError)),
        (b"220 mail ESMTP\r\n", (UnreachableError, VendorBrokenError)),
    ],
    ids=lambda given: str(given)[:20],
)
def test_strange_greetings_are_one_of_our_errors(greeting: bytes, error: tuple[type[Exception], ...]) -> None:
    def talk(sock: socket.socket) -> None:
        sock.sendall(greeting)
        if greeting.startswith(b"* OK"):
            sock.recv(1000)

    with speaking(talk) as port:
        assert isinstance(refused(port), error)


def test_an_answer_without_end_is_cut_by_its_size() -> None:
    def talk(sock: socket.socket) -> None:
        sock.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        while data := sock.recv(1000):
            tag = data.split()[0]
            if b"LIST" in data:
                while True:
                    sock.sendall(b'* LIST () "/" "folder"\r\n' * 1_000)
            sock.sendall((b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in data else b"") + tag + b" OK done\r\n")

    with speaking(talk) as port:
        assert isinstance(refused(port, replace(POLICY, max_bytes=200_000, read_timeout=20)), TooLargeError)


def test_a_literal_of_any_size_is_not_waited_for() -> None:
    def talk(sock: socket.socket) -> None:
        sock.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        while data := sock.recv(1000):
            tag = data.split()[0]
            extra = (
                b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in data else b"* LIST () NIL {4294967296}\r\n" if b"LIST" in data else b""
            )
            sock.sendall(extra + tag + b" OK done\r\n")

    with speaking(talk) as port:
        assert isinstance(refused(port), TooLargeError)


def test_a_slow_drip_ends_at_the_deadline(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        assert forum.read(key_of("a@c"))
    box.double.trouble.set(Plan("drip"))
    given: dict[str, Any] = box.double.credentials()
    started = time.monotonic()
    assert isinstance(refused(int(given["imap_port"]), replace(POLICY, connect_timeout=0.3, read_timeout=0.5), **given), VendorTimeoutError)
    assert time.monotonic() - started < 5
    box.double.trouble.set(Plan("drip", protocol="smtp"))
    with box.open() as forum:
        forum._policy = replace(POLICY, connect_timeout=0.3, read_timeout=0.5)
        with pytest.raises(VendorTimeoutError) as caught:
            forum.post(key_of("a@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
        assert caught.value.sent


def test_a_server_that_is_slow_with_every_answer_meets_a_deadline_for_all() -> None:
    asked: list[bytes] = []

    def talk(sock: socket.socket) -> None:
        sock.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        while data := sock.recv(10_000):
            asked.append(data)
            threading.Event().wait(0.2)
            tag, name = data.split()[:2]
            extra = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n", b"EXAMINE": b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4000000000] x\r\n"}
            sock.sendall(extra.get(name, b"* SEARCH\r\n" if b"SEARCH" in data else b"") + tag + b" OK done\r\n")

    folders = ", ".join(f"folder{number}" for number in range(60))
    started = time.monotonic()
    policy = replace(POLICY, connect_timeout=0.1, read_timeout=0.25)
    with speaking(talk) as port, opened(port, policy, folders=folders) as forum, pytest.raises(VendorTimeoutError):
        forum.changed_since(None)
    assert time.monotonic() - started < 10 and len(asked) < 30


def test_a_server_that_hung_up_meanwhile_is_called_again(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        forum.read(key_of("a@c"))
        for server in box.double._ports:
            server.hang_up()
        assert forum.read(key_of("a@c")).subject == "Help"
        for server in box.double._ports:
            server.hang_up()
        forum.resolve(key_of("a@c"), message_id=None)
    assert "$Resolved" in box.double.mailbox.inbox.mails[1].flags


@pytest.mark.parametrize(
    ("text", "error", "wait"),
    [
        (b"[THROTTLED] wait", "RateLimitedError", None),
        (b"[OVERQUOTA] Account exceeded command or bandwidth limits.", "RateLimitedError", None),
        (b"[ALERT] Too many simultaneous connections. (Failure)", "RateLimitedError", None),
        (b"Request is throttled. Suggested Backoff Time: 92415 milliseconds", "RateLimitedError", 92.415),
        (b"[UNAVAILABLE] Temporary authentication failure", "VendorBrokenError", None),
        (b"[INUSE] locked, retry in 30 seconds", "VendorBrokenError", 30.0),
        (b"[AUTHENTICATIONFAILED] no", "CredentialsRefusedError", None),
        (b"[EXPIRED] change it", "CredentialsRefusedError", None),
        (b"[PRIVACYREQUIRED] no", "RejectedError", None),
        (b"[NOPERM] no", "NotPermittedError", None),
        (b"[CONTACTADMIN] no", "RejectedError", None),
        (b"[TRYCREATE] no", "RejectedError", None),
        (b"something else", "VendorBrokenError", None),
    ],
)
def test_imap_refusals(text: bytes, error: str, wait: float | None) -> None:
    refusal = imap_refusal(text, who="The mail server")
    assert (type(refusal).__name__, refusal.retry_after) == (error, wait)
    assert refusal.reconnect is (error == "CredentialsRefusedError")
    signing_in = imap_refusal(text, who="The mail server", signing_in=True)
    assert signing_in.reconnect is (refusal.reconnect or text == b"something else")


@pytest.mark.parametrize(
    ("code", "text", "error", "permanent"),
    [
        (421, b"4.7.0 Try again later, closing connection.", "RateLimitedError", False),
        (450, b"4.2.0 Greylisted", "VendorBrokenError", False),
        (451, b"4.7.1 Too many mails", "RateLimitedError", False),
        (452, b"4.2.2 Over quota", "VendorBrokenError", False),
        (535, b"5.7.8 no", "CredentialsRefusedError", True),
        (530, b"5.7.0 Must authenticate", "CredentialsRefusedError", True),
        (550, b"5.1.1 No such user", "RejectedError", True),
        (550, b"5.7.1 Relaying denied", "NotPermittedError", True),
        (552, b"5.3.4 Too big", "RejectedError", True),
        (554, b"spam", "RejectedError", True),
        (999, b"", "VendorBrokenError", False),
    ],
)
def test_smtp_refusals(code: int, text: bytes, error: str, permanent: bool) -> None:
    refusal = smtp_refusal(code, text, who="The mail server", about="the mail", sent=False)
    assert (type(refusal).__name__, refusal.permanent, refusal.sent) == (error, permanent, False)


@pytest.mark.parametrize(
    ("name", "coded"), [("Gesendet", "Gesendet"), ("Entwürfe", "Entw&APw-rfe"), ("A&B", "A&-B"), ("日本語/x", "&ZeVnLIqe-/x")]
)
def test_names_of_folders(name: str, coded: str) -> None:
    assert encoded_name(name) == coded
    assert decoded_name(coded) == name


def test_strings_and_sets() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
    for evil in ("a\r\nA1 LOGOUT", "a\nb", "a\x00"):
        with pytest.raises(RejectedError):
            quoted(evil)
    assert sets([3, 1, 2, 7, 9, 8], 500) == ["1:3,7:9"]
    assert sets(range(1, 1_001), 400) == ["1:400", "401:800", "801:1000"]
    assert all(len(one) < 8_000 for one in sets(range(1, 20_000, 2), 10_000))
    assert sets([], 5) == []


@pytest.mark.parametrize("given", ["support@example.org", " mailto:Support@Example.org ", "SUPPORT@EXAMPLE.ORG"])
def test_addresses_that_admins_enter(given: str) -> None:
    assert Email.address(given) == "mailto:support@example.org"


@pytest.mark.parametrize(
    "given", ["", "support", "https://example.org", "a@b@c", "a b@c.example", "a@b..example", "<a@b.example>", "a@b\r\nc"]
)
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(InvalidError):
        Email.address(given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"imap_port": "0"},
        {"imap_port": "x"},
        {"imap_host": "a b"},
        {"imap_host": ""},
        {"imap_security": "ssl"},
        {"password": ""},
        {"sent_copies": "none"},
        {"username": "a\r\nb"},
        {"imap_host": "a/b"},
        {"smtp_host": "x@y"},
    ],
    ids=str,
)
def test_wrong_settings_are_told_by_check_and_refused_elsewhere(wrong: dict[str, str]) -> None:
    given: dict[str, Any] = dict(wrong)
    error = refused(143, **given)
    assert isinstance(error, RejectedError) and not error.sent
    check = opened(143, **given).check()
    assert check.problems == (error.detail,) and not check.features


def test_threads_of_the_watch_end(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        forum.read(key_of("a@c"))
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one.is_alive() and not one.finished.is_set()]


def test_the_context_verifies() -> None:
    from powerup.integrations.forums.email.wire import tls

    context = tls()
    assert context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED
