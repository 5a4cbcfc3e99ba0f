"""Files: links are asked for anew, and our token goes nowhere else."""

from dataclasses import replace

import pytest

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.tender import Tender
from powerup.sandbox.common.faults import FaultPlan
from tests.contract.forum.asking import elsewhere, recently, secrets_of
from tests.contract.forum.case import Upload
from tests.contract.forum.tender import TenderCase

LOG = Upload("deploy.log", "text/plain", b"line one")


@pytest.mark.parametrize("replies", [0, 29, 30, 65])
def test_a_file_is_found_on_its_page(case: TenderCase, forum: Tender, replies: int) -> None:
    thread_id = case.thread("Long", "Text.", at=recently(days=2))
    case.replies(thread_id, replies, start=recently(days=1))
    case.reply(thread_id, "See the log.", file=LOG)
    reference = forum.read(thread_id).messages[-1].attachments[0].reference
    assert reference == f"{thread_id}#{replies + 2}/0"
    file = forum.file(reference)
    assert (file.name, file.content_type, file.content) == ("deploy.log", "text/plain", b"line one")


def test_a_file_is_found_when_comments_before_it_went(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Long", "Text.")
    case.replies(thread_id, 35, start=recently(hours=1))
    case.reply(thread_id, "See the log.", file=LOG)
    for number in range(2, 20):
        case.delete_message(f"{thread_id}#{number}")
    assert forum.file(f"{thread_id}#37/0").content == b"line one"


@pytest.mark.parametrize(
    "reference",
    ["", "1", "11#1", "11#1/-1", "11#1/x", "../11#1/0", "http://x.test/", "11#1/0?x", "11#1/0\n", "id:1#1/0", "/attachments/1/deploy.log"],
)
def test_what_is_no_reference_is_never_sent(case: TenderCase, forum: Tender, reference: str) -> None:
    case.thread("Question", "Text.", file=LOG)
    before = case.requests()
    with pytest.raises(GoneError):
        forum.file(reference)
    assert case.requests() == before


@pytest.mark.parametrize("reference", ["11#1/1", "11#2/0", "11#99/0", "12#1/0"])
def test_a_file_that_is_not_there_is_gone(case: TenderCase, forum: Tender, reference: str) -> None:
    case.thread("Question", "Text.", file=LOG)
    case.reply("11", "No file here.")
    with pytest.raises(GoneError):
        forum.file(reference)


@pytest.mark.parametrize(
    "place", ["http://10.0.0.1", "http://localhost", "ftp://files.test", "javascript:alert(1)//", "https://files.test:99999", "https://[x"]
)
def test_a_link_elsewhere_without_encryption_is_not_followed(case: TenderCase, forum: Tender, place: str) -> None:
    thread_id = case.thread("Question", "Text.", file=LOG)
    case.double.stored_elsewhere = place
    with pytest.raises((RejectedError, GoneError)):
        forum.file(f"{thread_id}#1/0")


def test_a_file_that_lies_elsewhere_is_fetched_without_our_token(case: TenderCase) -> None:
    thread_id = case.thread("Question", "Text.", file=Upload("page.html", "text/html", b"x"))
    policy = replace(case.policy(), private_hosts=("127.0.0.1", "localhost"))
    with elsewhere() as (url, seen), Tender(case.config(case.credentials()), policy) as forum:
        case.double.redirects_files = url.replace("127.0.0.1", "localhost")
        assert forum.file(f"{thread_id}#1/0").content == b"{}"
    assert len(seen) == 1
    assert not any(secret in line for line in seen for secret in secrets_of(case))


@pytest.mark.parametrize("status", [401, 403])
def test_a_file_that_our_token_does_not_open_says_nothing_of_the_token(case: TenderCase, forum: Tender, status: int) -> None:
    thread_id = case.thread("Question", "Text.", file=LOG)
    case.double.faults.set(FaultPlan(fail_every=1, status=status, path_contains="/attachments/"))
    with pytest.raises(NotPermittedError, match="signed in") as caught:
        forum.file(f"{thread_id}#1/0")
    assert not caught.value.reconnect


def test_a_page_that_asks_to_sign_in_is_no_file(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.", file=LOG)
    case.double.faults.set(FaultPlan(body="html", status=200, path_contains="/attachments/"))
    with pytest.raises(NotPermittedError, match="signed in"):
        forum.file(f"{thread_id}#1/0")
