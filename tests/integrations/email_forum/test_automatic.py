"""No loops: what nobody typed is never a customer's word, and is never answered."""

import pytest

from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.base import Draft
from powerup.integrations.forums.email.ids import key_of
from powerup.sandbox.mail.smtp_server import Delivery
from powerup.tickets.rules import waiting_in
from tests.integrations.email_forum.box import US, Box, mail

AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "(really) Auto-Generated; owner=x"},
    {"Precedence": "bulk"},
    {"Precedence": "JUNK"},
    {"Precedence": "list"},
    {"X_Auto_Response_Suppress": "All"},
    {"List_Id": "News <news.example.org>"},
    {"Return_Path": "<>"},
    {"From": "Mail Delivery <MAILER-DAEMON@customers.example>"},
    {"From": "postmaster@customers.example"},
    {"Content_Type": 'multipart/report; report-type=delivery-status; boundary="x"'},
    {"From": f"Us <{US}>"},
]


@pytest.mark.parametrize("headers", AUTOMATIC, ids=str)
def test_an_automatic_mail_in_a_thread_is_a_system_line_and_nobody_waits_for_us(box: Box, headers: dict[str, str]) -> None:
    box.receive(mail("a@c"))
    box.double.mailbox.sent.add(mail("s@n", follows="a@c", From=US, To="mei@customers.example"), box.double.store.now())
    box.receive(mail("auto@c", "I am away.", follows="a@c s@n", **headers))
    thread = box.read("a@c")
    assert [message.system for message in thread.messages] == [False, False, True]
    assert waiting_in(thread).on == "customer"
    with box.open() as forum:
        assert [stub.external_id for stub in forum.changed_since(None).stubs] == [key_of("a@c")], "the thread is told of all the same"


@pytest.mark.parametrize("headers", AUTOMATIC, ids=str)
def test_an_automatic_mail_opens_no_thread_and_is_not_answered(box: Box, headers: dict[str, str]) -> None:
    box.receive(mail("auto@c", "Hello.", **headers))
    with box.open() as forum:
        assert forum.changed_since(None).stubs == ()
        assert forum.history(None, since=box.double.store.now().replace(year=2020)).stubs == ()
        assert list(forum.search("Hello", limit=5)) == []
        with pytest.raises(RejectedError, match=r"not written by a person") as caught:
            forum.post(key_of("auto@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
    assert caught.value.permanent and not caught.value.sent
    assert box.double.deliveries == []


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "no"}, {"Auto_Submitted": "No (a person)"}, {"Precedence": "first-class"}], ids=str)
def test_what_a_person_typed_counts(box: Box, headers: dict[str, str]) -> None:
    box.receive(mail("a@c", **headers))
    thread = box.read("a@c")
    assert not thread.messages[0].system
    assert waiting_in(thread).on == "us"


@pytest.mark.parametrize("headers", [{"Reply_To": US}, {"Reply_To": "mailer-daemon@x.example"}], ids=str)
def test_an_answer_never_goes_to_ourselves_or_to_a_machine(box: Box, headers: dict[str, str]) -> None:
    box.receive(mail("a@c", **headers))
    with box.open() as forum:
        forum.post(key_of("a@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
    (delivery,) = box.double.deliveries
    assert delivery.recipients == ("mei@customers.example",)


def test_a_bounce_that_names_the_mail_only_in_a_part_is_found_in_its_thread(box: Box) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum:
        posted = forum.post(key_of("a@c"), Draft("Answer.", False, "closeloop:d-1"), look_first=False)
    sent = box.double.deliveries[0].raw.decode()
    _, cursor = None, None
    with box.open() as forum:
        cursor = forum.changed_since(None).cursor
    report = (
        "--x\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Status: 5.1.1\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n{sent}\r\n--x--"
    )
    bounce = mail("bounce@n", report, From="MAILER-DAEMON@northwind.example", Content_Type='multipart/report; boundary="x"')
    box.double.smtp.take(Delivery("", (US,), bounce, False))
    with box.open() as forum:
        assert [stub.external_id for stub in forum.changed_since(cursor).stubs] == [key_of("a@c")]
        messages = forum.read(key_of("a@c")).messages
    assert [message.external_id for message in messages] == [key_of("a@c"), posted.external_id, key_of("bounce@n")]
    assert messages[2].system and "could not be delivered" in messages[2].html
