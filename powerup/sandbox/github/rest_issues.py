"""Issues and their comments: https://docs.github.com/en/rest/issues."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.desk.models import Person, Thread
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.github.gate import invalid, refused, viewer
from powerup.sandbox.github.paging import paged
from powerup.sandbox.github.rows import stamp

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

_LONGEST = 65_536


class IssueRoutes:
    """What is asked about issues."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    def add_to(self, bp: Blueprint, base: str) -> None:
        """Put the routes below the repository's path."""
        one = f"{base}/issues/<int:number>"
        bp.add_url_rule(f"{base}/issues", "issues", self.listing)
        bp.add_url_rule(f"{base}/issues/comments", "all_comments", self.all_comments)
        bp.add_url_rule(f"{base}/issues/comments/<int:comment>", "comment", self.comment)
        bp.add_url_rule(one, "issue", self.issue)
        bp.add_url_rule(one, "change", self.change, methods=["PATCH"])
        bp.add_url_rule(f"{one}/comments", "comments", self.comments)
        bp.add_url_rule(f"{one}/comments", "reply", self.reply, methods=["POST"])
        bp.add_url_rule(f"{one}/labels", "add_labels", self.add_labels, methods=["POST"])
        bp.add_url_rule(f"{one}/labels/<path:name>", "remove_label", self.remove_label, methods=["DELETE"])
        bp.add_url_rule(f"{one}/assignees", "assignees", self.assignees, methods=["POST", "DELETE"])

    def listing(self) -> ResponseReturnValue:
        """Issues and pull requests; open ones unless asked otherwise; `since` is inclusive."""
        if not self._double.has_issues:
            return refused(410, "Issues has been disabled in this repository.")
        with self._double.store.lock:
            found = self._double.rows.threads("issue", pulls=True)
            state, since = request.args.get("state", "open"), _since()
            found = [one for one in found if state == "all" or (one.state == "open") == (state == "open")]
            if since and not self._double.ignores_since:
                found = [one for one in found if stamp(self._double.rows.updated_at(one)) >= since]
            if request.args.get("sort", "created") == "created":
                found.sort(key=lambda one: (stamp(one.created_at), one.id), reverse=True)
            if request.args.get("direction", "desc") == "asc":
                found.reverse()
            return paged(found, lambda one: self._double.shapes.issue(one, media=_media()))

    def all_comments(self) -> ResponseReturnValue:
        """Comments of all issues and pull requests, ascending by id unless sorted."""
        with self._double.store.lock:
            rows = [
                (thread, post) for thread in self._double.rows.threads("issue", pulls=True) for post in self._double.rows.comments(thread)
            ]
            since = _since()
            if since:
                rows = [row for row in rows if stamp(row[1].edited_at or row[1].created_at) >= since]
            by_time = request.args.get("sort") == "updated"
            rows.sort(key=lambda row: (stamp(row[1].edited_at or row[1].created_at) if by_time else "", row[1].id))
            if by_time and request.args.get("direction", "desc") == "desc":
                rows.reverse()
            return paged(rows, lambda row: self._double.shapes.comment(*row, media=_media()))

    def issue(self, number: int) -> ResponseReturnValue:
        """One issue or pull request."""
        with self._double.store.lock:
            thread = self._thread(number)
            return thread if isinstance(thread, Response) else jsonify(self._double.shapes.issue(thread, media=_media()))

    def comment(self, comment: int) -> ResponseReturnValue:
        """One comment."""
        with self._double.store.lock:
            post = self._double.store.posts.get(comment)
            thread = self._double.store.threads.get(post.thread_id) if post else None
            if post is None or thread is None or post.deleted_at or self._double.rows.kind_of(thread) != "issue":
                return refused(404, "Not Found")
            return jsonify(self._double.shapes.comment(thread, post, media=_media()))

    def comments(self, number: int) -> ResponseReturnValue:
        """An issue's comments, ascending by id. A transfer's redirect does not cover them."""
        with self._double.store.lock:
            thread = self._thread(number)
            if isinstance(thread, Response):
                return refused(404, "Not Found")
            posts = sorted(self._double.rows.comments(thread), key=lambda post: post.id)
            return paged(posts, lambda post: self._double.shapes.comment(thread, post, media=_media()), deep=False)

    def reply(self, number: int) -> ResponseReturnValue:
        """Write a comment."""
        with self._double.store.lock:
            thread, me = self._thread(number), viewer()
            if isinstance(thread, Response):
                return thread
            if refusal := self.may_write(thread, me):
                return refusal
            text = _fields().get("body")
            if not isinstance(text, str) or not text.strip():
                return invalid("IssueComment", "body", "missing_field")
            if len(text) > _LONGEST:
                return invalid("IssueComment", "body", "too_long")
            post = self._double.store.add_post(thread.id, NewPost(me.username if me else "", text))
            return jsonify(self._double.shapes.comment(thread, post, media=_media())), 201

    def change(self, number: int) -> ResponseReturnValue:
        """Close or reopen."""
        with self._double.store.lock:
            thread, me = self._thread(number), viewer()
            if isinstance(thread, Response):
                return thread
            mine = me is not None and me.username == thread.username
            if self._double.read_only or not (mine or self._double.rows.may_triage(me)):
                return self._forbidden(me)
            fields = _fields()
            if fields.get("state") == "closed":
                reason = fields.get("state_reason") or "completed"
                if reason not in ("completed", "not_planned", "duplicate"):
                    return invalid("Issue", "state_reason", "invalid")
                thread.extra["state_reason"] = reason
                self._double.store.change(thread.id, state="resolved" if reason == "completed" else "closed")
            elif fields.get("state") == "open":
                self._double.store.change(thread.id, state="open")
            return jsonify(self._double.shapes.issue(thread, media=_media()))

    def add_labels(self, number: int) -> ResponseReturnValue:
        """Put labels on."""
        with self._double.store.lock:
            thread = self._manageable(number)
            if isinstance(thread, Response):
                return thread
            present = self._double.rows.labels(thread)
            known = {name.lower() for name in present}
            for name in _fields().get("labels") or []:
                self._double.labels.setdefault(self._double.rows.label(str(name)) or str(name), "")
                if str(name).lower() not in known:
                    present.append(self._double.rows.label(str(name)) or str(name))
            self._double.rows.set_labels(thread, present)
            return jsonify([self._double.shapes.label(name) for name in self._double.rows.labels(thread)])

    def remove_label(self, number: int, name: str) -> ResponseReturnValue:
        """Take one label off; 404 where it is not on."""
        with self._double.store.lock:
            thread = self._manageable(number)
            if isinstance(thread, Response):
                return thread
            present = self._double.rows.labels(thread)
            left = [label for label in present if label.lower() != name.lower()]
            if len(left) == len(present):
                return refused(404, "Label does not exist")
            self._double.rows.set_labels(thread, left)
            return jsonify([self._double.shapes.label(label) for label in left])

    def assignees(self, number: int) -> ResponseReturnValue:
        """Add or remove; whoever cannot be assigned is silently left out, and so is everybody when we may not."""
        with self._double.store.lock:
            thread = self._thread(number)
            if isinstance(thread, Response):
                return thread
            present, people = self._double.rows.assignees(thread), self._double.store.people
            asked = {str(name).lower() for name in _fields().get("assignees") or []}
            if self._double.rows.may_triage(viewer()) and not self._double.read_only:
                if request.method == "POST":
                    found = [people[name] for name in asked if name in people and self._double.rows.may_triage(people[name])]
                    self._double.rows.set_assignees(thread, [*present, *found])
                else:
                    self._double.rows.set_assignees(thread, [person for person in present if person.username.lower() not in asked])
            status = 201 if request.method == "POST" else 200
            return jsonify(self._double.shapes.issue(thread, media=_media())), status

    def may_write(self, thread: Thread, me: Person | None) -> Response | None:
        """Why not to comment, or None."""
        if me is None:
            return refused(401, "Requires authentication")
        if self._double.is_archived:
            return refused(403, "Repository was archived so is read-only.")
        if self._double.read_only:
            return self._forbidden(me)
        if thread.extra.get("locked") and not self._double.rows.may_triage(me):
            return refused(403, "Unable to create comment because issue is locked.")
        return None

    def _manageable(self, number: int) -> Thread | Response:
        thread, me = self._thread(number), viewer()
        if isinstance(thread, Response):
            return thread
        return thread if self._double.rows.may_triage(me) and not self._double.read_only else self._forbidden(me)

    def _forbidden(self, me: Person | None) -> Response:
        if me is None:
            return refused(401, "Requires authentication")
        fine = self._double.scopes is None
        return refused(403, "Resource not accessible by personal access token" if fine else "Must have admin rights to Repository.")

    def _thread(self, number: int) -> Thread | Response:
        """The issue; a redirect for one that was transferred, 410 or 404 for one that is gone."""
        thread = self._double.store.threads.get(number)
        if thread is None or self._double.rows.kind_of(thread) != "issue":
            return refused(404, "Not Found")
        if target := thread.extra.get("transferred_to"):
            return redirect(target, 301)  # type: ignore[return-value]  # werkzeug's, which Flask's is one of
        if thread.deleted_at:
            return refused(410, "This issue was deleted")
        return thread


def _since() -> str:
    """The parameter as it compares with GitHub's own times; nonsense is passed over."""
    try:
        return stamp(datetime.fromisoformat(request.args.get("since", "")).astimezone(UTC))
    except ValueError:
        return ""


def _media() -> str:
    """Which form of texts: `application/vnd.github.full+json` and its like; without one, the source."""
    accept = request.headers.get("Accept", "")
    return next((form for form in ("full", "html", "text", "raw") if f".{form}+json" in accept), "raw")


def _fields() -> dict[str, Any]:
    data = request.get_json(silent=True)
    return data if isinstance(data, dict) else {}
