"""Assignees and labels of issues: what GitHub silently leaves out, and whose labels are left alone."""

import pytest

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.github import GitHubForum
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import questions, stored
from tests.integrations.github.conftest import Open


@pytest.mark.parametrize("person", ["nobody-of-that-name", "dave"])
def test_a_username_that_github_leaves_out_is_refused_in_words(case: GithubCase, forum: GitHubForum, person: str) -> None:
    """Dave exists and has no access; GitHub answers 201 in both cases."""
    thread_id = case.thread("Question", "Text.")
    with pytest.raises(RejectedError, match=f"“{person}”") as caught:
        forum.assign(thread_id, person=person, team=None)
    assert caught.value.permanent
    assert stored(case, thread_id).assigned_person is None


def test_an_account_that_may_not_assign_is_refused_in_words(case: GithubCase) -> None:
    thread_id = case.thread("Question", "Text.")
    with GitHubForum(case.config({"token": case.double.gate.token("mei")}), case.policy()) as mei, pytest.raises(RejectedError):
        mei.assign(thread_id, person="ben", team=None)


def test_the_new_person_takes_the_place_of_all_others(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    thread = stored(case, thread_id)
    thread.assigned_person, thread.extra["assignees"] = "ada", ["Ben"]
    forum.assign(thread_id, person="BEN", team=None)
    assert [person.username for person in case.double.rows.assignees(thread)] == ["ben"]
    forum.assign(thread_id, person=None, team=None)
    assert case.double.rows.assignees(thread) == []


def test_a_teams_label_is_made_and_the_old_one_goes(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.tag(thread_id, add=["bug", "teamwork"], remove=[])
    for team in ("support", "Deploy & Run", "Deploy & Run"):
        forum.assign(thread_id, person=None, team=team)
    thread = forum.read(thread_id)
    assert (thread.assigned_team, sorted(thread.tags)) == ("Deploy & Run", ["bug", "teamwork"])
    assert "team:Deploy & Run" in case.double.labels
    assert questions(case, "POST", "/support/labels", 201) == 3, "each label was made once: teamwork and the two teams'"


def test_the_prefix_is_the_admins_choice(case: GithubCase, opened: Open) -> None:
    thread_id = case.thread("Question", "Text.")
    mine = opened(team_prefix="queue/")
    mine.tag(thread_id, add=["queue/Old", "team:other"], remove=[])
    mine.assign(thread_id, person=None, team="billing")
    thread = mine.read(thread_id)
    assert (thread.assigned_team, thread.tags) == ("billing", ("team:other",))


def test_a_label_in_another_case_is_the_same(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    forum.tag(thread_id, add=["BUG", "bug"], remove=[])
    assert forum.read(thread_id).tags == ("bug",)
    forum.tag(thread_id, add=["Bug"], remove=["question"])
    assert questions(case, "POST", f"/issues/{case.double.thread_id(thread_id)}/labels") == 1
    assert questions(case, "DELETE") == 0, "what is not on is not taken off"


def test_a_label_that_somebody_else_made_meanwhile_is_found(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    known, asked = case.double.rows.label, []

    def late(name: str) -> str | None:
        asked.append(name)
        if len(asked) == 1:
            case.double.labels["late"] = "ededed"
            return None
        return known(name)

    case.double.rows.label = late  # type: ignore[method-assign]  # between our question and our making it
    forum.tag(thread_id, add=["late"], remove=[])
    assert forum.read(thread_id).tags == ("late",)


def test_who_may_not_make_labels_is_told_what_to_do(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.double.labels_are_fixed = True
    with pytest.raises(NotPermittedError, match="make it on GitHub"):
        forum.assign(thread_id, person=None, team="support")
    case.double.labels["team:support"] = ""
    forum.assign(thread_id, person=None, team="support")
    assert forum.read(thread_id).assigned_team == "support"


def test_a_label_that_is_too_long_is_refused_before_anything_is_asked(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    with pytest.raises(RejectedError) as caught:
        forum.tag(thread_id, add=["x" * 51], remove=[])
    assert not caught.value.sent
    assert questions(case) == 0


def test_what_is_closed_is_left_as_it_was_closed(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Duplicate", "Text.")
    stored(case, thread_id).extra["state_reason"] = "duplicate"
    case.close(thread_id)
    forum.resolve(thread_id, message_id=None)
    assert stored(case, thread_id).extra["state_reason"] == "duplicate"
    assert questions(case, "PATCH") == 0


def test_an_issue_that_stays_open_is_not_called_resolved(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Question", "Text.")
    case.store.change = lambda *_, **__: None  # type: ignore[method-assign, assignment]  # answers 200 and does nothing
    with pytest.raises(NotPermittedError, match="left the issue open"):
        forum.resolve(thread_id, message_id=None)


def test_marks_on_what_is_gone_are_refused(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Gone", "Text.")
    case.delete(thread_id)
    with pytest.raises(GoneError):
        forum.assign(thread_id, person="ben", team="support")
