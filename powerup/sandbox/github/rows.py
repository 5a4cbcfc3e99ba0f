"""What the store's rows are on GitHub: issues and discussions, labels, assignees, times in whole seconds, who is who."""

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from powerup.sandbox.desk.models import Person, Post, Thread

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

PREFIX = "team:"
"""A label that begins so is what the desk knows as the thread's team."""


def stamp(moment: datetime) -> str:
    """GitHub's times have no fractions."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def node_id(kind: str, number: int) -> str:
    """An opaque id, as GraphQL has them: "I_kwDO…"."""
    return f"{kind}_kwDO{base64.urlsafe_b64encode(number.to_bytes(6, 'big')).decode().rstrip('=')}"


def number_of(kind: str, node: str) -> int | None:
    """The reverse of `node_id`; None for another kind or nonsense."""
    if not node.startswith(f"{kind}_kwDO"):
        return None
    try:
        return int.from_bytes(base64.urlsafe_b64decode(node.removeprefix(f"{kind}_kwDO") + "=="), "big")
    except ValueError:
        return None


def cursor_of(*key: object) -> str:
    """GitHub's cursors hold the place in the order, not a page number."""
    return base64.b64encode(b"cursor:v2:" + json.dumps(key).encode()).decode()


def key_in(cursor: str) -> list[object]:
    """The reverse of `cursor_of`; raises ValueError."""
    found = json.loads(base64.b64decode(cursor).removeprefix(b"cursor:v2:"))
    return list(found)


class Rows:
    """Reads and changes the store in GitHub's words. Call it under the store's lock."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    def threads(self, kind: str, *, pulls: bool = False) -> list[Thread]:
        """Those of one kind that are there, the most recently updated first."""
        found = [one for one in self._double.store.threads.values() if self.kind_of(one) == kind and not self.is_gone(one)]
        shown = [one for one in found if pulls or not one.extra.get("pull_request")]
        return sorted(shown, key=lambda one: (stamp(self.updated_at(one)), one.id), reverse=True)

    def kind_of(self, thread: Thread) -> str:
        """`issue` or `discussion`."""
        return str(thread.extra.get("kind", self._double.opens))

    def is_gone(self, thread: Thread) -> bool:
        """Deleted, or in another repository by now."""
        return thread.deleted_at is not None or bool(thread.extra.get("transferred_to"))

    def updated_at(self, thread: Thread) -> datetime:
        """Of any change; the trap `edits_are_unlisted` leaves all but messages out."""
        return thread.active_at if self._double.edits_are_unlisted else thread.updated_at

    def first(self, thread: Thread) -> Post | None:
        """The thread's own text."""
        return next((self._double.store.posts[number] for number in thread.post_ids), None)

    def comments(self, thread: Thread, *, deleted: bool = False) -> list[Post]:
        """What follows it, in order."""
        posts = self._double.store.posts_of(thread.id, deleted=deleted)
        return [post for post in posts if post.id != thread.post_ids[0] and not post.internal]

    def labels(self, thread: Thread) -> list[str]:
        """Tags, and the team."""
        return [*thread.tags, *([f"{PREFIX}{thread.assigned_team}"] if thread.assigned_team else [])]

    def set_labels(self, thread: Thread, names: list[str]) -> None:
        """The reverse of `labels`."""
        each_once = list({name.lower(): name for name in names}.values())
        team = next((name for name in each_once if name.lower().startswith(PREFIX)), None)
        known = self._double.store.teams.get(team[len(PREFIX) :].lower()) if team else None
        owner = known.name if known else team[len(PREFIX) :] if team else None
        self._double.store.change(thread.id, tags=[name for name in each_once if name != team], assigned_team=owner)

    def assignees(self, thread: Thread) -> list[Person]:
        """Up to ten people; the desk knows the first."""
        names = [*([thread.assigned_person] if thread.assigned_person else []), *thread.extra.get("assignees", [])]
        return [person for name in names if (person := self._double.store.person(name))]

    def set_assignees(self, thread: Thread, people: list[Person]) -> None:
        """The reverse of `assignees`."""
        names = [person.username for person in {person.id: person for person in people}.values()]
        thread.extra["assignees"] = names[1:]
        self._double.store.change(thread.id, assigned_person=names[0] if names else None)

    def label(self, name: str) -> str | None:
        """The repository's label of that name, in any case, as it was made."""
        used = [label for thread in self._double.store.threads.values() for label in self.labels(thread)]
        return next((label for label in (*self._double.labels, *used) if label.lower() == name.lower()), None)

    def label_number(self, name: str) -> int:
        """A label's id; made up on the way, the same as long as the double lives."""
        return self._double.label_numbers.setdefault(name.lower(), len(self._double.label_numbers) + 1)

    def association(self, person: Person | None) -> str:
        """What GitHub says of an author."""
        if person is None:
            return "NONE"
        return str(person.extra.get("association", "MEMBER" if person.staff else "NONE"))

    def may_triage(self, person: Person | None) -> bool:
        """Whether the account may label, assign and close."""
        return person is not None and self.association(person) in ("OWNER", "MEMBER", "COLLABORATOR")
