"""Puts the REST API on an application: who asks, how often, one request at a time, and refusals as plain text."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from powerup.sandbox.trello.limits import Meter
from powerup.sandbox.trello.rest.asking import credentials, identify
from powerup.sandbox.trello.rest.boards import boards
from powerup.sandbox.trello.rest.cards import cards
from powerup.sandbox.trello.rest.grants import UNLOCKED, grants
from powerup.sandbox.trello.rest.hangings import hangings
from powerup.sandbox.trello.rest.lists_labels import lists_labels
from powerup.sandbox.trello.rest.people import people
from powerup.sandbox.trello.rest.search import BATCH_MARK, search
from powerup.sandbox.trello.session import HOST_KEY
from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.refusals import Refusal

NOUNS: tuple[Blueprint, ...] = (boards, cards, hangings, lists_labels, people, grants, search)
_LIMIT_HEADERS = "closeloop.sandbox.limit_headers"
_PUBLIC = ("trello_search.public_keys",)


def mount(app: Flask, store: Store, meter: Meter) -> None:
    """Serve /1/..."""
    for noun in NOUNS:
        app.register_blueprint(noun, url_prefix="/1")
    names = {noun.name for noun in NOUNS}
    for endpoint, view in app.view_functions.items():
        if endpoint.partition(".")[0] in names and endpoint not in UNLOCKED:
            app.view_functions[endpoint] = _locked(view, store)

    @app.before_request
    def enter() -> ResponseReturnValue | None:
        if request.blueprint not in names or request.endpoint in _PUBLIC or request.method == "OPTIONS":
            return None
        key, token = credentials()
        if key != HOST_KEY and BATCH_MARK not in request.environ:
            verdict = meter.take(key, token, request.path.removeprefix("/1"))
            request.environ[_LIMIT_HEADERS] = verdict.headers
            if verdict.error:
                return {"error": verdict.error, "message": "Rate limit exceeded"}, 429
        identify()
        return None

    @app.after_request
    def leave(answer: Response) -> Response:
        answer.headers.update(request.environ.get(_LIMIT_HEADERS, {}))
        if request.blueprint in names:
            answer.headers.setdefault("Cache-Control", "max-age=0, must-revalidate, no-cache, no-store")
            answer.headers["Access-Control-Allow-Origin"] = "*"
            answer.headers["Access-Control-Allow-Methods"] = "GET, PUT, POST, DELETE"
            answer.headers["Access-Control-Allow-Headers"] = "Authorization, Accept, Content-Type, X-Trello-Client-Identifier"
        return answer

    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _lost)


def _refused(error: Refusal) -> ResponseReturnValue:
    return Response(error.text, error.status, mimetype="text/plain")


def _lost(error: HTTPException) -> ResponseReturnValue:
    """No such route, wrong verb: Trello says so in plain text, pages of the sandbox too."""
    if isinstance(error.code, int) and error.code < 400:
        return error.get_response()
    if error.code in (404, 405) and request.path.startswith("/1/"):
        return Response(f"Cannot {request.method} {request.path}", 404, mimetype="text/plain")
    return Response(error.description or error.name, error.code or 500, mimetype="text/plain")


def _locked(view: Callable[..., Any], store: Store) -> Callable[..., Any]:
    """One request at a time: each sees and leaves a whole state."""

    @functools.wraps(view)
    def run(**arguments: Any) -> Any:
        with store.lock:
            return view(**arguments)

    return run
