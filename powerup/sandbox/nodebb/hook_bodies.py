"""Webhooks as nodebb-plugin-webhooks sends them: everything that NodeBB knows of an event, the request that caused it included.

That request holds the Authorization header of whoever made it. A real NodeBB sends it, so the double does.
"""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from powerup import clock
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.nodebb import people_json, post_json, topic_json

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]


def hook(double: "NodeBBDouble", event: Event, thread: Thread, post: Post | None, secret: str, *, before: str) -> Message:
    """What is sent for an event; `before` is the state in which the thread was."""
    person = double.store.author(post or thread)
    name, params = _about(double, event, thread, post, before)
    asked = _caller(double, person)
    data = {"hook": f"action:{name}", "params": {**params, "caller": asked}, "caller": asked}
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"x-webhook-signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()} if secret else {}
    return Message({"Content-Type": "application/json", "User-Agent": "axios/1.9.0", **headers}, body)


def _about(double: "NodeBBDouble", event: Event, thread: Thread, post: Post | None, before: str) -> tuple[str, Json]:
    match event:
        case Event.thread_opened if post:
            listed = topic_json.listed(double, thread, None, 0)
            return "topic.post", {"topic": listed, "post": post_json.written(double, thread, post), "data": {"tid": thread.id}}
        case Event.post_added if post:
            return "topic.reply", {"post": post_json.written(double, thread, post), "data": {"tid": str(thread.id)}}
        case Event.post_edited | Event.post_deleted if post:
            shown = {"pid": post.id, "tid": thread.id, "content": post.text, "timestamp": topic_json.ms(post.created_at)}
            return "post.edit" if event is Event.post_edited else "post.delete", {"post": shown, "uid": 1}
        case Event.thread_deleted:
            return "topic.delete", {"topic": topic_json.topic(double, thread), "uid": 1}
        case Event.thread_merged:
            target = thread.merged_into
            return "topic.merge", {"uid": 1, "tids": [str(target), str(thread.id)], "mergeIntoTid": target, "otherTids": [str(thread.id)]}
    if thread.state == before:
        return "topic.updateTags", {"tags": thread.tags, "tid": str(thread.id)}
    if thread.state == "resolved":
        return "topic.toggleSolved", {"uid": 1, "tid": thread.id, "pid": thread.answer_id or 0, "isSolved": True}
    locked = thread.state == "closed"
    author = double.store.author(thread)
    at = topic_json.ms(thread.updated_at)
    happened = {"type": "lock" if locked else "unlock", "uid": 1, "id": 7, "timestamp": at, "user": people_json.brief(author)}
    about = {"tid": thread.id, "uid": author.id, "cid": double.cid_of(thread), "events": [happened], "isLocked": locked, "locked": locked}
    return "topic.lock", {"topic": about, "uid": 1}


def _caller(double: "NodeBBDouble", person: Person) -> Json:
    ends = clock.iso(double.store.now() + timedelta(days=14))
    cookie = {"originalMaxAge": 1209600000, "expires": ends, "httpOnly": True, "path": "/", "sameSite": "Lax"}
    headers = {"user-agent": "a browser", "authorization": f"Bearer {double.token(person.username)}"}
    asked = {"uid": -1, "params": {}, "method": "POST", "session": {"cookie": cookie}, "ip": "127.0.0.1", "headers": headers}
    return {"uid": -1, "req": asked}
