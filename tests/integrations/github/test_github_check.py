""" "Test connection": who we are, what the repository and the token lack, and how to mend it."""

import pytest

from powerup.integrations.forums.base import Feature
from powerup.integrations.forums.github import GitHubForum
from tests.contract.forum.github import GithubCase
from tests.integrations.github.conftest import Open

NEVER = {Feature.internal_note, Feature.acknowledge}
WRITING = {Feature.reply, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag}


def test_all_is_well(opened: Open) -> None:
    check = opened(threads="both").check()
    assert (check.site_name, check.acting_as, check.problems) == ("northwind/support", "ada", ())
    assert check.missing.keys() == NEVER
    assert check.features == frozenset(Feature) - NEVER


def test_a_passer_by_reads(case: GithubCase) -> None:
    with GitHubForum(case.config({}), case.policy()) as stranger:
        check = stranger.check()
    assert (check.acting_as, check.problems) == (None, ())
    assert check.missing.keys() == NEVER | WRITING
    assert "token" in check.missing[Feature.reply]


def test_without_a_role_there_are_replies_alone(case: GithubCase) -> None:
    with GitHubForum(case.config({"token": case.double.gate.token("mei")}), case.policy()) as mei:
        check = mei.check()
    assert check.missing.keys() == NEVER | WRITING - {Feature.reply}
    assert "mei has no role" in check.missing[Feature.tag]


@pytest.mark.parametrize(
    ("scopes", "private", "lacks"),
    [("read:org", False, "public_repo"), ("public_repo", True, "“repo”"), ("public_repo", False, ""), ("repo", True, ""), ("", True, "")],
)
def test_a_classic_token_says_what_it_is_for(case: GithubCase, forum: GitHubForum, scopes: str, private: bool, lacks: str) -> None:
    case.double.scopes, case.double.is_private = scopes, private
    missing = forum.check().missing
    assert missing.keys() == (NEVER | WRITING if lacks else NEVER)
    assert lacks in missing.get(Feature.reply, "")


def test_an_archived_repository_is_read_only(case: GithubCase, forum: GitHubForum) -> None:
    case.double.is_archived = True
    assert "archived" in forum.check().missing[Feature.reply]


def test_a_list_that_is_switched_off_is_a_problem(case: GithubCase, opened: Open) -> None:
    case.double.has_issues = case.double.has_discussions = False
    problems = opened(threads="both").check().problems
    assert [problem.split(" ")[0] for problem in problems] == ["Issues", "Discussions"]
    assert all("settings" in problem for problem in problems)


def test_discussions_have_no_assignees(opened: Open) -> None:
    check = opened(threads="discussions").check()
    assert "no assignees" in check.missing[Feature.assign_person]
    assert Feature.assign_team in check.features


def test_a_repository_that_was_renamed_is_a_problem(case: GithubCase, forum: GitHubForum) -> None:
    real = case.double.shapes.repository
    case.double.shapes.repository = lambda **more: {**real(**more), "full_name": "northwind/help"}  # type: ignore[method-assign]
    check = forum.check()
    assert check.site_name == "northwind/help"
    assert "northwind/help" in check.problems[0]


def test_a_repository_that_is_hidden_or_misspelt_is_a_problem(case: GithubCase, forum: GitHubForum) -> None:
    case.double.is_private = True
    with GitHubForum(case.config({}), case.policy()) as stranger:
        assert "public repository" in stranger.check().problems[0]
    case.double.base_url = lambda: f"{case.url}/northwind/typo"  # type: ignore[method-assign]
    with GitHubForum(case.config(case.credentials()), case.policy()) as astray:
        check = astray.check()
    assert "check the address" in check.problems[0]
    assert check.missing.keys() == set(Feature)


def test_an_installations_token_is_somebody_too(case: GithubCase, forum: GitHubForum) -> None:
    case.double.is_installation = True
    assert forum.check().acting_as == "ada"
