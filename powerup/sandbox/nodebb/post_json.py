"""Posts as JSON: in a topic, by themselves, and as a write answers."""

import re
from html import escape
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.nodebb import people_json, topic_json

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]


def content(double: "NodeBBDouble", post: Post) -> str:
    """A post's HTML, with its uploads at the end unless the text shows them already."""
    html = re.sub(r"<p>", '<p dir="auto">', post.html)
    for number in post.file_ids:
        file = double.store.files[number]
        path = double.file_path(file)
        if path not in html:
            link = f'<a href="{path}">{escape(file.name)}</a>'
            picture = f'<img src="{path}" alt="{escape(file.name)}" class=" img-fluid img-markdown" />'
            html += f'\n<p dir="auto">{picture if file.content_type.startswith("image/") else link}</p>'
    return html if html.endswith("\n") else f"{html}\n"


def shown_post(double: "NodeBBDouble", thread: Thread, post: Post, viewer: Person | None, index: int) -> Json:
    """A post in a topic. What is deleted is text for moderators only."""
    author, moderates = double.store.author(post), double.moderates(viewer)
    own = viewer is not None and viewer.username == post.username
    hidden = bool(post.deleted_at) and not moderates and not own
    return {
        "tid": thread.id,
        "pid": post.id,
        "content": "[[topic:post-is-deleted]]" if hidden else content(double, post),
        "uid": author.id,
        "timestamp": topic_json.ms(post.created_at),
        "deleted": int(bool(post.deleted_at)),
        "upvotes": 0,
        "downvotes": 0,
        "deleterUid": 0,
        "edited": topic_json.ms(post.edited_at),
        "replies": {
            "hasMore": False,
            "hasSingleImmediateReply": False,
            "users": [],
            "text": "[[topic:one-reply-to-this-post]]",
            "count": 0,
        },
        "bookmarks": 0,
        "announces": 0,
        "votes": 0,
        "timestampISO": topic_json.iso(post.created_at),
        "editedISO": topic_json.iso(post.edited_at),
        "attachments": [],
        "uploads": [],
        "index": index,
        "user": people_json.of_post(author),
        "editor": None,
        "bookmarked": False,
        "upvoted": False,
        "downvoted": False,
        "selfPost": own,
        "events": [],
        "topicOwnerPost": post.username == thread.username,
        "display_edit_tools": moderates or own,
        "display_delete_tools": moderates or own,
        "display_moderator_tools": moderates or own,
        "display_move_tools": moderates and index != 0,
        "display_post_menu": True,
    }


def summary(double: "NodeBBDouble", thread: Thread, post: Post) -> Json:
    """A post by itself, with a little of its topic: what a search finds, and the base of what a write answers."""
    author = people_json.brief(double.store.author(post))
    return {
        "pid": post.id,
        "tid": thread.id,
        "toPid": None,
        "url": f"{double.url}/post/{post.id}",
        "content": content(double, post),
        "sourceContent": None,
        "uid": author["uid"],
        "timestamp": topic_json.ms(post.created_at),
        "deleted": bool(post.deleted_at),
        "upvotes": 0,
        "downvotes": 0,
        "replies": 0,
        "attachments": [],
        "votes": 0,
        "timestampISO": topic_json.iso(post.created_at),
        "user": {**author, "status": "online"},
        "topic": _little(double, thread),
        "category": topic_json.category_brief(double, thread, "parentCid"),
        "isMainPost": bool(thread.post_ids) and thread.post_ids[0] == post.id,
    }


def written(double: "NodeBBDouble", thread: Thread, post: Post) -> Json:
    """What a reply answers. `selfPost` is false there, odd as it is."""
    tools = ("display_edit_tools", "display_delete_tools", "display_moderator_tools", "display_move_tools")
    return {
        **summary(double, thread, post),
        "user": people_json.of_post(double.store.author(post)),
        "index": post.number - 1,
        "bookmarked": False,
        **dict.fromkeys(tools, True),
        "selfPost": False,
    }


def _little(double: "NodeBBDouble", thread: Thread) -> Json:
    keys = (
        "uid", "tid", "title", "generatedTitle", "cid", "tags", "slug", "deleted", "scheduled", "postcount", "mainPid", "teaserPid",
        "timestamp", "titleRaw", "timestampISO",
    )  # fmt: skip
    whole = topic_json.topic(double, thread)
    return {key: whole[key] for key in keys}
