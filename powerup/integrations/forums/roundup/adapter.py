"""Roundup as a forum."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from powerup.integrations.forums.base import (
    Adapter,
    Check,
    CredentialField,
    Draft,
    Feature,
    File,
    ForumConfig,
    Page,
    Posted,
    Thread,
    ThreadStub,
    impossible,
)
from powerup.integrations.forums.roundup import abilities, listing, marking, reading, uploads, writing
from powerup.integrations.forums.roundup.people import People
from powerup.integrations.forums.roundup.site import Site
from powerup.integrations.forums.roundup.urls import site_address, thread_id_in
from powerup.integrations.http import HttpPolicy

_NO_HOOKS = "Roundup sends no webhooks of its own; it is asked for changes at every poll."


class Roundup(Adapter):
    """One Roundup tracker. Threads are issues, owners are "assigned to", tags are keywords."""

    kind: ClassVar[str] = "roundup"
    label: ClassVar[str] = "Roundup"
    address_help: ClassVar[str] = (
        "The tracker's first page, as its config.ini has it under [tracker] web: https://bugs.example.org/support."
    )
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("username", "User name", False, "The account that we act as; replies are written in its name.", required=True),
        CredentialField("password", "Password", True, "That account's password.", required=True),
        CredentialField("resolved", "Status of what is resolved", False, "The name of a status. Empty: resolved."),
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.internal_note: "Roundup has no notes that only staff see: whoever can read an issue reads all its messages.",
        Feature.assign_team: "Roundup assigns an issue to a person; it knows no teams.",
        Feature.acknowledge: "Roundup keeps no list of issues that wait for an answer, so there is nothing to take one off.",
        Feature.webhook: _NO_HOOKS,
        Feature.signed_webhook: _NO_HOOKS,
    }

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._site = Site(config, policy)
        self._people = People(self._site, config)

    def close(self) -> None:
        """Let the connection go."""
        self._site.close()

    @classmethod
    def address(cls, given: str) -> str:
        """The tracker's own address, also for that of its REST interface or of an issue."""
        return site_address(given)

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self._config, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`; how, and why nothing is missed, is told in `sweep` and `listing`."""
        return listing.changed_since(self._site, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads active since `since`, the most recently changed first."""
        return listing.history(self._site, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message that we may see."""
        return reading.read(self._site, self._people, thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The issue that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a message into the issue."""
        if draft.internal:
            raise impossible(self, Feature.internal_note)
        return writing.post(self._site, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the person the one that it is assigned to."""
        if team and not person:
            raise impossible(self, Feature.assign_team)
        marking.assign(self._site, thread_id, person=person)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Give it the status for what is resolved."""
        marking.resolve(self._site, thread_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Change its keywords; one that does not exist yet is made."""
        marking.tag(self._site, thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """The bytes of an attachment."""
        return uploads.fetch(self._site, reference)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads with all words in the title, then those with all in a message's first lines."""
        return listing.search(self._site, query, limit=limit)
