"""The part of GitHub's GraphQL schema that is about discussions: https://docs.github.com/public/fpt/schema.docs.graphql."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.github.gate import viewer
from powerup.sandbox.github.graphql import Node, QueryError, Resolver, Schema
from powerup.sandbox.github.mutations import Mutations, can_mark, missing
from powerup.sandbox.github.rows import cursor_of, key_in, node_id, number_of, stamp

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

Json = dict[str, Any]


class Discussions:
    """Resolvers over the store. Called under its lock."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    def schema(self) -> Schema:
        """Types and fields."""
        rows = self._double.rows
        return {
            "Query": {
                "viewer": lambda _, args: self._actor(viewer()),
                "repository": self._repository,
                "node": self._node,
                "search": self._search,
            },
            "Mutation": Mutations(self._double).fields(),
            "Repository": {
                "isPrivate": lambda _, args: self._double.is_private,
                "nameWithOwner": lambda _, args: f"{self._double.owner}/{self._double.name}",
                "hasDiscussionsEnabled": lambda _, args: self._double.has_discussions,
                "discussion": self._discussion,
                "discussions": lambda _, args: self._threads("discussion", args),
                "issues": lambda _, args: self._threads("issue", args),
                "issue": self._issue,
            },
            **self._actors(),
            "Issue": {
                **self._thread_fields("issues"),
                "comments": lambda thread, args: self._connection([Node("IssueComment", one) for one in rows.comments(thread)], args),
                "timelineItems": self._timeline,
            },
            "Discussion": self._discussion_fields(),
            "DiscussionComment": self._comment_fields(),
            **self._payloads(),
        }

    # ---- fields by type

    def _actors(self) -> dict[str, dict[str, Resolver]]:
        fields: dict[str, Resolver] = {
            "login": lambda person, args: person.username,
            "avatarUrl": lambda person, args: f"{self._double.url}/avatars/u/{person.id}?s={args.get('size', 40)}&v=4",
            "databaseId": lambda person, args: person.id,
        }
        return {"User": {**fields, "name": lambda person, args: person.name}, "Bot": fields}

    def _thread_fields(self, page: str) -> dict[str, Resolver]:
        return {
            "number": lambda thread, args: thread.id,
            "title": lambda thread, args: thread.subject,
            "url": lambda thread, args: f"{self._double.base_url()}/{page}/{thread.id}",
            "createdAt": lambda thread, args: stamp(thread.created_at),
            "updatedAt": lambda thread, args: stamp(self._double.rows.updated_at(thread)),
        }

    def _discussion_fields(self) -> dict[str, Resolver]:
        rows = self._double.rows
        return {
            **self._thread_fields("discussions"),
            "id": lambda thread, args: node_id("D", thread.id),
            "databaseId": lambda thread, args: 2_000_000 + thread.id,
            "closed": lambda thread, args: thread.state != "open" and not self._is_only_answered(thread),
            "stateReason": self._state_reason,
            "locked": lambda thread, args: bool(thread.extra.get("locked")),
            "labels": lambda thread, args: self._connection([Node("Label", name) for name in rows.labels(thread)], args),
            "answer": self._answer,
            "category": lambda thread, args: Node("DiscussionCategory", thread),
            "viewerDidAuthor": lambda thread, args: self._is_mine(thread.username),
            "author": lambda thread, args: self._actor(self._double.store.author(thread)),
            "authorAssociation": lambda thread, args: rows.association(self._double.store.author(thread)),
            "lastEditedAt": lambda thread, args: self._edited(rows.first(thread)),
            "body": lambda thread, args: self._double.shapes.text(rows.first(thread), "full").get("body") or "",
            "bodyHTML": lambda thread, args: self._double.shapes.text(rows.first(thread), "full").get("body_html") or "",
            "repository": lambda thread, args: Node("Repository", None),
            "comments": lambda thread, args: self._comments(thread, None, args),
        }

    def _comment_fields(self) -> dict[str, Resolver]:
        rows, store = self._double.rows, self._double.store
        page = self._double.base_url
        return {
            "id": lambda post, args: node_id("DC", post.id),
            "databaseId": lambda post, args: post.id,
            "url": lambda post, args: f"{page()}/discussions/{post.thread_id}#discussioncomment-{post.id}",
            "createdAt": lambda post, args: stamp(post.created_at),
            "lastEditedAt": lambda post, args: self._edited(post),
            "deletedAt": lambda post, args: stamp(post.deleted_at) if post.deleted_at else None,
            "isMinimized": lambda post, args: bool(post.extra.get("minimized")),
            "minimizedReason": lambda post, args: post.extra.get("minimized"),
            "viewerDidAuthor": lambda post, args: self._is_mine(post.username),
            "author": lambda post, args: self._actor(store.author(post)),
            "authorAssociation": lambda post, args: rows.association(store.author(post)),
            "body": lambda post, args: "" if post.deleted_at else self._double.shapes.markdown(post),
            "bodyHTML": lambda post, args: "" if post.deleted_at else self._double.shapes.html(post),
            "isAnswer": lambda post, args: store.threads[post.thread_id].answer_id == post.id,
            "viewerCanMarkAsAnswer": lambda post, args: can_mark(self._double, post),
            "discussion": lambda post, args: Node("Discussion", store.threads[post.thread_id]),
            "replies": lambda post, args: self._comments(store.threads[post.thread_id], post, args),
        }

    def _payloads(self) -> dict[str, dict[str, Resolver]]:
        rows = self._double.rows
        connection: dict[str, Resolver] = {
            "totalCount": lambda found, args: found["total"],
            "nodes": lambda found, args: _bounded(found)["nodes"],
            "pageInfo": lambda found, args: Node("PageInfo", _bounded(found)),
        }
        return {
            "Connection": connection,
            "PageInfo": {"hasNextPage": lambda found, args: found["more"], "endCursor": lambda found, args: found["end"]},
            "Label": {"name": lambda name, args: name, "id": lambda name, args: node_id("LA", rows.label_number(name))},
            "DiscussionCategory": {"isAnswerable": lambda thread, args: self._double.is_answerable(thread)},
            "ConvertedToDiscussionEvent": {"discussion": lambda thread, args: Node("Discussion", thread)},
            "Payload": {
                "clientMutationId": lambda found, args: None,
                "comment": lambda found, args: Node("DiscussionComment", found),
                "discussion": lambda found, args: Node("Discussion", found),
            },
        }

    # ---- finding

    def _repository(self, _: object, args: Json) -> Node:
        if (str(args.get("owner")).lower(), str(args.get("name")).lower()) != (self._double.owner.lower(), self._double.name.lower()):
            name = f"{args.get('owner')}/{args.get('name')}"
            raise QueryError(f"Could not resolve to a Repository with the name '{name}'.", type="NOT_FOUND", path=["repository"])
        return Node("Repository", None)

    def _discussion(self, _: object, args: Json) -> Node:
        thread = self._double.store.threads.get(int(args["number"]))
        if thread is None or self._double.rows.kind_of(thread) != "discussion" or self._double.rows.is_gone(thread):
            raise missing("Discussion", "number", args["number"], ["repository", "discussion"])
        return Node("Discussion", thread)

    def _issue(self, _: object, args: Json) -> Node:
        thread = self._double.store.threads.get(int(args["number"]))
        if thread is None or self._double.rows.kind_of(thread) != "issue" or self._double.rows.is_gone(thread):
            raise missing("Issue", "number", args["number"], ["repository", "issue"])
        return Node("Issue", thread)

    def _node(self, _: object, args: Json) -> Node:
        given = str(args.get("id"))
        post = self._double.store.posts.get(number_of("DC", given) or 0)
        if post is not None:
            return Node("DiscussionComment", post)
        thread = self._double.store.threads.get(number_of("D", given) or 0)
        if thread is None:
            raise missing("a node", "global id", given, ["node"])
        return Node("Discussion", thread)

    def _search(self, _: object, args: Json) -> Node:
        words = [word.lower() for word in str(args.get("query")).split() if ":" not in word]
        found = [one for one in self._double.rows.threads("discussion") if self._double.holds(one, words)]
        return self._connection([Node("Discussion", one) for one in found], args)

    def _threads(self, kind: str, args: Json) -> Node:
        """By `updatedAt`, the newest first; a cursor holds a place in the order of time."""
        threads, total = self._double.rows.threads(kind), len(self._double.rows.threads(kind))
        if args.get("after"):
            key = key_in(args["after"])
            threads = [one for one in threads if [stamp(self._double.rows.updated_at(one)), one.id] < key]
        size = _size(args)
        if size is None:
            return Node("Connection", {"total": total, "nodes": None})
        shown = threads[:size]
        end = cursor_of(stamp(self._double.rows.updated_at(shown[-1])), shown[-1].id) if shown else None
        nodes = [Node("Issue" if kind == "issue" else "Discussion", one) for one in shown]
        return Node("Connection", {"total": total, "nodes": nodes, "more": len(threads) > size, "end": end})

    def _comments(self, thread: Thread, parent: Post | None, args: Json) -> Node:
        """Comments, or the replies to one; a deleted comment stays while it has replies."""
        posts = self._double.rows.comments(thread, deleted=True)
        parents = {post.extra.get("parent") for post in posts if not post.deleted_at}
        wanted = [post for post in posts if post.extra.get("parent") == (parent.id if parent else None)]
        shown = [post for post in wanted if not post.deleted_at or post.id in parents]
        return self._connection([Node("DiscussionComment", post) for post in shown], args)

    def _connection(self, nodes: Sequence[Node], args: Json) -> Node:
        size, start = _size(args), int(str(key_in(args["after"])[0])) if args.get("after") else 0
        if size is None:
            return Node("Connection", {"total": len(nodes), "nodes": None})
        shown = list(nodes[start : start + size])
        end = cursor_of(start + len(shown))
        return Node("Connection", {"total": len(nodes), "nodes": shown, "more": start + size < len(nodes), "end": end})

    def _timeline(self, thread: Thread, args: Json) -> Node:
        target = self._double.store.threads.get(thread.extra.get("converted_to", 0))
        nodes = [Node("ConvertedToDiscussionEvent", target)] if target else []
        return self._connection(nodes, args)

    # ---- reading

    def _actor(self, person: Person | None) -> Node | None:
        if person is None or person.extra.get("ghost"):
            return None
        return Node(str(person.extra.get("type", "User")), person)

    def _answer(self, thread: Thread, args: Json) -> Node | None:
        post = self._double.store.posts.get(thread.answer_id or 0)
        return Node("DiscussionComment", post) if post and not post.deleted_at else None

    def _state_reason(self, thread: Thread, args: Json) -> str | None:
        if thread.state == "open" or self._is_only_answered(thread):
            return None
        return str(thread.extra.get("state_reason") or ("RESOLVED" if thread.state == "resolved" else "OUTDATED"))

    def _is_only_answered(self, thread: Thread) -> bool:
        """The desk calls it resolved; GitHub has an answer there and leaves it open."""
        return thread.state == "resolved" and thread.answer_id is not None

    def _edited(self, post: Post | None) -> str | None:
        return stamp(post.edited_at) if post and post.edited_at else None

    def _is_mine(self, username: str) -> bool:
        me = viewer()
        return me is not None and me.username.lower() == username.lower()


def _size(args: Json) -> int | None:
    """`first` or `last`, at most 100; a connection of which only `totalCount` is asked needs neither."""
    size = args.get("first") or args.get("last")
    if size is not None and int(size) > 100:
        raise QueryError("Requesting too many records: the limit is 100.", type="EXCESSIVE_PAGINATION")
    return None if size is None else int(size)


def _bounded(found: Json) -> Json:
    if found["nodes"] is None:
        raise QueryError("You must provide a `first` or `last` value to properly paginate.", type="MISSING_PAGINATION_BOUNDARIES")
    return found
