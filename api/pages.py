"""The pages that Trello shows in iframes, and their static files."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from api.context import settings
from powerup.settings import ROOT

blueprint = Blueprint("pages", __name__)

STATIC = ROOT / "static"
PAGES = ("card", "link", "resolve", "settings", "authorize", "attachment", "triage", "outages", "recorder", "digest")
"""`/pages/<name>`; each has a template and a script of its name."""
_YEAR = 365 * 24 * 3600


@blueprint.get("/")
def index() -> str:
    """What this address is, for a person who opens it."""
    return render_template("index.html", **page_values("index"))


@blueprint.get("/connector")
def connector() -> str:
    """The hidden page that Trello loads with every board."""
    return render_template("connector.html", **page_values("connector"))


@blueprint.get("/pages/<name>")
def page(name: str) -> str:
    """One of the Power-Up's visible pages."""
    if name not in PAGES:
        raise NotFound
    return render_template(f"{name}.html", framed=True, **page_values(name))


@blueprint.get("/<any(triage, outages, recorder, digest):name>")
def alone(name: str) -> str:
    """The pages of triage outside Trello, where people sign in by a window of Trello's."""
    g.opens_windows = True
    return render_template(f"{name}.html", framed=False, **page_values(name))


@blueprint.get("/mail/<path:thread>")
def mail(thread: str) -> str:
    """A thread that came by e-mail, which has no page of its own on any forum: this address stands on its card."""
    g.opens_windows = True
    return render_template("thread.html", framed=False, **page_values("thread"))


@blueprint.get("/digest/<int:team_id>")
def digest_of(team_id: int) -> WerkzeugResponse:
    """A team's digest by its own address, as channels are told it."""
    return redirect(url_for("pages.alone", name="digest", team=team_id))


@blueprint.get("/slack/me")
def slack_me() -> str:
    """Where somebody who clicked in Slack says who they are on Trello."""
    g.opens_windows = True
    return render_template("slack_me.html", framed=False, **page_values("slack_me"))


@blueprint.get("/static/<path:path>")
def static(path: str) -> Response:
    """A static file. Modules import one another by plain names, so only addresses with `?v=` are kept for long."""
    kept = _YEAR if "v" in request.args else 0
    response = send_from_directory(STATIC, path, max_age=kept)
    if not kept:
        response.headers["Cache-Control"] = "no-cache"
    return response


def page_values(name: str) -> dict[str, Any]:
    """What every template is given."""
    held = settings()
    return {
        "page": name,
        "trello_client_js": held.trello_client_js,
        "trello_client_css": held.trello_client_css,
        "static_url": static_url,
        "config": {
            "targetOrigin": held.trello_origin,
            "appKey": held.trello_api_key,
            "pluginId": held.trello_plugin_id,
            "baseUrl": held.base_url,
            "authorizeUrl": f"{held.trello_origin}/1/authorize",
        },
    }


def static_url(path: str) -> str:
    """The address of a static file; changes with its content."""
    tidy = path.removeprefix("/static/").removeprefix("static/").lstrip("/")
    stamp = _stamp(STATIC / tidy) if not current_app.debug else "dev"
    return f"/static/{tidy}?v={stamp}"


@lru_cache(maxsize=256)
def _stamp(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"
