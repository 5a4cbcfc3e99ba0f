"""Every forum adapter: files reach our members, and a file's address never leads anywhere else."""

import pytest

from powerup.integrations.errors import GoneError, IntegrationError
from powerup.integrations.forums.base import Feature, Forum
from tests.contract.forum.asking import elsewhere, secrets_of
from tests.contract.forum.case import Act, Fault, ForumCase, Upload
from tests.contract.forum.cases import for_kinds_that

LOG = Upload("deploy log (1).txt", "text/plain", b"line one\nline two \xf0\x9f\x98\x80\x00\xff\n" * 200)
PICTURE = Upload("screen.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


@for_kinds_that(Act.attach, can=[Feature.attachments])
def test_a_file_at_the_foot_of_a_message_is_fetched(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a log", "See below.", file=LOG)
    case.reply(thread_id, "Without one.")
    first, second = forum.read(thread_id).messages
    assert second.attachments == ()
    (attachment,) = first.attachments
    assert attachment.name == LOG.name
    assert attachment.shown_as is None
    assert attachment.size in (None, len(LOG.body))
    assert attachment.content_type in (None, "text/plain")
    file = forum.file(attachment.reference)
    assert file.content == LOG.body
    assert file.name
    assert b"line one" not in repr(file).encode()


@for_kinds_that(Act.attach, can=[Feature.attachments])
def test_references_are_stable_and_each_is_its_own(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a log", "See below.", file=LOG)
    case.reply(thread_id, "Mine is longer.", author="dave", file=Upload("b.txt", "text/plain", b"another"))
    one, other = (message.attachments[0] for message in forum.read(thread_id).messages)
    assert one.reference != other.reference
    assert [message.attachments[0].reference for message in forum.read(thread_id).messages] == [one.reference, other.reference]
    assert forum.file(other.reference).content == b"another"
    for attachment in (one, other):
        assert 0 < len(attachment.reference) <= 1_000
        assert not any(secret in attachment.reference for secret in secrets_of(case))


@for_kinds_that(Act.attach, can=[Feature.attachments])
@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\temp\\x.txt", 'a"b.txt', "ä ö.txt"])
def test_a_name_is_no_path(case: ForumCase, forum: Forum, name: str) -> None:
    thread_id = case.thread("With a log", "See below.", file=Upload(name, "text/plain", b"x"))
    for attachment in forum.read(thread_id).messages[0].attachments:
        assert attachment.name and "/" not in attachment.name and "\\" not in attachment.name


@for_kinds_that(Act.inline_image, can=[Feature.attachments])
def test_a_picture_in_the_text_is_fetched_and_known_by_its_address(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a picture", "Text.")
    case.picture(thread_id, PICTURE)
    message = forum.read(thread_id).messages[-1]
    (attachment,) = message.attachments
    assert attachment.shown_as is not None
    assert f'src="{attachment.shown_as}"' in message.html.replace("&amp;", "&")
    assert forum.file(attachment.reference).content == PICTURE.body


@for_kinds_that(Act.html, can=[Feature.attachments])
def test_other_peoples_pictures_are_no_attachments(case: ForumCase, forum: Forum) -> None:
    with elsewhere() as (address, seen):
        thread_id = case.thread("With a picture", "Text.")
        case.html(thread_id, f'<p><img src="{address}/a.png"><img src="file:///etc/passwd"><img src="http://169.254.169.254/latest/"></p>')
        for attachment in forum.read(thread_id).messages[-1].attachments:
            with pytest.raises(IntegrationError):
                forum.file(attachment.reference)
        assert seen == []


@for_kinds_that(can=[Feature.attachments])
@pytest.mark.parametrize(
    "reference",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://elsewhere.example.org/uploads/a.png",
        "//elsewhere.example.org/uploads/a.png",
        "/\\elsewhere.example.org/uploads/a.png",
        "file:///etc/passwd",
        "gopher://127.0.0.1/1",
        "../../admin/users.json",
        "/uploads/../admin/users.json",
        "/uploads/%2e%2e/admin/users.json",
        "/uploads/%252e%252e/admin/users.json",
        "..",
        "",
        " ",
        "\r\nHost: elsewhere.example.org",
        "a" * 5_000,
    ],
)
def test_a_foreign_reference_is_refused_and_nothing_is_asked(case: ForumCase, forum: Forum, reference: str) -> None:
    before = case.requests()
    with pytest.raises(IntegrationError) as caught:
        forum.file(reference)
    assert caught.value.permanent
    assert case.requests() == before


@for_kinds_that(Act.attach, can=[Feature.attachments])
def test_another_host_is_never_asked_for_a_file(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a log", "See below.", file=LOG)
    reference = forum.read(thread_id).messages[0].attachments[0].reference
    with elsewhere() as (address, seen):
        for foreign in (reference.replace(case.url, address), f"{address}/{reference}", f"{address}#{reference}", f"{reference}@{address}"):
            if foreign != reference:
                with pytest.raises(IntegrationError):
                    forum.file(foreign)
        assert seen == []


@for_kinds_that(Act.attach, can=[Feature.attachments], suffer=[Fault.redirected])
def test_no_credential_goes_to_where_a_file_is_stored(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a log", "See below.", file=LOG)
    reference = forum.read(thread_id).messages[0].attachments[0].reference
    with elsewhere() as (address, seen):
        case.elsewhere = address
        case.fault(Fault.redirected)
        try:
            assert forum.file(reference).content != LOG.body
        except IntegrationError as error:
            assert error.detail
        told = "\n".join(seen)
        assert not any(secret in told for secret in secrets_of(case))
        assert "authorization" not in told.lower()


@for_kinds_that(Act.attach, can=[Feature.attachments], suffer=[Fault.gone])
def test_a_file_that_is_not_there_any_more_is_gone(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("With a log", "See below.", file=LOG)
    reference = forum.read(thread_id).messages[0].attachments[0].reference
    case.fault(Fault.gone)
    with pytest.raises(GoneError):
        forum.file(reference)
