"""Marks, listings and proofs on servers that can less."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from powerup.integrations.errors import NotPermittedError, RejectedError
from powerup.integrations.forums.base import Draft, Feature, Forum, Role, ThreadState
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.forums.email.marks import keyword_of, tag_of
from tests.integrations.email_forum.box import US, Box, mail

AUTHSERV = "mx.northwind.example"


def everything(forum: Forum, cursor: Mapping[str, Any] | None = None) -> tuple[list[str], Mapping[str, Any]]:
    found: list[str] = []
    for _ in range(50):
        page = forum.changed_since(cursor)
        found += [stub.external_id for stub in page.stubs]
        cursor = json.loads(json.dumps(page.cursor))
        assert cursor is not None
        if not page.more:
            return found, cursor
    raise AssertionError("no end")


def test_a_server_without_extensions_is_read_and_answered(box: Box) -> None:
    box.double.imap.capabilities = ["IMAP4rev1"]
    box.receive(*[mail(f"{number}@c") for number in range(260)])
    with box.open() as forum:
        _, cursor = everything(forum)
        assert everything(forum, cursor)[0] == []
        box.receive(*[mail(f"new{number}@c", follows=f"{number}@c") for number in range(250)])
        found, cursor = everything(forum, cursor)
        assert sorted(found) == sorted(key_of(f"{number}@c") for number in range(250))
        forum.post(key_of("1@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
        assert everything(forum, cursor)[0] == [key_of("1@c")]
        assert [message.author.role for message in forum.read(key_of("1@c")).messages] == [Role.customer, Role.customer, Role.staff]


def test_thousands_of_marks_at_once_are_told_in_steps(box: Box) -> None:
    box.receive(*[mail(f"{number}@c") for number in range(230)])
    inbox = box.double.mailbox.inbox
    with box.open() as forum:
        _, cursor = everything(forum)
        inbox.mark(list(inbox.mails.values()), add=["\\Seen"])
        page = forum.changed_since(cursor)
        assert page.more and len(page.stubs) == 100
        found, cursor = everything(forum, cursor)
        assert sorted(found) == sorted(key_of(f"{number}@c") for number in range(230))
        assert everything(forum, cursor)[0] == []


def test_a_folder_that_was_numbered_anew_is_begun_anew(box: Box) -> None:
    box.receive(mail("a@c"), mail("b@c"))
    with box.open() as forum:
        _, cursor = everything(forum)
        box.double.mailbox.inbox.validity += 1
        assert sorted(everything(forum, cursor)[0]) == sorted([key_of("a@c"), key_of("b@c")])
        assert forum.read(key_of("a@c")).messages


@pytest.mark.parametrize("folders", [{}, {"INBOX": 5}, {"INBOX": {"validity": 1_600_000_001, "uid": "x"}}, [1], None], ids=str)
def test_a_cursor_of_nonsense_begins_anew(box: Box, folders: object) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        assert everything(forum, {"v": 1, "folders": folders})[0] == [key_of("a@c")]
        history = forum.history({"v": 1, "below": folders, "told": folders}, since=box.double.store.now().replace(year=2020))
        assert [stub.external_id for stub in history.stubs] == [key_of("a@c")]


def test_a_customer_who_writes_again_opens_the_thread(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        forum.resolve(key_of("a@c"), message_id=None)
        forum.post(key_of("a@c"), Draft("You are welcome.", False, "closeloop:d-1"), look_first=False)
        assert forum.read(key_of("a@c")).state is ThreadState.resolved
        box.receive(mail("auto@c", follows="a@c", Auto_Submitted="auto-replied"))
        assert forum.read(key_of("a@c")).state is ThreadState.resolved, "an automatic mail opens nothing"
        box.receive(mail("b@c", follows="a@c"))
        assert forum.read(key_of("a@c")).state is ThreadState.open


def test_a_server_that_keeps_no_keywords_says_so(box: Box) -> None:
    box.receive(mail("a@c"))
    box.double.mailbox.inbox.keywords = False
    with box.open() as forum:
        check = forum.check()
        assert {Feature.resolve, Feature.tag}.isdisjoint(check.features) and "PERMANENTFLAGS" in check.missing[Feature.resolve]
        assert Feature.acknowledge in check.features
        with pytest.raises(NotPermittedError, match="keywords"):
            forum.resolve(key_of("a@c"), message_id=None)
        with pytest.raises(NotPermittedError, match="keywords"):
            forum.tag(key_of("a@c"), add=["x"], remove=[])
        forum.acknowledge(key_of("a@c"))
    assert box.double.mailbox.inbox.mails[1].flags == {"\\Seen"}


@pytest.mark.parametrize("tag", ["billing", "needs review", "größe", "a=b", "{x}", "100%", "日本", "a(b)", 'q"\\'])
def test_any_tag_is_a_keyword_and_back(tag: str) -> None:
    keyword = keyword_of(tag)
    assert keyword.isascii() and not set(keyword) & set(' (){%*"\\]')
    assert tag_of(keyword) == tag


@pytest.mark.parametrize("tag", ["", " ", "$Resolved", "\\Seen", "Junk", "x" * 200])
def test_what_cannot_be_a_tag_is_refused(tag: str) -> None:
    if tag == "\\Seen":
        assert keyword_of(tag) == "=5CSeen"
        return
    if tag == "$Resolved":
        assert keyword_of(tag) == "=24Resolved"
        return
    with pytest.raises(RejectedError):
        keyword_of(tag)


def test_keywords_of_mail_programs_are_no_tags(box: Box) -> None:
    box.receive(mail("a@c"))
    box.double.mailbox.inbox.mails[1].flags |= {"\\Seen", "$Forwarded", "NonJunk", "Junk", "billing"}
    assert box.read("a@c").tags == ("billing",)


# ---- who it really was


def results(*clauses: str, name: str = AUTHSERV) -> dict[str, str]:
    return {"Authentication_Results": "; ".join((name, *clauses))}


DMARC = "dmarc=pass (p=none) header.from=customers.example"


@pytest.mark.parametrize(
    ("headers", "verified"),
    [
        (results("spf=pass smtp.mailfrom=x", DMARC), True),
        (results("dkim=pass header.d=customers.example"), True),
        (results("dkim=pass header.i=@customers.example header.s=x"), True),
        (results(DMARC, name=f"{AUTHSERV} 1"), True),
        (results("dmarc=fail header.from=customers.example", "dkim=pass header.d=customers.example"), False),
        (results("dmarc=pass header.from=evil.example"), False),
        (results("dkim=pass header.d=evil.example"), False),
        (results("spf=pass smtp.mailfrom=mei@customers.example"), False),
        (results("none"), False),
        (results(DMARC, name="mx.elsewhere.example"), False),
        (results(f"x (dmarc=pass header.from=customers.example; {DMARC}"), False),
        (results("dkim=fail (dkim=pass header.d=customers.example) header.d=customers.example"), False),
        ({}, False),
    ],
)
def test_only_what_our_own_server_proved_is_believed(box: Box, headers: dict[str, str], verified: bool) -> None:
    box.receive(mail("a@c", **headers))
    assert box.read("a@c").customer.verified_email == ("mei@customers.example" if verified else None)
    assert box.read("a@c", authserv_id="").customer.verified_email is None


def test_a_header_that_the_sender_forged_does_not_count(box: Box) -> None:
    forged = f"Authentication-Results: {AUTHSERV}; {DMARC}\r\n".encode()
    genuine = f"Authentication-Results: {AUTHSERV}; dmarc=fail header.from=customers.example\r\n".encode()
    other = b"Authentication-Results: relay.customers.example; none\r\n"
    box.receive(genuine + forged + mail("a@c"), other + forged + mail("b@c"))
    assert box.read("a@c").customer.verified_email is None
    assert box.read("b@c").customer.verified_email is None


@pytest.mark.parametrize(
    "sender",
    [
        "mei@customers.example, eve@evil.example",
        '"mei@customers.example" <eve@evil.example>',
        "eve@evil.example <mei@customers.example>",
        "<mei@customers.example> <eve@evil.example>",
        "mei@customers.example)eve@evil.example",
    ],
)
def test_an_ambiguous_sender_is_never_verified(box: Box, sender: str) -> None:
    box.receive(mail("a@c", From=sender, **results(DMARC)))
    assert box.read("a@c").customer.verified_email is None


def test_a_second_from_header_is_never_verified(box: Box) -> None:
    box.receive(b"From: eve@evil.example\r\n" + mail("a@c", **results(DMARC)))
    assert box.read("a@c").customer.verified_email is None


def test_nobody_answers_in_a_colleagues_name_when_the_server_says_that_it_is_a_lie(box: Box) -> None:
    lie = results("dmarc=fail header.from=northwind.example")
    box.receive(mail("a@c"), mail("b@c", follows="a@c", From="ben@northwind.example", **lie), mail("c@c", follows="a@c", From=US))
    messages = box.read("a@c").messages
    assert messages[1].author.role is Role.customer
    assert messages[2].system, "in our own name, and not among what we sent"


def test_words_are_hidden_unless_an_admin_shows_them(box: Box) -> None:
    box.receive(mail("a@c"))
    assert box.read("a@c", words="").private
    assert not box.read("a@c", words="shown").private
