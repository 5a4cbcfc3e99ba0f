"""NodeBB as a forum."""

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
    impossible,
)
from powerup.integrations.forums.files import within
from powerup.integrations.forums.nodebb import abilities, finding, hooks, listing, markup, reading, writing
from powerup.integrations.forums.nodebb.people import People
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import Site
from powerup.integrations.forums.nodebb.urls import thread_id_in
from powerup.integrations.http import HttpPolicy

_NO_OWNER = "NodeBB threads have no owner. Tags cannot stand in for one: customers see them, and a thread's author may change them."


class NodeBB(Adapter):
    """One NodeBB 4 site; docs/forums/nodebb.md tells what works there and what does not.

    Without a token it reads what a passer-by may.
    """

    kind: ClassVar[str] = "nodebb"
    label: ClassVar[str] = "NodeBB"
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("token", "API token", True, "Admin → Manage → API access → Create token, for one user. Empty: we only read."),
        CredentialField("uid", "User number", False, "Only for a master token: the number of the user in whose name we act."),
        CredentialField(
            "categories", "Categories", False, "Numbers of the categories that are tickets, such as 5, 6 (from /category/5/…). Empty: all."
        ),
        CredentialField(
            "private_categories",
            "Private categories",
            False,
            "Numbers of those that not everybody may read: no subject of theirs on cards.",
        ),
    )
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.internal_note: "NodeBB has no internal notes: whoever may read a thread reads every message in it.",
        Feature.assign_person: _NO_OWNER,
        Feature.assign_team: _NO_OWNER,
        Feature.acknowledge: "NodeBB's list of unreplied threads drops a thread only when somebody replies to it.",
    }
    hook_help: ClassVar[str] = (
        "Install nodebb-plugin-webhooks (from GitHub), then Admin → Plugins → Web Hooks: enter the secret, and this address once for each "
        "of action:topic.post, action:topic.reply, action:post.edit, action:post.delete, action:post.restore, action:topic.lock, "
        "action:topic.updateTags, action:topic.move, action:topic.delete, action:topic.restore, action:topic.merge and "
        "action:topic.toggleSolved."
    )
    anonymous: ClassVar[bool] = True

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config = config
        self._site = Site(config, policy)
        self._people = People(self._site, config)
        self._scope = Scope.of(config.credentials)

    def close(self) -> None:
        """Let the connection go."""
        self._site.close()

    def check(self) -> Check:
        """Ask the site who we are there and what we may do."""
        return abilities.check(self._site, self._people, self._scope, self._config, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads created or changed since `cursor`; how, and why nothing is missed, is told in `sweep` and `listing`."""
        return listing.changed_since(self._site, self._scope, cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads active since `since`, category by category, each the most recently active first."""
        return listing.history(self._site, self._scope, cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole thread with every message that we may see."""
        return reading.read(self._site, self._people, self._scope, thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The thread that one of this site's own addresses means."""
        return thread_id_in(self._site.base_url, url)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Write a reply."""
        if draft.internal:
            raise impossible(self, Feature.internal_note)
        return writing.post(self._site, self._scope, thread_id, draft, look_first=look_first)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Lock the thread. Marking an answer is open to NodeBB's own pages only (see docs/forums/nodebb.md)."""
        writing.resolve(self._site, thread_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and remove tags, refusing those that NodeBB would cut or drop."""
        writing.tag(self._site, thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """The bytes of an upload."""
        return self._site.download(within(self._site.base_url, reference, markup.UPLOADS))

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads that match, best first."""
        return finding.search(self._site, self._scope, query, limit)

    def hook(self, headers: Mapping[str, str], body: bytes) -> Hook:
        """Verify and read a webhook."""
        return hooks.read_hook(self._config.hook_secret, headers, body)
