"""GitHub's Issues and Discussions as a forum."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from powerup.errors import InvalidError
from powerup.integrations.forums.base import (
    Adapter,
    Check,
    CredentialField,
    Draft,
    Feature,
    File,
    ForumConfig,
    Hook,
    Page,
    Posted,
    Thread,
    ThreadStub,
    impossible,
)
from powerup.integrations.forums.github import (
    abilities,
    closing,
    discussions,
    files,
    history,
    hooks,
    issues,
    labels,
    listing,
    ownership,
    searching,
    writing,
)
from powerup.integrations.forums.github.ids import thread_id_in, which
from powerup.integrations.forums.github.people import People
from powerup.integrations.forums.github.settings import BOTH, DEFAULT_PREFIX, DISCUSSIONS, ISSUES, Settings
from powerup.integrations.github import GitHub, Repository, repository_at
from powerup.integrations.http import HttpPolicy


class GitHubForum(Adapter):
    """One repository on github.com or a GitHub Enterprise. Threads are its issues, its discussions, or both.

    Without a token it reads the issues of a public repository, 60 questions an hour.
    """

    kind: ClassVar[str] = "github"
    label: ClassVar[str] = "GitHub Issues and Discussions"
    address_help: ClassVar[str] = (
        "The repository's page, such as https://github.com/owner/name, or the same on your own GitHub Enterprise Server."
    )
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField(
            "token", "Token", True,
            "Settings → Developer settings → Personal access tokens, for this repository, with read and write access to Issues and "
            "Discussions. Replies are written in its owner's name. Empty: we only read public issues.",
        ),
        CredentialField("threads", "What becomes a ticket", False, "Empty: issues.", choices=(ISSUES, DISCUSSIONS, BOTH)),
        CredentialField(
            "team_prefix", "Prefix of team labels", False,
            f"A team owns a thread by a label that begins so, such as “{DEFAULT_PREFIX}support”. Empty: “{DEFAULT_PREFIX}”.",
        ),
    )  # fmt: skip
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.internal_note: "GitHub has no notes that only staff see: whoever can read an issue or discussion reads all of it.",
        Feature.acknowledge: "GitHub keeps no list of threads that wait for an answer, so there is nothing to take one off.",
    }
    hook_help: ClassVar[str] = (
        "Repository → Settings → Webhooks → Add webhook: enter this address and secret, content type application/json, and choose the "
        "events Issues, Issue comments, Discussions and Discussion comments."
    )
    anonymous: ClassVar[bool] = True

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._settings = Settings.of(config)
        self._repository = repository_at(config.base_url) or _nowhere(config.base_url)
        self._client = GitHub(self._repository, config.credentials.get("token", "").strip(), policy)
        self._people = People(self._client, config)

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    @classmethod
    def address(cls, given: str) -> str:
        """The repository's page, whichever page below it was entered."""
        repository = repository_at(given)
        if repository is None:
            why = "This is no repository's address; one looks like https://github.com/owner/name."
            raise InvalidError(why, errors=[{"field": "base_url", "message": "must be the address of a repository"}])
        return repository.web

    def check(self) -> Check:
        """Ask GitHub who we are there and what we may do."""
        return abilities.check(self._client, self._settings, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`; how, and why nothing is missed, is told in `sweep` and `listing`."""
        return listing.changed_since(self._client, self._settings, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Older threads, the most recently active first."""
        return history.history(self._client, self._settings, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole thread; an issue that was converted is read as the discussion that it became."""
        target = which(thread_id)
        if target.is_issue:
            issue = issues.issue_json(self._client, target.number)
            converted = issues.converted_to(self._client, issue)
            if converted is None:
                return issues.read(self._client, self._people, self._settings, issue)
            target = converted
        return discussions.read(self._client, self._people, self._settings, target.number)

    def thread_id_of(self, url: str) -> str | None:
        """The issue or discussion that one of this repository's own addresses means."""
        return thread_id_in(self._repository, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a comment."""
        if draft.internal:
            raise impossible(self, Feature.internal_note)
        return writing.post(self._client, which(thread_id), draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the person the assignee, and put the team's label on."""
        ownership.assign(self._client, self._settings, which(thread_id), person=person, team=team)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Close the issue as completed; mark the comment as the discussion's answer, or close it as resolved."""
        closing.resolve(self._client, which(thread_id), message_id=message_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Put labels on and take labels off; one that does not exist yet is made."""
        labels.change(self._client, which(thread_id), add=add, remove=remove)

    def file(self, reference: str) -> File:
        """The bytes of an upload."""
        return files.fetch(self._client, reference)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads that match, best first."""
        return searching.search(self._client, self._settings, query, limit=limit)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook."""
        return hooks.read_hook(self._repository, self._settings, self._config.hook_secret, headers, body)


def _nowhere(base_url: str) -> Repository:
    """What was stored is no repository's address: every question there fails in the words of whoever answers."""
    site = base_url.rstrip("/")
    return Repository(site, "-", "-", f"{site}/api/v3", f"{site}/api/graphql")
