"""Changes, history, and discussions by state."""

from datetime import timedelta

import pytest

from powerup.integrations.forums.tender import Tender
from powerup.integrations.forums.tender.listing import discussions
from powerup.integrations.forums.tender.site import Batch
from powerup.sandbox.common.faults import FaultPlan
from tests.contract.forum.asking import everything, past, recently
from tests.contract.forum.tender import TenderCase


def numbers(forum: Tender, state: str) -> set[str]:
    return {str(row["number"]) for row in discussions(forum._site, 1, state=state).rows}


def test_discussions_are_listed_by_state(case: TenderCase, forum: Tender) -> None:
    new, answered, owned, resolved, gone = (case.thread(name, "Text.") for name in ("New", "Answered", "Owned", "Resolved", "Gone"))
    case.reply(answered, "Try this.", author="ada")
    forum.assign(owned, person="Ben", team=None)
    forum.resolve(resolved, message_id=None)
    case.delete(gone)
    assert numbers(forum, "") == {new, answered, owned, resolved}
    assert numbers(forum, "new") == {new}
    assert numbers(forum, "open") == {answered, owned}
    assert numbers(forum, "assigned") == {owned}
    assert numbers(forum, "resolved") == {resolved}
    assert numbers(forum, "deleted") == {gone}
    assert numbers(forum, "pending") == {new, owned}
    forum.acknowledge(new)
    assert numbers(forum, "pending") == {owned}
    with pytest.raises(ValueError, match="no state"):
        numbers(forum, "../queues")


@pytest.mark.parametrize("change", ["assign", "team", "resolve", "note", "title", "private"])
def test_what_no_webhook_tells_is_found_by_looking(case: TenderCase, forum: Tender, change: str) -> None:
    thread_id, _other = case.thread("Question", "Text."), case.thread("Other", "Text.")
    _, cursor = everything(forum)
    assert everything(forum, cursor)[0] == []
    match change:
        case "assign":
            forum.assign(thread_id, person="Ben", team=None)
        case "team":
            forum.assign(thread_id, person=None, team="support")
        case "resolve":
            forum.resolve(thread_id, message_id=None)
        case "note":
            case.reply(thread_id, "For us.", author="ben", internal=True, at=recently(hours=-1))
        case "title":
            case.store.change(int(thread_id), subject="A better title")
        case _:
            case.store.change(int(thread_id), private=True)
    found, cursor = everything(forum, cursor)
    assert found == [thread_id]
    assert everything(forum, cursor)[0] == []


def test_what_is_deleted_is_given_out_once_and_not_what_was_before(case: TenderCase, forum: Tender) -> None:
    before, after = case.thread("Before", "Text."), case.thread("After", "Text.")
    case.delete(before)
    found, cursor = everything(forum)
    assert found == [after]
    case.delete(after)
    found, cursor = everything(forum, cursor)
    assert found == [after]
    assert everything(forum, cursor)[0] == []


def test_an_account_that_may_not_see_the_deleted_still_finds_changes(case: TenderCase, forum: Tender) -> None:
    thread_id = case.thread("Question", "Text.")
    case.double.faults.set(FaultPlan(fail_every=1, status=404, path_contains="/deleted"))
    assert everything(forum)[0] == [thread_id]


@pytest.mark.parametrize("ignored", [True, False])
def test_history_looks_at_times_itself(case: TenderCase, forum: Tender, ignored: bool) -> None:
    case.double.ignores_since, case.double.per_page = ignored, 4
    at = recently(hours=1)
    ids = [case.thread(str(hours), "Text.", at=at - timedelta(hours=hours)) for hours in range(0, 96, 4)]
    since = at - timedelta(hours=44)
    assert [stub.external_id for stub in past(forum, since=since)] == ids[:12]


def test_history_says_how_much_there_is(case: TenderCase, forum: Tender) -> None:
    for _ in range(3):
        case.thread("Question", "Text.")
    assert forum.history(None, since=recently(days=1)).total == 3


@pytest.mark.parametrize(
    ("batch", "more"),
    [
        (Batch([{}] * 30, 1, 31, 30), True),
        (Batch([{}] * 30, 1, 30, 30), False),
        (Batch([], 2, 100, 30), False),
        (Batch([{}] * 7, 1, 61, 30), True),
        (Batch([{}] * 30, 1, None, 30), True),
        (Batch([{}] * 29, 1, None, 30), False),
    ],
)
def test_the_count_says_whether_there_is_more(batch: Batch, more: bool) -> None:
    assert batch.has_more is more


def test_a_collection_that_never_ends_is_left(case: TenderCase, forum: Tender, monkeypatch: pytest.MonkeyPatch) -> None:
    same = Batch([{"href": "x/1"}], 1, 900, 1)
    monkeypatch.setattr(forum._site, "page", lambda *_, **__: same)
    assert len(list(forum._site.pages("/queues", "named_queues"))) == 1
