"""Security headers by kind of page: Trello must frame the Power-Up's pages, nothing may frame the rest.

Tried against Trello's client library (facts on Trello, section 4.8): this policy lets it work with no violation.
`X-Frame-Options` is never sent on framed pages: it cannot name an origin, and would leave the Power-Up blank.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from powerup.settings import Settings

FRAMED = ("pages.connector", "pages.page")
"""Endpoints that Trello shows in iframes."""


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer."""
    framed = _policy(settings, frame_ancestors=settings.trello_origin)
    alone = _policy(settings, frame_ancestors="'none'")
    nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint in FRAMED:
            response.headers["Content-Security-Policy"] = framed
        elif response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = alone
            response.headers["Cross-Origin-Opener-Policy"] = _opener_policy()
        else:
            response.headers["Content-Security-Policy"] = nothing
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _opener_policy() -> str:
    """Whether this page and the windows around it may know one another: only where one hands a token to the other."""
    if g.get("keeps_opener"):
        return "unsafe-none"
    return "same-origin-allow-popups" if g.get("opens_windows") else "same-origin"


def _policy(settings: Settings, *, frame_ancestors: str) -> str:
    scripts = f"'self' {_origin(settings.trello_client_js)}"
    styles = f"'self' {_origin(settings.trello_client_css)}".strip()
    # Files of a forum come through us, as blobs. Other images load after a click only; avatars never load by themselves.
    parts = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": styles,
        "connect-src": "'self'",
        "img-src": "'self' blob: data: https: http:",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
