"""One shape for every error: RFC 9457 `application/problem+json`.

Members: `type`, `title`, `status`, `detail`, `code` (a stable `powerup.errors.Code` for screens to match), `request_id`
(to find it in the log), and for some codes more: `errors` (`[{"field", "message"}]`), `retry_after` (seconds), `by`, `at`.
"""

from typing import Any

from flask import Flask, Response, g, jsonify
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from powerup.errors import CloseloopError, Code, ConflictError
from powerup.log import logger

log = logger("api")

_HTTP: dict[int, tuple[Code, str, str]] = {
    400: (Code.bad_request, "The request could not be read", "Send well-formed JSON in UTF-8."),
    404: (Code.not_found, "Not found", "There is nothing at this address."),
    405: (Code.method_not_allowed, "This verb does not work here", "The address exists, but not for this method."),
    406: (Code.not_acceptable, "We have no such representation", "Ask for application/json."),
    410: (Code.not_found, "Gone", "There was something at this address, and it does not come back."),
    413: (Code.too_large, "This is too large", "The body is larger than we read; shorten it."),
    415: (Code.unsupported_media_type, "Send JSON", "Send the body as application/json."),
    429: (Code.too_many_requests, "Too many requests", "Slow down a little."),
}


def init_app(app: Flask) -> None:
    """Turn whatever goes wrong into a problem document."""
    app.register_error_handler(CloseloopError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(IntegrityError, _raced)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, code: Code, title: str, detail: str, **extra: Any) -> Response:
    """A problem document as a response."""
    body = {
        **extra,
        "type": f"https://closeloop.dev/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id"),
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    if isinstance(extra.get("retry_after"), int | float):
        response.headers["Retry-After"] = str(max(1, round(extra["retry_after"])))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _ours(error: CloseloopError) -> Response:
    if error.status >= 500:
        log.warning("answered with a failure", code=error.code, status=error.status, error=type(error).__name__)
    return problem(error.status, error.code, error.title, error.detail, **error.extra)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code, title, detail = _HTTP.get(status, (Code.bad_request if status < 500 else Code.internal, error.name, "The request failed."))
    response = problem(status, code, title, detail)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _database(error: OperationalError) -> Response:
    log.error("database unavailable", error=type(error.orig).__name__)
    return problem(503, Code.unavailable, "We cannot answer now", "The database is busy or down. Try again in a moment.", retry_after=5)


def _raced(error: IntegrityError) -> Response:
    # Two requests made the same thing at once; the database let one through, and the other changed nothing.
    log.warning("raced", error=type(error.orig).__name__)
    why = "Somebody did the same at this moment. Look, and try again if it is still needed."
    return problem(409, Code.conflict, ConflictError.title, why)


def _unexpected(error: Exception) -> Response:
    # Only type and place: the text of an exception may hold what a customer wrote.
    log.error("unexpected", error=type(error).__name__, exc_info=error)
    return problem(500, Code.internal, "Something went wrong on our side", "It is in the log under the request id. Nothing was changed.")
