"""A Zendesk on a port of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from flask import Blueprint, Response, g, request

from powerup import clock
from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import Event, NewPost
from powerup.sandbox.zendesk import access, exports, files, hook_bodies, people, tickets
from powerup.sandbox.zendesk.shapes import Shapes, token_of

_ARCHIVED_AFTER = timedelta(days=120)
_OWN = ("/users/me.json",)
"""What whoever asks without credentials is answered."""


class ZendeskDouble(DeskDouble):
    """Tickets, comments, audits, the incremental export, search, attachments and ticket events. Its traps are attributes.

    Whoever it is made to act as is an admin; other staff are agents. A merge leaves the merged ticket's comments where they are, as in
    Zendesk, though the store and the pages for people show them in the other thread.
    """

    kind: ClassVar[str] = "zendesk"
    label: ClassVar[str] = "Zendesk"
    api_paths: ClassVar[tuple[str, ...]] = ("/api/v2/", "/attachments/")
    page_rule: ClassVar[str] = "/agent/tickets/<int:number>"
    has_private: ClassVar[bool] = False

    def __init__(self, *, acting_as: str = "northwind", now: Callable[[], datetime] = clock.now) -> None:
        self.shapes = Shapes(self)
        self.export_lag = timedelta(minutes=1)
        """What changed within this time is not exported yet."""
        self.export_limit: int | None = 10
        """Exports a minute; None: as many as you like."""
        self.cursors_expired = False
        """Every cursor of the export is refused."""
        self.comments_have_metadata = True
        """Whether comments carry their audit's metadata; the audits always do."""
        self.assignee_required = False
        """A ticket without an assignee cannot be solved."""
        self.light_agents: set[str] = set()
        """User names whose replies become notes."""
        self.malware: set[int] = set()
        """Files in which the scan found something."""
        self.most_comments = 5_000
        self.revoked = False
        """Every credential is refused."""
        self.oauth_tokens: dict[str, str] = {}
        """OAuth tokens and the user names that they act as."""
        self.storage_url = ""
        self._storage: ThreadedServer | None = None
        self._comments: dict[int, list[Post]] = {}
        self.generated = 0.0
        """When the latest change was, by a clock that is never set back."""
        super().__init__(acting_as=acting_as, now=now)
        self.store.people[acting_as.lower()].extra["role"] = "admin"
        # Before the webhooks' listener: what it sends is what stands.
        self.store.listeners.insert(0, self._notice)
        self.app.before_request(self._sign_in)
        self.app.after_request(_count_down)
        self.app.register_error_handler(access.RefusedError, access.RefusedError.answer)

    def blueprints(self) -> Sequence[Blueprint]:
        return [tickets.blueprint(self), people.blueprint(self), exports.blueprint(self), files.blueprint(self)]

    def base_url(self) -> str:
        return self.url

    def credentials(self, username: str | None = None) -> dict[str, str]:
        return {"email": self.store.people[(username or self.acting_as).lower()].email, "api_token": access.API_TOKEN}

    def page_path(self, thread: Thread) -> str:
        return f"/agent/tickets/{thread.id}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        if event is Event.post_added and post is not None and post.system:
            return None
        return hook_bodies.message(event, self.shapes.ticket(thread), post, secret, self.store.now())

    def servers(self) -> Sequence[str]:
        return [self.storage_url]

    def comments_of(self, thread: Thread) -> list[Post]:
        """A ticket's own comments: a merge moves none."""
        return self._comments.get(thread.id, [])

    def content_url(self, file: StoredFile) -> str:
        """An attachment's address, with its secret."""
        return f"{self.url}/attachments/token/{token_of(file)}/?name={quote(file.name)}"

    def is_archived(self, thread: Thread) -> bool:
        """Closed long ago: in no list any more."""
        return thread.state == "closed" and thread.updated_at < self.store.now() - _ARCHIVED_AFTER

    def _notice(self, event: Event, thread: Thread, post: Post | None) -> None:
        # Generated once and never twice: the export's order. A clock that is set back does not set it back.
        self.generated = max(self.generated + 0.000_01, self.store.now().timestamp())
        thread.extra["generated"] = self.generated
        if post is not None and event in (Event.thread_opened, Event.post_added):
            self._comments.setdefault(thread.id, []).append(post)
        if event is Event.thread_merged and thread.merged_into is not None:
            self._tell_of_merge(thread, self.store.threads[thread.merged_into])

    def _tell_of_merge(self, source: Thread, target: Thread) -> None:
        """What Zendesk writes in both."""
        source.tags = [*source.tags, "closed_by_merge"]
        texts = [post.text for post in self.comments_of(source)]
        gone = f'This request was closed and merged into request #{target.id} "{target.subject}".'
        came = f'Request #{source.id} "{source.subject}" was closed and merged into this request. Last comment in request #{source.id}:'
        self.store.add_post(source.id, NewPost(self.acting_as, gone, internal=True, system=True))
        self.store.add_post(
            target.id, NewPost(self.acting_as, "\n\n".join([came, *texts[-1:]]), internal=True, system=True, extra={"merged": [source.id]})
        )

    def _sign_in(self) -> Response | None:
        g.person = None
        if request.path.startswith(self.api_paths):
            g.person = access.who(request, self.store.people, revoked=self.revoked, oauth=self.oauth_tokens)
            if g.person is None and request.path.startswith("/api/v2/") and not request.path.endswith(_OWN):
                raise access.unauthenticated()
            if g.person is not None and not g.person.staff and not request.path.endswith(_OWN):
                raise access.forbidden()
        return None

    def _started(self, url: str) -> None:
        super()._started(url)
        self._storage = ThreadedServer(files.storage(self)).start()
        self.storage_url = self._storage.url

    def _stopping(self) -> None:
        super()._stopping()
        if self._storage is not None:
            self._storage.stop()


def _count_down(answer: Response) -> Response:
    if request.path.startswith("/api/v2/"):
        answer.headers.setdefault("X-Rate-Limit", str(access.RATE_LIMIT))
        answer.headers.setdefault("X-Rate-Limit-Remaining", str(access.RATE_LIMIT - 1))
    return answer
