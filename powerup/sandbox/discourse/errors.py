"""Discourse's errors: status, `errors` and `error_type`, as its API writes them."""

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

_NOT_FOUND = "The requested URL or resource could not be found."
_ACCESS = "You are not permitted to view the requested resource."


class DiscourseError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, *errors: str, error_type: str | None = None, **extra: object) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.body: dict[str, object] = {**extra, "errors": list(errors)}
        if error_type:
            self.body["error_type"] = error_type


def not_found() -> DiscourseError:
    """What is missing, and what may not be known to exist."""
    return DiscourseError(404, _NOT_FOUND, error_type="not_found")


def invalid_access(words: str = _ACCESS) -> DiscourseError:
    """Known, and not allowed."""
    return DiscourseError(403, words, error_type="invalid_access")


def bad_key() -> DiscourseError:
    """Api-Key or Api-Username is wrong."""
    return invalid_access(f"{_ACCESS} The API username or key is invalid.")


def refused(*errors: str) -> DiscourseError:
    """A post that Discourse will not take."""
    return DiscourseError(422, *errors, action="create_post")


def missing(field: str) -> DiscourseError:
    """A parameter is absent."""
    return DiscourseError(400, f"param is missing or the value is empty: {field}", error_type="invalid_parameters")


def install(app: Flask) -> None:
    """Answer errors as Discourse does; pages get a page."""

    @app.errorhandler(DiscourseError)
    def refuse(error: DiscourseError) -> ResponseReturnValue:
        answer = jsonify(error.body)
        answer.status_code = error.status
        return answer

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if request.path.endswith(".json") and error.code in (404, 405):
            return refuse(not_found())
        return error
