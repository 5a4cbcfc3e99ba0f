"""Who asks, and how NodeBB refuses: JSON of two kinds, one for each of its interfaces."""

from collections.abc import Callable
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.desk.models import Person, Thread

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]
_BUSY = "<!DOCTYPE html>\n<html><head><title>Excessive Load Warning</title></head><body><h1>Too busy</h1></body></html>\n"
_NO_RIGHT = "You do not have enough privileges for this action."
_NO_UID = "A master token was received without a corresponding `_uid` in the request body"
_CODES = {400: "bad-request", 401: "not-authorised", 403: "forbidden", 404: "not-found", 500: "internal-server-error"}


class RefusedError(Exception):
    """Ends a request with this answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def guarded(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Let `RefusedError` answer."""

    @wraps(view)
    def answered(*args: Any, **values: Any) -> ResponseReturnValue:
        try:
            return view(*args, **values)
        except RefusedError as refused:
            return refused.answer

    return answered


def busy(double: "NodeBBDouble") -> Response | None:
    """The web page of a server that lags, when it does."""
    return Response(_BUSY, 503, mimetype="text/html") if double.options.busy else None


def reader(double: "NodeBBDouble") -> Person | None:
    """Who reads a page; None for a guest. A wrong token is 401 with a bare JSON text."""
    person, trouble = _asking(double)
    if trouble == "token":
        raise RefusedError(_answer("not-authorized", 401))
    if trouble == "uid":
        raise RefusedError(_answer({"path": request.path, "error": "[[error:api.master-token-no-uid]]", "bodyClass": "page-api"}, 500))
    return person


def caller(double: "NodeBBDouble", *, guests: bool = False) -> Person | None:
    """Who calls the write API. A wrong token is refused like a lack of permission."""
    person, trouble = _asking(double)
    if trouble == "uid":
        raise envelope_error(400, _NO_UID)
    if trouble or (person is None and not guests):
        raise forbidden()
    return person


def writer(double: "NodeBBDouble") -> Person:
    """Like `caller`, never a guest."""
    person = caller(double)
    if person is None:
        raise forbidden()
    return person


def thread_to_read(double: "NodeBBDouble", person: Person | None, key: str) -> Thread:
    """A topic for the read API, or its 404 or 403 (401 for guests)."""
    thread = double.store.threads.get(int(key)) if key.isdigit() else None
    if thread is None:
        raise missing_page()
    if double.may_read(person, thread):
        return thread
    if person is None:
        raise RefusedError(_answer("not-authorized", 401))
    data = {"path": _path(), "loggedIn": True, "title": "[[global:403.title]]", "bodyClass": f"{_body_class()} page-status-403"}
    raise RefusedError(_answer(data, 403))


def thread_to_call(double: "NodeBBDouble", person: Person | None, key: str) -> Thread:
    """A topic for the write API, or its 404."""
    thread = double.store.threads.get(int(key)) if key.isdigit() else None
    if thread is None or not double.may_read(person, thread):
        raise envelope_error(404, "Topic does not exist")
    return thread


def missing_page() -> RefusedError:
    """404 of the read API, whose body says nothing but the path, escaped."""
    path = escape(_path()).replace("/", "&#x2F;")
    return RefusedError(_answer({"path": path, "title": "[[global:404.title]]", "bodyClass": f"{_body_class()} page-status-404"}, 404))


def forbidden() -> RefusedError:
    """403 of the write API."""
    return envelope_error(403, _NO_RIGHT)


def envelope_error(status: int, message: str) -> RefusedError:
    """A refusal of the write API."""
    return RefusedError(_answer({"status": {"code": _CODES[status], "message": message}, "response": {}}, status))


def envelope(response: object) -> Response:
    """What the write API answers when all is well."""
    return _answer({"status": {"code": "ok", "message": "OK"}, "response": {} if response is None else response}, 200)


def _asking(double: "NodeBBDouble") -> tuple[Person | None, str]:
    header = request.headers.get("Authorization", "")
    if not header:
        return None, ""
    token = header.removeprefix("Bearer ").strip()
    if token == double.master_token:
        body = request.get_json(silent=True)
        uid = (body if isinstance(body, dict) else {}).get("_uid") or request.args.get("_uid", type=int)
        if uid is None:
            return None, "uid"
        person = double.person_number(int(uid))
        return person, "" if person else "token"
    person = double.person_of(token)
    return person, "" if person else "token"


def _answer(data: object, status: int) -> Response:
    answer = jsonify(data)
    answer.status_code = status
    return answer


def _path() -> str:
    return request.path.removeprefix("/api")


def _body_class() -> str:
    return "page-" + "-".join(part for part in _path().split("/") if part)
