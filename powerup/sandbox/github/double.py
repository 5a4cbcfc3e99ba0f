"""A repository on a GitHub Enterprise Server, on a port of its own: pages for people at `/northwind/support/…`, REST at `/api/v3/…`,
GraphQL at `/api/graphql`.

Shapes and texts are those of the documentation's examples and of public bug reports, named where they are used.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from powerup import clock
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.github.gate import Gate
from powerup.sandbox.github.graphql import execute
from powerup.sandbox.github.rest_issues import IssueRoutes
from powerup.sandbox.github.rest_repository import RepositoryRoutes
from powerup.sandbox.github.rows import Rows, node_id
from powerup.sandbox.github.schema import Discussions
from powerup.sandbox.github.shapes import Shapes
from powerup.sandbox.github.uploads import Uploads

_ACTIONS = {
    Event.thread_opened: "opened",
    Event.post_added: "created",
    Event.post_edited: "edited",
    Event.post_deleted: "deleted",
    Event.thread_changed: "edited",
    Event.thread_deleted: "deleted",
    Event.thread_merged: "edited",
}


class GithubDouble(DeskDouble):
    """The repository `northwind/support`. Its traps are attributes; the harmless ones are set as GitHub has them."""

    kind: ClassVar[str] = "github"
    label: ClassVar[str] = "GitHub"
    api_paths: ClassVar[tuple[str, ...]] = ("/api/", "/user-attachments/", "/storage/")
    page_rule: ClassVar[str] = "/northwind/support/<any(issues, discussions):place>/<int:number>"
    has_notes: ClassVar[bool] = False
    has_private: ClassVar[bool] = False

    def __init__(self, *, acting_as: str = "northwind", opens: str = "issue", now: Callable[[], datetime] = clock.now) -> None:
        self.owner, self.name = "northwind", "support"
        self.opens = opens
        """What a thread becomes that the desk's pages open: `issue` or `discussion`. One thread's own is `extra["kind"]`."""
        self.is_private = False
        self.is_archived = False
        self.has_issues = True
        self.has_discussions = True
        self.answerable = True
        """Whether discussions are in a category that knows answers, unless a thread's `extra["answerable"]` says otherwise."""
        self.read_only = False
        """Whether tokens may only read, as fine-grained ones without write permission."""
        self.is_installation = False
        """Whether tokens are those of an app's installation, which is no user."""
        self.scopes: str | None = "repo, read:org"
        """A classic token's; None: a fine-grained one."""
        self.revoked: set[str] = set()
        """Usernames whose tokens were withdrawn."""
        self.remaining: int | None = None
        """Calls left within the hour; None: enough."""
        self.resets_in = 1_800
        """Seconds until there are more."""
        self.labels: dict[str, str] = {"bug": "d73a4a", "question": "d876e3"}
        """The repository's, by name."""
        self.labels_are_fixed = False
        """Whether making a label is refused, as with the role "triage"."""
        self.label_numbers: dict[str, int] = {}
        self.edits_are_unlisted = False
        """Whether only messages move a thread's `updated_at`."""
        self.ignores_since = False
        self.hides_uploads = False
        """Whether stable addresses of uploads answer 404, as those of private repositories do to most tokens."""
        self.search_strays = False
        """Whether search gives what was not asked for, too."""
        self.strays: list[dict[str, Any]] = []
        self.graphql_error: dict[str, Any] | None = None
        """An entry of `errors` with which GraphQL answers everything, in a 200."""
        self.sends_forms = False
        """Whether webhooks come as a form instead of JSON."""
        self.rows, self.shapes, self.uploads, self.gate = Rows(self), Shapes(self), Uploads(self), Gate(self)
        self.issues = IssueRoutes(self)
        super().__init__(acting_as=acting_as, now=now)
        self._schema = Discussions(self).schema()

    # ---- what a kind says

    def blueprints(self) -> Sequence[Blueprint]:
        api = Blueprint("github_api", __name__)
        base = f"/api/v3/repos/{self.owner}/{self.name}"
        self.issues.add_to(api, base)
        RepositoryRoutes(self).add_to(api, base)
        api.add_url_rule("/api/graphql", "graphql", self._graphql, methods=["POST"])
        api.before_request(self.gate.enter)
        api.after_request(self.gate.leave)
        return [api, self.uploads.blueprint()]

    def base_url(self) -> str:
        return f"{self.url}/{self.owner}/{self.name}"

    @property
    def api_url(self) -> str:
        """The repository in the REST API."""
        return f"{self.url}/api/v3/repos/{self.owner}/{self.name}"

    def credentials(self, username: str | None = None) -> dict[str, str]:
        found = {"token": self.gate.token(username or self.acting_as)}
        return {**found, "threads": "discussions"} if self.opens == "discussion" else found

    def page_path(self, thread: Thread) -> str:
        return f"/{self.owner}/{self.name}/{self.rows.kind_of(thread)}s/{thread.id}"

    def file_path(self, file: StoredFile) -> str:
        return self.uploads.path(file)

    def thread_key(self, thread_id: int) -> str:
        return f"{self.rows.kind_of(self.store.threads[thread_id])}-{thread_id}"

    def thread_id(self, key: str) -> int:
        return int(key.rpartition("-")[2])

    def post_key(self, post: Post) -> str:
        thread = self.store.threads[post.thread_id]
        if thread.post_ids[0] == post.id:
            return self.thread_key(thread.id)
        return node_id("DC", post.id) if self.rows.kind_of(thread) == "discussion" else str(post.id)

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        if post is not None and post.system:
            return None
        is_issue = self.rows.kind_of(thread) == "issue"
        about_comment = post is not None and event is not Event.thread_opened and post.id != thread.post_ids[0]
        name = ("issue_comment" if is_issue else "discussion_comment") if about_comment else ("issues" if is_issue else "discussion")
        action = "created" if event is Event.thread_opened and not is_issue else _ACTIONS[event]
        body: dict[str, Any] = {"action": action}
        body |= {"issue": self.shapes.issue(thread, media="raw")} if is_issue else {"discussion": self.shapes.discussion(thread)}
        if about_comment and post is not None:
            comment = self.shapes.comment(thread, post, media="raw") if is_issue else self.shapes.discussion_comment(thread, post)
            body["comment"] = comment
        return self.webhook(name, body, secret, author=post.username if post else self.acting_as)

    # ---- what only GitHub has

    def webhook(self, event: str, body: dict[str, Any], secret: str, *, author: str = "") -> Message:
        """Any event, with the repository and its sender, as JSON or as a form, and signed where there is a secret."""
        sender = self.shapes.user(self.store.person(author or self.acting_as))
        text = json.dumps({**body, "repository": self.shapes.repository(viewer=None), "sender": sender})
        raw = urlencode({"payload": text}).encode() if self.sends_forms else text.encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if self.sends_forms else "application/json",
            "User-Agent": "GitHub-Hookshot/5a4db0c",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-GitHub-Event": event,
            "X-GitHub-Hook-ID": "109948940",
            "X-GitHub-Enterprise-Version": "3.17.0",
        }
        if secret:
            headers["X-Hub-Signature"] = "sha1=" + hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()
            headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        return Message(headers, raw)

    def is_answerable(self, thread: Thread) -> bool:
        """Whether a comment of the discussion can be its answer."""
        return bool(thread.extra.get("answerable", self.answerable))

    def holds(self, thread: Thread, words: list[str]) -> bool:
        """Whether every word is in the thread's title or texts."""
        text = " ".join([thread.subject, *(post.text for post in self.store.posts_of(thread.id))]).lower()
        return all(word in text for word in words)

    def transfer(self, thread_id: int, target: str) -> None:
        """The issue goes to another repository: its address redirects there from now on."""
        with self.store.lock:
            self.store.threads[thread_id].extra["transferred_to"] = target

    def convert(self, thread_id: int, *, category_answers: bool = True) -> int:
        """The issue becomes a discussion with a number of its own, and stays behind closed and locked; returns the discussion's."""
        with self.store.lock:
            issue = self.store.threads[thread_id]
            number = max(self.store.threads) + 1
            discussion = Thread(
                number, issue.subject, issue.username, issue.created_at, issue.active_at, self.store.now(),
                tags=list(issue.tags), extra={"kind": "discussion", "answerable": category_answers},
            )  # fmt: skip
            self.store.threads[number] = discussion
            discussion.post_ids, issue.post_ids = issue.post_ids, issue.post_ids[:1]
            for post_id in discussion.post_ids:
                self.store.posts[post_id].thread_id = number
            issue.extra |= {"locked": True, "converted_to": number}
            self.store.change(thread_id, state="closed")
            return number

    def _graphql(self) -> ResponseReturnValue:
        data = request.get_json(silent=True) or {}
        if self.graphql_error:
            return jsonify({"data": None, "errors": [self.graphql_error]})
        with self.store.lock:
            return jsonify(execute(self._schema, str(data.get("query", "")), data.get("variables") or {}))
