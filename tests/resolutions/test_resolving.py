"""Marking how a problem was resolved: once, whoever comes at once; and the customers are told."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from powerup.db.engine import Database
from powerup.errors import AlreadyResolvedError, InvalidError, NotFoundError
from powerup.forums.models import Forum
from powerup.links.actions import link
from powerup.outbox import actions as outbox
from powerup.outbox.models import Delivery
from powerup.resolutions import actions, queries
from powerup.resolutions.actions import Marking
from powerup.resolutions.models import Resolution
from powerup.resolutions.rules import Type, evidence
from powerup.threads import ThreadState
from powerup.tickets.models import Ticket
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import set_slack
from tests import factories
from tests.factories import BY_ADA, BY_BEN, SEALER, Rows

MARKING = Marking(Type.code_fix, "https://git.test/pull/7", "Raised the limit.", "It is fixed in 4.2.", "request-1")


@pytest.fixture
def made(database: Database) -> Rows:
    """A card with two linked threads, the second of them closed."""
    with database.write() as session:
        rows = factories.rows(session)
        for external_id, state in (("1", ThreadState.open), ("2", ThreadState.closed)):
            ticket = factories.ticket(session, rows, external_id, state=state)
            link(session, rows.card, ticket, by=BY_ADA, max_attempts=3, attach=False)
        return rows


def resolve(database: Database, made: Rows, marking: Marking = MARKING) -> Resolution:
    with database.write() as session:
        return actions.resolve(session, made.card, marking, by=BY_ADA, max_attempts=3)[0]


def kinds(database: Database, state: str = "pending") -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Delivery.kind).where(Delivery.state == state).order_by(Delivery.id)))


def send(database: Database) -> list[str]:
    """Settle all that is due as done, as the worker does; the kinds in their order."""
    sent: list[str] = []
    while True:
        with database.write() as session:
            delivery = outbox.claim(session, worker="w", lease_seconds=60)
            if delivery is None:
                return sent
            outbox.settle_done(session, delivery, {})
            if delivery.kind == "forum_reply":
                actions.note_told(session, delivery.resolution_id or 0)
            sent.append(delivery.kind)


def test_every_open_thread_is_answered_and_solved_and_the_card_is_told(database: Database, made: Rows) -> None:
    resolve(database, made)
    assert sorted(kinds(database)) == ["forum_reply", "forum_reply", "forum_resolve", "trello_comment"]


def test_the_loop_is_closed_when_the_last_customer_was_told(database: Database, made: Rows) -> None:
    standing = resolve(database, made)
    with database.read() as session:
        assert queries.told(session, standing.id) == queries.Told(0, 2)
    sent = send(database)
    assert sent.index("forum_reply") < sent.index("forum_resolve")
    with database.read() as session:
        assert queries.told(session, standing.id) == queries.Told(2, 2)
        assert session.get_one(Resolution, standing.id).state == "customers_told"


def test_without_a_message_nobody_is_told(database: Database, made: Rows) -> None:
    resolve(database, made, replace(MARKING, message="  "))
    assert sorted(kinds(database)) == ["forum_resolve", "trello_comment"]


def test_what_the_forum_cannot_do_and_deleted_threads_are_left_out(database: Database) -> None:
    with database.write() as session:
        rows = factories.rows(session, can=("reply",))
        for external_id, state in (("1", ThreadState.open), ("2", ThreadState.deleted)):
            link(session, rows.card, factories.ticket(session, rows, external_id, state=state), by=BY_ADA, max_attempts=3, attach=False)
    resolve(database, rows)
    assert sorted(kinds(database)) == ["forum_reply", "trello_comment"]


def test_a_connected_slack_channel_hears_of_it(database: Database, made: Rows) -> None:
    with database.write() as session:
        workspace = workspaces.workspace(session, made.workspace_id)
        set_slack(session, workspace, "https://hooks.slack.com/services/T/B/X", sealer=SEALER, by=BY_ADA)
    resolve(database, made)
    assert "slack_alert" in kinds(database)


def test_the_second_person_is_told_who_was_first(database: Database, made: Rows) -> None:
    resolve(database, made)
    with database.write() as session, pytest.raises(AlreadyResolvedError) as caught:
        actions.resolve(session, made.card, replace(MARKING, request_id="request-2"), by=BY_BEN, max_attempts=3)
    assert caught.value.extra["by"] == BY_ADA.id
    assert caught.value.extra["resolution_type"] == "code_fix"


def test_the_same_request_sent_again_is_the_same_resolution(database: Database, made: Rows) -> None:
    first = resolve(database, made)
    with database.write() as session:
        again, is_new = actions.resolve(session, made.card, MARKING, by=BY_ADA, max_attempts=3)
    assert (again.id, is_new) == (first.id, False)
    assert len(kinds(database)) == 4


def test_changing_replaces_the_row_and_what_had_not_gone_out(database: Database, made: Rows) -> None:
    first = resolve(database, made)
    with database.write() as session:
        second = actions.change(session, made.card, Marking(Type.docs, None, None, None, "request-2"), by=BY_BEN, max_attempts=3)
    assert len(kinds(database, "cancelled")) == 4
    with database.read() as session:
        ended = session.get_one(Resolution, first.id)
        assert (ended.ended_how, ended.ended_by) == ("changed", BY_BEN.id)
        standing = queries.of_card(session, made.workspace_id, made.card.id)
        assert standing is not None and (standing.id, standing.type) == (second.id, "docs")


def test_withdrawing_stops_the_messages_and_the_card_can_be_resolved_again(database: Database, made: Rows) -> None:
    resolve(database, made)
    with database.write() as session:
        actions.withdraw(session, made.card, by=BY_BEN)
    assert kinds(database) == []
    with database.write() as session, pytest.raises(NotFoundError):
        actions.withdraw(session, made.card, by=BY_BEN)
    resolve(database, made, replace(MARKING, request_id="request-3"))


def test_two_people_resolve_at_once_and_exactly_one_succeeds(database: Database, made: Rows) -> None:
    start, faults, lock = threading.Barrier(4), list[type[BaseException]](), threading.Lock()

    def work(number: int) -> None:
        start.wait(10)
        try:
            with database.write() as session:
                marking = replace(MARKING, request_id=f"request-{number}")
                actions.resolve(session, made.card, marking, by=BY_ADA if number % 2 else BY_BEN, max_attempts=3)
        except BaseException as error:
            with lock:
                faults.append(type(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert faults == [AlreadyResolvedError] * 3
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Resolution)) == 1
    assert len(kinds(database)) == 4


def test_a_foreign_workspace_has_no_resolution_here(database: Database, made: Rows) -> None:
    resolve(database, made)
    with database.write() as session:
        theirs = factories.rows(session, 2)
        assert queries.of_card(session, theirs.workspace_id, made.card.id) is None
        assert session.scalar(select(func.count()).select_from(Ticket).where(Ticket.workspace_id == theirs.workspace_id)) == 0


NO_ADDRESSES = ["pull/7", "javascript:alert(1)", "ftp://host/x", "https://", "https://a b", "http://[", "https://a/\x00"]
NO_ADDRESSES.append("https://" + "a" * 2000)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_evidence_that_is_no_web_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidError) as caught:
        evidence(url)
    assert caught.value.extra["errors"][0]["field"] == "evidence_url"  # type: ignore[index]


@pytest.mark.parametrize("url", [None, "", "  "])
def test_no_evidence_is_none(url: str | None) -> None:
    assert evidence(url) is None


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_evidence_check(text: str) -> None:
    try:
        tidy = evidence(text)
    except InvalidError:
        return
    assert tidy is None or tidy.startswith(("http://", "https://")) or tidy.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(("can", "wanted", "expected"), [(("tag",), True, ["code-fix"]), (("tag",), False, []), ((), True, [])])
def test_threads_are_tagged_where_the_forum_can_and_somebody_wants_it(
    database: Database, made: Rows, can: tuple[str, ...], wanted: bool, expected: list[str]
) -> None:
    with database.write() as session:
        forum = session.get_one(Forum, made.forum.id)
        forum.features, forum.options = {"can": list(can), "missing": {}}, {"tag_resolved": wanted}
    resolve(database, made)
    with database.read() as session:
        orders = session.scalars(select(Delivery.payload).where(Delivery.kind == "forum_tag")).all()
    assert [payload["add"] for payload in orders] == [expected] * 2 * bool(expected)
    assert all(sorted(payload["remove"]) == ["docs", "ui-change"] for payload in orders)
