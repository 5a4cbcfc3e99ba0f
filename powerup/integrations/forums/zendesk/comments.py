"""A ticket's comments and its audits, page by page.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/ (cursor pages, `sort=-created_at` for newest
first, `include=users`, `include_inline_images=true`; a ticket holds 5,000 comments at most; a comment can be redacted and made private,
never edited or deleted) and …/tickets/ticket_audits/ (audits of archived tickets come without pages).
"""

from collections.abc import Iterator

from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site, ticket_path
from powerup.integrations.http import each, maybe, need

_MOST_PAGES = 60
_MOST_AUDIT_PAGES = 30


def comment_pages(site: Site, thread_id: str) -> Iterator[Json]:
    """The answers that hold all comments, oldest first, each with its users."""
    params = [("include", "users"), ("include_inline_images", "true"), ("sort", "created_at")]
    return site.pages(f"{ticket_path(thread_id)}/comments.json", params, most=_MOST_PAGES)


def newest_comments(site: Site, thread_id: str, *, most_pages: int) -> Iterator[Json]:
    """Comments, newest first. Zendesk is not trusted with the order within a page."""
    for data in site.pages(f"{ticket_path(thread_id)}/comments.json", [("sort", "-created_at")], most=most_pages):
        comments = each(data, "comments", vendor=VENDOR)
        yield from sorted(comments, key=lambda item: (need(item, "created_at", str, vendor=VENDOR), item["id"]), reverse=True)


def audits(site: Site, thread_id: str) -> Iterator[Json]:
    """Everything that was ever done to a ticket, oldest first."""
    for data in site.pages(f"{ticket_path(thread_id)}/audits.json", most=_MOST_AUDIT_PAGES):
        yield from each(data, "audits", vendor=VENDOR)


def audit_of(site: Site, thread_id: str, comment: Json) -> Json:
    """The audit that a comment belongs to; {} where the comment names none."""
    number = maybe(comment, "audit_id", int, vendor=VENDOR)
    if number is None:
        return {}
    return need(site.get(f"{ticket_path(thread_id)}/audits/{number}.json"), "audit", dict, vendor=VENDOR)


def text_of(comment: Json) -> str:
    """A comment's words."""
    return maybe(comment, "plain_body", str, vendor=VENDOR) or maybe(comment, "body", str, vendor=VENDOR) or ""


def is_public(comment: Json) -> bool:
    """Whether customers read it; anything but a clear yes is an internal note."""
    return comment.get("public") is True
