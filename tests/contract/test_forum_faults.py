"""Every forum adapter: whatever breaks is one of our errors, says what to do next, and heals."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    UnreachableError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.forums.base import Feature, Forum
from powerup.integrations.forums.registry import open_forum
from tests.contract.forum.asking import calls, elsewhere, everything, recently, secrets_of
from tests.contract.forum.case import Fault, ForumCase
from tests.contract.forum.cases import for_faults, for_kinds_that

EXPECTED: dict[Fault, tuple[type[IntegrationError], ...]] = {
    Fault.server_error: (VendorBrokenError,),
    Fault.html: (VendorBrokenError,),
    Fault.truncated: (VendorBrokenError,),
    Fault.cut_off: (VendorBrokenError, UnreachableError),
    Fault.lost_answer: (UnreachableError,),
    Fault.silent: (VendorTimeoutError,),
    Fault.drip: (VendorTimeoutError,),
    Fault.rate_limited: (RateLimitedError,),
    Fault.forbidden: (NotPermittedError, CredentialsRefusedError, GoneError),
    Fault.gone: (GoneError,),
    Fault.removed: (GoneError,),
    Fault.redirected: (IntegrationError,),
}
PASSING = (
    Fault.server_error, Fault.html, Fault.truncated, Fault.cut_off, Fault.lost_answer, Fault.silent, Fault.drip, Fault.rate_limited
)  # fmt: skip
"""What goes by, so that trying again is worth it."""
QUICK = tuple(fault for fault in Fault if fault not in (Fault.silent, Fault.drip))


def impatient(case: ForumCase, fault: Fault) -> Forum:
    """The adapter, which waits less where nothing will come."""
    policy = case.policy()
    if fault in (Fault.silent, Fault.drip):
        policy = replace(policy, connect_timeout=0.3, read_timeout=0.4)
    return open_forum(case.kind, case.config(case.credentials()), policy)


@for_faults()
def test_what_breaks_while_reading_is_one_of_our_errors_and_heals(case: ForumCase, fault: Fault) -> None:
    thread_id = case.thread("Question", "Text.")
    with impatient(case, fault) as forum:
        if fault in QUICK:
            assert forum.read(thread_id).external_id == thread_id
        case.fault(fault)
        with pytest.raises(EXPECTED[fault]) as caught:
            forum.read(thread_id)
        assert caught.value.permanent is (fault not in PASSING)
        assert caught.value.detail.endswith((".", "?", "!"))
        check = forum.check()
        assert check.problems and not check.features
        assert all(problem.strip().endswith((".", "?", "!", "”")) for problem in check.problems)
        assert check.missing.keys() == set(Feature)
        case.well()
        # Who waits so little is timed out by a busy machine too.
        with nullcontext(forum) if fault in QUICK else case.open() as healed:
            assert healed.read(thread_id).external_id == thread_id
            assert healed.check().problems == ()


@for_faults(*QUICK)
def test_whatever_is_asked_nothing_but_our_errors_comes_out(case: ForumCase, fault: Fault) -> None:
    thread_id = case.thread("Question", "Text.")
    for name, call in calls(thread_id).items():
        # A new connection each time: nothing learnt in a better hour helps.
        with case.open() as forum:
            case.fault(fault)
            with pytest.raises(IntegrationError) as caught:
                call(forum)
            assert caught.value.detail, name
            case.well()
    if fault is not Fault.lost_answer and fault not in (Fault.truncated, Fault.cut_off):
        # Those three let the call be carried out.
        assert case.count(thread_id) == 1


@for_faults(Fault.rate_limited)
def test_who_is_asked_to_wait_waits_as_long_as_asked(case: ForumCase, forum: Forum, fault: Fault) -> None:
    thread_id = case.thread("Question", "Text.")
    case.fault(fault)
    for call in ("read", "changed_since", "history", "post"):
        with pytest.raises(RateLimitedError) as caught:
            calls(thread_id)[call](forum)
        assert not caught.value.permanent
        assert caught.value.retry_after == (None if case.waits is None else pytest.approx(case.waits, abs=1.5))


@for_faults(Fault.server_error, Fault.truncated, Fault.rate_limited, Fault.cut_off)
def test_a_poll_that_broke_off_is_taken_up_where_it_stopped(case: ForumCase, forum: Forum, fault: Fault) -> None:
    thread_id = case.thread("Question", "Text.", at=recently(days=1))
    _, cursor = everything(forum)
    case.reply(thread_id, "More.", at=recently(days=1) + timedelta(hours=1))
    case.fault(fault)
    with pytest.raises(IntegrationError):
        everything(forum, cursor)
    case.well()
    assert everything(forum, cursor)[0] == [thread_id]


@for_faults(Fault.redirected)
def test_no_credential_follows_a_redirect_to_another_host(case: ForumCase, fault: Fault) -> None:
    thread_id = case.thread("Question", "Text.")
    with elsewhere() as (address, seen):
        case.elsewhere = address
        for name, call in calls(thread_id).items():
            with case.open() as forum:
                case.fault(fault)
                with pytest.raises(IntegrationError):
                    call(forum)
                forum.check()
                case.well()
            told = "\n".join(seen)
            assert not any(secret in told for secret in secrets_of(case)), name
            assert "authorization" not in told.lower(), name


# ---- credentials


def _refuses(case: ForumCase, forum: Forum, calls_: dict[str, Callable[[Forum], object]]) -> None:
    check = forum.check()
    assert check.problems and not check.features
    assert check.acting_as is None
    assert check.missing.keys() == set(Feature)
    for name in ("read", "changed_since", "post"):
        with pytest.raises(CredentialsRefusedError) as caught:
            calls_[name](forum)
        assert caught.value.reconnect and caught.value.permanent, name


def test_wrong_credentials_are_explained_and_ask_to_reconnect(case: ForumCase) -> None:
    thread_id = case.thread("Question", "Text.")
    with case.opened(case.wrong_credentials()) as stranger:
        _refuses(case, stranger, calls(thread_id))
    assert case.count(thread_id) == 1


def test_revoked_credentials_ask_to_reconnect(case: ForumCase, forum: Forum) -> None:
    thread_id = case.thread("Question", "Text.")
    assert forum.read(thread_id)
    case.revoke()
    _refuses(case, forum, calls(thread_id))
    assert case.count(thread_id) == 1


# ---- a good connection


def test_a_good_connection_says_who_and_what(case: ForumCase, forum: Forum) -> None:
    check = forum.check()
    assert check.acting_as == case.known_as("ada")
    assert check.problems == ()
    assert check.site_name
    assert check.features.isdisjoint(check.missing)
    assert check.features | check.missing.keys() == set(Feature)
    assert all(why.strip().endswith((".", "!")) for why in check.missing.values())
    assert check.features.isdisjoint(forum.cannot)
    assert Feature.reply in check.features
    assert {feature: check.missing[feature] for feature in forum.cannot} == dict(forum.cannot)


@for_kinds_that(can=[Feature.signed_webhook])
def test_a_signed_webhook_is_a_webhook(forum: Forum) -> None:
    assert Feature.webhook not in forum.cannot


def test_closing_twice_is_harmless(case: ForumCase) -> None:
    with case.open() as forum:
        forum.check()
        forum.close()
    forum.close()
