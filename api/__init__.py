"""HTTP only: the one place that knows Flask."""

from datetime import timedelta

from flask import Flask
from flask_cors import CORS

from api import context, errors, headers, health, limits, manifest, oauth, openapi, pages, v1, webhooks
from powerup.services import Services
from powerup.settings import ROOT

STATIC_AGE = timedelta(days=365)
"""Static addresses carry a version, so that browsers may keep what they have."""


def create_app(services: Services) -> Flask:
    """The web application for one installation.

    :param services: settings, database and the way to the outside; the caller has migrated the database and disposes of it.
    """
    app = Flask("closeloop", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(MAX_CONTENT_LENGTH=services.settings.max_body_bytes, PROPAGATE_EXCEPTIONS=False)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    context.init_app(app, services)
    limits.init_app(app)
    errors.init_app(app)
    headers.init_app(app, services.settings)
    if services.settings.cors_origins:
        CORS(
            app,
            resources={"/api/*": {"origins": list(services.settings.cors_origins)}},
            allow_headers=["Authorization", "Content-Type"],
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            expose_headers=["Retry-After", "X-Request-Id"],
            max_age=600,
        )
    for part in (pages.blueprint, oauth.blueprint, manifest.blueprint, health.blueprint, webhooks.blueprint, v1.blueprint):
        app.register_blueprint(part)
    openapi.init_app(app)
    return app
