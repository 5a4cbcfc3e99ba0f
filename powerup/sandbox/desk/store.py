"""A help desk's memory: thread-safe, and whoever listens is told of each change.

Reading a row from outside is done under `store.lock`; every method here takes it itself.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from powerup import clock
from powerup.sandbox.common.cooking import cook
from powerup.sandbox.desk.models import Person, Post, StoredFile, Team, Thread


class Event(StrEnum):
    """What can happen on a desk."""

    thread_opened = "thread_opened"
    post_added = "post_added"
    post_edited = "post_edited"
    post_deleted = "post_deleted"
    thread_changed = "thread_changed"
    """State, owner, tags or title."""
    thread_deleted = "thread_deleted"
    thread_merged = "thread_merged"


Listener = Callable[[Event, Thread, Post | None], None]
"""Called under the lock."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """What is needed to write a message. `html` plays a desk that let hostile HTML through; `file_ids` were stored before."""

    username: str
    text: str
    at: datetime | None = None
    html: str | None = None
    internal: bool = False
    system: bool = False
    file_ids: Sequence[int] = ()
    extra: dict[str, Any] = field(default_factory=dict)


class DeskStore:
    """People, threads and messages of one desk."""

    def __init__(self, *, title: str = "Northwind Deploy Community", now: Callable[[], datetime] = clock.now) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.title = title
        self.revision = 0
        self.listeners: list[Listener] = []
        self.people: dict[str, Person] = {}
        """By lower-case username."""
        self.teams: dict[str, Team] = {}
        """By lower-case name."""
        self.threads: dict[int, Thread] = {}
        self.posts: dict[int, Post] = {}
        self.files: dict[int, StoredFile] = {}

    # ---- people

    def add_person(self, username: str, name: str = "", *, email: str = "", email_verified: bool = True, staff: bool = False) -> Person:
        """Make an account, or return the one of that name."""
        with self.lock:
            known = self.people.get(username.lower())
            if known is None:
                at = self.now()
                address = email or f"{username.lower()}@customers.example"
                known = Person(len(self.people) + 1, username, name or username, address, email_verified, staff, at)
                self.people[username.lower()] = known
            return known

    def add_team(self, name: str, members: Sequence[str] = ()) -> Team:
        """Make a team, or return the one of that name."""
        with self.lock:
            return self.teams.setdefault(name.lower(), Team(len(self.teams) + 1, name, list(members)))

    def person(self, username: str) -> Person | None:
        """The account of that name, in any case."""
        return self.people.get(username.lower())

    def add_file(self, name: str, content_type: str, body: bytes) -> StoredFile:
        """Keep an upload."""
        with self.lock:
            stored = StoredFile(len(self.files) + 1, name, content_type, body)
            self.files[stored.id] = stored
            return stored

    # ---- threads

    def open_thread(
        self, subject: str, first: NewPost, *, private: bool = False, category: str = "", tags: Sequence[str] = (), **extra: Any
    ) -> Thread:
        """Open a thread with its first message."""
        with self.lock:
            number = max(self.threads, default=10) + 1
            at = first.at or self.now()
            thread = Thread(number, subject, first.username, at, at, at, "open", private, category, list(tags), extra=dict(extra))
            self.threads[number] = thread
            post = self._append(thread, first)
            self.tell(Event.thread_opened, thread, post)
            return thread

    def add_post(self, thread_id: int, new: NewPost) -> Post:
        """Write a message into a thread. A customer's public one opens it again."""
        with self.lock:
            thread = self.threads[thread_id]
            post = self._append(thread, new)
            if not (post.internal or post.system):
                if not self.author(post).staff and thread.state == "resolved":
                    thread.state = "open"
                thread.acknowledged = False
            self.tell(Event.post_added, thread, post)
            return post

    def edit_post(self, post_id: int, text: str) -> Post:
        """Change a message's text; its thread's activity stays where it was."""
        with self.lock:
            post = self.posts[post_id]
            post.text, post.html = text, cook(text)
            post.edited_at = post.updated_at = self.now()
            self._touch(post.thread_id)
            self.tell(Event.post_edited, self.threads[post.thread_id], post)
            return post

    def delete_post(self, post_id: int) -> None:
        """Take a message away."""
        with self.lock:
            post = self.posts[post_id]
            post.deleted_at = post.updated_at = self.now()
            self._touch(post.thread_id)
            self.tell(Event.post_deleted, self.threads[post.thread_id], post)

    def delete_thread(self, thread_id: int) -> None:
        """Take a thread away."""
        with self.lock:
            self.threads[thread_id].deleted_at = self.now()
            self._touch(thread_id)
            self.tell(Event.thread_deleted, self.threads[thread_id], None)

    def change(self, thread_id: int, **values: Any) -> Thread:
        """Set attributes of a thread (`state`, `assigned_person`, `tags` …); says so only when something changed."""
        with self.lock:
            thread = self.threads[thread_id]
            if any(getattr(thread, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(thread, name, value)
                self._touch(thread_id)
                self.tell(Event.thread_changed, thread, None)
            return thread

    def merge(self, source_id: int, target_id: int) -> None:
        """Move all messages of one thread to the end of another, in the order of time."""
        with self.lock:
            source, target = self.threads[source_id], self.threads[target_id]
            ids = sorted([*target.post_ids, *source.post_ids], key=lambda number: (self.posts[number].created_at, number))
            for place, number in enumerate(ids, 1):
                self.posts[number].thread_id, self.posts[number].number = target_id, place
            target.post_ids, source.post_ids, source.merged_into = ids, [], target_id
            source.state = "closed"
            target.active_at = max(target.active_at, source.active_at)
            self._touch(source_id)
            self._touch(target_id)
            self.tell(Event.thread_merged, source, None)
            self.tell(Event.thread_changed, target, None)

    def author(self, post: Post | Thread) -> Person:
        """Who wrote it."""
        return self.people[post.username.lower()]

    def posts_of(self, thread_id: int, *, internal: bool = True, deleted: bool = False) -> list[Post]:
        """The messages of a thread in order."""
        with self.lock:
            posts = [self.posts[number] for number in self.threads[thread_id].post_ids]
            return [post for post in posts if (internal or not post.internal) and (deleted or post.deleted_at is None)]

    def tell(self, event: Event, thread: Thread, post: Post | None = None) -> None:
        """Note a change: pages refresh, webhooks go out."""
        with self.lock:
            self.revision += 1
            for listener in self.listeners:
                listener(event, thread, post)

    def _append(self, thread: Thread, new: NewPost) -> Post:
        author = self.person(new.username) or self.add_person(new.username)
        at = new.at or self.now()
        number = self.posts[thread.post_ids[-1]].number + 1 if thread.post_ids else 1
        html = cook(new.text) if new.html is None else new.html
        post = Post(
            101 + len(self.posts), thread.id, number, author.username, new.text, html, at, at, new.internal, new.system,
            file_ids=list(new.file_ids), extra=dict(new.extra),
        )  # fmt: skip
        self.posts[post.id] = post
        thread.post_ids.append(post.id)
        if not (post.internal or post.system):
            thread.active_at = max(thread.active_at, at)
        # A story is written with its own times; what happens from now on happens now.
        thread.updated_at = max(thread.updated_at, at)
        return post

    def _touch(self, thread_id: int) -> None:
        thread = self.threads[thread_id]
        thread.updated_at = max(thread.updated_at, self.now())
