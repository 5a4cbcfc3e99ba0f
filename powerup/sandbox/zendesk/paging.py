"""Pages: by cursor where `page[size]` is given, else by number.

Source: https://developer.zendesk.com/api-reference/introduction/pagination/. With cursors `sort_by` and `sort_order` are ignored, with
numbers `sort` is: as people found out at https://support.zendesk.com/hc/en-us/community/posts/8403358233882.
"""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import request

from powerup.sandbox.zendesk.access import RefusedError

T = TypeVar("T")
_MOST = 100
_LAST_PAGE = 100


def cursor_of(*parts: object) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parts_of(cursor: str) -> list[Any]:
    """What a cursor says; refuses one that is not ours."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise RefusedError(400, {"error": "InvalidPaginationParameter", "description": "page[after] is not valid"}) from None
    return list(parts)


def paged(rows: Sequence[T], key: Callable[[T], tuple[Any, ...]], name: str, shape: Callable[[T], Any], *, descending: bool = False) -> Any:
    """One page of `rows` by what the request asks; cursors keep their place by `key`, whatever comes or goes."""
    if "page[size]" not in request.args:
        return numbered(rows, name, shape)
    size = max(1, min(request.args.get("page[size]", _MOST, type=int), _MOST))
    keyed = [(key(row), number) for number, row in enumerate(rows)]
    if after := request.args.get("page[after]"):
        place = tuple(parts_of(after))
        keyed = [one for one in keyed if (one[0] < place if descending else one[0] > place)]
    keyed.sort(reverse=descending)
    shown, more = [rows[number] for _, number in keyed[:size]], len(keyed) > size
    ends = (cursor_of(*key(shown[0])), cursor_of(*key(shown[-1]))) if shown else (None, None)
    following = f"{request.base_url}?page%5Bafter%5D={ends[1]}&page%5Bsize%5D={size}" if more else None
    meta = {"has_more": more, "after_cursor": ends[1], "before_cursor": ends[0]}
    return {name: [shape(row) for row in shown], "meta": meta, "links": {"prev": None, "next": following}}


def numbered(rows: Sequence[T], name: str, shape: Callable[[T], Any], *, most: int = _LAST_PAGE) -> dict[str, Any]:
    """One page by `page` and `per_page`; beyond the last one that there may be, a refusal."""
    size = max(1, min(request.args.get("per_page", _MOST, type=int), _MOST))
    page = request.args.get("page", 1, type=int)
    if page < 1 or page > most:
        raise RefusedError(400, {"error": "InvalidPaginationParameter", "description": "page is too large"})
    shown = rows[(page - 1) * size : page * size]
    following = f"{request.base_url}?page={page + 1}&per_page={size}" if len(rows) > page * size else None
    previous = f"{request.base_url}?page={page - 1}&per_page={size}" if page > 1 else None
    return {name: [shape(row) for row in shown], "next_page": following, "previous_page": previous, "count": len(rows)}
