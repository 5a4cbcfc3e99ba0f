"""Replies through aiosmtpd, an SMTP server that we did not write: with TLS from the first byte, and with STARTTLS."""

import ssl
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from powerup.integrations.errors import CredentialsRefusedError, IntegrationError, UnreachableError
from powerup.integrations.forums.base import Draft
from powerup.integrations.forums.email.ids import key_of
from powerup.sandbox.common.ports import free_ports
from tests.integrations.email_forum.box import Box, mail
from tests.integrations.email_forum.dovecot import make_certificate

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Taken:
    """What the server took."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.envelopes.append((session.ssl is not None, envelope))
        return "250 2.0.0 taken"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    make_certificate(tmp_path)
    return tmp_path


@pytest.fixture(params=["tls", "starttls"])
def smtp(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Taken, dict[str, str]]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == b"sandbox-mail-password", handled=False)

    taken, (port,) = Taken(), free_ports(1, first=0)
    secure: dict[str, Any] = {"ssl_context": context} if request.param == "tls" else {"tls_context": context, "require_starttls": True}
    # aiosmtpd does not see that a connection that begins with TLS is encrypted.
    strict = request.param == "starttls"
    server = Controller(
        taken,
        hostname="127.0.0.1",
        port=port,
        server_hostname="localhost",
        authenticator=judge,
        auth_required=True,
        auth_require_tls=strict,
        **secure,
    )
    server.start()
    yield taken, {"smtp_port": str(port), "smtp_security": request.param}
    server.stop()


def test_a_reply_goes_out_encrypted(
    box: Box, smtp: tuple[Taken, dict[str, str]], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, more = smtp
    box.receive(mail("a@c", Cc="kim@c.example"))
    draft = Draft(".\n..\nPlease **update**, größer.", False, "closeloop:d-1")
    with box.open(**more) as forum:
        assert "certificate" in forum.check().problems[0]
        with pytest.raises(UnreachableError, match="certificate") as caught:
            forum.post(key_of("a@c"), draft, look_first=False)
        assert not caught.value.sent and taken.envelopes == []
        assert box.double.mailbox.sent.mails == {}
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        assert forum.check().problems == ()
        forum.post(key_of("a@c"), draft, look_first=False)
    ((_, envelope),) = taken.envelopes
    assert envelope.rcpt_tos == ["mei@customers.example", "kim@c.example"]
    plain = message_from_bytes(envelope.content).get_payload(0)
    assert plain.get_payload(decode=True).decode().split() == [".", "..", "Please", "**update**,", "größer."]  # type: ignore[union-attr]


def test_a_wrong_password_is_told(box: Box, smtp: tuple[Taken, dict[str, str]], certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, more = smtp
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    box.double.password = "größer"
    box.receive(mail("a@c"))
    with box.open(**more, password="größer") as forum, pytest.raises(CredentialsRefusedError) as caught:
        forum.post(key_of("a@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
    assert caught.value.reconnect and not caught.value.sent
    assert taken.envelopes == []


def test_the_wrong_kind_of_encryption_is_told(box: Box, smtp: tuple[Taken, dict[str, str]]) -> None:
    taken, more = smtp
    other = {"tls": "starttls", "starttls": "tls"}[more["smtp_security"]]
    box.patience = 1.0
    with box.open(**{**more, "smtp_security": other}) as forum:
        (problem,) = forum.check().problems
        assert problem
        box.receive(mail("a@c"))
        with pytest.raises(IntegrationError) as caught:
            forum.post(key_of("a@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
        assert not caught.value.sent
    assert taken.envelopes == []
