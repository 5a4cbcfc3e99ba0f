"""Roundup's rows: every class as a table of properties, shown as `@fields` and `@verbose` ask (`format_item` of 2.6.0)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Person, Post, StoredFile, Thread

if TYPE_CHECKING:
    from powerup.sandbox.roundup.double import RoundupDouble

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to something of another class."""

    cls: str
    id: str


Value = str | None | Link | list[Link] | datetime
Props = Mapping[str, Value]


def stamp(moment: datetime) -> str:
    """A time as Roundup writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d.%H:%M:%S")


class Shapes:
    """Made for each request; `asking` is the username of the account that asks."""

    def __init__(self, double: "RoundupDouble", asking: str) -> None:
        self._double, self._store, self._asking = double, double.store, asking
        self.tables: Mapping[str, Callable[[], Mapping[str, Props]]] = {
            "issue": lambda: {str(one.id): self.issue(one) for one in self._store.threads.values()},
            "msg": lambda: {str(one.id): self.msg(one) for one in self._store.posts.values()},
            "user": lambda: {self._double.user_id(one.username): self.user(one) for one in self._store.people.values()},
            "file": lambda: {str(one.id): self.file(one) for one in self._store.files.values()},
            "status": lambda: _named(self._statuses()),
            "keyword": lambda: _named(self._keywords()),
        }

    LABELS: Mapping[str, str] = {
        "issue": "title", "msg": "activity", "user": "username", "file": "name", "status": "name", "keyword": "name"
    }  # fmt: skip
    """What `@verbose=2` adds to a reference (`labelprop`): messages have no name, so it is their `activity`."""
    PROTECTED = frozenset({"id", "activity", "actor", "creation", "creator"})

    def retired(self, cls: str, number: str) -> bool:
        """Whether collections leave it out."""
        if cls == "issue":
            thread = self._store.threads[int(number)]
            return bool(thread.deleted_at or thread.merged_into)
        return cls == "msg" and int(number) in self._double.retired

    def row(self, cls: str, number: str) -> Props:
        """One item; KeyError for none. (A whole table is not made for it.)"""
        match cls:
            case "issue":
                return self.issue(self._store.threads[int(number)])
            case "msg":
                return self.msg(self._store.posts[int(number)])
        return self.tables[cls]()[number]

    def issue(self, thread: Thread) -> Props:
        """A thread; a message that was deleted there was taken out of the issue."""
        posts = self._store.posts_of(thread.id)
        author = Link("user", self._double.user_id(thread.username))
        owner = thread.assigned_person
        return {
            "activity": thread.updated_at,
            "actor": author,
            "assignedto": Link("user", self._double.user_id(owner)) if owner else None,
            "creation": thread.created_at,
            "creator": author,
            "files": [Link("file", str(number)) for post in posts for number in post.file_ids] + self._loose(thread),
            "id": str(thread.id),
            "keyword": [Link("keyword", self._double.keyword_id(name)) for name in thread.tags],
            "messages": [Link("msg", str(post.id)) for post in posts],
            "nosy": [author],
            "priority": None,
            "status": Link("status", str(1 + self._statuses().index(self._double.status(thread)))),
            "superseder": [],
            "title": thread.subject,
        }

    def msg(self, post: Post) -> Props:
        """A message: what `extra` says, for one that was written through the REST interface."""
        author = Link("user", self._double.user_id(post.username))
        has_author = post.extra.get("author", True)
        return {
            "activity": post.updated_at,
            "actor": author,
            "author": author if has_author else None,
            "content": post.text,
            "creation": post.created_at,
            "creator": Link("user", self._double.user_id(post.extra.get("creator", post.username))),
            "date": post.extra.get("date", post.created_at),
            "files": [Link("file", str(number)) for number in post.file_ids],
            "id": str(post.id),
            "inreplyto": None,
            "messageid": post.extra.get("messageid"),
            "recipients": [],
            "summary": post.text.strip().split("\n")[0],
            "type": None,
        }

    def user(self, person: Person) -> Props:
        """An account. Others' addresses are for administrators, and others' roles where `roles_shown` is off."""
        roles = ["User", *(["Admin"] if person.username == self._double.acting_as else [])]
        roles += [team.name.title() for team in self._store.teams.values() if person.username in team.members]
        shown: dict[str, Value] = {"id": self._double.user_id(person.username), "realname": person.name, "username": person.username}
        if self._double.roles_shown or person.username == self._asking:
            shown["roles"] = ",".join(roles)
        return shown

    def file(self, stored: StoredFile) -> Props:
        """An upload, made with the message that it came with."""
        owner = next((post for post in self._store.posts.values() if stored.id in post.file_ids), None)
        made = owner.created_at if owner else self._double.loose_files.get(stored.id, datetime(2026, 1, 1, tzinfo=UTC))
        return {"creation": made, "id": str(stored.id), "name": stored.name, "type": stored.content_type}

    def shown(self, cls: str, props: Props, fields: list[str], verbose: int) -> Json:
        """These properties as JSON, in the order of their names; those that are hidden are left out."""
        return {name: self._value(name, props[name], cls, str(props["id"]), verbose) for name in sorted(fields) if name in props}

    def etag(self, props: Props) -> str:
        """Another one after every change, of what a listing does not show too."""
        return f'"{hashlib.md5(repr(sorted(props.items())).encode(), usedforsecurity=False).hexdigest()}"'

    def link(self, cls: str, number: str) -> str:
        """The address of an item."""
        return f"{self._double.url}/rest/data/{cls}/{number}"

    def _value(self, name: str, value: Value, cls: str, number: str, verbose: int) -> object:
        if name == "content" and verbose < 3:
            return {"link": f"{self._double.url}/{cls}{number}/"}
        if isinstance(value, list):
            return [self._reference(one, verbose) for one in value]
        if isinstance(value, Link):
            return self._reference(value, verbose)
        return stamp(value) if isinstance(value, datetime) else value

    def _reference(self, link: Link, verbose: int) -> object:
        if not verbose:
            return link.id
        shown: Json = {"id": link.id, "link": self.link(link.cls, link.id)}
        if verbose > 1:
            label = self.LABELS[link.cls]
            shown[label] = self._label(link, label)
        return shown

    def _label(self, link: Link, label: str) -> object:
        if link.cls == "user":
            return next(one.username for one in self._store.people.values() if self._double.user_id(one.username) == link.id)
        value = self.row(link.cls, link.id)[label]
        return stamp(value) if isinstance(value, datetime) else value

    def _loose(self, thread: Thread) -> list[Link]:
        return [Link("file", str(number)) for number in thread.extra.get("files", ())]

    def _statuses(self) -> list[str]:
        return list(self._double.statuses)

    def _keywords(self) -> list[str]:
        for thread in self._store.threads.values():
            for name in thread.tags:
                self._double.keyword_id(name)
        return self._double.keywords


def _named(names: list[str]) -> Mapping[str, Props]:
    return {str(number): {"id": str(number), "name": name} for number, name in enumerate(names, 1)}
