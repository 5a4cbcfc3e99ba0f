"""Replies, tags and locks: each can be sent twice and happens once.

The marker is a Markdown link definition in the message's first line, `[//]: # (marker)`. NodeBB shows HTML comments as text (the option
`html` of nodebb-plugin-markdown is off), while a definition that nothing refers to leaves no trace in what readers see; at the beginning
it stays one whatever follows. The raw text is kept and given out by `GET /api/v3/posts/{pid}/raw`. In a quotation it is quoted, too:
only messages of our own account that begin with this very line are ours.

A message that a moderator must approve first is 200 with `queued: true` and no `pid`; `/api/post-queue` shows an account its own
(`modsController.postQueue`).
"""

import re
from collections.abc import Iterator, Sequence

from powerup.integrations.errors import GoneError, NotPermittedError, OvertakenError, RejectedError, VendorBrokenError
from powerup.integrations.forums.base import Draft, Posted, ThreadState
from powerup.integrations.forums.nodebb.reading import page_count, posts_of, state_of, tags_of, topic_json
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import VENDOR, Json, Site, flag, ident, maybe_ident, segment
from powerup.integrations.forums.nodebb.urls import thread_url
from powerup.integrations.http import each, maybe, need

_TAIL = 60
"""Posts at a thread's end that are searched for our marker; an answer is lost minutes ago, not hundreds of posts."""
_MOST_NEWER = 400
"""Posts that are looked through for the one that a writer had seen."""
_STRIPPED = re.compile(r"[,/#!$^*;:{}=_`<>'\"~()?|]")
"""What `cleanUpTag` (public/src/utils.common.js) takes out of a tag."""


def post(site: Site, scope: Scope, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft with its marker."""
    if look_first and (found := find(site, scope, thread_id, draft.marker)):
        return found
    if draft.after is not None:
        _ensure_not_overtaken(site, thread_id, draft.after)
    content = f"{_line(draft.marker)}\n\n{draft.text.strip()}"
    written = need(site.write("POST", _path(thread_id), {"content": content}), "", dict, vendor=VENDOR)
    if flag(written, "queued"):
        return _queued(site, thread_id, maybe_ident(written, "id") or draft.marker)
    number = need(written, "index", int, vendor=VENDOR) + 1 if "index" in written else None
    slug = "" if scope.is_private(written.get("topic") or {}) else maybe(written, "topic.slug", str, vendor=VENDOR) or ""
    return Posted(ident(written, "pid"), thread_url(site.base_url, thread_id, slug, number))


def find(site: Site, scope: Scope, thread_id: str, marker: str) -> Posted | None:
    """Our message with the marker among the last ones of the thread, or among those that wait for approval."""
    for topic, item in _newest_first(site, thread_id, _TAIL):
        if flag(item, "selfPost") and not flag(item, "deleted") and _first_line(site, ident(item, "pid")) == _line(marker):
            slug = "" if scope.is_private(topic) else maybe(topic, "slug", str, vendor=VENDOR) or ""
            return Posted(ident(item, "pid"), thread_url(site.base_url, thread_id, slug, _number(topic, item)), found_again=True)
    return _find_queued(site, thread_id, marker)


def resolve(site: Site, thread_id: str) -> None:
    """Lock the thread, unless it is locked or solved already: locking twice would leave two lines in the thread."""
    if state_of(topic_json(site, thread_id)) not in (ThreadState.closed, ThreadState.resolved):
        try:
            site.write("PUT", f"{_path(thread_id)}/lock", {})
        except NotPermittedError as error:
            why = "Only moderators of a category lock its threads: make our account one."
            raise NotPermittedError(why, permanent=True, http_status=error.http_status) from None


def tag(site: Site, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove tags. What NodeBB would cut, drop or leave out in silence is refused before anything is written."""
    topic = topic_json(site, thread_id)
    current, gone = tags_of(topic), {name.strip().lower() for name in remove}
    wanted = list(dict.fromkeys(name.strip().lower() for name in add))
    target = [name for name in current if name.lower() not in gone]
    target += [name for name in wanted if name not in target]
    if set(target) == set(current):
        return
    _ensure_fitting(site, topic, [name for name in wanted if name not in current], target)
    if set(current) <= set(target):
        # Adding alone leaves in place what somebody else adds at the same moment.
        answer = site.write("PATCH", f"{_path(thread_id)}/tags", {"tags": [name for name in target if name not in current]})
    else:
        answer = site.write("PUT", f"{_path(thread_id)}/tags", {"tags": target})
    kept = set(tags_of({"tags": need(answer, "", list, vendor=VENDOR)}))
    if lost := [name for name in wanted if name not in kept]:
        raise RejectedError(f"NodeBB did not take the tag “{lost[0]}” as it is; look at the thread's tags.", permanent=True)
    if left := [name for name in kept if name.lower() in gone and name not in wanted]:
        raise VendorBrokenError(f"NodeBB kept the tag “{left[0]}” that was to be removed.")


def _ensure_fitting(site: Site, topic: Json, new: Sequence[str], target: Sequence[str]) -> None:
    """Raise RejectedError for tags that NodeBB would not keep as they are (`Topics.filterTags`, `Topics.validateTags`)."""
    limits = site.read("/config")
    longest = maybe(limits, "maximumTagLength", int, vendor=VENDOR) or 15
    shortest = maybe(limits, "minimumTagLength", int, vendor=VENDOR) or 3
    most = maybe(topic, "maxTags", int, vendor=VENDOR) or maybe(limits, "maximumTagsPerTopic", int, vendor=VENDOR) or 5
    least = maybe(topic, "minTags", int, vendor=VENDOR) or 0
    allowed = maybe(topic, "tagWhitelist", list, vendor=VENDOR) or []
    for name in new:
        if len(name) > longest:
            raise _unfit(f"The tag “{name}” is longer than the {longest} characters that this NodeBB keeps.")
        if len(name) < shortest:
            raise _unfit(f"The tag “{name}” is shorter than the {shortest} characters that this NodeBB asks for.")
        if _STRIPPED.search(name) or name != name.strip(".-"):
            raise _unfit(f"The tag “{name}” holds characters that NodeBB takes out of tags.")
        if allowed and name not in allowed:
            raise _unfit(f"The tag “{name}” is not among those that this category of NodeBB takes.")
    if len(target) > most:
        raise _unfit(f"The thread would have {len(target)} tags, and this NodeBB keeps {most}: remove one first.")
    if len(target) < least:
        raise _unfit(f"Threads of this category of NodeBB have at least {least} tags.")


def _unfit(why: str) -> RejectedError:
    return RejectedError(why, permanent=True, sent=False)


def _ensure_not_overtaken(site: Site, thread_id: str, after: str) -> None:
    """Raise OvertakenError when somebody else's message is newer than `after`.

    Where that message is not found (it was removed for good), numbers decide: they grow with time.
    """
    others: list[str] = []
    for _, item in _newest_first(site, thread_id, _MOST_NEWER):
        number = ident(item, "pid")
        if number == after:
            break
        if not flag(item, "selfPost") and not flag(item, "deleted"):
            others.append(number)
    else:
        others = [number for number in others if not (number.isdigit() and after.isdigit()) or int(number) > int(after)]
    if others:
        raise OvertakenError("Somebody else has answered in the thread meanwhile; nothing was written.", permanent=True, sent=False)


def _newest_first(site: Site, thread_id: str, most: int) -> Iterator[tuple[Json, Json]]:
    """Posts from the newest on, each once, with the topic as its page told it.

    NodeBB puts the first post before the newest ones on page 1: it comes last here.
    """
    seen, first, page, topic = set[str](), None, 1, topic_json(site, thread_id, newest_first=True)
    main = maybe_ident(topic, "mainPid")
    while True:
        for item in posts_of(topic):
            if ident(item, "pid") == main:
                first = first or (topic, item)
            elif ident(item, "pid") not in seen:
                seen.add(ident(item, "pid"))
                yield topic, item
        page += 1
        if page > page_count(topic) or len(seen) >= most:
            break
        topic = topic_json(site, thread_id, page, newest_first=True)
    if first and page > page_count(topic):
        yield first


def _number(topic: Json, item: Json) -> int | None:
    """A post's place from 1, on a page that counts from the newest."""
    index, count = maybe(item, "index", int, vendor=VENDOR), maybe(topic, "postcount", int, vendor=VENDOR)
    return None if not index or not count else max(count - index + 1, 1)


def _first_line(site: Site, post_id: str) -> str:
    try:
        raw = need(site.fetch(f"/posts/{segment(post_id)}/raw"), "content", str, vendor=VENDOR)
    except (GoneError, NotPermittedError):
        return ""
    return raw.split("\n", 1)[0].strip()


def _line(marker: str) -> str:
    return f"[//]: # ({marker})"


def _find_queued(site: Site, thread_id: str, marker: str) -> Posted | None:
    try:
        waiting = each(site.read("/post-queue"), "posts", vendor=VENDOR)
    except (GoneError, NotPermittedError):
        return None
    for item in waiting:
        text = maybe(item, "data.rawContent", str, vendor=VENDOR) or maybe(item, "data.content", str, vendor=VENDOR) or ""
        if maybe_ident(item.get("data"), "tid") == thread_id and text.split("\n", 1)[0].strip() == _line(marker):
            return _queued(site, thread_id, ident(item, "id"), found_again=True)
    return None


def _queued(site: Site, thread_id: str, number: str, *, found_again: bool = False) -> Posted:
    return Posted(f"pending:{number}", thread_url(site.base_url, thread_id), awaiting_approval=True, found_again=found_again)


def _path(thread_id: str) -> str:
    return f"/topics/{segment(thread_id)}"
