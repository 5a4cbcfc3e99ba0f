"""What is particular to finding changes: whole seconds, and an account whose pages have holes."""

import json
from datetime import timedelta

import pytest

from powerup import clock
from powerup.integrations.forums.base import Feature, ForumConfig
from powerup.integrations.forums.rt import Rt
from powerup.integrations.forums.rt.query import matching, quoted
from powerup.integrations.forums.rt.urls import site_address, thread_id_in
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.rt.double import RtDouble
from tests.integrations.rt.conftest import POLICY, answered, asked


def poll(forum: Rt, cursor: dict[str, object] | None) -> tuple[list[str], dict[str, object]]:
    """All that is new."""
    found: list[str] = []
    for _ in range(50):
        page = forum.changed_since(cursor)
        found += [stub.external_id for stub in page.stubs]
        cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            break
    assert cursor is not None
    return found, cursor


def test_a_second_change_within_the_same_second_is_found_and_found_once(double: RtDouble, forum: Rt) -> None:
    now = clock.now().replace(microsecond=0)
    double.store.now = lambda: now
    thread_id, other = asked(double), asked(double)
    _, cursor = poll(forum, None)
    answered(double, thread_id, "First.")
    found, cursor = poll(forum, cursor)
    assert found == [thread_id]
    answered(double, thread_id, "Second, in the same second.")
    found, cursor = poll(forum, cursor)
    assert found == [thread_id]
    assert other not in found
    assert poll(forum, cursor)[0] == []


def test_a_change_in_a_ticket_that_was_merged_brings_the_other_one(double: RtDouble, forum: Rt) -> None:
    source, target = asked(double), asked(double)
    _, cursor = poll(forum, None)
    double.store.merge(int(source), int(target))
    found, cursor = poll(forum, cursor)
    assert found == [target]
    assert poll(forum, cursor)[0] == []


def test_without_a_total_the_listing_is_read_to_its_end(double: RtDouble, forum: Rt) -> None:
    double.total_known = False
    at = clock.now() - timedelta(days=2)
    ids = [asked(double, at=at + timedelta(minutes=number)) for number in range(205)]
    cursor, given = None, []
    for _ in range(20):
        page = forum.history(cursor, since=at - timedelta(days=1))
        given += [stub.external_id for stub in page.stubs]
        cursor = page.cursor
        if not page.more:
            break
    assert given == list(reversed(ids))
    assert page.total is None


# ---- what is asked for


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "'plain'"),
        ("it's", "'it\\'s'"),
        ("a\\", "'a\\\\'"),
        ("x' OR id > 0 OR Subject = 'x", "'x\\' OR id > 0 OR Subject = \\'x'"),
        ("CF.{Secret}", "'F.{Secret}'"),
        ("cf.x", "'f.x'"),
        ("CF.CF.x", "'F.CF.x'"),
        ("a\nb\x00", "'ab'"),
        ("\u200bCF.foo", "'F.foo'"),
    ],
)
def test_a_value_never_ends_early_nor_becomes_a_column(value: str, written: str) -> None:
    assert quoted(value) == written


def test_what_is_searched_for_is_every_word() -> None:
    assert matching("  % %% ") is None
    assert matching("#17") == "Type = 'ticket' AND id > 0 AND ((Subject LIKE '#17' OR Content LIKE '#17') OR id = 17)"
    assert (matching("a b") or "").count(" AND (Subject LIKE") == 2


def test_search_finds_by_words_numbers_and_neither_breaks_nor_widens(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double, "The wildcard certificate.", subject="It's 100% expired")
    asked(double)
    for words in ("wildcard", "it's", "EXPIRED wildcard", thread_id):
        assert [stub.external_id for stub in forum.search(words, limit=5)] == [thread_id], words
    for words in ("x' OR id > 0 OR Subject = 'x", "CF.{x}", "\\", "expired nowhere"):
        assert list(forum.search(words, limit=5)) == [], words
    assert list(forum.search("wildcard", limit=0)) == []


# ---- addresses and the check


@pytest.mark.parametrize(
    ("url", "thread_id"),
    [
        ("https://rt.example.org/rt/Ticket/Display.html?id=7", "7"),
        ("http://rt.example.org/rt/Ticket/Display.html?id=7#txn-90", "7"),
        ("https://rt.example.org/rt/Ticket/History.html?ShowHeaders=1&id=7", "7"),
        ("https://rt.example.org/rt/SelfService/Display.html?id=7", "7"),
        ("https://rt.example.org/rt/m/ticket/show?id=7", "7"),
        ("https://rt.example.org/Ticket/Display.html?id=7", None),
        ("https://rt.example.org/rt/Ticket/Display.html?id=7&id=8", None),
        ("https://rt.example.org/rt/Ticket/Display.html?id=x", None),
        ("https://rt.example.org/rt/Ticket/../Admin/index.html?id=7", None),
        ("https://rt.example.org:8443/rt/Ticket/Display.html?id=7", None),
        ("https://rt.example.org@elsewhere.example/rt/Ticket/Display.html?id=7", None),
    ],
)
def test_which_ticket_an_address_means(url: str, thread_id: str | None) -> None:
    assert thread_id_in("https://rt.example.org/rt", url) == thread_id


@pytest.mark.parametrize(
    "given", ["https://rt.example.org/rt/", "https://rt.example.org/rt/REST/2.0/", " https://rt.example.org/rt/index.html?x=1 "]
)
def test_the_address_is_the_sites_own(given: str) -> None:
    assert site_address(given) == "https://rt.example.org/rt"


@pytest.mark.parametrize(
    ("right", "features"),
    [
        ("ReplyToTicket", {Feature.reply}),
        ("CommentOnTicket", {Feature.internal_note}),
        ("ModifyTicket", {Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag}),
    ],
)
def test_the_check_reads_our_rights_from_a_ticket(double: RtDouble, forum: Rt, right: str, features: set[Feature]) -> None:
    asked(double)
    before = forum.check().missing.keys()
    double.denied.add(right)
    check = forum.check()
    assert check.missing.keys() - before == features
    assert all(right in check.missing[feature] for feature in features)


def test_the_check_names_what_the_settings_have_wrong(double: RtDouble, config: ForumConfig) -> None:
    credentials = {**config.credentials, "intake": "Nowhere"}
    with Rt(ForumConfig(config.base_url, credentials, staff_groups=frozenset({"unknown"})), POLICY) as forum:
        problems = forum.check().problems
    assert [word for word in ("Nowhere", "unknown") if not any(word in problem for problem in problems)] == []
    double.denied.add("AdminGroupMembership")
    with Rt(ForumConfig(config.base_url, config.credentials, staff_groups=frozenset({"support"})), POLICY) as forum:
        assert any("AdminGroupMembership" in problem for problem in forum.check().problems)


def test_a_customers_account_is_no_good(double: RtDouble, config: ForumConfig) -> None:
    with Rt(ForumConfig(config.base_url, double.credentials("mei")), POLICY) as forum:
        assert any("privileged" in problem for problem in forum.check().problems)


def test_the_cursor_of_a_long_sweep_holds_what_it_gave_out(double: RtDouble, forum: Rt) -> None:
    at = clock.now() - timedelta(seconds=90)
    for number in range(130):
        double.store.open_thread("x", NewPost("mei", "x", at=at + timedelta(milliseconds=number)))
    found, cursor = poll(forum, None)
    assert len(found) == len(set(found)) == 130
    assert poll(forum, cursor)[0] == []
