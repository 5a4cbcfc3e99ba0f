"""A thread's id is the number that people see; the API wants another one."""

import pytest

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.base import Forum
from powerup.integrations.forums.tender import Tender
from tests.contract.forum.tender import TenderCase


def fill(case: TenderCase, count: int) -> list[str]:
    return [case.thread(f"Number {number}", "Text.") for number in range(count)]


def requests_of(case: TenderCase, forum: Forum, thread_id: str) -> int:
    before = case.requests() or 0
    assert forum.read(thread_id).external_id == thread_id
    return (case.requests() or 0) - before


def test_any_of_many_discussions_is_found_with_a_few_requests(case: TenderCase) -> None:
    case.double.per_page = 5
    ids = fill(case, 200)
    for gone in ids[20:60]:
        case.delete(gone)
    with case.open() as forum:
        for thread_id in (ids[0], ids[19], ids[60], ids[100], ids[150], ids[194], ids[195], ids[199]):
            with case.open() as fresh:
                assert requests_of(case, fresh, thread_id) <= 8
        assert requests_of(case, forum, ids[3]) > requests_of(case, forum, ids[3]) == 1


def test_what_was_listed_is_not_looked_for(case: TenderCase, forum: Tender) -> None:
    ids = fill(case, 3)
    forum.changed_since(None)
    assert requests_of(case, forum, ids[0]) == 1


@pytest.mark.parametrize("thread_id", ["9999", "12", "1"])
def test_a_number_that_no_listing_has_is_gone(case: TenderCase, forum: Tender, thread_id: str) -> None:
    case.double.per_page = 2
    ids = fill(case, 9)
    case.delete(ids[1])
    assert ids[1] == "12"
    with pytest.raises(GoneError, match=f"no discussion {thread_id}"):
        forum.read(thread_id)


@pytest.mark.parametrize("thread_id", ["", "0", "-1", "1/2", "../queues", "id:", "id:x", "１２", "9" * 30])
def test_what_can_be_no_id_is_never_sent(case: TenderCase, forum: Tender, thread_id: str) -> None:
    before = case.requests()
    with pytest.raises(GoneError):
        forum.read(thread_id)
    assert case.requests() == before


def test_an_address_of_the_api_leads_to_the_same_thread(case: TenderCase, forum: Tender) -> None:
    (thread_id,) = fill(case, 1)
    alias = forum.thread_id_of(case.double.api("/discussions/15805011"))
    assert alias is not None and alias != thread_id
    assert forum.read(alias).external_id == thread_id


def test_a_listing_in_another_order_is_an_error_and_no_thread_is_called_gone(
    case: TenderCase, forum: Tender, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.double.per_page = 3
    ids = fill(case, 9)
    monkeypatch.setattr("powerup.sandbox.tender.routes_discussions._order", lambda thread, order: -thread.id)
    with pytest.raises(VendorBrokenError, match="oldest"):
        forum.read(ids[5])
