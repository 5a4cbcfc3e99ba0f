"""Who asks, and how Zendesk refuses.

Sources: https://developer.zendesk.com/api-reference/introduction/security-and-auth/ and …/introduction/requests/ (shapes of errors);
the words of `RecordInvalid` for closed tickets and of `UpdateConflict` as public clients of the API quote them.
"""

import base64
from typing import Any

from flask import Request, Response, jsonify

from powerup.sandbox.desk.models import Person

API_TOKEN = "zendesk-sandbox-token-6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv"  # noqa: S105 - of the sandbox
RATE_LIMIT = 700
"""Requests a minute, as the headers of every answer say (the Enterprise plan's; the sandbox never runs out)."""


class RefusedError(Exception):
    """What the API answers instead."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers or {}

    def answer(self) -> Response:
        """As it goes out."""
        response = jsonify(self.body)
        response.status_code = self.status
        response.headers.update(self.headers)
        return response


def unauthenticated() -> RefusedError:
    """401."""
    return RefusedError(401, {"error": "Couldn't authenticate you"}, {"WWW-Authenticate": 'Basic realm="Web Password"'})


def forbidden() -> RefusedError:
    """403."""
    message = "You do not have access to this page. Please contact the account owner of this help desk for further help."
    return RefusedError(403, {"error": {"title": "Forbidden", "message": message}})


def not_found() -> RefusedError:
    """404 of a record."""
    return RefusedError(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(field: str, words: str) -> RefusedError:
    """422 with the field that is wrong."""
    details = {field: [{"description": words, "error": "InvalidValue"}]}
    return RefusedError(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def conflict() -> RefusedError:
    """409 of a safe update."""
    words = "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again."
    return RefusedError(409, {"error": "UpdateConflict", "description": words})


def slow_down(seconds: int) -> RefusedError:
    """429."""
    words = "Number of allowed API requests per minute exceeded"
    return RefusedError(429, {"error": "APIRateLimitExceeded", "description": words}, {"Retry-After": str(seconds)})


def who(request: Request, people: dict[str, Person], *, revoked: bool, oauth: dict[str, str]) -> Person | None:
    """The account that a request acts as; None for a request without credentials. Raises for wrong ones."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    kind, _, given = header.partition(" ")
    if kind == "Bearer":
        username = oauth.get(given.strip(), "")
        person = people.get(username.lower())
    else:
        person = _by_token(given, people)
    if person is None or revoked:
        raise unauthenticated()
    return person


def _by_token(given: str, people: dict[str, Person]) -> Person | None:
    """A token is the account's, not an agent's: whoever has it may act as any user by naming their address."""
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return None
    if not name.endswith("/token") or password != API_TOKEN:
        return None
    email = name.removesuffix("/token").lower()
    return next((person for person in people.values() if person.email.lower() == email), None)
