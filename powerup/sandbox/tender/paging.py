"""Tender's collections: `{offset, total, per_page, <key>: […]}`, pages counted from 1."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, request

from powerup.sandbox.tender.answers import answer

if TYPE_CHECKING:
    from powerup.sandbox.tender.double import TenderDouble

T = TypeVar("T")


def paged(double: "TenderDouble", key: str, rows: Sequence[T], shape: Callable[[T], Any], *, absent: bool = False) -> Response:
    """The page that was asked for. `absent`: past the end there is no list, rather than an empty one."""
    number = max(request.args.get("page", 1, int), 1)
    offset = (number - 1) * double.per_page
    shown = rows[offset : offset + double.per_page]
    frame: dict[str, Any] = {"offset": offset, "per_page": double.per_page, "total": len(rows)}
    return answer(frame if absent and not shown else {**frame, key: [shape(row) for row in shown]})
