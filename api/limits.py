"""What is too much."""

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge


def init_app(app: Flask) -> None:
    """Refuse a body that says it is too large before a byte of it is read; Werkzeug stops one that lies."""

    @app.before_request
    def refuse_large() -> None:
        if request.content_length is not None and request.content_length > app.config["MAX_CONTENT_LENGTH"]:
            raise RequestEntityTooLarge
