"""Request Tracker 5 as a forum."""

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
)
from powerup.integrations.forums.rt import abilities, attachments, listing, reading, writing
from powerup.integrations.forums.rt.people import People
from powerup.integrations.forums.rt.query import matching
from powerup.integrations.forums.rt.site import Site
from powerup.integrations.forums.rt.urls import site_address, thread_id_in
from powerup.integrations.http import HttpPolicy

_NO_HOOKS = "Request Tracker sends no webhooks of its own; it is asked for changes at every poll."


class Rt(Adapter):
    """One Request Tracker. Threads are tickets, replies correspondence, notes comments, people owners and teams queues."""

    kind: ClassVar[str] = "rt"
    label: ClassVar[str] = "Request Tracker"
    confidential: ClassVar[bool] = True
    address_help: ClassVar[str] = "The address of RT's first page, such as https://rt.example.org or https://example.org/rt."
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("token", "Authentication token", True, "Logged in as … → Settings → Auth Tokens. It looks like 1-40-…"),
        CredentialField("username", "User name", False, "Only where there are no tokens: the account that we act as."),
        CredentialField("password", "Password", True, "Only where there are no tokens: its password."),
        CredentialField("intake", "Queue of new tickets", False, "Where tickets arrive; all other queues are teams. Empty: no teams."),
        CredentialField("tag_field", "Custom field for tags", False, "A field of tickets that takes several values. Empty: no tags."),
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.acknowledge: "Request Tracker keeps no list of tickets that wait for an answer, so there is nothing to take one off.",
        Feature.webhook: _NO_HOOKS,
        Feature.signed_webhook: _NO_HOOKS,
    }

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._site = Site(config, policy)
        self._people = People(self._site, config)

    def close(self) -> None:
        """Let the connections go."""
        self._site.close()

    @classmethod
    def address(cls, given: str) -> str:
        """The site's own address, also for that of its REST interface."""
        return site_address(given)

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self._config, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`; how, and why nothing is missed, is told in `listing`."""
        return listing.changed_since(self._site, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads active since `since`, the most recently changed first."""
        return listing.history(self._site, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message that we may see."""
        return reading.read(self._site, self._people, thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The ticket that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply, or a comment when it is internal."""
        return writing.post(self._site, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the person the owner, or move the ticket into the team's queue."""
        writing.assign(self._site, thread_id, person=person, team=team)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Set the status to resolved."""
        writing.resolve(self._site, thread_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove values of the custom field that the settings name."""
        writing.tag(self._site, thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """The bytes of an attachment."""
        return attachments.file(self._site, reference)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads with all of these words, the most recently changed first."""
        wanted = matching(query)
        return listing.search(self._site, wanted, limit=limit) if wanted and limit > 0 else []
