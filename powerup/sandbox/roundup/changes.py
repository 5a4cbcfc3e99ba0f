"""What can be done through Roundup's REST interface, with its words for what it refuses (seen on 2.6.0)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from powerup.sandbox.common.cooking import cook
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import Event, NewPost
from powerup.sandbox.roundup.shapes import Json, Link, Shapes

if TYPE_CHECKING:
    from powerup.sandbox.roundup.double import RoundupDouble

_NO_AUTHOR = "\"nosy\" multilink value (['{}', None]) must contain Strings"


class Refused(Exception):
    """An answer that is none."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


def create(double: "RoundupDouble", cls: str, fields: Json, *, by: str) -> str:
    """Make something and return its number. A message is in no issue at first; an issue is made of messages."""
    store = double.store
    match cls:
        case "msg":
            return str(_message(double, fields, by).id)
        case "issue":
            posts = [_loose(double, number) for number in fields.get("messages", [])]
            thread = store.open_thread(str(fields.get("title", "")), NewPost(by, ""))
            placeholder = store.posts[thread.post_ids.pop()]
            placeholder.thread_id = 0
            for post in posts:
                _put(thread, post)
            return str(thread.id)
        case "keyword":
            name = str(fields.get("name", ""))
            if name in double.keywords:
                raise Refused(409, f'node with key "{name}" exists')
            return double.keyword_id(name)
        case "user":
            store.add_person(str(fields["username"]), str(fields.get("realname", "")), email=str(fields.get("address", "")))
            return double.user_id(str(fields["username"]))
    raise Refused(404, f"Class {cls} not found")


def update(double: "RoundupDouble", shapes: Shapes, cls: str, number: str, fields: Json) -> Json:
    """Change an issue; returns what is another now, as bare numbers."""
    if cls != "issue":
        raise Refused(403, f"Permission to edit {cls}{number} denied")
    thread = double.store.threads[int(number)]
    before, op = shapes.issue(thread), str(fields.pop("@op", "replace"))
    for name, value in fields.items():
        if name not in before:
            raise Refused(400, f"Property {name} not found in class issue")
        _set(double, thread, name, value, op)
    after = shapes.issue(thread)
    return {name: _bare(after[name]) for name in after if after[name] != before[name] and name not in shapes.PROTECTED}


def _set(double: "RoundupDouble", thread: Thread, name: str, value: Any, op: str) -> None:
    store = double.store
    match name:
        case "assignedto":
            store.change(thread.id, assigned_person=_username(double, str(value)))
        case "status":
            known = dict(enumerate(double.statuses, 1))
            status = known.get(int(value), "") if str(value).isdigit() else str(value)
            if status not in double.statuses:
                raise Refused(400, f"property status: '{value}' is not a status.")
            double.set_status(thread, double.rule.get(status, status))
        case "keyword":
            numbers = [*(double.keyword_id(one) for one in thread.tags), *value] if op == "add" else value
            store.change(thread.id, tags=[double.keywords[int(one) - 1] for one in numbers])
        case "messages":
            _messages(double, thread, [str(one) for one in value], op)
        case "title":
            store.change(thread.id, subject=str(value))


def _messages(double: "RoundupDouble", thread: Thread, wanted: list[str], op: str) -> None:
    """New messages come into the issue; what is left out of a replacement goes out of it."""
    store = double.store
    for number in wanted:
        post = store.posts.get(int(number))
        if post is None:
            raise Refused(409, f"msg has no node {number}")
        if post.thread_id == thread.id:
            continue
        if not post.extra.get("author", True):
            raise Refused(409, _NO_AUTHOR.format(double.user_id(thread.username)))
        _put(thread, post)
        # Put in now, whenever it was made.
        thread.active_at = thread.updated_at = max(thread.updated_at, store.now())
        store.tell(Event.post_added, thread, post)
    if op == "replace":
        for post in store.posts_of(thread.id):
            if str(post.id) not in wanted:
                store.delete_post(post.id)


def _message(double: "RoundupDouble", fields: Mapping[str, Any], by: str) -> Post:
    """A message that is in no issue yet; "." is Roundup's word for now."""
    store = double.store
    at = store.now()
    author = _username(double, str(fields["author"])) if fields.get("author") else None
    extra: dict[str, Any] = {"creator": by, "author": author is not None, "date": at if fields.get("date") == "." else None}
    extra |= {"messageid": fields["messageid"]} if fields.get("messageid") else {}
    text, files = str(fields.get("content", "")), [int(one) for one in fields.get("files", [])]
    post = Post(101 + len(store.posts), 0, 0, author or by, text, cook(text), at, at, file_ids=files, extra=extra)
    store.posts[post.id] = post
    return post


def _loose(double: "RoundupDouble", number: object) -> Post:
    post = double.store.posts.get(int(str(number)))
    if post is None:
        raise Refused(409, f"msg has no node {number}")
    if not post.extra.get("author", True):
        raise Refused(409, _NO_AUTHOR.format(double.user_id(post.username)))
    return post


def _put(thread: Thread, post: Post) -> None:
    """Into the issue, in the order of the numbers."""
    post.thread_id, post.number = thread.id, len(thread.post_ids) + 1
    thread.post_ids = sorted([*thread.post_ids, post.id])


def _username(double: "RoundupDouble", given: str) -> str | None:
    """Whose number or name it is; none for nobody ("" or -1)."""
    if given in ("", "-1"):
        return None
    people = [person.username for person in double.store.people.values()]
    found = next((name for name in people if given in (name, double.user_id(name))), None)
    if found is None:
        raise (
            Refused(409, f"user has no node {given}") if given.isdigit() else Refused(400, f"property assignedto: '{given}' is not a user.")
        )
    return found


def _bare(value: object) -> object:
    if isinstance(value, list):
        return [one.id for one in value if isinstance(one, Link)]
    return value.id if isinstance(value, Link) else str(value) if isinstance(value, datetime) else value
