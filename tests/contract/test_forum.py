"""Every forum adapter keeps the contract of `forums/base.py`, over real sockets against its double. Here: who there is, and reading.

The rest of the suite: test_forum_sync, _history, _writing, _marks, _files, _faults, _secrets, _hooks and _events.
"""

import re
from datetime import timedelta

import pytest

from powerup.integrations.errors import GoneError, IntegrationError
from powerup.integrations.forums.base import Feature, Forum, Role, ThreadState, Visibility
from powerup.integrations.forums.registry import adapter_of, kinds
from tests.contract.forum.asking import recently
from tests.contract.forum.case import Act, ForumCase
from tests.contract.forum.cases import CASES, for_kinds_that


def test_there_is_a_case_for_every_kind() -> None:
    assert list(dict.fromkeys(case.kind for case in CASES)) == [adapter.kind for adapter in kinds()]


@pytest.mark.parametrize("adapter", kinds(), ids=lambda adapter: adapter.kind)
def test_an_adapter_introduces_itself(adapter: type[Forum]) -> None:
    assert adapter_of(adapter.kind) is adapter
    assert adapter.label
    assert adapter.address_help
    assert all(field.name and field.label and field.help for field in adapter.credential_fields)
    assert all(why.endswith((".", "!")) and len(why) > 10 for why in adapter.cannot.values())
    assert bool(adapter.hook_help) is (Feature.webhook not in adapter.cannot)
    assert not {Feature.reply} & adapter.cannot.keys(), "a forum that cannot be answered is of no use"


def test_a_thread_is_read_with_sides_times_and_order(case: ForumCase, forum: Forum) -> None:
    at = recently(days=1)
    thread_id = case.thread("My step fails", "It *fails*.", at=at)
    for number, (author, text) in enumerate((("ada", "Which version?"), ("ben", "I know this."), ("carla", "Me too."), ("dave", "Same."))):
        case.reply(thread_id, text, author=author, at=at + timedelta(minutes=number + 1))
    thread = forum.read(thread_id)
    assert (thread.external_id, thread.subject, thread.state, thread.private) == (thread_id, "My step fails", ThreadState.open, False)
    assert thread.customer.username == case.known_as("mei")
    assert not thread.opened_by_staff
    roles = [(message.author.username, message.author.role) for message in thread.messages]
    assert roles == [
        (case.known_as("mei"), Role.customer),
        (case.known_as("ada"), Role.staff),
        (case.known_as("ben"), Role.staff),
        (case.known_as("carla"), Role.staff),
        (case.known_as("dave"), Role.customer),
    ]
    numbers = [message.number for message in thread.messages]
    assert numbers[0] == 1 and numbers == sorted(set(numbers))
    assert {message.visibility for message in thread.messages} == {Visibility.public}
    assert "fails" in thread.messages[0].html
    assert len({message.external_id for message in thread.messages}) == 5
    assert thread.answer_number is None and thread.assigned_person is None and thread.assigned_team is None


@for_kinds_that(Act.set_times)
def test_times_are_the_forums_own(case: ForumCase, forum: Forum) -> None:
    at = recently(days=1)
    thread_id = case.thread("My step fails", "It fails.", at=at)
    case.reply(thread_id, "Which version?", author="ada", at=at + timedelta(minutes=4))
    thread = forum.read(thread_id)
    assert thread.created_at == thread.messages[0].created_at == at
    assert thread.changed_at >= at + timedelta(minutes=4)
    assert thread.messages[1].created_at == at + timedelta(minutes=4)


@for_kinds_that(Act.staff_opens)
def test_whoever_opens_a_thread_is_its_customer_even_when_staff(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Asked for a friend", "By phone: it fails.", author="ada")
    case.reply(thread_id, "One moment.", author="ben")
    thread = forum.read(thread_id)
    assert [message.author.role for message in thread.messages] == [Role.customer, Role.staff]
    assert thread.customer.role is Role.customer
    assert thread.opened_by_staff


@for_kinds_that(Act.reply_internally)
def test_an_internal_note_is_told_from_a_reply(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.reply(thread_id, "Only among us.", author="ben", internal=True)
    case.reply(thread_id, "For all.", author="ben")
    assert [message.visibility for message in forum.read(thread_id).messages] == [
        Visibility.public,
        Visibility.internal,
        Visibility.public,
    ]


@pytest.mark.parametrize("over", [-2, -1, 0, 1])
@pytest.mark.parametrize("pages", [1, 2])
def test_a_thread_is_read_whole_around_the_borders_of_pages(case: ForumCase, forum: Forum, pages: int, over: int) -> None:
    # The first message is one of the page's too.
    replies = case.page * pages + over
    thread_id = case.thread("Long", "message 0", at=recently(days=1))
    case.replies(thread_id, replies, start=recently(days=1) + timedelta(minutes=1))
    texts = [_words(message.html) for message in forum.read(thread_id).messages]
    assert texts == [f"message {number}" for number in range(replies + 1)]


def test_a_thread_of_five_thousand_messages_is_read_whole_with_few_calls(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Very long", "message 0", at=recently(days=2))
    case.replies(thread_id, 5_000, start=recently(days=2) + timedelta(minutes=1))
    before = case.requests()
    messages = forum.read(thread_id).messages
    assert [_words(message.html) for message in messages] == [f"message {number}" for number in range(5_001)]
    assert len({message.external_id for message in messages}) == 5_001
    after = case.requests()
    if before is not None and after is not None:
        assert after - before <= 5_001 / case.page + 12


@for_kinds_that(Act.html)
def test_links_and_images_are_absolute(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Picture", "See below.")
    case.html(thread_id, '<p><img src="/uploads/a.png" srcset="/uploads/b.png 2x"><a href="/u/ben">@ben</a></p>')
    html = forum.read(thread_id).messages[-1].html
    assert f'src="{case.url}/uploads/a.png"' in html
    assert f'href="{case.url}/u/ben"' in html
    assert "srcset" not in html


@for_kinds_that(Act.edit)
def test_an_edit_is_seen(case: ForumCase, forum: Forum) -> None:
    at = recently(days=1)
    thread_id = case.thread("Edited", "First.", at=at)
    message_id = case.reply(thread_id, "Second.", at=at)
    case.edit(message_id, "Second, better.")
    first, second = forum.read(thread_id).messages
    assert first.edited_at is None
    assert second.external_id == message_id
    assert second.edited_at is not None
    assert "better" in second.html


@for_kinds_that(Act.delete_message)
def test_a_deleted_message_is_not_shown_any_more(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Regretted", "First.")
    message_id = case.reply(thread_id, "My password is hunter2.")
    case.reply(thread_id, "Third.")
    case.delete_message(message_id)
    messages = forum.read(thread_id).messages
    assert not any("hunter2" in message.html for message in messages)
    assert [_words(message.html) for message in messages if not message.deleted and not message.system] == ["First.", "Third."]


@for_kinds_that(Act.close)
def test_a_closed_thread_is_closed(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Done", "Text.")
    case.close(thread_id)
    assert forum.read(thread_id).state in (ThreadState.closed, ThreadState.resolved)


@for_kinds_that(Act.delete)
def test_a_deleted_thread_is_deleted_or_gone(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Spam", "Buy.")
    case.delete(thread_id)
    try:
        assert forum.read(thread_id).state is ThreadState.deleted
    except GoneError as error:
        assert error.permanent


@for_kinds_that(Act.delete, Act.read_anonymously)
def test_a_deleted_thread_is_gone_for_passers_by(case: ForumCase) -> None:
    thread_id = case.thread("Spam", "Buy.")
    case.delete(thread_id)
    with case.anonymous() as stranger, pytest.raises(GoneError):
        stranger.read(thread_id)


@for_kinds_that(Act.merge)
def test_a_thread_that_was_merged_is_read_as_the_other_one(case: ForumCase, forum: Forum) -> None:
    at = recently(days=1)
    source, target = case.thread("Doubled", "Asked twice.", at=at), case.thread("The first", "Asked once.", at=at)
    moved = case.reply(source, "With a log.", at=at + timedelta(minutes=1))
    case.merge(source, target)
    thread = forum.read(source)
    assert (thread.external_id, thread.subject) == (target, "The first")
    words = {_words(message.html) for message in thread.messages if not message.system}
    assert words >= {"Asked twice.", "Asked once.", "With a log."}
    assert moved in {message.external_id for message in thread.messages}
    assert forum.read(target).messages == thread.messages


@for_kinds_that(Act.private)
def test_a_private_thread_is_read_as_one(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("My invoice", "It has my address on it.", private=True)
    thread = forum.read(thread_id)
    assert thread.private
    assert "my address" in thread.messages[0].html


@for_kinds_that(Act.private, Act.read_anonymously)
def test_a_private_thread_is_gone_for_passers_by(case: ForumCase) -> None:
    thread_id = case.thread("My invoice", "It has my address on it.", private=True)
    with case.anonymous() as stranger, pytest.raises(IntegrationError) as caught:
        stranger.read(thread_id)
    assert caught.value.permanent


@for_kinds_that(Act.verify_email)
def test_only_an_address_that_the_forum_made_sure_of_is_believed(case: ForumCase, forum: Forum) -> None:
    case.person("erin", "erin@customers.example", verified=True)
    case.person("frank", "frank@customers.example", verified=False)
    sure, unsure = case.thread("Sure", "Text.", author="erin"), case.thread("Unsure", "Text.", author="frank")
    assert forum.read(sure).customer.verified_email == "erin@customers.example"
    assert forum.read(unsure).customer.verified_email is None


def test_no_address_is_believed_by_accident(case: ForumCase, forum: Forum) -> None:
    thread = forum.read(case.thread("Mail", "Write to mei@elsewhere.example please."))
    assert thread.customer.verified_email != "mei@elsewhere.example"


@pytest.mark.parametrize(
    "thread_id", ["999999", "no-such", "../about", "..", "1 OR 1=1", "1/../2", "7?x=1", "7#", "%2e%2e", "", "７", "9" * 400]
)
def test_a_thread_that_never_was_is_gone(case: ForumCase, forum: Forum, thread_id: str) -> None:
    case.thread("A thread", "Text.")
    with pytest.raises(GoneError) as caught:
        forum.read(thread_id)
    assert caught.value.permanent


def test_the_address_that_people_copy_is_recognised(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Über Größen & Ähnliches", "Text.")
    assert forum.thread_id_of(case.thread_url(thread_id)) == thread_id
    assert forum.thread_id_of(forum.read(thread_id).url) == thread_id
    assert forum.thread_id_of(f"{case.thread_url(thread_id)}?x=1") == thread_id


@pytest.mark.parametrize("url", ["https://elsewhere.example.org/t/a/1", "", "no address", "http://[", "javascript:alert(1)", "/t/1"])
def test_other_addresses_are_not_recognised(forum: Forum, url: str) -> None:
    assert forum.thread_id_of(url) is None


@for_kinds_that(Act.read_anonymously)
def test_a_passer_by_can_read_and_is_told_what_else_there_would_be(case: ForumCase) -> None:
    thread_id = case.thread("Public", "Text.")
    with case.anonymous() as stranger:
        assert [stub.external_id for stub in stranger.changed_since(None).stubs] == [thread_id]
        assert stranger.read(thread_id).subject == "Public"
        check = stranger.check()
    assert check.acting_as is None
    assert check.problems == ()
    assert Feature.reply not in check.features
    assert check.missing[Feature.reply]
    assert check.features | check.missing.keys() == set(Feature)


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
