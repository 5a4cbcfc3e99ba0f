"""Topics and categories as JSON."""

from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from powerup import clock
from powerup.sandbox.common.cooking import plain
from powerup.sandbox.common.slugs import slug_of
from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.nodebb import people_json

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]
_START = datetime(1970, 1, 1, tzinfo=UTC)


def ms(moment: datetime | None) -> int:
    """Milliseconds since 1970; 0 for never."""
    return (moment - _START) // timedelta(milliseconds=1) if moment else 0


def iso(moment: datetime | None) -> str:
    """The same as a text; "" for never."""
    return clock.iso(moment) if moment else ""


def posts_of(double: "NodeBBDouble", thread: Thread) -> list[Post]:
    """What NodeBB counts as posts: deleted ones too; a thread that was merged away has none."""
    rows = double.store.posts
    return [post for post in map(rows.__getitem__, thread.post_ids) if not (post.internal or post.system)]


def topic(double: "NodeBBDouble", thread: Thread) -> Json:
    """What `GET /api/v3/topics/{tid}` gives, and every larger form begins with."""
    posts = posts_of(double, thread)
    last = next((post for post in reversed(posts[1:]) if not post.deleted_at), None)
    opener = double.store.author(thread)
    data: Json = {
        "tid": thread.id,
        "uid": opener.id,
        "cid": double.cid_of(thread),
        "mainPid": posts[0].id if posts else 0,
        "title": escape(thread.subject),
        "slug": f"{thread.id}/{slug_of(thread.subject)}",
        "timestamp": ms(thread.created_at),
        "lastposttime": ms(thread.active_at),
        "postcount": len(posts),
        "viewcount": 0,
        "tags": tags(thread.tags),
        "postercount": len({post.username for post in posts[:40]}),
        "followercount": 1,
        "deleted": int(bool(thread.deleted_at or thread.merged_into)),
        "locked": int(thread.state == "closed"),
        "pinned": int(bool(thread.extra.get("pinned"))),
        "pinExpiry": 0,
        "upvotes": 0,
        "downvotes": 0,
        "deleterUid": 0,
        "generatedTitle": 0,
        "titleRaw": thread.subject,
        "timestampISO": iso(thread.created_at),
        "scheduled": False,
        "lastposttimeISO": iso(thread.active_at),
        "pinExpiryISO": "",
        "votes": 0,
        "teaserPid": str(last.id) if last else None,
        "thumbs": [],
    }
    if thread.state == "resolved":
        # Fields of a hash that NodeBB does not know for numbers come as texts.
        data |= {"isQuestion": "1", "isSolved": "1", "solvedPid": str(thread.answer_id or 0)}
    if thread.merged_into:
        data |= {"mergeIntoTid": str(thread.merged_into), "mergerUid": "1", "mergedTimestamp": str(ms(thread.updated_at))}
    return data


def listed(double: "NodeBBDouble", thread: Thread, viewer: Person | None, index: int) -> Json:
    """A topic in a list, with a line of its newest post."""
    posts, data = posts_of(double, thread), topic(double, thread)
    last = next((post for post in reversed(posts) if not post.deleted_at), None)
    teaser = None
    if last:
        author = people_json.brief(double.store.author(last))
        teaser = {
            "pid": last.id,
            "uid": author["uid"],
            "timestamp": ms(last.created_at),
            "tid": thread.id,
            "content": f"{plain(last.html)}\n",
            "sourceContent": None,
            "timestampISO": iso(last.created_at),
            "user": author,
            "index": len(posts),
        }
    return {
        **data,
        "category": category_brief(double, thread, "disabled"),
        "user": people_json.of_listing(double.store.author(thread)),
        "teaser": teaser,
        "isOwner": viewer is not None and viewer.username == thread.username,
        "ignored": False,
        "followed": False,
        "unread": True,
        "bookmark": None,
        "unreplied": len(posts) == 1,
        "icons": [],
        "index": index,
    }


def tags(names: list[str]) -> list[Json]:
    """Tags with their several spellings."""
    return [{"value": name, "valueEscaped": escape(name), "valueEncoded": name, "class": name.replace(" ", "-")} for name in names]


def category_brief(double: "NodeBBDouble", thread: Thread, also: str) -> Json:
    """A category beside a topic."""
    cid = double.cid_of(thread)
    keys = ("cid", "name", "slug", "icon", "backgroundImage", "imageClass", "bgColor", "color", also)
    whole = category(double, cid, double.categories()[cid])
    return {key: whole[key] for key in keys}


def category(double: "NodeBBDouble", cid: int, name: str) -> Json:
    """A whole category; names are escaped for HTML."""
    inside = [one for one in double.store.threads.values() if not one.deleted_at and not one.merged_into and double.cid_of(one) == cid]
    posts, slug = sum(len(one.post_ids) for one in inside), slug_of(name)
    return {
        "cid": cid,
        "name": escape(name),
        "handle": slug,
        "description": "",
        "descriptionParsed": "",
        "icon": "hidden",
        "bgColor": "#86C1B9",
        "color": "#333333",
        "slug": f"{cid}/{slug}",
        "parentCid": 0,
        "topic_count": len(inside),
        "post_count": posts,
        "disabled": 0,
        "order": 0,
        "link": "",
        "numRecentReplies": 1,
        "class": "col-md-3 col-6",
        "imageClass": "cover",
        "isSection": 0,
        "subCategoriesPerPage": 10,
        "minTags": 0,
        "maxTags": double.options.max_tags,
        "postQueue": int(double.options.post_queue),
        "nickname": "",
        "backgroundImage": "",
        "totalPostCount": posts,
        "totalTopicCount": len(inside),
    }
