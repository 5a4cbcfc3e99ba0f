"""A real Request Tracker 5: the suite runs on it where it is installed; here, what the suite does not ask."""

from collections.abc import Iterator

import pytest

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Draft, Forum, Visibility
from powerup.integrations.forums.rt.site import Site
from tests.contract.forum.case import Upload
from tests.contract.forum.cases import CASES
from tests.contract.forum.rt_real import RealRtCase
from tests.contract.forum.rt_server import MISSING, is_asked_for, is_installed

pytestmark = [
    pytest.mark.skipif(not is_asked_for(), reason="REAL_RT=0 leaves the real Request Tracker out"),
    pytest.mark.skipif(not is_installed(), reason=MISSING),
]


@pytest.fixture
def real() -> Iterator[RealRtCase]:
    with RealRtCase() as made:
        yield made


@pytest.fixture
def forum(real: RealRtCase) -> Iterator[Forum]:
    with real.open() as opened:
        yield opened


def test_the_suite_runs_on_it_too() -> None:
    assert RealRtCase in CASES


def test_the_mail_that_a_requestor_gets_does_not_hold_our_marker(real: RealRtCase, forum: Forum) -> None:
    thread_id = real.thread("Question", "Text.")
    forum.post(thread_id, Draft("An **answer** for you.", False, "closeloop:d-77"), look_first=False)
    mails = real.mails(thread_id)
    assert any("answer" in mail for mail in mails)
    assert not any("closeloop" in mail for mail in mails)


def test_what_rt_does_by_itself_is_no_line_and_what_people_do_is_one(real: RealRtCase, forum: Forum) -> None:
    thread_id = real.thread("Question", "Text.")
    real.reply(thread_id, "Answer.", author="ben")
    assert [message.system for message in forum.read(thread_id).messages] == [False, False]
    forum.assign(thread_id, person=real.known_as("ben"), team=None)
    forum.resolve(thread_id, message_id=None)
    lines = [message for message in forum.read(thread_id).messages if message.system]
    assert [line.html for line in lines] == ["<p>The owner was changed</p>", "<p>Status changed from open to resolved</p>"]
    assert {line.visibility for line in lines} == {Visibility.internal}


def test_a_file_of_any_bytes_keeps_them(real: RealRtCase, forum: Forum) -> None:
    body = bytes(range(256)) * 300
    thread_id = real.thread("With a file", "See below.", file=Upload("dump.bin", "application/octet-stream", body))
    (attachment,) = forum.read(thread_id).messages[0].attachments
    assert (attachment.name, attachment.size) == ("dump.bin", len(body))
    assert forum.file(attachment.reference).content == body


def test_two_changes_within_a_second_are_two(real: RealRtCase, forum: Forum) -> None:
    thread_id = real.thread("Question", "Text.")
    cursor = forum.changed_since(forum.changed_since(None).cursor).cursor
    for _ in range(3):
        # A poll after each, without waiting for the next second.
        real.reply(thread_id, "More.")
        page = forum.changed_since(cursor)
        assert [stub.external_id for stub in page.stubs] == [thread_id]
        cursor = page.cursor
    assert forum.changed_since(cursor).stubs == ()


def test_a_search_cannot_break_out_of_its_quotes(real: RealRtCase, forum: Forum) -> None:
    thread_id = real.thread('It\'s \\ "quoted"', "The wildcard certificate.")
    real.thread("Another", "Text.")
    assert [stub.external_id for stub in forum.search("it's", limit=5)] == [thread_id]
    for words in ("x' OR id > 0 OR Subject = 'x", "x\\' OR id > 0 OR Subject = \\'x", "CF.{x}", "cf.x", "\\", "'"):
        assert len(forum.search(words, limit=5)) < 2, words


def test_what_never_was_is_gone_though_rt_says_500_to_files(forum: Forum) -> None:
    with pytest.raises(GoneError):
        forum.file("99999999")
    with pytest.raises(GoneError):
        forum.read("99999999")


def test_the_number_in_a_token_is_its_owners(real: RealRtCase) -> None:
    with Site(real.config(real.credentials()), real.policy()) as site:
        assert site.my_name() == real.known_as("ada")
