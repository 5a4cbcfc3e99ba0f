"""What is too much, and what no database can keep."""

import re
from typing import Annotated

from flask import Flask, request
from pydantic import AfterValidator
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**63 - 1
"""Both databases count rows in 64 bits; a larger number in a question is a failure there, not an empty answer."""

OURS = ("outage:", "slack-click:")
"""How request ids begin that are made here; a page that sent one could stand in the way of what only we may say."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class RowId(IntegerConverter):
    """`<int:…>` in a route: digits that a row's id may have; anything longer is an unknown address."""

    regex = r"\d{1,18}"


def init_app(app: Flask) -> None:
    """Refuse a body that says it is too large before a byte of it is read (Werkzeug stops one that lies), and NUL in addresses.

    Call it before routes are added.
    """
    app.url_map.converters["int"] = RowId

    @app.before_request
    def refuse_large() -> None:
        if request.content_length is not None and request.content_length > app.config["MAX_CONTENT_LENGTH"]:
            raise RequestEntityTooLarge

    @app.before_request
    def refuse_nul() -> None:
        if "\x00" in request.path:
            raise NotFound


def refuse_unstorable(value: object) -> None:
    """Raise ValueError for what JSON can say and a database cannot keep: NUL, half a character, a number beyond 64 bits."""
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and _SURROGATE.search(value)):
            raise ValueError("holds characters that cannot be stored")
    elif isinstance(value, int):
        if not -LARGEST_ID <= value <= LARGEST_ID:
            raise ValueError("is too large a number")
    elif isinstance(value, list):
        for item in value:
            refuse_unstorable(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            refuse_unstorable(name)
            refuse_unstorable(item)


def refuse_ours(request_id: str) -> str:
    """Raise ValueError for a request id that only we may make."""
    if request_id.startswith(OURS):
        raise ValueError("must not begin like one of ours")
    return request_id


RequestId = Annotated[str, AfterValidator(refuse_ours)]
"""A sender's own id of what it asks for."""
