"""Reading issues: what is none of ours, what has gone elsewhere, who is who."""

from typing import Any

import pytest

from powerup.integrations.errors import GoneError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, Role, ThreadState
from powerup.integrations.forums.github import GitHubForum
from powerup.sandbox.desk.models import Thread
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import answer, pull_request, questions, stored


def test_a_pull_request_is_no_thread(case: GithubCase, forum: GitHubForum) -> None:
    issue, pull = case.thread("An issue", "Text."), pull_request(case)
    assert [stub.external_id for stub in forum.changed_since(None).stubs] == [issue]
    with pytest.raises(GoneError, match="pull request"):
        forum.read(f"issue-{pull.id}")
    with pytest.raises(GoneError, match="pull request"):
        forum.post(f"issue-{pull.id}", Draft("Hello.", False, "m-1"), look_first=False)
    assert len(case.store.posts_of(pull.id)) == 1


def test_a_discussion_is_no_issue_of_that_number(case: GithubCase, forum: GitHubForum) -> None:
    number = case.store.threads[case.double.thread_id(case.thread("An issue", "Text."))].id
    with pytest.raises(GoneError):
        forum.read(f"discussion-{number}")


def test_a_deleted_issue_is_gone(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Deleted", "Text.")
    case.delete(thread_id)
    with pytest.raises(GoneError) as caught:
        forum.read(thread_id)
    assert caught.value.http_status == 410


def test_an_issue_that_was_transferred_is_gone_with_its_new_place(case: GithubCase, forum: GitHubForum) -> None:
    thread_id, other = case.thread("Elsewhere", "Text."), case.thread("There", "Text.")
    real = case.double.shapes.issue

    def foreign(thread: Thread, *, media: str = "full") -> dict[str, Any]:
        """The double has one repository; the answer behind the redirect says that it is of another."""
        return {**real(thread, media=media), "html_url": f"{case.url}/northwind/other/issues/7"}

    case.double.shapes.issue = foreign  # type: ignore[method-assign]  # see there
    case.double.transfer(case.double.thread_id(thread_id), f"{case.double.api_url}/issues/{other.rpartition('-')[2]}")
    with pytest.raises(GoneError, match="transferred to northwind/other") as caught:
        forum.read(thread_id)
    assert caught.value.permanent


def test_a_redirect_within_the_repository_is_its_new_name(case: GithubCase, forum: GitHubForum) -> None:
    thread_id, other = case.thread("Old address", "Text."), case.thread("New address", "Text.")
    case.double.transfer(case.double.thread_id(thread_id), f"{case.double.api_url}/issues/{other.rpartition('-')[2]}")
    assert forum.read(thread_id).subject == "New address"


def test_an_issue_that_was_converted_is_read_as_its_discussion(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Is it a bug?", "Text.")
    case.reply(thread_id, "No, a question.", author="ada")
    number = case.double.convert(case.double.thread_id(thread_id))
    thread = forum.read(thread_id)
    assert thread.external_id == f"discussion-{number}"
    assert [message.author.username for message in thread.messages] == ["mei", "ada"]


def test_a_locked_issue_is_read_as_itself_also_where_the_question_is_refused(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Locked", "Text.")
    stored(case, thread_id).extra["locked"] = True
    assert forum.read(thread_id).external_id == thread_id
    case.double.graphql_error = {"message": "Field 'timelineItems' doesn't exist", "extensions": {"code": "undefinedField"}}
    assert forum.read(thread_id).external_id == thread_id


def test_an_issue_that_is_open_to_all_costs_no_such_question(case: GithubCase, forum: GitHubForum) -> None:
    forum.read(case.thread("Open", "Text."))
    assert questions(case, path="/api/graphql") == 0


@pytest.mark.parametrize(
    ("reason", "state"),
    [("completed", ThreadState.resolved), ("not_planned", ThreadState.closed), ("duplicate", ThreadState.closed), ("", ThreadState.closed)],
)
def test_why_an_issue_is_closed_says_whether_it_is_resolved(case: GithubCase, forum: GitHubForum, reason: str, state: ThreadState) -> None:
    thread_id = case.thread("Closed", "Text.")
    stored(case, thread_id).extra["state_reason"] = reason
    case.close(thread_id)
    assert forum.read(thread_id).state is state


@pytest.mark.parametrize(
    ("association", "role"),
    [("OWNER", Role.staff), ("MEMBER", Role.staff), ("COLLABORATOR", Role.staff), ("CONTRIBUTOR", Role.customer),
     ("FIRST_TIME_CONTRIBUTOR", Role.customer), ("NONE", Role.customer), ("SOMETHING_NEW", Role.customer)],
)  # fmt: skip
def test_the_association_says_the_side(case: GithubCase, forum: GitHubForum, association: str, role: Role) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.add_person("zoe").extra["association"] = association
    case.reply(thread_id, "Hello.", author="zoe")
    assert forum.read(thread_id).messages[-1].author.role is role


def test_members_of_a_named_team_are_staff_and_asked_for_once(case: GithubCase, forum: GitHubForum) -> None:
    case.store.person("ben").extra["association"] = "NONE"  # type: ignore[union-attr]  # the case made him
    for _ in range(2):
        thread_id = case.thread("Question", "Text.")
        case.reply(thread_id, "Answer.", author="ben")
        assert forum.read(thread_id).messages[-1].author.role is Role.staff
    assert questions(case, path="/teams/support/members") == 1


def test_a_bot_answers_nobody(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.add_person("stale[bot]").extra["type"] = "Bot"
    seen = case.reply(thread_id, "Me.")
    case.reply(thread_id, "This looks stale.", author="stale[bot]")
    message = forum.read(thread_id).messages[-1]
    assert (message.system, message.author.role) == (True, Role.staff)
    assert forum.post(thread_id, Draft("Not at all.", False, "m-1", after=seen), look_first=False)


def test_what_a_bot_opens_is_a_customers_thread(case: GithubCase, forum: GitHubForum) -> None:
    case.store.add_person("intake[bot]").extra["type"] = "Bot"
    thread = forum.read(case.thread("From the form", "Text.", author="intake[bot]"))
    assert (thread.messages[0].system, thread.customer.role, thread.opened_by_staff) == (False, Role.customer, False)


def test_an_account_that_was_deleted_is_a_ghost(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.", author="dave")
    case.store.person("dave").extra["ghost"] = True  # type: ignore[union-attr]  # the case made him
    thread = forum.read(thread_id)
    assert (thread.customer.username, thread.customer.external_id) == ("ghost", "ghost")


def test_threads_of_a_private_repository_are_private(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Secret", "Text.")
    assert not forum.read(thread_id).private
    case.double.is_private = True
    assert forum.read(thread_id).private
    with GitHubForum(case.config({}), case.policy()) as stranger, pytest.raises(GoneError):
        stranger.read(thread_id)


def test_an_issue_without_a_text_is_read(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Only a title", "x")
    case.double.shapes.text = lambda post, media: {"body": None}  # type: ignore[method-assign]  # as GitHub says of an empty text
    assert forum.read(thread_id).messages[0].html == ""


def test_a_comment_of_somebody_else_in_the_same_second_overtakes(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    now = case.store.now()
    seen = case.reply(thread_id, "One.", at=now)
    case.reply(thread_id, "Two.", at=now, author="dave")
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Late.", False, "m-1", after=seen), look_first=False)
    with pytest.raises(OvertakenError):
        forum.post(thread_id, Draft("Late.", False, "m-1", after=thread_id), look_first=False)


def test_our_own_comments_are_known_without_a_user(case: GithubCase, forum: GitHubForum) -> None:
    """An app's installation has no GET /user."""
    case.double.is_installation = True
    thread_id = case.thread("Question", "Text.")
    draft = Draft("Answer.", False, "m-1", after=thread_id)
    first = forum.post(thread_id, draft, look_first=False)
    assert forum.post(thread_id, draft, look_first=True).external_id == first.external_id


def test_a_text_that_is_too_long_is_refused_in_githubs_words(case: GithubCase, forum: GitHubForum) -> None:
    with pytest.raises(RejectedError, match="too_long"):
        forum.post(case.thread("Long", "Text."), Draft("x" * 70_000, False, "m-1"), look_first=False)


def test_the_marker_is_kept_in_the_source_and_shown_to_nobody(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.post(thread_id, Draft("Answer.", False, "closeloop:m-7"), look_first=False)
    assert "<!-- closeloop:m-7 -->" in case.store.posts_of(case.double.thread_id(thread_id))[-1].text
    assert "m-7" not in forum.read(thread_id).messages[-1].html
    assert answer(case, thread_id, "Thanks.")
