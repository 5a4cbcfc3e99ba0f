"""Tender Support on a port of its own: pages for people at `/discussions/…`, the API at `/northwind/…`.

Shapes and texts are those of recorded answers and of https://help.tenderapp.com/kb/api. Tender keeps no idea of a closed discussion: what
the store calls closed is resolved here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from flask import Blueprint

from powerup import clock
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.tender import numbers
from powerup.sandbox.tender.access import Access
from powerup.sandbox.tender.answers import encoded
from powerup.sandbox.tender.routes_discussions import DiscussionRoutes
from powerup.sandbox.tender.routes_people import PeopleRoutes
from powerup.sandbox.tender.shapes import Shapes

SITE = "northwind"


class TenderDouble(DeskDouble):
    """A site called "northwind". Its traps are attributes; the harmless ones are set as Tender has them."""

    kind: ClassVar[str] = "tender"
    label: ClassVar[str] = "Tender Support"
    api_paths: ClassVar[tuple[str, ...]] = (f"/{SITE}/", "/attachments/")
    page_rule: ClassVar[str] = "/discussions/problems/<int:number>"

    def __init__(self, *, acting_as: str = "northwind", now: Callable[[], datetime] = clock.now) -> None:
        self.per_page = 30
        self.embedded_limit = 25
        """Comments in a discussion's own JSON."""
        self.spaces = False
        """Whether a new comment is answered with a space instead of the comment."""
        self.holds_replies = False
        """Whether even `skip_spam` does not save a reply from the spam filter."""
        self.publishes_notes = False
        """Whether `internal` is ignored."""
        self.ignores_since = False
        self.ignores_filters = False
        """Whether `/users?email=` gives everybody."""
        self.shows_deleted = False
        """Whether a supporter still gets a deleted discussion, with that state, instead of a 404."""
        self.stored_elsewhere = ""
        """Where files lie: links lead there; "" for here."""
        self.redirects_files = ""
        """Where a file's address here sends to."""
        self.access = Access(self)
        self.shapes = Shapes(self)
        super().__init__(acting_as=acting_as, now=now)

    def blueprints(self) -> Sequence[Blueprint]:
        return [DiscussionRoutes(self).blueprint(SITE), PeopleRoutes(self).blueprint(SITE)]

    def base_url(self) -> str:
        return self.url

    def credentials(self, username: str | None = None) -> dict[str, str]:
        return {"api_token": self.access.token(username or self.acting_as), "site": SITE, "api_address": self.url}

    def page_path(self, thread: Thread) -> str:
        return f"/discussions/problems/{thread.id}"

    def file_path(self, file: StoredFile) -> str:
        return f"/attachments/{file.id}/{quote(file.name)}"

    def post_key(self, post: Post) -> str:
        return f"{post.thread_id}#{post.number}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        if post is None or post.system or event not in (Event.thread_opened, Event.post_added):
            return None
        body = {
            **self.shapes.comment(thread, post),
            "user": self.shapes.user(self.store.author(post)),
            "category": self.shapes.category(),
            "discussion": self.shapes.discussion(thread),
        }
        return Message({"Content-Type": "application/json"}, encoded(body))

    def api(self, path: str) -> str:
        """An address of the API; the port is written out, as Tender does."""
        return f"{self.url}/{SITE}{path}"

    def queue_ids(self, thread: Thread) -> list[int]:
        """The queues that a discussion is in: a person's, a team's, and whatever else somebody put it in."""
        person = self.store.person(thread.assigned_person) if thread.assigned_person else None
        team = self.store.teams.get(thread.assigned_team.lower()) if thread.assigned_team else None
        found = [numbers.PERSON_QUEUE + person.id] if person else []
        return [*found, *([numbers.TEAM_QUEUE + team.id] if team else []), *thread.extra.get("queues", [])]
