"""Attachments: here they are asked for, and the storage next door has them.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/ and
…/documentation/ticketing/managing-tickets/accessing-end-user-uploaded-attachments/ (302 to a temporary address). Storage of this kind
refuses whoever brings credentials along with a signed address (`Only one auth mechanism allowed`).
"""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.zendesk import access
from powerup.sandbox.zendesk.shapes import token_of

if TYPE_CHECKING:
    from powerup.sandbox.zendesk.double import ZendeskDouble

_SIGN_IN = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to Northwind</h1></body></html>"


def blueprint(double: "ZendeskDouble") -> Blueprint:
    """The part that knows files."""
    bp, routes = Blueprint("zendesk_files", __name__), _Files(double)
    bp.add_url_rule("/api/v2/attachments/<int:number>.json", view_func=routes.show)
    bp.add_url_rule("/attachments/token/<token>/", view_func=routes.content)
    return bp


class _Files:
    def __init__(self, double: "ZendeskDouble") -> None:
        self._double = double

    def show(self, number: int) -> dict[str, Any]:
        """GET /api/v2/attachments/{id}.json."""
        file = self._double.store.files.get(number)
        if file is None:
            raise access.not_found()
        return {"attachment": self._double.shapes.attachment(file)}

    def content(self, token: str) -> ResponseReturnValue:
        """A file's own address; whoever is not signed in gets a page, with status 200."""
        file = next((one for one in self._double.store.files.values() if token_of(one) == token), None)
        if file is None:
            raise access.not_found()
        if g.person is None:
            return Response(_SIGN_IN, mimetype="text/html")
        return redirect(f"{self._double.storage_url}/{token}?X-Amz-Signature={token[::-1]}", 302)


def storage(double: "ZendeskDouble") -> Flask:
    """Another host, as far as credentials go."""
    app = Flask(f"{__name__}.storage", static_folder=None)

    @app.get("/<token>")
    def stored(token: str) -> ResponseReturnValue:
        if "Authorization" in request.headers or request.args.get("X-Amz-Signature") != token[::-1]:
            return Response("<Error><Code>InvalidArgument</Code></Error>", 400, mimetype="application/xml")
        file = next((one for one in double.store.files.values() if token_of(one) == token), None)
        if file is None:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404, mimetype="application/xml")
        answer = Response(file.body, mimetype=file.content_type)
        answer.headers["Content-Disposition"] = "attachment"
        return answer

    return app
