"""Mails belong together by what they refer to."""

import pytest

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Role
from powerup.integrations.forums.email.ids import key_of, read_key, thread_key_in, thread_url
from powerup.sandbox.mail.mailbox import AUTHSERV
from tests.integrations.email_forum.box import HOME, US, Box, mail


def ids(box: Box, message_id: str) -> list[str]:
    return [message.external_id for message in box.read(message_id).messages]


def keys(*message_ids: str) -> list[str]:
    return [key_of(one) for one in message_ids]


def test_the_same_subject_joins_nothing(box: Box) -> None:
    box.receive(mail("a@c"), mail("b@c"), mail("c@c", Subject="Re: Help"))
    assert ids(box, "a@c") == keys("a@c")
    assert ids(box, "c@c") == keys("c@c")


def test_another_subject_parts_nothing(box: Box) -> None:
    box.receive(mail("a@c"), mail("b@c", follows="a@c", Subject="Something else"))
    assert ids(box, "b@c") == keys("a@c", "b@c")


def test_answers_to_a_mail_that_is_not_here_belong_together(box: Box) -> None:
    box.receive(mail("b@c", follows="lost@n"), mail("c@c", follows="lost@n b@c"), mail("d@c", follows="lost@n other@n"))
    assert box.read("c@c").external_id == key_of("lost@n")
    assert ids(box, "lost@n") == keys("b@c", "c@c", "d@c")
    with box.open() as forum:
        assert [stub.external_id for stub in forum.changed_since(None).stubs] == [key_of("lost@n")]


def test_in_reply_to_alone_is_enough(box: Box) -> None:
    follower = mail("c@c", In_Reply_To="<b@c>")
    box.receive(mail("a@c"), mail("b@c", follows="a@c"), follower, mail("d@c", In_Reply_To="Your mail of Monday <c@c>"))
    assert ids(box, "a@c") == keys("a@c", "b@c", "c@c", "d@c")
    with box.open() as forum:
        assert [stub.external_id for stub in forum.changed_since(None).stubs] == keys("a@c")


def test_references_cut_off_at_the_front_still_lead_to_the_root(box: Box) -> None:
    box.receive(mail("a@c"), mail("b@c", follows="a@c"), mail("c@c", follows="a@c b@c"), mail("d@c", follows="b@c c@c"))
    assert ids(box, "d@c") == keys("a@c", "b@c", "c@c", "d@c")


def test_a_mail_follows_the_nearest_that_is_here(box: Box) -> None:
    box.receive(mail("a@c"), mail("z@c"), mail("m@c", follows="a@c z@c"))
    assert ids(box, "z@c") == keys("z@c", "m@c")
    assert ids(box, "a@c") == keys("a@c")
    with box.open() as forum:
        stubs = forum.changed_since(None).stubs
    assert sorted((stub.external_id, stub.message_count) for stub in stubs) == sorted(zip(keys("a@c", "z@c"), (1, 2), strict=True))


def test_a_thread_whose_beginning_turns_up_is_read_by_its_new_name(box: Box) -> None:
    box.receive(mail("b@c", follows="a@c"))
    assert box.read("b@c").external_id == key_of("a@c")
    box.receive(mail("a@c", follows="root@c"))
    thread = box.read("a@c")
    assert thread.external_id == key_of("root@c")
    assert len(thread.messages) == 2


@pytest.mark.parametrize("message_id", ["", "  "])
def test_a_mail_without_message_id_is_a_thread_of_its_own(box: Box, message_id: str) -> None:
    box.receive(mail("", "First."), mail("", "Second.", Message_ID=message_id))
    with box.open() as forum:
        stubs = forum.changed_since(None).stubs
        assert len({stub.external_id for stub in stubs}) == 2
        for stub in stubs:
            thread = forum.read(stub.external_id)
            assert (thread.external_id, len(thread.messages)) == (stub.external_id, 1)
            assert thread.messages[0].external_id == stub.external_id
            assert forum.thread_id_of(thread.url) == stub.external_id
    box.double.mailbox.inbox.validity += 1
    with box.open() as forum, pytest.raises(GoneError):
        forum.read(stubs[0].external_id)


def test_a_mail_without_message_id_may_follow_another(box: Box) -> None:
    box.receive(mail("a@c"), mail("", "Me again.", In_Reply_To="<a@c>"))
    thread = box.read("a@c")
    assert len(thread.messages) == 2
    with box.open() as forum:
        assert forum.read(thread.messages[1].external_id).external_id == key_of("a@c")


def test_the_same_mail_twice_is_one_and_two_mails_with_one_id_are_two(box: Box) -> None:
    box.receive(mail("a@c"), mail("a@c"), mail("a@c", "Quite another.", From="Dave <dave@customers.example>", Subject="Other"))
    messages = box.read("a@c").messages
    assert [message.author.username for message in messages] == ["mei@customers.example", "dave@customers.example"]
    assert messages[0].external_id == key_of("a@c")
    assert messages[1].external_id.startswith(key_of("a@c") + "~")


def test_mails_that_refer_to_each_other_or_themselves_end_somewhere(box: Box) -> None:
    box.receive(mail("a@c", follows="b@c"), mail("b@c", follows="a@c"), mail("c@c", follows="c@c"), mail("d@c", follows="b@c a@c"))
    assert ids(box, "a@c") == ids(box, "b@c") == ids(box, "d@c")
    assert len(ids(box, "a@c")) == 3
    assert ids(box, "c@c") == keys("c@c")


def test_long_and_odd_message_ids_lead_back(box: Box) -> None:
    long, odd = "x" * 400 + "@customers.example", 'a"b\\c%25{5}@d'
    box.receive(mail(long), mail(long[:-1] + "f"), mail("b@c", follows=long), mail(odd))
    for message_id, count in ((long, 2), (odd, 1)):
        assert len(key_of(message_id)) < 255
        assert len(box.read(message_id).messages) == count


def proven(domain: str) -> dict[str, str]:
    return {"Authentication_Results": f"{AUTHSERV}; dmarc=pass header.from={domain}"}


def test_who_stands_on_which_side(box: Box) -> None:
    box.receive(
        mail("a@c"),
        mail("b@c", follows="a@c", From="Ben <ben@northwind.example>", **proven("northwind.example")),
        mail("c@c", follows="a@c", From="CARLA@customers.example", **proven("customers.example")),
        mail("d@c", follows="a@c", From="Mei <mei@customers.example.evil.example>"),
    )
    roles = [(message.author.username.partition("@")[0], message.author.role) for message in box.read("a@c").messages]
    assert roles == [("mei", Role.customer), ("ben", Role.staff), ("carla", Role.staff), ("mei", Role.customer)]


def test_a_web_form_that_writes_in_our_name_speaks_for_who_wants_the_answer(box: Box) -> None:
    box.receive(mail("a@c", From=f"Web form <{US}>", Reply_To="Mei Lin <mei@customers.example>"))
    thread = box.read("a@c")
    assert (thread.customer.username, thread.messages[0].system) == ("mei@customers.example", False)


def test_a_thread_that_we_open_has_the_addressee_as_its_customer(box: Box) -> None:
    box.double.mailbox.sent.add(mail("s@n", From=US, To=f"{US}, Mei <mei@customers.example>"), box.double.store.now())
    thread = box.read("s@n")
    assert thread.opened_by_staff
    assert (thread.customer.username, thread.customer.role) == ("mei@customers.example", Role.customer)
    assert thread.messages[0].author.role is Role.staff


def test_drafts_and_deleted_mails_are_not_read(box: Box) -> None:
    box.receive(mail("a@c"), mail("b@c", follows="a@c"))
    inbox, sent = box.double.mailbox.inbox, box.double.mailbox.sent
    inbox.mails[2].flags.add("\\Deleted")
    sent.add(mail("s@n", follows="a@c", From=US), box.double.store.now(), ["\\Draft"])
    assert ids(box, "a@c") == keys("a@c")


def test_addresses_lead_back_to_threads() -> None:
    key = key_of("CAJ+x/y=z@mail.example")
    assert read_key(key)
    url = thread_url(HOME, US, key)
    assert url == f"{HOME}/mail/{US}/{key}"
    for given in (url, f"{url}/", f"{url}?a=1#m", url.replace("@", "%40")):
        assert thread_key_in(HOME, US, given) == key
    for foreign in (url.replace("support", "sales"), url + "/x", url.replace(".org", ".net"), f"{HOME}/mail/{US}/nonsense", "http://["):
        assert thread_key_in(HOME, US, foreign) is None
    link = "https://webmail.example.org/search?q=rfc822msgid%3A{message_id}&view=full"
    url = thread_url(HOME, US, key, link=link)
    assert url == "https://webmail.example.org/search?q=rfc822msgid%3ACAJ%2Bx%2Fy%3Dz%40mail.example&view=full"
    assert thread_key_in(HOME, US, url, link=link) == key
