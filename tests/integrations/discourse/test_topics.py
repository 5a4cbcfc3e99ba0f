"""What Discourse does to topics: mail, moving, tags, files; through the double and over real sockets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from powerup import clock
from powerup.integrations.errors import GoneError, NotPermittedError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, Feature, Forum, ThreadState
from powerup.integrations.forums.discourse.uploads import attachments_in
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.contract.forum.case import Upload
from tests.contract.forum.discourse import DiscourseCase

LOG = Upload("a log.txt", "text/plain", b"line one\n")


@pytest.fixture
def case() -> Iterator[DiscourseCase]:
    with DiscourseCase() as made:
        yield made


@pytest.fixture
def forum(case: DiscourseCase) -> Iterator[Forum]:
    with case.open() as opened:
        yield opened


def call(case: DiscourseCase, path: str, **values: Any) -> requests.Response:
    """What a moderator does in the browser."""
    return requests.post(case.url + path, json=values, headers=case.double.headers("ada"), timeout=5)


def topic(case: DiscourseCase, thread_id: str) -> Topic:
    return case.store.rows.topics[int(thread_id)]


# ---- merged and split


def test_a_merge_through_the_api_is_followed_and_ids_stay(case: DiscourseCase, forum: Forum) -> None:
    source, target = case.thread("Doubled", "Asked twice."), case.thread("The first", "Asked once.")
    moved = case.reply(source, "With a log.")
    assert call(case, f"/t/{source}/merge-topic.json", destination_topic_id=int(target)).json()["url"].endswith(f"/{target}")
    assert topic(case, source).closed
    thread = forum.read(source)
    assert thread.external_id == target
    assert [message.number for message in thread.messages] == [1, 2, 3]
    assert moved in {message.external_id for message in thread.messages}


def test_a_merge_of_a_merge_is_followed_to_its_end(case: DiscourseCase, forum: Forum) -> None:
    one, two, three = (case.thread(f"Thread number {number}", f"Text {number}.") for number in range(3))
    case.merge(one, two)
    case.merge(two, three)
    assert forum.read(one).external_id == three


def test_a_merged_thread_is_found_by_its_change(case: DiscourseCase, forum: Forum) -> None:
    source, target = case.thread("Doubled", "Asked twice."), case.thread("The first", "Asked once.")
    cursor = forum.changed_since(None).cursor
    case.merge(source, target)
    assert {source, target} <= {stub.external_id for stub in forum.changed_since(cursor).stubs}


def test_a_split_thread_keeps_the_rest_even_when_it_is_closed_later(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Two questions", "The first question.")
    moved = case.reply(thread_id, "And another question.", author="dave")
    answer = call(case, f"/t/{thread_id}/move-posts.json", title="Another question", post_ids=[int(moved)]).json()
    other = forum.thread_id_of(case.url + answer["url"])
    assert other is not None and other != thread_id
    case.close(thread_id)
    rest = forum.read(thread_id)
    assert (rest.external_id, rest.state) == (thread_id, ThreadState.closed)
    assert [message.system for message in rest.messages] == [False, True]
    split = forum.read(other)
    assert [message.external_id for message in split.messages] == [moved]
    assert split.customer.username == "dave"


def test_what_was_merged_into_a_thread_that_is_not_for_us_is_read_as_what_is_left(case: DiscourseCase, forum: Forum) -> None:
    source = case.thread("Doubled", "Asked twice.")
    hidden = case.store.add_topic(NewTopic("Secret", NewPost("ben", "x"), archetype="private_message", allowed_users=["ben"]))
    case.merge(source, str(hidden.id))
    assert forum.read(source).external_id == source


def test_somebody_who_only_links_from_a_closed_thread_merges_nothing(case: DiscourseCase, forum: Forum) -> None:
    source, target = case.thread("One", "Text."), case.thread("Other", "Text.")
    case.html(source, f'<p>See <a href="/t/other/{target}">there</a>.</p>')
    case.close(source)
    assert forum.read(source).external_id == source


# ---- mail


def test_a_thread_that_came_by_mail_to_a_group(case: DiscourseCase, forum: Forum) -> None:
    case.store.add_user("erin_mail", "Erin", staged=True)
    first = NewPost("erin_mail", "It fails.\n\nErin", via_email=True)
    made = case.store.add_topic(NewTopic("It fails", first, archetype="private_message", allowed_groups=["support"]))
    assert str(made.id) in {stub.external_id for stub in forum.changed_since(None).stubs}
    thread = forum.read(str(made.id))
    assert (thread.private, thread.customer.username, thread.customer.verified_email) == (True, "erin_mail", None)
    posted = forum.post(thread.external_id, Draft("We are on it.", False, "closeloop:d-1"), look_first=False)
    assert forum.read(thread.external_id).messages[-1].external_id == posted.external_id


def test_private_messages_between_others_are_never_read(case: DiscourseCase, forum: Forum) -> None:
    first = NewPost("ben", "Only for you.")
    made = case.store.add_topic(NewTopic("Between us", first, archetype="private_message", allowed_users=["ben", "mei"]))
    with pytest.raises(GoneError, match="private message"):
        forum.read(str(made.id))
    assert str(made.id) not in {stub.external_id for stub in forum.changed_since(None).stubs}


# ---- tags


def test_tags_are_written_as_discourse_writes_them(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Tagged", "Text.")
    topic(case, thread_id).tags = ["Kept", "old"]
    for _ in range(2):
        forum.tag(thread_id, add=["Needs  Docs!", "a very long tag that is cut"], remove=["OLD"])
    assert topic(case, thread_id).tags == ["kept", "needs-docs", "a-very-long-tag-that"]
    forum.tag(thread_id, add=[], remove=["kept", "needs-docs", "a-very-long-tag-that"])
    assert topic(case, thread_id).tags == []


def test_a_tag_that_is_dropped_without_a_word_is_an_error(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Tagged", "Text.")
    case.store.options = case.store.options.model_copy(update={"tagging": False})
    with pytest.raises(RejectedError, match="billing"):
        forum.tag(thread_id, add=["billing"], remove=[])
    assert "tagging enabled" in forum.check().missing[Feature.tag]


# ---- files


def test_a_file_that_is_only_for_members_is_fetched_with_our_key(case: DiscourseCase, forum: Forum) -> None:
    case.store.options = case.store.options.model_copy(update={"login_for_files": True})
    thread_id = case.thread("With a log", "See below.", file=LOG)
    (attachment,) = forum.read(thread_id).messages[0].attachments
    assert requests.get(case.url + attachment.reference, timeout=5).status_code == 404
    file = forum.file(attachment.reference)
    assert (file.name, file.content_type, file.content) == (LOG.name, LOG.content_type, LOG.body)
    with case.anonymous() as stranger, pytest.raises(GoneError):
        stranger.file(attachment.reference)


def test_emoji_avatars_and_pictures_of_others_are_no_attachments(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Pictures", "Text.")
    case.html(
        thread_id,
        '<p><img src="/images/emoji/twitter/x.png" class="emoji" alt=":x:"><img src="/user_avatar/forum/mei/48/1.png">'
        '<img src="https://elsewhere.example/uploads/a.png"><img src="//cdn.example/original/1X/b.png">'
        '<a href="/uploads/short-url/no-attachment.pdf">a link</a></p>',
    )
    assert forum.read(thread_id).messages[-1].attachments == ()


# ---- very large topics


def test_a_topic_too_large_for_a_list_of_its_posts_is_read_and_answered_all_the_same(case: DiscourseCase, forum: Forum) -> None:
    case.store.options = case.store.options.model_copy(update={"mega_topic_posts": 30})
    thread_id = case.thread("Very long", "message 0")
    case.replies(thread_id, 65, start=clock.now())
    messages = forum.read(thread_id).messages
    assert [message.number for message in messages] == list(range(1, 67))
    draft = Draft("Answer.", False, "closeloop:d-4", after=messages[-2].external_id)
    with pytest.raises(OvertakenError):
        forum.post(thread_id, draft, look_first=False)
    draft = replace(draft, after=messages[-1].external_id)
    once = forum.post(thread_id, draft, look_first=False)
    assert forum.post(thread_id, draft, look_first=True).external_id == once.external_id
    assert case.count(thread_id) == 67


# ---- closed, archived, deleted


def test_staff_may_answer_in_a_closed_thread_and_others_are_told_why_not(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Closed", "Text.")
    case.close(thread_id)
    forum.post(thread_id, Draft("One more thing.", False, "closeloop:d-2"), look_first=False)
    with case.open(api_username="dave") as dave, pytest.raises((RejectedError, NotPermittedError), match="closed") as caught:
        dave.post(thread_id, Draft("Me too.", False, "closeloop:d-3"), look_first=False)
    assert caught.value.permanent


def test_a_post_that_its_author_took_back_is_deleted(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Regretted", "Text.")
    message_id = case.reply(thread_id, "My password is hunter2.")
    case.store.delete_post(int(message_id), by_author=True)
    message = next(message for message in forum.read(thread_id).messages if message.external_id == message_id)
    assert message.deleted and message.html == ""


def test_assigning_a_person_takes_the_place_of_a_team_and_back(case: DiscourseCase, forum: Forum) -> None:
    thread_id = case.thread("Whose", "Text.")
    for person, team in (("ben", None), (None, "support"), ("Ben", None), (None, None), (None, None)):
        forum.assign(thread_id, person=person, team=team)
        thread = forum.read(thread_id)
        assert (thread.assigned_person, thread.assigned_team) == (person.lower() if person else None, team)


@pytest.mark.parametrize("port", ["99999", "x", "-1"])
def test_an_address_that_cannot_be_is_no_file_and_no_failure(port: str) -> None:
    place = f"https://forum.example:{port}/uploads/a.png"
    assert attachments_in(f'<img src="{place}"><a class="attachment" href="{place}">a</a>', "https://forum.example") == ()
