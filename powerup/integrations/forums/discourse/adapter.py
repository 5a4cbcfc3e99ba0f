"""Discourse as a forum."""

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
from powerup.integrations.forums.discourse import abilities, emails, hooks, listing, marking, reading, uploads, writing
from powerup.integrations.forums.discourse.people import People
from powerup.integrations.forums.discourse.site import VENDOR, Site
from powerup.integrations.forums.discourse.urls import thread_id_in
from powerup.integrations.http import HttpPolicy, each


class Discourse(Adapter):
    """One Discourse site, with the Assign and Solved plug-ins where it has them.

    Without credentials it reads what a passer-by may. Threads are topics and, where group inboxes are named, the personal messages
    that customers sent to those groups.
    """

    kind: ClassVar[str] = "discourse"
    label: ClassVar[str] = "Discourse"
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("api_key", "API key", True, "Admin → API → New API key, for one user. Empty: we only read what is public."),
        CredentialField("api_username", "Username", False, "The forum account that the key belongs to; replies are written in its name."),
        CredentialField("inboxes", "Group inboxes", False, "Groups whose messages are tickets too, comma-separated. Empty: none."),
        emails.FIELD,
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.acknowledge: "Discourse keeps no list of threads that wait for an answer, so there is nothing to take one off."
    }
    hook_help: ClassVar[str] = (
        "Admin → API → Webhooks → New: enter this address and secret, content type application/json, and the events Topic, Post, "
        "Solved and Assign."
    )
    anonymous: ClassVar[bool] = True

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._site = Site(config, policy)
        self._emails = emails.Emails(self._site, config)
        self._people = People(self._site, config, self._emails)

    def close(self) -> None:
        """Let the connection go."""
        self._site.close()

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self.cannot, self._emails)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`; how, and why nothing is missed, is told in `sweep` and `listing`."""
        return listing.changed_since(self._site, cursor, inboxes=self._inboxes())

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads active since `since`, newest first."""
        return listing.history(self._site, cursor, since=since, inboxes=self._inboxes())

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message that we may see."""
        return reading.read(self._site, self._people, thread_id, inboxes=self._inboxes())

    def thread_id_of(self, url: str) -> str | None:
        """The thread that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply, or a whisper when it is internal."""
        return writing.post(self._site, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Make the person (else the group) the owner; Discourse knows one."""
        marking.assign(self._site, thread_id, person=person, team=team)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Accept the message as the solution, else close."""
        marking.resolve(self._site, thread_id, message_id=message_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Change the thread's tags."""
        marking.tag(self._site, thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """An upload of this site."""
        return uploads.fetch(self._site, reference)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads that match, best first; one answer holds about 50."""
        data = self._site.get("/search.json", {"q": query})
        topics = each(data, "topics", vendor=VENDOR) if isinstance(data, dict) and data.get("topics") else []
        return [reading.stub_of(self._site, topic) for topic in topics[:limit]]

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook."""
        return hooks.read_hook(self._config.hook_secret, headers, body)

    def _inboxes(self) -> list[str]:
        names = self._config.credentials.get("inboxes", "") if self._site.signed_in else ""
        return sorted({name.strip() for name in names.split(",") if name.strip()})
