"""Tender Support as a forum."""

from collections.abc import Mapping
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
    Hook,
    Page,
    Posted,
    Thread,
)
from powerup.integrations.forums.tender import abilities, attachments, hooks, listing, reading, writing
from powerup.integrations.forums.tender.finding import Finder
from powerup.integrations.forums.tender.people import People
from powerup.integrations.forums.tender.queues import Queues
from powerup.integrations.forums.tender.site import Site
from powerup.integrations.forums.tender.urls import public_address, thread_id_in
from powerup.integrations.http import HttpPolicy


class Tender(Adapter):
    """One Tender site, as a supporter of it. A thread's id is the discussion's number as people see it."""

    kind: ClassVar[str] = "tender"
    label: ClassVar[str] = "Tender Support"
    address_help: ClassVar[str] = (
        "The address at which customers see your site, such as https://help.example.com or https://yoursite.tenderapp.com."
    )
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField(
            "api_token", "API token", True, "A supporter's: Edit profile → API token, at its foot. It ends after a year.", required=True
        ),
        CredentialField(
            "site", "Site name", False, "What stands before .tenderapp.com. Empty: taken from the address, if it is there.", place=True
        ),
        CredentialField("api_address", "API address", False, "Empty: https://api.tenderapp.com. Only for a proxy of your own.", place=True),
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.tag: "Tender has no tags.",
        Feature.search: "Tender's API searches its knowledge base and not its discussions.",
        Feature.signed_webhook: "Tender does not sign its webhooks: the secret is in their address, and each is only a hint to look.",
    }
    hook_help: ClassVar[str] = (
        "Site Settings → Webhooks: enter this address as a Custom Web URL for “When a discussion is created or replied to”. "
        "Tender signs nothing, so keep the address secret."
    )

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._site = Site(config, policy)
        self._finder = Finder(self._site)
        self._people = People(config)
        self._queues = Queues(self._site)

    def close(self) -> None:
        """Let the connection go."""
        self._site.close()

    @classmethod
    def address(cls, given: str) -> str:
        """The site's public address for its name, a page of it, or its address in the API."""
        return public_address(given)

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`, and those deleted since; how is told in `listing`."""
        return listing.changed_since(self._site, self._finder, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads changed since `since`, the most recently changed first."""
        return listing.history(self._site, self._finder, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message."""
        return reading.read(self._site, self._finder, self._people, self._queues, thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The thread that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, self._site.api_url, self._site.name, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply, or an internal comment."""
        return writing.post(self._site, self._finder, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Put into the person's queue and into the team's, out of every other; the two are separate slots."""
        writing.assign(self._site, self._finder, self._queues, thread_id, person=person, team=team)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Mark as resolved; Tender marks no message."""
        writing.resolve(self._site, self._finder, thread_id)

    def unresolve(self, thread_id: str) -> None:
        """Open again."""
        writing.unresolve(self._site, self._finder, thread_id)

    def acknowledge(self, thread_id: str) -> None:
        """Take off the list of pending discussions."""
        writing.acknowledge(self._site, self._finder, thread_id)

    def file(self, reference: str) -> File:
        """The bytes of a comment's file."""
        return attachments.fetch(self._site, self._finder, reference)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Read a webhook. Nothing in it can be verified: the caller has checked the secret in its address."""
        return hooks.read_hook(self._site.name, body)
