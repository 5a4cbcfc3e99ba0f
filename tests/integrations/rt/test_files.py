"""What is particular to files: base64 in JSON, a 500 for what never was."""

import pytest

from powerup.integrations.errors import GoneError, RejectedError
from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.rt import Rt
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.rt.double import RtDouble
from tests.integrations.rt.conftest import asked


def filed(double: RtDouble, body: bytes) -> str:
    """A ticket with a file."""
    file = double.store.add_file("a.bin", "application/octet-stream", body)
    return double.thread_key(double.store.open_thread("x", NewPost("mei", "x", file_ids=(file.id,))).id)


def test_a_file_keeps_its_name_its_kind_and_its_bytes(double: RtDouble, forum: Rt) -> None:
    body = bytes(range(256)) * 40
    (attachment,) = forum.read(filed(double, body)).messages[0].attachments
    assert (attachment.name, attachment.content_type, attachment.size) == ("a.bin", "application/octet-stream", len(body))
    file = forum.file(attachment.reference)
    assert (file.name, file.content_type, file.content) == ("a.bin", "application/octet-stream", body)


def test_a_file_that_never_was_is_gone_though_rt_says_500(double: RtDouble, forum: Rt) -> None:
    with pytest.raises(GoneError) as caught:
        forum.file("99999")
    assert caught.value.permanent


def test_a_file_of_a_comment_that_is_hidden_from_us_is_gone(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    file = double.store.add_file("a.txt", "text/plain", b"x")
    double.store.add_post(int(thread_id), NewPost("ben", "note", internal=True, file_ids=(file.id,)))
    reference = forum.read(thread_id).messages[-1].attachments[0].reference
    double.denied.add("ShowTicketComments")
    with pytest.raises(GoneError):
        forum.file(reference)


def test_as_much_is_read_as_the_policy_allows_though_base64_is_longer(double: RtDouble, config: ForumConfig) -> None:
    policy = HttpPolicy(1.0, 2.0, ("127.0.0.1",), max_bytes=200_000)
    fits, too_large, far_too_large = (filed(double, b"x" * size) for size in (200_000, 200_001, 900_000))
    with Rt(config, policy) as forum:
        assert len(forum.file(forum.read(fits).messages[0].attachments[0].reference).content) == 200_000
        for thread_id in (too_large, far_too_large):
            with pytest.raises(RejectedError) as caught:
                forum.file(forum.read(thread_id).messages[0].attachments[0].reference)
            assert caught.value.permanent


def test_texts_too_long_for_one_answer_are_read_in_smaller_ones(double: RtDouble, config: ForumConfig) -> None:
    thread_id = asked(double, html=f"<p>{'a' * 30_000}</p>")
    for _ in range(12):
        double.store.add_post(int(thread_id), NewPost("mei", "x", html=f"<p>{'b' * 30_000}</p>"))
    with Rt(config, HttpPolicy(1.0, 2.0, ("127.0.0.1",), max_bytes=100_000)) as forum:
        messages = forum.read(thread_id).messages
    assert [len(message.html) for message in messages] == [30_007] * 13


def test_a_text_that_is_too_long_by_itself_is_passed_by(double: RtDouble, config: ForumConfig) -> None:
    thread_id = asked(double, "Before.")
    double.store.add_post(int(thread_id), NewPost("mei", "x", html=f"<p>{'b' * 300_000}</p>"))
    double.store.add_post(int(thread_id), NewPost("mei", "After."))
    with Rt(config, HttpPolicy(1.0, 2.0, ("127.0.0.1",), max_bytes=100_000)) as forum:
        messages = forum.read(thread_id).messages
    assert [message.html[:20] for message in messages] == ["<p>Before.</p>", "", "<p>After.</p>"]
