"""Pages of a REST list with a Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from powerup.sandbox.github.gate import refused

_MOST = 10_000

Row = TypeVar("Row")


def number(name: str, default: int) -> int:
    """A whole number in the query; nonsense is passed over, as GitHub does."""
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else default


def paged(rows: Sequence[Row], shape: Callable[[Row], Any], *, deep: bool = True) -> Response:
    """The page that was asked for, each row in its shape. Of `deep` lists (issues), page numbers are refused beyond 10,000 rows."""
    size, page = min(max(number("per_page", 30), 1), 100), max(number("page", 1), 1)
    if deep and size * page > _MOST:
        return refused(422, "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination")
    answer = jsonify([shape(row) for row in rows[(page - 1) * size : page * size]])
    last = max(1, -(-len(rows) // size))
    links = {"prev": page - 1, "first": 1} if page > 1 else {}
    links |= {"next": page + 1, "last": last} if page < last else {}
    if links:
        answer.headers["Link"] = ", ".join(f'<{_address(target)}>; rel="{name}"' for name, target in links.items())
    return answer


def _address(page: int) -> str:
    query = {**request.args.to_dict(), "page": str(page)}
    return f"{request.base_url}?{urlencode(query)}"
