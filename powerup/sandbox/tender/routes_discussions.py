"""Discussions and comments: listings by state, details, and the POSTs that do something.

Source: https://help.tenderapp.com/kb/api/discussions. Success is a single space, or a word; a collection past its end has an empty list
(discussions, queues) or none (comments).
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.desk.store import DeskStore, NewPost
from powerup.sandbox.tender import numbers
from powerup.sandbox.tender.answers import NOT_FOUND, answer, done, text
from powerup.sandbox.tender.paging import paged

if TYPE_CHECKING:
    from powerup.sandbox.tender.double import TenderDouble

_PATH = "/discussions/<int:api_id>"
_ACTIONS = ("resolve", "unresolve", "queue", "unqueue", "toggle", "acknowledge", "unacknowledge", "restore", "change_category")


class DiscussionRoutes:
    """The API's paths below `/{site}`."""

    def __init__(self, double: "TenderDouble") -> None:
        self._double = double

    @property
    def _store(self) -> DeskStore:
        return self._double.store

    def blueprint(self, site: str) -> Blueprint:
        """The routes; all but files want a token."""
        bp = Blueprint("tender_discussions", __name__, url_prefix=f"/{site}")
        bp.before_request(self._double.access.refusal)
        bp.add_url_rule("/discussions", "listing", self.listing)
        bp.add_url_rule("/discussions/<any(new, open, assigned, resolved, pending, deleted):state>", "by_state", self.listing)
        bp.add_url_rule("/queues/<int:queue>/discussions", "of_queue", self.listing)
        bp.add_url_rule("/queues/<int:queue>/discussions/<state>", "of_queue_by_state", self.listing)
        bp.add_url_rule(_PATH, "detail", self.detail)
        bp.add_url_rule(_PATH, "delete", self.delete, methods=["DELETE"])
        bp.add_url_rule(f"{_PATH}/comments", "comments", self.comments)
        bp.add_url_rule(f"{_PATH}/comments", "reply", self.reply, methods=["POST"])
        bp.add_url_rule(f"{_PATH}/<any({', '.join(_ACTIONS)}):action>", "act", self.act, methods=["POST"])
        return bp

    def listing(self, state: str = "", queue: int | None = None) -> Response:
        """Discussions that the caller may see, in a state or all but the deleted."""
        with self._store.lock:
            found = [one for one in self._store.threads.values() if self._may_see(one) and self._is_in(one, state)]
            if queue is not None:
                found = [one for one in found if queue in self._double.queue_ids(one)]
            if request.args.get("public") == "1":
                found = [one for one in found if not one.private]
            order = request.args.get("sort", "")
            found = [one for one in found if self._is_since(one, order)]
            found.sort(key=lambda one: (_order(one, order), one.id), reverse=True)
            return paged(self._double, "discussions", found, self._double.shapes.discussion)

    def detail(self, api_id: int) -> Response:
        """A discussion with (some of) its comments."""
        with self._store.lock:
            thread = self._thread(api_id)
            if thread is None:
                return text(NOT_FOUND, 404)
            rows = [self._double.shapes.comment(thread, post) for post in self._posts(thread)[: self._double.embedded_limit]]
            return answer({**self._double.shapes.discussion(thread), "comments": rows})

    def comments(self, api_id: int) -> Response:
        """A page of comments; past the end there is no list at all."""
        with self._store.lock:
            thread = self._thread(api_id)
            if thread is None:
                return text(NOT_FOUND, 404)
            posts = self._posts(thread)
            return paged(self._double, "comments", posts, lambda post: self._double.shapes.comment(thread, post), absent=True)

    def reply(self, api_id: int) -> Response:
        """Write a comment. A supporter may write as anybody and internally; nobody else may, and is not told."""
        with self._store.lock:
            thread, fields = self._thread(api_id), self._fields()
            if thread is None:
                return text(NOT_FOUND, 404)
            body = str(fields.get("body") or "")
            if not body.strip():
                return answer({"errors": {"body": ["can't be blank"]}}, 422)
            me = self._me()
            if self._double.holds_replies or not (fields.get("skip_spam") or me.staff):
                return done()
            internal = bool(fields.get("internal")) and me.staff and not self._double.publishes_notes
            resolution = fields.get("resolution")
            author = self._author(me, fields)
            post = self._store.add_post(
                thread.id, NewPost(author.username, body, internal=internal, extra={"resolution": resolution} if resolution else {})
            )
            if resolution:
                self._store.change(thread.id, state="resolved")
            return done() if self._double.spaces else answer(self._double.shapes.comment(thread, post), 201)

    def act(self, api_id: int, action: str) -> Response:
        """One of the actions; supporters only."""
        with self._store.lock:
            thread = self._thread(api_id, deleted=action == "restore")
            if thread is None:
                return text(NOT_FOUND, 404)
            if not self._me().staff:
                return text("You are not allowed to do that.", 403)
            if action in ("queue", "unqueue"):
                return self._queue(thread, action)
            if action == "toggle":
                self._store.change(thread.id, private=not thread.private)
                self._note(thread, f"The discussion is now {'private' if thread.private else 'public'}.")
                return done("Private" if thread.private else "Public")
            changes: dict[str, dict[str, Any]] = {
                "resolve": {"state": "resolved"},
                "unresolve": {"state": "open"},
                "acknowledge": {"acknowledged": True},
                "unacknowledge": {"acknowledged": False},
                "restore": {"deleted_at": None},
            }
            self._store.change(thread.id, **changes.get(action, {}))
            return done()

    def delete(self, api_id: int) -> Response:
        """Put a discussion among the deleted."""
        with self._store.lock:
            thread = self._thread(api_id)
            if thread is None:
                return text(NOT_FOUND, 404)
            self._store.delete_thread(thread.id)
            return done()

    def _queue(self, thread: Thread, action: str) -> Response:
        number = request.args.get("queue", "")
        person = next((one for one in self._store.people.values() if one.staff and str(numbers.PERSON_QUEUE + one.id) == number), None)
        team = next((one for one in self._store.teams.values() if str(numbers.TEAM_QUEUE + one.id) == number), None)
        if person is None and team is None:
            return text(NOT_FOUND, 404)
        slot = "assigned_person" if person else "assigned_team"
        owner, held = (person.username if person else team.name if team else ""), getattr(thread, slot)
        more: list[int] = thread.extra.setdefault("queues", [])
        is_there = int(number) in self._double.queue_ids(thread)
        if is_there is (action == "queue"):
            return done()
        if action == "queue" and held:
            # Nothing leaves a queue by itself: a discussion may be in two people's.
            more.append(int(number))
            self._store.change(thread.id, extra={**thread.extra, "queues": list(more)})
        elif action == "queue":
            self._store.change(thread.id, **{slot: owner})
        elif int(number) in more:
            self._store.change(thread.id, extra={**thread.extra, "queues": [one for one in more if one != int(number)]})
        else:
            self._store.change(thread.id, **{slot: None})
        name = person.name if person else owner
        self._note(thread, f"Discussion was assigned to {name}" if action == "queue" else f"Discussion is no longer assigned to {name}")
        return done()

    def _note(self, thread: Thread, words: str) -> None:
        self._store.add_post(thread.id, NewPost(self._me().username, words, internal=True, system=True))

    def _me(self) -> Person:
        caller = self._double.access.caller()
        if caller is None:
            raise RuntimeError("refused before")
        return caller

    def _author(self, me: Person, fields: dict[str, Any]) -> Person:
        email = str(fields.get("author_email") or "")
        if not email or not me.staff:
            return me
        known = next((one for one in self._store.people.values() if one.email == email), None)
        name = str(fields.get("author_name") or "")
        return known or self._store.add_person(email.partition("@")[0], name, email=email, email_verified=False)

    def _fields(self) -> dict[str, Any]:
        given = request.get_json(silent=True)
        return given if isinstance(given, dict) else request.form.to_dict()

    def _thread(self, api_id: int, *, deleted: bool = False) -> Thread | None:
        thread = self._store.threads.get(api_id - numbers.DISCUSSION)
        if thread is None or not self._may_see(thread):
            return None
        return None if thread.deleted_at and not (deleted or self._double.shows_deleted) else thread

    def _posts(self, thread: Thread) -> list[Post]:
        return self._store.posts_of(thread.id, internal=self._me().staff)

    def _may_see(self, thread: Thread) -> bool:
        me = self._me()
        return me.staff or thread.username == me.username or not thread.private

    def _is_in(self, thread: Thread, state: str) -> bool:
        shown = self._double.shapes.state(thread)
        if state == "pending":
            talk = [post for post in self._store.posts_of(thread.id, internal=False) if not post.system]
            waits = bool(talk) and not self._store.author(talk[-1]).staff
            return waits and not thread.acknowledged and shown in ("new", "open")
        if state == "assigned":
            return bool(self._double.queue_ids(thread)) and shown in ("new", "open")
        return shown == state if state else shown != "deleted"

    def _is_since(self, thread: Thread, order: str) -> bool:
        since = request.args.get("since", "")
        if not since or self._double.ignores_since:
            return True
        if since.isdigit():
            return numbers.DISCUSSION + thread.id > int(since)
        try:
            return (thread.updated_at if order == "updated" else thread.active_at).date() >= date.fromisoformat(since)
        except ValueError:
            return True


def _order(thread: Thread, order: str) -> float:
    """Numbers are given in the order of creation, whatever a story says of its times."""
    if order == "created":
        return thread.id
    return (thread.updated_at if order == "updated" else thread.active_at).replace(microsecond=0).timestamp()
