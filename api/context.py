"""What a request has at hand: services, its id, who asks."""

from time import perf_counter
from uuid import uuid4

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from powerup.db.engine import Database
from powerup.log import logger
from powerup.services import Services
from powerup.settings import Settings

_KEY = "closeloop"
log = logger("api")


def init_app(app: Flask, services: Services) -> None:
    """Give the application its services, and each request an id and a line in the log."""
    app.extensions[_KEY] = services

    @app.before_request
    def begin() -> None:
        g.started, g.request_id, g.services = perf_counter(), uuid4().hex, services
        clear_contextvars()
        bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        route = request.url_rule.rule if request.url_rule else None
        milliseconds = round((perf_counter() - g.started) * 1000, 1)
        # The route and never the path: a path may hold a secret address.
        log.info("request", method=request.method, route=route, status=response.status_code, ms=milliseconds)
        return response


def services() -> Services:
    """This installation's services."""
    held: Services = g.services
    return held


def settings() -> Settings:
    """This installation's settings."""
    return services().settings


def database() -> Database:
    """This installation's database."""
    return services().database
