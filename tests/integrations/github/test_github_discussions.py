"""Discussions, which are had by GraphQL alone."""

from datetime import timedelta

import pytest

from powerup import clock
from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, HookKind, Role, ThreadState
from powerup.integrations.forums.github import GitHubForum
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.desk.store import NewPost
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import answer, discussion, questions, stored
from tests.integrations.github.conftest import Open


def test_a_discussion_is_read_in_the_order_of_time(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    number, at = case.double.thread_id(thread_id), clock.now()
    first = case.store.add_post(number, NewPost("ada", "Which version?", at + timedelta(minutes=1)))
    case.store.add_post(number, NewPost("dave", "Same here.", at + timedelta(minutes=3)))
    case.store.add_post(number, NewPost("mei", "4.2.", at + timedelta(minutes=2), extra={"parent": first.id}))
    thread = talk.read(thread_id)
    assert [message.author.username for message in thread.messages] == ["mei", "ada", "mei", "dave"]
    assert [message.number for message in thread.messages] == [1, 2, 3, 4]
    assert [message.author.role for message in thread.messages] == [Role.customer, Role.staff, Role.customer, Role.customer]
    assert thread.messages[0].external_id == thread_id
    assert thread.url == case.thread_url(thread_id) and talk.thread_id_of(thread.url) == thread_id


def test_more_comments_and_replies_than_one_page_holds(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    number, at = case.double.thread_id(thread_id), clock.now()
    with case.store.lock:
        parents = [case.store.add_post(number, NewPost("mei", f"comment {one}", at + timedelta(seconds=one))) for one in range(105)]
        for one in range(125):
            case.store.add_post(
                number, NewPost("dave", f"reply {one}", at + timedelta(hours=1, seconds=one), extra={"parent": parents[3].id})
            )
    messages = talk.read(thread_id).messages
    assert len(messages) == 1 + 105 + 125
    assert len({message.external_id for message in messages}) == len(messages)
    assert "reply 124" in messages[-1].html
    assert questions(case, path="/api/graphql") == 3 + 2


def test_a_deleted_comment_with_replies_stays_as_one(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    gone = case.store.add_post(case.double.thread_id(thread_id), NewPost("dave", "Rude."))
    answer(case, thread_id, "Please.", author="ada", parent=gone.id)
    case.store.delete_post(gone.id)
    messages = talk.read(thread_id).messages
    assert [(message.deleted, "Rude" in message.html) for message in messages] == [(False, False), (True, False), (False, False)]


@pytest.mark.parametrize(("reason", "deleted"), [("spam", True), ("abuse", True), ("off-topic", False), ("outdated", False)])
def test_what_was_hidden_as_spam_is_not_shown(case: GithubCase, talk: GitHubForum, reason: str, deleted: bool) -> None:
    thread_id = discussion(case)
    answer(case, thread_id, "Buy this.", author="dave", minimized=reason)
    message = talk.read(thread_id).messages[-1]
    assert (message.deleted, message.html == "") == (deleted, deleted)


def test_the_answer_of_a_category_that_knows_answers(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    answer(case, thread_id, "No idea.", author="dave")
    right = answer(case, thread_id, "Like this.", author="ada")
    for _ in range(2):
        talk.resolve(thread_id, message_id=right)
    thread = talk.read(thread_id)
    assert (thread.state, thread.answer_number) == (ThreadState.resolved, 3)
    assert stored(case, thread_id).extra.get("state_reason") is None, "it was not closed as well"


@pytest.mark.parametrize("message", ["", "itself", "elsewhere", "nonsense"])
def test_without_an_answer_that_can_be_one_it_is_closed_as_resolved(case: GithubCase, talk: GitHubForum, message: str) -> None:
    thread_id = discussion(case)
    elsewhere = answer(case, discussion(case), "In another one.")
    given = {"": None, "itself": thread_id, "elsewhere": elsewhere, "nonsense": "DC_kwDO-nonsense"}[message]
    for _ in range(2):
        talk.resolve(thread_id, message_id=given)
    assert (stored(case, thread_id).extra["state_reason"], stored(case, thread_id).answer_id) == ("RESOLVED", None)
    assert talk.read(thread_id).state is ThreadState.resolved


def test_in_a_category_without_answers_it_is_closed_as_resolved(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case, answerable=False)
    talk.resolve(thread_id, message_id=answer(case, thread_id, "Like this.", author="ada"))
    thread = talk.read(thread_id)
    assert (thread.state, thread.answer_number) == (ThreadState.resolved, None)


def test_closed_as_outdated_is_closed(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    case.close(thread_id)
    assert talk.read(thread_id).state is ThreadState.closed


def test_a_reply_is_written_once(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    draft = Draft("Like this.", False, "closeloop:m-1", after=thread_id)
    first = talk.post(thread_id, draft, look_first=False)
    answer(case, thread_id, "Thanks.")
    again = talk.post(thread_id, draft, look_first=True)
    assert (again.external_id, again.url, again.found_again) == (first.external_id, first.url, True)
    assert case.count(thread_id) == 3
    assert talk.read(thread_id).messages[1].external_id == first.external_id


def test_a_reply_whose_answer_was_lost_is_found_again(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    draft = Draft("Like this.", False, "closeloop:m-1")
    # The first question reads, the second writes.
    case.double.faults.set(FaultPlan(lose_answer_every=2, path_contains="/api/graphql"))
    with pytest.raises(IntegrationError) as caught:
        talk.post(thread_id, draft, look_first=False)
    case.well()
    assert caught.value.sent and not caught.value.permanent
    assert case.count(thread_id) == 2
    assert talk.post(thread_id, draft, look_first=True).found_again
    assert case.count(thread_id) == 2


def test_a_marker_that_somebody_else_quotes_is_not_ours(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    answer(case, thread_id, "You said: <!-- closeloop:m-1 -->")
    assert not talk.post(thread_id, Draft("Like this.", False, "closeloop:m-1"), look_first=True).found_again


def test_what_others_wrote_meanwhile_stops_a_reply(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    seen = answer(case, thread_id, "One more thing.")
    assert talk.post(thread_id, Draft("Yes?", False, "m-1", after=seen), look_first=False)
    assert talk.post(thread_id, Draft("Hm?", False, "m-2", after=seen), look_first=False), "our own does not stop us"
    answer(case, thread_id, "And another.", author="dave")
    with pytest.raises(OvertakenError) as caught:
        talk.post(thread_id, Draft("Late.", False, "m-3", after=seen), look_first=False)
    assert not caught.value.sent
    with pytest.raises(OvertakenError):
        talk.post(thread_id, Draft("Late.", False, "m-4", after="DC_kwDO-deleted"), look_first=False)


def test_nobody_is_assigned_to_a_discussion_but_a_team_can_own_it(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case, tags=["bug"])
    for team in (None, "support"):
        with pytest.raises(RejectedError, match="no assignees on discussions") as caught:
            talk.assign(thread_id, person="ben", team=team)
        assert not caught.value.sent
    assert talk.read(thread_id).assigned_team is None
    for team in ("support", "support", "billing"):
        talk.assign(thread_id, person=None, team=team)
        thread = talk.read(thread_id)
        assert (thread.assigned_team, thread.assigned_person, thread.tags) == (team, None, ("bug",))
    talk.assign(thread_id, person=None, team=None)
    assert talk.read(thread_id).assigned_team is None


def test_labels_come_and_go(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case, tags=["bug"])
    for _ in range(2):
        talk.tag(thread_id, add=["Question", "brand new"], remove=["nowhere"])
    assert sorted(talk.read(thread_id).tags) == ["brand new", "bug", "question"]
    talk.tag(thread_id, add=[], remove=["BUG", "brand new"])
    assert talk.read(thread_id).tags == ("question",)


def test_a_discussion_that_is_gone_is_gone_everywhere(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    case.delete(thread_id)
    asks = (
        lambda: talk.read(thread_id),
        lambda: talk.post(thread_id, Draft("Hello.", False, "m-1"), look_first=False),
        lambda: talk.tag(thread_id, add=["bug"], remove=[]),
        lambda: talk.resolve(thread_id, message_id=None),
        lambda: talk.assign(thread_id, person=None, team="support"),
    )
    for ask in asks:
        with pytest.raises(GoneError):
            ask()


def test_without_a_token_there_are_none_and_nothing_is_asked(case: GithubCase) -> None:
    with GitHubForum(case.config({"threads": "discussions"}), case.policy()) as stranger:
        with pytest.raises(CredentialsRefusedError, match="enter a token") as caught:
            stranger.changed_since(None)
        assert caught.value.reconnect and not caught.value.sent
        assert "enter a token" in " ".join(stranger.check().problems)


def test_both_lists_are_tickets_where_both_are_chosen(case: GithubCase, opened: Open) -> None:
    issue, talked = case.thread("An issue", "login fails"), discussion(case, "A discussion", "login fails")
    both = opened(threads="both")
    page = both.changed_since(None)
    assert {stub.external_id for stub in page.stubs} == {issue, talked}
    answer(case, talked, "More.")
    later = both.changed_since(page.cursor)
    assert [stub.external_id for stub in later.stubs] == [talked]
    assert not both.changed_since(later.cursor).stubs
    assert {stub.external_id for stub in both.search("login", limit=5)} == {issue, talked}
    assert len(both.search("login", limit=1)) == 1


def test_history_of_both_lists_comes_page_by_page(case: GithubCase, opened: Open) -> None:
    at = clock.now() - timedelta(days=30)
    with case.store.lock:
        for one in range(130):
            for kind in ("issue", "discussion"):
                case.store.open_thread(f"{kind} {one}", NewPost("mei", "Text.", at + timedelta(hours=one)), kind=kind)
    both, cursor, found = opened(threads="both"), None, list[str]()
    for _ in range(10):
        page = both.history(cursor, since=at + timedelta(hours=10))
        found += [stub.external_id for stub in page.stubs]
        cursor = page.cursor
        if not page.more:
            break
    assert len(found) == len(set(found)) == 240
    assert page.total == 260


@pytest.mark.parametrize(("threads", "kind"), [("issues", HookKind.ignored), ("discussions", HookKind.thread), ("both", HookKind.thread)])
def test_a_webhook_of_a_list_that_is_no_tickets_is_ignored(case: GithubCase, opened: Open, threads: str, kind: HookKind) -> None:
    thread_id = discussion(case)
    headers, body = case.hook(thread_id, "a-hook-secret")
    hook = opened(threads=threads).hook(headers, body)
    assert (hook.kind, hook.thread_id) == (kind, thread_id if kind is HookKind.thread else None)
