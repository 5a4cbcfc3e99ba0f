"""What goes out: to whom, with which header, and how often."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from powerup.integrations.errors import (
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    UnreachableError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import Draft, Feature
from powerup.integrations.forums.email.composing import Reply, composed
from powerup.integrations.forums.email.heads import Address
from powerup.integrations.forums.email.ids import key_of
from powerup.sandbox.mail.trouble import Kind, Plan
from tests.integrations.email_forum.box import US, Box, mail


def draft(number: int = 1, text: str = "Please **update** <now>.\nThanks") -> Draft:
    return Draft(text, False, f"closeloop:d-{number}")


def answered(box: Box, message_id: str = "a@c", given: Draft | None = None, **more: str) -> EmailMessage:
    """The mail that goes out."""
    with box.open(**more) as forum:
        forum.post(key_of(message_id), given or draft(), look_first=False)
    return message_from_bytes(box.double.deliveries[-1].raw, policy=default)


def test_a_reply_is_a_proper_mail(box: Box) -> None:
    box.receive(mail("a@c", Subject="Gr=?utf-8?q?=C3=B6=C3=9Fe?="), mail("b@c", follows="a@c", Subject="AW: Größe"))
    sent = answered(box)
    assert str(sent["from"]) == f"Northwind Support <{US}>"
    assert str(sent["to"]) == "Mei Lin <mei@customers.example>"
    assert str(sent["in-reply-to"]) == "<b@c>"
    assert str(sent["references"]).split() == ["<a@c>", "<b@c>"]
    assert re.fullmatch(r"<closeloop\.[0-9a-f]{40}@northwind\.example>", str(sent["message-id"]))
    assert sent["auto-submitted"] is None, "a person wrote it (RFC 3834)"
    plain, rich = sent.get_body(("plain",)), sent.get_body(("html",))
    assert plain is not None and rich is not None
    assert plain.get_content().replace("\r", "").strip() == "Please **update** <now>.\nThanks"
    assert "<strong>update</strong> &lt;now&gt;" in rich.get_content()
    raw = box.double.deliveries[0].raw
    assert raw.isascii() and b"closeloop:d-1" not in raw
    assert re.sub(rb"\r\n", b"", raw).count(b"\n") == 0


def test_reply_to_and_cc_are_honoured_and_we_are_not_among_them(box: Box) -> None:
    people = f'{US}, "Lee, Bo" <bo@customers.example>, help@northwind.example'
    box.receive(mail("a@c", Reply_To="Office <office@customers.example>", To=people, Cc="Kim <KIM@c.example>, mailer-daemon@c.example"))
    sent = answered(box, aliases="help@northwind.example")
    assert str(sent["to"]) == "Office <office@customers.example>"
    assert str(sent["cc"]) == '"Lee, Bo" <bo@customers.example>, Kim <kim@c.example>'
    assert box.double.deliveries[0].recipients == ("office@customers.example", "bo@customers.example", "kim@c.example")


def test_a_stranger_who_writes_into_a_thread_gets_no_answer_of_ours(box: Box) -> None:
    box.receive(mail("a@c"), mail("evil@e", follows="a@c", From="eve@evil.example", Reply_To="eve@evil.example", Cc="eve2@evil.example"))
    answered(box)
    assert box.double.deliveries[0].recipients == ("mei@customers.example",)


def test_nobody_makes_us_write_to_a_crowd(box: Box) -> None:
    box.receive(mail("a@c", Cc=", ".join(f"v{number}@victims.example" for number in range(60))))
    answered(box)
    assert box.double.deliveries[0].recipients == ("mei@customers.example",)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "Hello\r\n\tBcc: victim@v.example"},
        {"Subject": "=?utf-8?q?Hello=0D=0ABcc=3A_victim=40v.example?="},
        {"From": "=?utf-8?q?Mei=0D=0ABcc=3A_victim=40v.example?= <mei@customers.example>"},
        {"From": '"Mei\x0bBcc: victim@v.example" <mei@customers.example>'},
        {"Reply_To": "=?utf-8?q?x=0D=0ABcc=3A_victim=40v.example?= <mei@customers.example>"},
        {"References": "<x@y\r\n Bcc: victim@v.example>"},
    ],
    ids=str,
)
def test_no_header_can_be_smuggled_in(box: Box, headers: dict[str, str]) -> None:
    box.receive(mail("a@c", **headers))
    sent = answered(box)
    assert sent["bcc"] is None
    assert box.double.deliveries[0].recipients == ("mei@customers.example",)
    head = box.double.deliveries[0].raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"^bcc:", head, re.IGNORECASE | re.MULTILINE)


@pytest.mark.parametrize("lie", ["x@y>\r\nBcc: <victim@v.example", "x@y\nBcc: v@v.example", "é@y", "a b@y", "x" * 901, "\x00@y"], ids=repr)
def test_no_message_id_can_smuggle_a_header_in(lie: str) -> None:
    to, at = Address("Mei", "mei@customers.example"), datetime(2026, 11, 2, tzinfo=UTC)
    raw = composed(Reply("ours@n", Address("", US), to, [], "Help", lie, ["a@c", lie], "Text.", at))
    sent = message_from_bytes(raw)
    assert sent["bcc"] is None and sent["in-reply-to"] is None
    assert sent["references"] == "<a@c>"
    assert b"\r\n\r\n" not in raw.partition(b"MIME-Version")[0]


def test_thousands_of_references_are_cut_and_none_is_broken_up(box: Box) -> None:
    long = [f"{number}-{'x' * 180}@customers.example" for number in range(60)]
    box.receive(mail("a@c", follows=" ".join(long)))
    with box.open() as forum:
        thread_id = forum.changed_since(None).stubs[0].external_id
        forum.post(thread_id, draft(), look_first=False)
    raw = box.double.deliveries[0].raw
    sent = message_from_bytes(raw)
    kept = re.findall(r"<([^>]+)>", sent["references"])
    assert kept[0] == long[0] and kept[-1] == "a@c" and len(kept) == 12
    assert all(len(line) < 998 for line in raw.splitlines())


def test_the_mail_that_was_answered_is_marked(box: Box) -> None:
    box.receive(mail("a@c"))
    answered(box)
    assert "\\Answered" in box.double.mailbox.inbox.mails[1].flags
    assert box.double.mailbox.sent.mails[1].flags == {"\\Seen"}


@pytest.mark.parametrize(
    ("kind", "error"),
    [("server_error", VendorBrokenError), ("rate_limited", RateLimitedError), ("forbidden", NotPermittedError), ("gone", RejectedError)],
)
def test_what_smtp_refuses_leaves_no_copy(box: Box, kind: Kind, error: type[IntegrationError]) -> None:
    box.receive(mail("a@c"))
    box.double.trouble.set(Plan(kind, protocol="smtp"))
    with box.open() as forum:
        with pytest.raises(error) as caught:
            forum.post(key_of("a@c"), draft(), look_first=False)
        assert not caught.value.sent
        assert caught.value.retry_after == (7.0 if kind == "rate_limited" else None)
        assert box.double.mailbox.sent.mails == {}
        box.double.trouble.clear()
        assert not forum.post(key_of("a@c"), draft(), look_first=True).found_again
    assert len(box.double.deliveries) == 1


def test_a_customer_whose_address_is_refused(box: Box) -> None:
    box.double.smtp.refused.add("mei@customers.example")
    box.receive(mail("a@c", Cc="kim@c.example"))
    with box.open() as forum, pytest.raises(RejectedError) as caught:
        forum.post(key_of("a@c"), draft(), look_first=False)
    assert "customer's address" in caught.value.detail and "mei" not in caught.value.detail
    assert box.double.deliveries == [], "the copy alone is not sent"
    assert box.double.mailbox.sent.mails == {}


@pytest.mark.parametrize("keeps", [False, True])
def test_a_lost_answer_after_data_is_found_where_the_server_keeps_copies(box: Box, keeps: bool) -> None:
    box.double.mailbox.keeps_sent = keeps
    box.receive(mail("a@c"))
    more = {"sent_copies": "server" if keeps else "ours"}
    box.double.trouble.set(Plan("lost_answer", protocol="smtp"))
    with box.open(**more) as forum:
        with pytest.raises(UnreachableError) as caught:
            forum.post(key_of("a@c"), draft(), look_first=False)
        assert caught.value.sent
        box.double.trouble.clear()
        again = forum.post(key_of("a@c"), draft(), look_first=True)
    assert again.found_again
    assert len({delivery.raw for delivery in box.double.deliveries}) == 1
    # Where nobody can know, the very same mail goes out again, with the same Message-ID.
    assert len(box.double.deliveries) == (1 if keeps else 2)
    assert len(box.double.mailbox.sent.mails) == 1


def test_a_customer_who_uses_our_message_id_does_not_keep_us_from_answering(box: Box) -> None:
    box.receive(mail("a@c"))
    ours = str(answered(box)["message-id"]).strip("<>")
    box.receive(mail(ours, "I know your next word.", follows="a@c"), mail("b@c"))
    box.double.mailbox.sent.mails.clear()
    with box.open() as forum:
        assert not forum.post(key_of("a@c"), draft(), look_first=True).found_again


def test_reading_only_is_said_and_refused(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open(smtp_host="") as forum:
        check = forum.check()
        assert Feature.reply not in check.features and "SMTP" in check.missing[Feature.reply]
        assert check.problems == ()
        with pytest.raises(RejectedError, match="SMTP"):
            forum.post(key_of("a@c"), draft(), look_first=False)


def test_a_wrong_folder_of_sent_mails_is_said(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open(sent_folder="Gone") as forum:
        assert "Gone" in forum.check().problems[0]
    box.double.mailbox.sent.attributes = ""
    box.double.mailbox.sent.name = "Outbox"
    with box.open() as forum:
        assert "folder of sent mails" in forum.check().problems[0]
        with pytest.raises(RejectedError, match="folder of sent mails"):
            forum.post(key_of("a@c"), draft(), look_first=False)
    assert box.double.deliveries == []
