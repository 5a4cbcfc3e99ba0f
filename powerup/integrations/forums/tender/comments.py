"""A discussion's comments, few or thousands.

The discussion's own JSON has `comments`, which is not promised to be all of them: a public client that ran for years pages
`/comments` when there are more than 20. `comments_count` counts only what is public and written by people (recorded: 6 of 11), so it
shows that some are missing, never that all are there, nor that something new was said.
"""

from typing import Any

from powerup.integrations.forums.tender.site import VENDOR, Batch, Site
from powerup.integrations.http import each, maybe, need

Json = dict[str, Any]

EMBEDDED = 20
"""So many comments, or more, in a discussion's own JSON may not be all."""
TAIL = 60
"""Comments at a thread's end that are searched for our marker; an answer is lost minutes ago, not hundreds of comments."""


def number_of(comment: Json) -> int:
    """Its place in the discussion, from 1: the only thing that names a comment."""
    return need(comment, "number", int, vendor=VENDOR)


def is_public(comment: Json) -> bool:
    """Whether customers see it."""
    return comment.get("internal") is not True


def is_system(comment: Json) -> bool:
    """Whether Tender wrote it itself; the field may be absent."""
    return comment.get("system_message") is True


def all_comments(site: Site, api_id: str, discussion: Json) -> list[Json]:
    """Every comment, in order."""
    if (embedded := _embedded(discussion)) is not None:
        return embedded
    rows = [row for batch in site.pages(_path(api_id), "comments") for row in batch.rows]
    return _in_order(rows)


def latest(site: Site, api_id: str, discussion: Json, *, after: int | None) -> list[Json]:
    """The last comments, in order: at least `TAIL` where there are so many, and all that follow number `after`, if one is given."""
    if (embedded := _embedded(discussion)) is not None:
        return embedded
    first = site.page(_path(api_id), "comments", 1)
    last = -(-(first.total or 0) // first.per_page)
    if not _rises(first) or last < 2:
        return all_comments(site, api_id, {})
    rows: list[Json] = []
    for number in range(last, 0, -1):
        batch = first if number == 1 else site.page(_path(api_id), "comments", number)
        rows += batch.rows
        if not batch.rows:
            # The count promised more than there is.
            return all_comments(site, api_id, {})
        if len(rows) >= TAIL and (after is None or min(number_of(row) for row in rows) <= after + 1):
            break
    return _in_order(rows)


def comment(site: Site, api_id: str, number: int) -> Json | None:
    """One comment. Numbers may have gaps but never repeat, so it is on the page of its number or an earlier one."""
    first = site.page(_path(api_id), "comments", 1)
    for candidate in range(-(-number // first.per_page), 0, -1):
        rows = (first if candidate == 1 else site.page(_path(api_id), "comments", candidate)).rows
        found = next((row for row in rows if number_of(row) == number), None)
        if found or (rows and min(number_of(row) for row in rows) < number):
            return found
    return None


def _embedded(discussion: Json) -> list[Json] | None:
    """The comments in a discussion's own JSON, or None when they may not be all."""
    if maybe(discussion, "comments", list, vendor=VENDOR) is None:
        return None
    rows = each(discussion, "comments", vendor=VENDOR)
    seen = sum(is_public(row) and not is_system(row) for row in rows)
    count = maybe(discussion, "comments_count", int, vendor=VENDOR)
    return _in_order(rows) if rows and len(rows) < EMBEDDED and (count is None or seen >= count) else None


def _rises(batch: Batch) -> bool:
    numbers = [number_of(row) for row in batch.rows]
    return numbers == sorted(numbers)


def _path(api_id: str) -> str:
    return f"/discussions/{api_id}/comments"


def _in_order(rows: list[Json]) -> list[Json]:
    """By number, each once: what is written while we read pushes nothing out, but may be met twice."""
    return [row for _, row in sorted({number_of(row): row for row in rows}.items())]
