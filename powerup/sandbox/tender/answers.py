"""How Tender answers: JSON of its own type, plain text for what is wrong, a space for what is done."""

import json
from typing import Any

from flask import Response

TYPE = "application/vnd.tender-v1+json"
NOT_FOUND = "The page you are looking for can't be found"


def encoded(data: Any) -> bytes:
    """JSON as bytes. A lone surrogate stands for a byte that is no UTF-8, as mail brings it in."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogateescape")


def answer(data: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(encoded(data), status, content_type=f"{TYPE}; charset=utf-8")


def done(text: str = " ") -> Response:
    """An action was carried out."""
    return Response(text, 200, content_type="text/html; charset=utf-8")


def text(words: str, status: int) -> Response:
    """What is wrong, in words."""
    return Response(words, status, content_type="text/plain; charset=utf-8")
