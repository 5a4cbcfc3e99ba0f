"""What GraphQL can change of a discussion: comments, its answer, its state, its labels."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.github.gate import viewer
from powerup.sandbox.github.graphql import Node, QueryError, Resolver
from powerup.sandbox.github.rows import number_of

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

Json = dict[str, Any]


class Mutations:
    """Resolvers that write. Called under the store's lock."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    def fields(self) -> dict[str, Resolver]:
        """Of the type Mutation."""
        return {
            "addDiscussionComment": self._add_comment,
            "markDiscussionCommentAsAnswer": self._mark,
            "closeDiscussion": self._close,
            "addLabelsToLabelable": self._add_labels,
            "removeLabelsFromLabelable": self._remove_labels,
        }

    def _add_comment(self, _: object, args: Json) -> Node:
        given, me = args["input"], viewer()
        thread = self._thread_of(given["discussionId"], "addDiscussionComment")
        refusal = self._double.issues.may_write(thread, me)
        if refusal is not None:
            raise QueryError(str((refusal.get_json() or {}).get("message")), type="FORBIDDEN", path=["addDiscussionComment"])
        post = self._double.store.add_post(thread.id, NewPost(me.username if me else "", str(given["body"])))
        return Node("Payload", post)

    def _mark(self, _: object, args: Json) -> Node:
        post = self._double.store.posts.get(number_of("DC", str(args["input"]["id"])) or 0)
        if post is None or not can_mark(self._double, post):
            raise QueryError("Could not mark the comment as the answer.", type="UNPROCESSABLE", path=["markDiscussionCommentAsAnswer"])
        thread = self._double.store.threads[post.thread_id]
        self._double.store.change(thread.id, answer_id=post.id, state="resolved" if thread.state == "open" else thread.state)
        return Node("Payload", thread)

    def _close(self, _: object, args: Json) -> Node:
        thread = self._manageable(args["input"]["discussionId"], "closeDiscussion")
        reason = args["input"].get("reason", "RESOLVED")
        thread.extra["state_reason"] = reason
        self._double.store.change(thread.id, state="resolved" if reason == "RESOLVED" else "closed")
        return Node("Payload", thread)

    def _add_labels(self, _: object, args: Json) -> Node:
        return self._labelled(args, "addLabelsToLabelable", lambda present, given: [*present, *given])

    def _remove_labels(self, _: object, args: Json) -> Node:
        return self._labelled(args, "removeLabelsFromLabelable", lambda present, given: [name for name in present if name not in given])

    def _labelled(self, args: Json, field: str, change: Callable[[list[str], list[str]], list[str]]) -> Node:
        thread = self._manageable(args["input"]["labelableId"], field)
        numbers = {number_of("LA", str(given)) for given in args["input"]["labelIds"]}
        named = [name for name, number in self._double.label_numbers.items() if number in numbers]
        given = [self._double.rows.label(name) or name for name in named]
        self._double.rows.set_labels(thread, change(self._double.rows.labels(thread), given))
        return Node("Payload", thread)

    def _thread_of(self, node: str, field: str) -> Thread:
        thread = self._double.store.threads.get(number_of("D", str(node)) or 0)
        if thread is None or self._double.rows.is_gone(thread):
            raise missing("Discussion", "global id", node, [field])
        return thread

    def _manageable(self, node: str, field: str) -> Thread:
        thread, me = self._thread_of(node, field), viewer()
        if self._double.read_only or not self._double.rows.may_triage(me):
            raise QueryError("Resource not accessible by personal access token", type="FORBIDDEN", path=[field])
        return thread


def can_mark(double: "GithubDouble", post: Post) -> bool:
    """Whether the viewer may make this comment the answer: whoever may triage, and whoever asked."""
    thread, me = double.store.threads[post.thread_id], viewer()
    is_mine = me is not None and me.username.lower() == thread.username.lower()
    return (double.rows.may_triage(me) or is_mine) and double.is_answerable(thread) and thread.answer_id != post.id


def missing(kind: str, name: str, value: object, path: list[str]) -> QueryError:
    """As GitHub says that there is none."""
    return QueryError(f"Could not resolve to {kind} with the {name} of {value}.", type="NOT_FOUND", path=path)
