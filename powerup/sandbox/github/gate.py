"""What stands before every call: tokens, limits, conditional answers, and refusals in GitHub's words.

Texts as recorded in public bug reports: "Bad credentials", "Not Found", "Must have admin rights to Repository.", "Resource not accessible
by personal access token", "Unable to create comment because issue is locked.", "This issue was deleted", "API rate limit exceeded for …".
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.desk.models import Person

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

_DOCS = "https://docs.github.com/rest"
_BEGINNING = "ghp_sandbox"


class Gate:
    """Lets callers in; one for a double."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double
        self._used = 0

    def token(self, username: str) -> str:
        """An account's personal access token."""
        return f"{_BEGINNING}{hashlib.sha256(username.lower().encode()).hexdigest()[:28]}"

    def enter(self) -> ResponseReturnValue | None:
        """Before each request: who asks (`g.viewer`; None is nobody), and whether they may."""
        g.viewer = None
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind:
            g.viewer = self._owner(token.strip()) if kind.lower() in ("bearer", "token") else None
            if g.viewer is None:
                return refused(401, "Bad credentials")
        if self._double.remaining is not None and self._double.remaining <= 0:
            who = f"user ID {g.viewer.id}" if g.viewer else "192.0.2.1"
            return refused(403, f"API rate limit exceeded for {who}.")
        if g.viewer is None and (self._double.is_private or request.path == "/api/graphql"):
            if request.path == "/api/graphql":
                return refused(401, "This endpoint requires you to be authenticated.")
            return refused(404, "Not Found")
        return None

    def leave(self, answer: Response) -> Response:
        """After each request: an ETag, a 304 for who knows it, and the headers of the limit."""
        if answer.status_code == 200 and request.method == "GET" and answer.is_json:
            tag = f'W/"{hashlib.sha256(answer.get_data()).hexdigest()}"'
            if request.headers.get("If-None-Match") == tag:
                answer = Response(status=304)
            answer.headers["ETag"] = tag
        free = answer.status_code == 304 and g.get("viewer") is not None
        self._used += not free
        limit = 5_000 if g.get("viewer") is not None else 60
        if self._double.remaining is not None and not free:
            self._double.remaining = max(self._double.remaining - 1, 0)
        left = limit - self._used if self._double.remaining is None else self._double.remaining
        answer.headers["X-RateLimit-Limit"] = str(limit)
        answer.headers["X-RateLimit-Remaining"] = str(max(left, 0))
        answer.headers["X-RateLimit-Used"] = str(self._used)
        answer.headers["X-RateLimit-Reset"] = str(int(self._double.store.now().timestamp()) + self._double.resets_in)
        answer.headers["X-RateLimit-Resource"] = "graphql" if request.path == "/api/graphql" else "core"
        answer.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
        answer.headers["X-GitHub-Enterprise-Version"] = "3.17.0"
        if g.get("viewer") is not None and self._double.scopes is not None:
            answer.headers["X-OAuth-Scopes"] = self._double.scopes
        return answer

    def _owner(self, token: str) -> Person | None:
        people = self._double.store.people.values()
        found = next((person for person in people if self.token(person.username) == token), None)
        return None if found and found.username.lower() in self._double.revoked else found


def viewer() -> Person | None:
    """Who asks."""
    found: Person | None = g.viewer
    return found


def refused(status: int, message: str, **more: Any) -> Response:
    """An error as REST words it."""
    body = {"message": message, **more, "documentation_url": _DOCS, "status": str(status)}
    return Response(json.dumps(body), status, mimetype="application/json")


def invalid(resource: str, field: str, code: str) -> Response:
    """422, with what was wrong."""
    return refused(422, "Validation Failed", errors=[{"resource": resource, "field": field, "code": code}])
