"""Zendesk Support as a forum."""

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
    Hook,
    Page,
    Posted,
    Thread,
    ThreadStub,
)
from powerup.integrations.forums.zendesk import abilities, attachments, history, hooks, listing, owning, reading, searching, writing
from powerup.integrations.forums.zendesk.people import People
from powerup.integrations.forums.zendesk.site import Site
from powerup.integrations.forums.zendesk.urls import site_address, thread_id_in
from powerup.integrations.http import HttpPolicy


class Zendesk(Adapter):
    """One Zendesk. Threads are tickets, messages are comments, teams are groups."""

    kind: ClassVar[str] = "zendesk"
    label: ClassVar[str] = "Zendesk"
    confidential: ClassVar[bool] = True
    address_help: ClassVar[str] = "Your Zendesk's address, such as https://acme.zendesk.com."
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("email", "Agent's e-mail address", False, "The agent in whose name replies are written; best an admin of its own."),
        CredentialField("api_token", "API token", True, "Admin Center → Apps and integrations → APIs → API tokens → Add API token."),
        CredentialField("oauth_token", "OAuth token", True, "Instead of the two above, if your company wants it: an access token."),
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.acknowledge: "Zendesk has no list of what waits but the tickets' status: answer, or solve the ticket."
    }
    hook_help: ClassVar[str] = (
        "Admin Center → Apps and integrations → Webhooks → Create webhook → Zendesk events: choose all ticket events, enter this address, "
        "method POST, format JSON, no authentication. Then “Show signing secret”, and enter it here as the webhook secret."
    )

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._site = Site(config, policy)
        self._people = People(self._site, config)

    def close(self) -> None:
        """Let the connection go."""
        self._site.close()

    @classmethod
    def address(cls, given: str) -> str:
        """The site's own address; a bare subdomain is enough."""
        return site_address(given)

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Tickets created or changed since `cursor`; how, and why nothing is missed, is told in `listing`."""
        return listing.changed_since(self._site, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Tickets active since `since`, newest first."""
        return history.history(self._site, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole ticket with every comment."""
        return reading.read(self._site, self._people, thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The ticket that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a public reply, or an internal note."""
        return writing.post(self._site, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make an agent, a group, or both the owner."""
        owning.assign(self._site, thread_id, person=person, team=team)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Set the ticket to solved; Zendesk marks no message as the answer."""
        owning.resolve(self._site, thread_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove tags."""
        owning.tag(self._site, thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """The bytes of an attachment."""
        return attachments.fetch(self._site, reference)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Tickets that match, best first; at most 100."""
        return searching.search(self._site, query, limit=limit)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook."""
        return hooks.read_hook(self._config.hook_secret, headers, body)
