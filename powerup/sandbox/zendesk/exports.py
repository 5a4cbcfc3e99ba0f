"""The incremental export, and search.

Sources: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ (admins; 10 requests a minute; a
`start_time` within the last minute is refused), …/documentation/ticketing/managing-tickets/using-the-incremental-export-api (the last
minute is left out) and …/api-reference/ticketing/ticket-management/search/ (1,000 results, agents).
"""

import re
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from powerup import clock
from powerup.sandbox.common.cooking import plain
from powerup.sandbox.desk.models import Thread
from powerup.sandbox.zendesk import access, paging

if TYPE_CHECKING:
    from powerup.sandbox.zendesk.double import ZendeskDouble

Json = dict[str, Any]
_TERM = re.compile(r"(type|status|updated)(:|>=|<=|>|<)(\S+)")
_MOST_RESULTS = 1_000


def blueprint(double: "ZendeskDouble") -> Blueprint:
    """The part of the API that finds tickets."""
    bp, routes = Blueprint("zendesk_exports", __name__, url_prefix="/api/v2"), _Exports(double)
    bp.add_url_rule("/incremental/tickets/cursor.json", view_func=routes.export)
    bp.add_url_rule("/search.json", view_func=routes.search)
    return bp


class _Exports:
    def __init__(self, double: "ZendeskDouble") -> None:
        self._double = double
        self._asked: deque[datetime] = deque(maxlen=1_000)

    def export(self) -> Json:
        """GET /incremental/tickets/cursor.json."""
        if g.person.extra.get("role") != "admin":
            raise access.forbidden()
        self._limit()
        now = self._double.store.now().timestamp()
        until = max(now, self._double.generated) - self._double.export_lag.total_seconds()
        cursor, start = request.args.get("cursor"), request.args.get("start_time", type=int)
        if cursor:
            place = tuple(paging.parts_of(cursor))
            if len(place) != 2 or self._double.cursors_expired:
                raise access.RefusedError(400, {"error": "InvalidValue", "description": "cursor is invalid"})
        elif start is None:
            raise access.RefusedError(400, {"error": "InvalidValue", "description": "start_time is required"})
        elif start > now - 60:
            raise access.RefusedError(
                422, {"error": "StartTimeTooRecent", "description": "Too recent start_time. Use a start_time older than 1 minute"}
            )
        else:
            place = (float(start), -1)
        size = max(1, min(request.args.get("per_page", 1_000, type=int), 1_000))
        with self._double.store.lock:
            rows = sorted((self._key(one), one) for one in self._double.store.threads.values())
            changed = [(key, one) for key, one in rows if place < key and key[0] <= until]
            shown = changed[:size]
            count = "comment_count" in request.args.get("include", "").split(",")
            after = paging.cursor_of(*(shown[-1][0] if shown else place))
            return {
                "tickets": [self._double.shapes.ticket(one, count=count) for _, one in shown],
                "after_url": f"{request.base_url}?cursor={after}",
                "after_cursor": after,
                "before_url": None,
                "before_cursor": None,
                "end_of_stream": len(changed) <= size,
            }

    def search(self) -> Json:
        """GET /search.json: words, and the few terms that we know."""
        query = request.args.get("query", "")
        terms, words = _TERM.findall(query), _TERM.sub("", query).lower().split()
        with self._double.store.lock:
            found = [one for one in self._double.store.threads.values() if not one.deleted_at and self._matches(one, terms, words)]
            by_time = request.args.get("sort_by") == "updated_at"
            found.sort(
                key=lambda one: (one.updated_at, one.id) if by_time else (one.id,), reverse=request.args.get("sort_order", "desc") == "desc"
            )
            page, size = request.args.get("page", 1, type=int), max(1, min(request.args.get("per_page", 100, type=int), 100))
            if (page - 1) * size >= _MOST_RESULTS:
                words_of_refusal = "Sorry, the maximum number of search results that can be retrieved is 1,000"
                raise access.RefusedError(422, {"error": "invalid", "description": words_of_refusal})
            answer = paging.numbered(found, "results", lambda one: {**self._double.shapes.ticket(one), "result_type": "ticket"})
            return {**answer, "facets": None}

    def _matches(self, thread: Thread, terms: list[tuple[str, str, str]], words: list[str]) -> bool:
        for name, sign, value in terms:
            if name == "type" and value != "ticket":
                return False
            if name == "status" and self._double.shapes.status(thread) != value:
                return False
            if name == "updated" and not _compares(thread.updated_at.replace(microsecond=0), sign, clock.parse(value)):
                return False
        text = " ".join([thread.subject, *(plain(post.html) for post in self._double.comments_of(thread))]).lower()
        return all(word in text for word in words)

    def _key(self, thread: Thread) -> tuple[float, int]:
        return float(thread.extra.get("generated", 0)), thread.id

    def _limit(self) -> None:
        now = self._double.store.now()
        while self._asked and self._asked[0] <= now - timedelta(minutes=1):
            self._asked.popleft()
        if self._double.export_limit is not None and len(self._asked) >= self._double.export_limit:
            raise access.slow_down(int(60 - (now - self._asked[0]).total_seconds()) + 1)
        self._asked.append(now)


def _compares(moment: datetime, sign: str, other: datetime) -> bool:
    return {">=": moment >= other, "<=": moment <= other, ">": moment > other, "<": moment < other}.get(sign, moment == other)
