"""Who we are on GitHub and what the repository lets us do.

Source: https://docs.github.com/en/rest/repos/repos#get-a-repository: `permissions` says what the account may do, `has_issues`,
`has_discussions`, `archived`. It does not say what a fine-grained token may do: that shows only when it is refused
(`X-Accepted-GitHub-Permissions`). A classic token names its scopes in `X-OAuth-Scopes`
(https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps): `repo`, or `public_repo` for public repositories.
"""

from collections.abc import Mapping
from typing import Any

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError
from powerup.integrations.forums.base import Check, Feature
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.ownership import NO_ASSIGNEES
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import Answer, maybe, need

Json = dict[str, Any]

_WRITING = (Feature.reply, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag)
_MANAGING = (Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag)
_NEEDS_TOKEN = "We only read here: enter a token."  # noqa: S105 - a sentence, not a token
_TRIAGE = ("triage", "push", "maintain", "admin")


def check(client: GitHub, settings: Settings, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    name, problems = client.repository.full_name, list[str]()
    try:
        answer = client.answer(client.repository.path)
        repository = need(answer.json(), "", dict, vendor=VENDOR)
        name = need(repository, "full_name", str, vendor=VENDOR)
        login = client.login() if client.signed_in else None
        problems += _lists(client, settings, repository)
    except IntegrationError as error:
        problems.append(_explained(client, error))
        missing = {feature: "Not known until the connection works." for feature in Feature}
        return Check(name, None, frozenset(), {**missing, **cannot}, tuple(problems))
    if name.lower() != client.repository.full_name.lower():
        problems.append(f"The repository is called {name} by now: enter its new address, or replies and webhooks will fail.")
    missing = {**_missing(client, settings, repository, answer, login), **cannot}
    return Check(name, login, frozenset(Feature) - missing.keys(), missing, tuple(problems))


def _lists(client: GitHub, settings: Settings, repository: Json) -> list[str]:
    """Whether what shall be tickets is there and open to us."""
    problems: list[str] = []
    if settings.issues and repository.get("has_issues") is False:
        problems.append("Issues are switched off in the repository's settings (General → Features): switch them on, or choose discussions.")
    elif settings.issues:
        client.listed(f"{client.repository.path}/issues", {"per_page": 1})
    if settings.discussions and not client.signed_in:
        problems.append("GitHub shows discussions only to those who are signed in: enter a token.")
    elif settings.discussions:
        names = {"owner": client.repository.owner, "name": client.repository.name}
        found = maybe(client.graphql(queries.CHECK, names), "repository", dict, vendor=VENDOR) or {}
        if found.get("hasDiscussionsEnabled") is not True:
            problems.append("Discussions are switched off in the repository's settings (General → Features): switch them on.")
    return problems


def _missing(client: GitHub, settings: Settings, repository: Json, answer: Answer, login: str | None) -> dict[Feature, str]:
    if not client.signed_in:
        return dict.fromkeys(_WRITING, _NEEDS_TOKEN)
    if repository.get("archived") is True:
        return dict.fromkeys(_WRITING, "The repository is archived on GitHub, where it can only be read.")
    private = repository.get("private") is True
    # A fine-grained token and an app's send no such header, or an empty one.
    scopes = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    if scopes and not scopes & ({"repo"} if private else {"repo", "public_repo"}):
        needed = "repo" if private else "public_repo"
        return dict.fromkeys(_WRITING, f"The token lacks the scope “{needed}”: make one that has it.")
    missing: dict[Feature, str] = {}
    permissions = maybe(repository, "permissions", dict, vendor=VENDOR)
    if permissions is not None and not any(permissions.get(name) is True for name in _TRIAGE):
        who = login or "Our account"
        missing.update(dict.fromkeys(_MANAGING, f"{who} has no role in this repository: an admin gives it “Triage” or “Write”."))
    if not settings.issues:
        missing[Feature.assign_person] = NO_ASSIGNEES
    return missing


def _explained(client: GitHub, error: IntegrationError) -> str:
    if isinstance(error, GoneError) and not isinstance(error, CredentialsRefusedError):
        if not client.signed_in:
            return "There is no such public repository: check the address, and enter a token if it is private."
        return "There is no such repository, or the token may not see it: check the address, and which repositories the token is for."
    return error.detail
