"""What every answer of the read API carries besides its subject: pagination, and what is private to the account that asks."""

from typing import TYPE_CHECKING, Any

from flask import request

from powerup.sandbox.desk.models import Person
from powerup.sandbox.nodebb import people_json

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]
FEED_TOKEN = "5f0a3c1e-feed-4000-8000-000000000000"  # noqa: S105 - the double's own
"""Stands for the token in `rssFeedUrl`, by which anybody reads what the account reads."""


def tail(double: "NodeBBDouble", viewer: Person | None, name: str) -> Json:
    """The end of every page."""
    path = request.path.removeprefix("/api")
    body = f"page-{name} template-{name} page-status-200 theme-harmony user-{'loggedin' if viewer else 'guest'}"
    own = {"loggedInUser": people_json.profile(double, viewer, viewer)} if viewer else {"loggedInUser": {"uid": 0, "username": "Guest"}}
    return {
        "loggedIn": viewer is not None,
        **own,
        "relative_path": "",
        "template": {"name": name, name: True},
        "url": path,
        "bodyClass": body,
        "_header": {"tags": {"meta": [], "link": [{"rel": "canonical", "href": double.url + path}]}},
        "widgets": {},
    }


def feed(viewer: Person | None, path: str) -> Json:
    """The address of a feed, with the account's private token in it."""
    return {"rssFeedUrl": f"{path}.rss" + (f"?uid={viewer.id}&token={FEED_TOKEN}" if viewer else "")}


def pagination(page: int, count: int) -> Json:
    """Where we are among how many pages; asking beyond the last is answered, too."""

    def step(number: int, active: bool) -> Json:
        # On a single page there is nowhere to go, and no query to go there.
        return {"page": number, "active": active, **({"qs": f"page={number}"} if count > 1 else {})}

    return {
        "rel": [],
        "pages": [step(number, number == page) for number in range(1, count + 1)] if count > 1 else [],
        "currentPage": page,
        "pageCount": count,
        "prev": step(max(page - 1, 1), page > 1),
        "next": step(min(page + 1, count), page < count),
        "first": step(1, page == 1),
        "last": step(count, page == count),
    }


def page_asked() -> int:
    """The page in the query, 1 unless it is a number above."""
    return max(request.args.get("page", 1, int), 1)


def page_count(total: int, size: int) -> int:
    """At least one."""
    return max(1, -(-total // size))
