"""The adapter against a real IMAP server, so that the sandbox's own is not the only one that it was tried on."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from powerup.integrations.errors import CredentialsRefusedError, RejectedError, UnreachableError
from powerup.integrations.forums.base import Draft, Feature, Forum, ForumConfig, Role, ThreadState
from powerup.integrations.forums.email import Email
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.mail.serving import LineServer
from powerup.sandbox.mail.smtp_server import Delivery, SmtpServer
from powerup.sandbox.mail.trouble import Plan, Trouble
from tests.integrations.email_forum.dovecot import ADDRESS, BINARY, MISSING, PASSWORD, Dovecot

pytestmark = pytest.mark.skipif(BINARY is None, reason=MISSING)
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot() as running:
        yield running


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    """The server with empty folders."""
    for folder in ("cur", "new", ".Gesendet/cur"):
        for mail in (server.home / "mail" / folder).glob("*"):
            mail.unlink()
    return server


@pytest.fixture
def smtp() -> Iterator[tuple[SmtpServer, int, list[Delivery]]]:
    taken: list[Delivery] = []
    server = SmtpServer(Trouble(), lambda: ADDRESS, lambda: PASSWORD, taken.append)
    line = LineServer(server.talk, "smtp")
    line.start()
    yield server, line.port, taken
    line.stop()


def opened(dovecot: Dovecot, *, port: int = 0, **more: str) -> Forum:
    given = {
        "imap_host": "127.0.0.1",
        "imap_port": str(dovecot.port),
        "imap_security": "plain",
        "password": PASSWORD,
        "words": "shown",
        **more,
    }
    if port:
        given |= {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": "plain"}
    config = ForumConfig(f"mailto:{ADDRESS}", given, home="https://closeloop.example.org")
    return Email(config, HttpPolicy(5.0, 15.0, ("127.0.0.1", "localhost")))


def mail(
    message_id: str, text: str = "Text.", *, subject: str = "Help", sender: str = "mei@customers.example", follows: str = "", head: str = ""
) -> bytes:
    refs = f"In-Reply-To: <{follows.split()[-1]}>\r\nReferences: {' '.join(f'<{one}>' for one in follows.split())}\r\n" if follows else ""
    return (
        f"From: Mei Lin <{sender}>\r\nTo: {ADDRESS}\r\nSubject: Help\r\nMessage-ID: <{message_id}>\r\n{refs}"
        f"Date: Mon, 02 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def everything(forum: Forum, cursor: Mapping[str, Any] | None = None) -> tuple[list[str], Mapping[str, Any]]:
    found: list[str] = []
    for _ in range(200):
        page = forum.changed_since(cursor)
        found += [stub.external_id for stub in page.stubs]
        cursor = json.loads(json.dumps(page.cursor))
        assert cursor is not None
        if not page.more:
            return found, cursor
    raise AssertionError("no end")


def test_a_correspondence_is_read_across_folders(dovecot: Dovecot) -> None:
    dovecot.put(mail("a@c", "First <b>."), NOON)
    dovecot.put(mail("s@n", "Which version?", sender=ADDRESS, follows="a@c"), NOON + timedelta(minutes=1), ".Gesendet")
    dovecot.put(mail("b@c", "Version 3.", follows="s@n"), NOON + timedelta(minutes=2))
    dovecot.put(mail("x@c", "Same subject, another matter."), NOON + timedelta(minutes=3))
    with opened(dovecot) as forum:
        check = forum.check()
        assert check.problems == ()
        assert {Feature.resolve, Feature.tag, Feature.search, Feature.attachments, Feature.acknowledge} <= check.features
        found, cursor = everything(forum)
        assert found == [key_of("a@c"), key_of("x@c")]
        thread = forum.read(key_of("b@c"))
        assert (thread.external_id, thread.created_at, thread.subject) == (key_of("a@c"), NOON, "Help")
        assert [message.author.role for message in thread.messages] == [Role.customer, Role.staff, Role.customer]
        assert thread.messages[0].html == "<p>First &lt;b&gt;.</p>"
        assert [stub.external_id for stub in forum.search("another matter", limit=5)] == [key_of("x@c")]
        assert [stub.external_id for stub in forum.history(None, since=NOON).stubs] == [key_of("x@c"), key_of("a@c")]
        assert everything(forum, cursor)[0] == []
        dovecot.put(mail("y@c", "Later.", follows="x@c"), NOON + timedelta(minutes=9))
        assert everything(forum, cursor)[0] == [key_of("x@c")]


def test_marks_are_keywords_and_noticed_when_others_set_them(dovecot: Dovecot) -> None:
    dovecot.put(mail("a@c"), NOON)
    thread_id = key_of("a@c")
    with opened(dovecot) as forum, opened(dovecot) as colleague:
        _, cursor = everything(forum)
        colleague.resolve(thread_id, message_id=None)
        colleague.tag(thread_id, add=["billing", "größe 1"], remove=[])
        colleague.acknowledge(thread_id)
        found, cursor = everything(forum, cursor)
        assert found == [thread_id]
        thread = forum.read(thread_id)
        assert (thread.state, set(thread.tags)) == (ThreadState.resolved, {"billing", "größe 1"})
        forum.tag(thread_id, add=[], remove=["Größe 1"])
        assert forum.read(thread_id).tags == ("billing",)
        dovecot.put(mail("b@c", "Still broken.", follows="a@c"), NOON + timedelta(minutes=1))
        assert forum.read(thread_id).state is ThreadState.open


def test_a_reply_goes_out_once_and_stands_among_the_sent_ones(dovecot: Dovecot, smtp: tuple[SmtpServer, int, list[Delivery]]) -> None:
    server, port, taken = smtp
    dovecot.put(mail("a@c"), NOON)
    thread_id, draft = key_of("a@c"), Draft("Please **update**.", False, "closeloop:d-1")
    with opened(dovecot, port=port) as forum:
        server.trouble.set(Plan("lost_answer", protocol="smtp"))
        with pytest.raises(UnreachableError) as caught:
            forum.post(thread_id, draft, look_first=False)
        assert caught.value.sent
        assert len(forum.read(thread_id).messages) == 1, "a copy that may not have gone out is not shown"
        server.trouble.clear()
        posted = forum.post(thread_id, draft, look_first=True)
        assert forum.post(thread_id, draft, look_first=True).found_again
        assert [delivery.raw for delivery in taken] == [taken[0].raw] * 2, "byte for byte the same mail"
        messages = forum.read(thread_id).messages
        assert [message.external_id for message in messages] == [thread_id, posted.external_id]
        server.trouble.set(Plan("forbidden", protocol="smtp"))
        with pytest.raises(Exception, match="does not let us send"):
            forum.post(thread_id, Draft("More.", False, "closeloop:d-2"), look_first=False)
        assert len(forum.read(thread_id).messages) == 2
        assert len(list((dovecot.home / "mail/.Gesendet/cur").glob("*"))) == 1, "the copy of what was refused is gone"


def test_attachments_come_in_parts(dovecot: Dovecot) -> None:
    dovecot.put((Path(__file__).parent / "mails" / "mixed.eml").read_bytes(), NOON)
    with opened(dovecot) as forum:
        (thread_id,) = everything(forum)[0]
        (message,) = forum.read(thread_id).messages
        names = [one.name for one in message.attachments]
        assert names == ["größe.png", "Rechnung ä.pdf", "Fwd of something.eml", "invite.ics"]
        picture = message.attachments[0]
        assert picture.shown_as and f'src="{picture.shown_as}"' in message.html
        assert [one.shown_as for one in message.attachments[1:]] == [None] * 3
        assert forum.file(picture.reference).content.startswith(b"\x89PNG")
        assert forum.file(message.attachments[1].reference).content == b"%PDF-1.4 tiny"
        assert b"Subject: Fwd of something" in forum.file(message.attachments[2].reference).content


def test_five_thousand_mails_are_read_whole(dovecot: Dovecot) -> None:
    dovecot.put(mail("0@c", "message 0"), NOON)
    for number in range(1, 2_500):
        # As real programs do: the first and the last references only, and some with nothing but In-Reply-To.
        kept = " ".join(f"{one}@c" for one in sorted({0, *range(max(number - 8, 0), number)}))
        raw = mail(f"{number}@c", f"message {number}", follows=kept)
        if number % 50 == 0:
            raw = re.sub(rb"References: [^\r]*\r\n", b"", raw)
        dovecot.put(raw, NOON + timedelta(seconds=number))
    for number in range(2_500):
        dovecot.put(mail(f"other{number}@c", f"other {number}"), NOON + timedelta(seconds=number))
    with opened(dovecot) as forum:
        messages = forum.read(key_of("0@c")).messages
        assert [re.sub("<[^>]+>", "", message.html) for message in messages] == [f"message {number}" for number in range(2_500)]
        found = []
        cursor: Mapping[str, object] | None = None
        while True:
            page = forum.history(cursor, since=NOON + timedelta(seconds=2_400))
            found += [stub.external_id for stub in page.stubs]
            if not page.more:
                break
            cursor = page.cursor
        assert len(found) == len(set(found)) == 101


def test_certificates_are_verified(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    dovecot.put(mail("a@c"), NOON)
    secure: dict[str, Any] = {"imap_port": str(dovecot.tls_port), "imap_security": "tls"}
    starttls: dict[str, Any] = {"imap_security": "starttls"}
    for settings in (secure, starttls):
        with opened(dovecot, **settings) as forum, pytest.raises(UnreachableError, match="certificate"):
            forum.read(key_of("a@c"))
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    for settings in (secure, starttls):
        with opened(dovecot, **settings) as forum:
            assert forum.read(key_of("a@c")).subject == "Help"
    with opened(dovecot, imap_security="tls") as forum, pytest.raises(UnreachableError):
        forum.read(key_of("a@c"))


def test_a_wrong_password_and_a_wrong_folder_are_told(dovecot: Dovecot) -> None:
    with opened(dovecot, password="wrong") as forum:
        with pytest.raises(CredentialsRefusedError):
            forum.read(key_of("a@c"))
        assert "password" in forum.check().problems[0]
    with opened(dovecot, password="größer") as forum, pytest.raises(CredentialsRefusedError):
        forum.read(key_of("a@c"))
    with opened(dovecot, folders="INBOX, Kunden/Öl") as forum:
        assert "Kunden/Öl" in forum.check().problems[0]
        with pytest.raises(RejectedError):
            forum.read(key_of("a@c"))


def test_words_that_are_not_ascii_are_found(dovecot: Dovecot) -> None:
    dovecot.put(mail("a@c", "Das Größenproblem bleibt."), NOON)
    with opened(dovecot) as forum:
        assert [stub.external_id for stub in forum.search("Größenproblem bleibt", limit=3)] == [key_of("a@c")]
        assert list(forum.search("Grösse", limit=3)) == []
