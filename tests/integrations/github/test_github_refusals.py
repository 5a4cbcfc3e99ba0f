"""What GitHub's refusals mean, by REST and inside a 200 of GraphQL."""

import json

import pytest

from powerup import clock
from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import Draft
from powerup.integrations.forums.github import GitHubForum
from powerup.integrations.github.refusals import graphql_refusal, refusal
from powerup.integrations.http import Answer
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import discussion, stored

DRAFT = Draft("Fixed.", False, "closeloop:d-1")


def answer(status: int, message: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, json.dumps({"message": message}).encode(), "https://api.github.com/x", "GitHub")


@pytest.mark.parametrize("status", [403, 429])
def test_the_primary_limit_names_the_time_when_it_ends(status: int) -> None:
    reset = str(int(clock.now().timestamp()) + 900)
    error = refusal(answer(status, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset=reset))
    assert isinstance(error, RateLimitedError)
    assert not error.permanent
    assert 890 < (error.retry_after or 0) <= 900


@pytest.mark.parametrize("reset", ["99999999999", "soon", "", "-5"])
def test_an_odd_reset_is_bounded(reset: str) -> None:
    error = refusal(answer(403, "", x_ratelimit_remaining="0", x_ratelimit_reset=reset))
    assert isinstance(error, RateLimitedError)
    assert 1 <= (error.retry_after or 0) <= 3_600


def test_the_secondary_limit_is_told_by_its_header_or_by_its_words() -> None:
    by_header = refusal(answer(403, "Slow down", retry_after="7", x_ratelimit_remaining="4990"))
    by_words = refusal(answer(403, "You have exceeded a secondary rate limit.", x_ratelimit_remaining="14"))
    assert isinstance(by_header, RateLimitedError) and by_header.retry_after == 7
    assert isinstance(by_words, RateLimitedError) and by_words.retry_after == 60


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (answer(401, "Bad credentials"), CredentialsRefusedError, "Enter a new one"),
        (answer(403, "Resource not accessible by personal access token"), NotPermittedError, "lacks a permission"),
        (answer(403, "Unable to create comment because issue is locked."), NotPermittedError, "locked"),
        (answer(403, "Denied", x_github_sso="required; url=https://github.com/orgs/x/sso"), NotPermittedError, "single sign-on"),
        (answer(404, "Not Found"), GoneError, "Not Found"),
        (answer(410, "This issue was deleted"), GoneError, "deleted"),
        (answer(422, "Validation Failed"), RejectedError, "Validation Failed"),
        (answer(307, "Moved Permanently"), RejectedError, "another name"),
    ],
)
def test_a_status_is_said_in_plain_words(given: Answer, kind: type[IntegrationError], said: str) -> None:
    error = refusal(given)
    assert type(error) is kind
    assert error.permanent
    assert said in error.detail


def test_a_validation_says_what_was_wrong() -> None:
    body = {"message": "Validation Failed", "errors": [{"resource": "Label", "field": "name", "code": "already_exists"}, "and this"]}
    error = refusal(Answer(422, {}, json.dumps(body).encode(), "https://api.github.com/x", "GitHub"))
    assert error is not None
    assert "name already_exists and this" in error.detail


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}, RateLimitedError),
        ({"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "API rate limit already exceeded"}, RateLimitedError),
        ({"message": "You have exceeded a secondary rate limit."}, RateLimitedError),
        ({"type": "NOT_FOUND", "message": "Could not resolve to a Discussion"}, GoneError),
        ({"type": "FORBIDDEN", "message": "Resource not accessible by personal access token"}, NotPermittedError),
        ({"type": "INSUFFICIENT_SCOPES", "message": "Your token has not been granted the required scopes"}, NotPermittedError),
        ({"type": "UNPROCESSABLE", "message": "Could not mark"}, RejectedError),
        ({"message": "Field 'x' doesn't exist on type 'Y'", "extensions": {"code": "undefinedField"}}, RejectedError),
        ({"message": "Something went wrong while executing your query."}, VendorBrokenError),
        ("nonsense", VendorBrokenError),
    ],
)
def test_an_error_inside_a_200_is_an_error(error: object, kind: type[IntegrationError]) -> None:
    found = graphql_refusal(answer(200), {"data": None, "errors": [error]})
    assert type(found) is kind


def test_an_answer_without_errors_is_none() -> None:
    assert graphql_refusal(answer(200), {"data": {}, "errors": []}) is None


def test_a_limit_inside_a_200_stops_a_discussion(case: GithubCase, talk: GitHubForum) -> None:
    thread_id = discussion(case)
    case.double.graphql_error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
    for ask in (lambda: talk.read(thread_id), lambda: talk.changed_since(None), lambda: talk.post(thread_id, DRAFT, look_first=True)):
        with pytest.raises(RateLimitedError):
            ask()


def test_when_the_hour_is_used_up_the_time_is_known(case: GithubCase, forum: GitHubForum) -> None:
    case.double.remaining = 0
    with pytest.raises(RateLimitedError) as caught:
        forum.changed_since(None)
    assert 1_700 < (caught.value.retry_after or 0) <= 1_800


@pytest.mark.parametrize("kind", ["issue", "discussion"])
def test_a_locked_conversation_is_explained(case: GithubCase, opened: "object", kind: str) -> None:
    thread_id = discussion(case) if kind == "discussion" else case.thread("Locked", "Text.")
    stored(case, thread_id).extra["locked"] = True
    credentials = {"token": case.double.gate.token("mei"), "threads": "both"}
    with GitHubForum(case.config(credentials), case.policy()) as stranger, pytest.raises(NotPermittedError) as caught:
        stranger.post(thread_id, DRAFT, look_first=False)
    assert "locked" in caught.value.detail


def test_a_token_that_may_only_read_is_explained(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Read only", "Text.")
    case.double.read_only, case.double.scopes = True, None
    with pytest.raises(NotPermittedError) as caught:
        forum.post(thread_id, DRAFT, look_first=False)
    assert "lacks a permission" in caught.value.detail
