"""An empty page beside our static files, on which modules are imported and run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request, send_from_directory
from playwright.sync_api import Page

from powerup.sandbox.common.server import ThreadedServer
from powerup.settings import ROOT

STYLES = ("tokens", "base", "icons", "forms", "states", "ticket", "thread", "files", "reply", "resolution", "deliveries", "picker")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data: https: http:"


@dataclass
class Server:
    """What the page asks our API, and what it is answered: `answers["POST /badges"]` is a value or a function of the body."""

    url: str = ""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)

    def times(self, question: str) -> int:
        """How often a question was asked."""
        return sum(1 for asked, _body in self.asked if asked == question)


@pytest.fixture
def server() -> Iterator[Server]:
    """Static files, an empty page, and an API of the test's own."""
    app, said = Flask(__name__, static_folder=None), Server()

    @app.get("/")
    def page() -> Response:
        links = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in STYLES)
        page = f'<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,">{links}<main></main></html>'
        return Response(page, mimetype="text/html", headers={"Content-Security-Policy": POLICY})

    @app.get("/static/<path:path>")
    def static(path: str) -> Response:
        return send_from_directory(ROOT / "static", path)

    @app.route("/api/v1/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def api(path: str) -> Response:
        question = f"{request.method} /{path}"
        said.asked.append((question, request.get_json(silent=True)))
        answer = said.answers[question]
        value = answer(request) if callable(answer) else answer
        return value if isinstance(value, Response) else jsonify(value)

    with ThreadedServer(app) as running:
        said.url = running.url
        yield said


@pytest.fixture
def run(server: Server, page: Page) -> Callable[..., Any]:
    """Run JavaScript in the page: a function of `load(path under static/)` and an argument."""
    page.goto(server.url)

    def evaluate(script: str, argument: object = None) -> Any:
        return page.evaluate(f"(argument) => ({script})((path) => import('/static/' + path), argument)", argument)

    return evaluate


def problem(status: int, code: str, **more: Any) -> Response:
    """A problem document."""
    answer = jsonify({"type": "about:blank", "title": code, "status": status, "detail": f"It is {code}.", "code": code, **more})
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer
