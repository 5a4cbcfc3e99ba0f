"""Queues: where Tender keeps who has a discussion.

Source: https://help.tenderapp.com/kb/api/queues: each supporter has a queue, named by `user_id`, and assigning means putting a
discussion there; queues without `user_id` are those of teams. A discussion may be in any number; `cached_queue_list` has their
numbers (recorded: its `state` stays "open" meanwhile).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.forums.tender.urls import last_segment
from powerup.integrations.http import maybe, need


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue; `user_id` is "" for a team's."""

    id: str
    name: str
    permalink: str
    user_id: str


class Queues:
    """The site's queues, all pages of them, read once in the life of an adapter (again when a number is unknown)."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._read: list[Queue] | None = None
        self._hidden: set[str] = set()
        """Numbers that were looked for twice in vain."""

    def of(self, discussion: dict[str, Any]) -> list[Queue]:
        """The queues that a discussion is in, in order; those that we may not see are left out."""
        ids = queue_ids(discussion)
        if not ids:
            return []
        try:
            known = {queue.id: queue for queue in self.all()}
            if set(ids) - known.keys() - self._hidden:
                known = {queue.id: queue for queue in self.all(again=True)}
                self._hidden |= set(ids) - known.keys()
        except (GoneError, NotPermittedError):
            # "Queues are completely hidden from non-support users."
            return []
        return [known[number] for number in ids if number in known]

    def person(self, wanted: str) -> Queue:
        """The personal queue of somebody named as the queue is, by user number, or by e-mail address; RejectedError if none."""
        queues = [queue for queue in self.all() if queue.user_id]
        if "@" in wanted:
            user_id = self._user_id(wanted)
            found = [queue for queue in queues if queue.user_id == user_id]
        else:
            found = [queue for queue in queues if queue.user_id == wanted] or _named(queues, wanted)
        return _only(found, wanted, "supporter")

    def team(self, wanted: str) -> Queue:
        """The queue of that name that is nobody's own; RejectedError if there is none."""
        return _only(_named([queue for queue in self.all() if not queue.user_id], wanted), wanted, "queue")

    def all(self, *, again: bool = False) -> list[Queue]:
        """Every queue."""
        if self._read is None or again:
            self._read = [_queue(row) for batch in self._site.pages("/queues", "named_queues") for row in batch.rows]
        return self._read

    def _user_id(self, email: str) -> str | None:
        rows = self._site.page("/users", "users", 1, {"email": email}).rows
        # Filters are not believed: an ignored one would assign to whoever comes first.
        same = [row for row in rows if (maybe(row, "email", str, vendor=VENDOR) or "").lower() == email.lower()]
        return last_segment(need(same[0], "href", str, vendor=VENDOR)) if same else None


def queue_ids(discussion: dict[str, Any]) -> list[str]:
    """The numbers in `cached_queue_list`, as text."""
    listed = maybe(discussion, "cached_queue_list", list, vendor=VENDOR) or []
    return [str(number) for number in listed if isinstance(number, (int, str)) and not isinstance(number, bool)]


def _queue(row: dict[str, Any]) -> Queue:
    number = last_segment(need(row, "href", str, vendor=VENDOR)) or need(row, "href", str, vendor=VENDOR)
    user = row.get("user_id")
    user_id = str(user) if isinstance(user, (int, str)) and not isinstance(user, bool) else ""
    return Queue(number, need(row, "name", str, vendor=VENDOR), maybe(row, "permalink", str, vendor=VENDOR) or "", user_id)


def _named(queues: Sequence[Queue], wanted: str) -> list[Queue]:
    folded = wanted.strip().casefold()
    return [queue for queue in queues if queue.name.strip().casefold() == folded] or [
        queue for queue in queues if queue.permalink == folded
    ]


def _only(found: Sequence[Queue], wanted: str, what: str) -> Queue:
    if len(found) == 1:
        return found[0]
    why = f"Tender has more than one {what} “{wanted}”: name it more exactly." if found else f"Tender knows no {what} “{wanted}”."
    raise RejectedError(why, permanent=True)
