"""The forum as a WSGI application: API, pages, switches."""

from typing import TYPE_CHECKING

from flask import Flask

from powerup.sandbox.common.faults import Faults
from powerup.sandbox.discourse import (
    access,
    control,
    errors,
    files,
    pages,
    routes_people,
    routes_plugins,
    routes_posts,
    routes_site,
    routes_topics,
)
from powerup.sandbox.discourse.hooks import HookSender
from powerup.sandbox.discourse.store import ForumStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ApiSplit:
    """Gives Discourse's API its faults and leaves the pages alone.

    An address that ends in `.json` is an API call; so is one asked for with `Accept: application/json`, as on a real site.
    """

    def __init__(self, pages: "WSGIApplication", api: "WSGIApplication") -> None:
        self._pages = pages
        self._api = api

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        path, accept = str(environ.get("PATH_INFO", "")), str(environ.get("HTTP_ACCEPT", ""))
        if path.startswith("/uploads/") and "HTTP_API_KEY" in environ:
            return self._api(environ, start_response)
        if path.startswith(("/sandbox", "/uploads/", "/letter_avatar_proxy/")):
            return self._pages(environ, start_response)
        if not path.endswith(".json"):
            if "application/json" not in accept or "text/html" in accept:
                return self._pages(environ, start_response)
            environ["PATH_INFO"] = f"{path.rstrip('/') or '/latest'}.json"
        return self._api(environ, start_response)


def create_app(store: ForumStore, sender: HookSender) -> tuple[Flask, Faults]:
    """The application and its faults."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    # `/t/-/7.json` is an address of its own, not a detour to `/t/7.json`.
    app.url_map.redirect_defaults = False
    # A key sorted body would hide that clients must not rely on order.
    app.json.sort_keys = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
    errors.install(app)
    access.install(app, store)
    for module in (routes_topics, routes_posts, routes_people, routes_plugins, routes_site, files, pages):
        app.register_blueprint(module.bp)
    control.install(app, store, sender)
    plain = app.wsgi_app
    faults = Faults.install(app, api=("/",))
    app.wsgi_app = ApiSplit(plain, faults)  # type: ignore[method-assign]  # Flask documents this assignment for middleware
    return app, faults
