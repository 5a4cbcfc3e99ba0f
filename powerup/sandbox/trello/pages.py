"""The board page and the stand-in client library: static files of `host/`, under Trello's addresses."""

from pathlib import Path

from flask import Flask, Response, request, send_file, send_from_directory

from powerup.sandbox.trello.options import TrelloOptions

OWN_FILES = Path(__file__).resolve().parent / "static"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; connect-src 'self'; "
    "frame-src http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Pages:
    """Serves files; a file that is not there is a 404."""

    def __init__(self, options: TrelloOptions) -> None:
        self._options = options

    def mount(self, app: Flask) -> None:
        """Serve them."""
        for rule in ("/", "/b/<id>", "/b/<id>/<path:slug>", "/c/<id>", "/c/<id>/<path:slug>"):
            app.add_url_rule(rule, "trello_page", self.page)
        # Browsers ask unbidden; a 404 would be an error in their console.
        app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
        app.add_url_rule("/host/<path:path>", "trello_host_file", self.file)
        app.add_url_rule("/power-up.min.js", "trello_client_js", self.client_js)
        app.add_url_rule("/power-up.min.css", "trello_client_css", self.client_css)
        app.add_url_rule("/sandbox/<any('authorize.js','authorize.css'):path>", "trello_authorize_file", self.own)

    def page(self, id: str = "", slug: str = "") -> Response:
        """The board page; it reads its own address."""
        answer = self._send("index.html")
        answer.headers["Content-Security-Policy"] = _PAGE_POLICY
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def file(self, path: str) -> Response:
        """Any file of the board page."""
        return self._send(path)

    def client_js(self) -> Response:
        """The stand-in for Trello's client library, or that library itself; any Power-Up's page may load it."""
        chosen = self._options.client_js
        return self._open_to_all(send_file(chosen, max_age=0) if chosen else self._send("power-up.js"))

    def client_css(self) -> Response:
        """Its style sheet."""
        return self._open_to_all(self._send("power-up.css"))

    def own(self, path: str) -> Response:
        """Script and style of the authorize page."""
        return send_from_directory(OWN_FILES, path, max_age=0)

    def _send(self, path: str) -> Response:
        # Range and conditional requests are Flask's; max_age=0 so that an edited file shows at the next load.
        return send_from_directory(self._options.host_dir, path, max_age=0)

    @staticmethod
    def _open_to_all(answer: Response) -> Response:
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.headers.get("Origin"):
            answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer
