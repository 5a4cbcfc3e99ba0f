"""A whole thread: every page of a topic, in Closeloop's words.

`GET /api/topic/{tid}?page=N&sort=oldest_to_newest` holds as many posts as our account's own "posts per page" (20 unless changed), each
with its `index` from 0, and `pagination.pageCount`. Recorded from NodeBB 4.11.0; also from src/controllers/topics.js:

* `title` is escaped for HTML, `titleRaw` is not. `rssFeedUrl`, `loggedInUser` and `_header` hold what is private to our account: nothing
  is taken from there.
* A deleted topic is 403 for people without the privilege to see deleted posts, and 200 with `deleted: 1` for moderators. A merged one
  is deleted, too, and names the other in `mergeIntoTid` (src/topics/merge.js).
* nodebb-plugin-question-and-answer adds `isSolved` and `solvedPid`, and shows the answer a second time as the second post of page 1
  (`filterTopicGetPosts`), marked `navigatorIgnore`: that copy is passed over.
* Reading marks the topic as read for our account. NodeBB has no way to read it otherwise.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

from powerup.integrations.errors import CredentialsRefusedError, GoneError, NotPermittedError, VendorBrokenError
from powerup.integrations.forums.base import Message, Role, Thread, ThreadState, ThreadStub, Visibility
from powerup.integrations.forums.nodebb.markup import attachments, portable
from powerup.integrations.forums.nodebb.people import People
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import VENDOR, Json, Site, flag, ident, maybe_ident, segment
from powerup.integrations.forums.nodebb.urls import is_thread_id, thread_url
from powerup.integrations.http import each, maybe, need

_MOST_PAGES = 2_000
_MOST_MERGES = 5
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_000
"""The last moment of the year 9999, in milliseconds: what a date can hold."""


def topic_json(site: Site, thread_id: str, page: int = 1, *, newest_first: bool = False) -> Json:
    """One page of a topic; raises GoneError when it is deleted, hidden from us, or was never there.

    Newest first, each post's `index` counts from the newest (src/topics/posts.js, `calculatePostIndices`).
    """
    if not is_thread_id(thread_id):
        raise GoneError("No thread of NodeBB has such an id.", permanent=True, sent=False)
    params = {"page": page, "sort": "newest_to_oldest" if newest_first else "oldest_to_newest"}
    try:
        return need(site.read(f"/topic/{segment(thread_id)}", params), "", dict, vendor=VENDOR)
    except NotPermittedError as error:
        raise GoneError(error.detail, permanent=True, http_status=error.http_status) from None
    except CredentialsRefusedError as error:
        if site.signed_in:
            raise
        # A passer-by gets 401 for what is deleted as for what needs an account.
        raise GoneError(error.detail, permanent=True, http_status=error.http_status) from None


def read(site: Site, people: People, scope: Scope, thread_id: str) -> Thread:
    """The thread with every message that we may see, in order; a merged one as the one that it was merged into."""
    topic = topic_json(site, thread_id)
    for _ in range(_MOST_MERGES):
        target = maybe_ident(topic, "mergeIntoTid")
        if not target or not flag(topic, "deleted"):
            break
        topic = topic_json(site, target)
    if flag(topic, "scheduled"):
        raise GoneError("This thread is to appear later; it does not exist yet for anybody else.", permanent=True)
    scope.refuse_others(topic)
    posts = _all_posts(site, topic)
    opener = _opener(topic, posts)
    customer_id = people.author(opener, customer_id=maybe_ident(opener, "uid")).external_id
    email = people.verified_email(customer_id)
    messages = tuple(_message(site, people, post, customer_id, email) for post in posts)
    customer = next((message.author for message in messages if message.author.external_id == customer_id), None)
    customer = customer or replace(people.author(opener, customer_id=customer_id), verified_email=email)
    stub = stub_of(site, scope, topic)
    solution = maybe_ident(topic, "solvedPid")
    return Thread(
        external_id=stub.external_id,
        url=stub.url,
        subject=stub.subject,
        state=state_of(topic),
        customer=customer,
        created_at=stub.created_at,
        changed_at=max([stub.changed_at, *(message.edited_at or message.created_at for message in messages)]),
        messages=messages,
        answer_number=next((message.number for message in messages if solution and message.external_id == solution), None),
        tags=tags_of(topic),
        private=scope.is_private(topic),
        opened_by_staff=people.author(opener, customer_id=None).role is Role.staff,
    )


def stub_of(site: Site, scope: Scope, topic: Json) -> ThreadStub:
    """A topic, or one item of a listing, as a stub."""
    thread_id, created = ident(topic, "tid"), moment(topic, "timestamp")
    # A slug is the subject again, and the address stands on cards and in channels, where a private thread's subject must not.
    slug = "" if scope.is_private(topic) else maybe(topic, "slug", str, vendor=VENDOR) or ""
    return ThreadStub(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id, slug),
        subject=subject_of(topic),
        created_at=created,
        changed_at=max(created, maybe_moment(topic, "lastposttime") or created),
        message_count=need(topic, "postcount", int, vendor=VENDOR),
    )


def subject_of(topic: Json) -> str:
    """The title as its author wrote it."""
    raw = maybe(topic, "titleRaw", str, vendor=VENDOR)
    return raw if raw is not None else unescape(need(topic, "title", str, vendor=VENDOR))


def state_of(topic: Json) -> ThreadState:
    """Deleted, resolved (the question-and-answer plug-in says so), closed (locked), else open."""
    if flag(topic, "deleted"):
        return ThreadState.deleted
    if flag(topic, "isSolved"):
        return ThreadState.resolved
    return ThreadState.closed if flag(topic, "locked") else ThreadState.open


def tags_of(topic: Json) -> tuple[str, ...]:
    """The tags' names."""
    return tuple(need(tag, "value", str, vendor=VENDOR) for tag in maybe(topic, "tags", list, vendor=VENDOR) or [])


def moment(obj: Mapping[str, object], name: str) -> datetime:
    """A time, which NodeBB gives in milliseconds since 1970."""
    found = maybe_moment(obj, name)
    if found is None:
        raise VendorBrokenError(f"{VENDOR} answered without the field “{name}”.")
    return found


def maybe_moment(obj: Mapping[str, object], name: str) -> datetime | None:
    """Like `moment`; None for what is absent or 0 ("never")."""
    number = maybe(obj, name, float, vendor=VENDOR)
    if not number:
        return None
    if not 0 < number <= _LATEST:
        raise VendorBrokenError(f"{VENDOR} answered with something that is no time in the field “{name}”.")
    return _START + timedelta(milliseconds=number)


def page_count(data: Json) -> int:
    """Pages that there are; asking for one beyond the last is 404 for accounts that page, and empty for others."""
    return min(max(maybe(data, "pagination.pageCount", int, vendor=VENDOR) or 1, 1), _MOST_PAGES)


def _all_posts(site: Site, topic: Json) -> list[Json]:
    """Every post by its place. When posts went or came meanwhile, places moved under our feet: read once more."""
    thread_id = ident(topic, "tid")
    for attempt in (1, 2):
        found, last = _pages(site, thread_id, topic)
        if attempt == 2 or page_count(topic) == 1 or last.get("postcount") == topic.get("postcount"):
            break
        topic = topic_json(site, thread_id)
    return sorted(found.values(), key=lambda post: need(post, "index", int, vendor=VENDOR))


def _pages(site: Site, thread_id: str, first: Json) -> tuple[dict[str, Json], Json]:
    found, page, data = {ident(post, "pid"): post for post in posts_of(first)}, 1, first
    while page < page_count(data):
        page += 1
        try:
            data = topic_json(site, thread_id, page)
        except GoneError:
            # The last page went away while we read the others; a thread that is gone altogether says so on its first page.
            data = topic_json(site, thread_id)
            break
        for post in posts_of(data):
            found.setdefault(ident(post, "pid"), post)
    return found, data


def _opener(topic: Json, posts: list[Json]) -> Mapping[str, object]:
    """Who opened the thread: the author of its main post; where that is gone, all that is known is the number."""
    main = maybe_ident(topic, "mainPid")
    for post in posts:
        if ident(post, "pid") == main:
            return user_of(post)
    author = maybe(topic, "author", dict, vendor=VENDOR)
    return author or (user_of(posts[0]) if posts else {"uid": topic.get("uid")})


def posts_of(data: Json) -> list[Json]:
    """The posts of one page, without the copy of the answer that the question-and-answer plug-in puts at its top."""
    return [post for post in each(data, "posts", vendor=VENDOR) if not flag(post, "navigatorIgnore")]


def user_of(post: Json) -> Mapping[str, object]:
    """A post's author."""
    return maybe(post, "user", dict, vendor=VENDOR) or {"uid": post.get("uid")}


def _message(site: Site, people: People, post: Json, customer_id: str, email: str | None) -> Message:
    deleted = flag(post, "deleted")
    author = people.author(user_of(post), customer_id=customer_id)
    html = "" if deleted else portable(need(post, "content", str, vendor=VENDOR), site.base_url)
    return Message(
        external_id=ident(post, "pid"),
        number=need(post, "index", int, vendor=VENDOR) + 1,
        author=replace(author, verified_email=email) if author.external_id == customer_id else author,
        visibility=Visibility.public,
        html=html,
        created_at=moment(post, "timestamp"),
        edited_at=maybe_moment(post, "edited"),
        deleted=deleted,
        attachments=attachments(html, site.base_url),
    )
