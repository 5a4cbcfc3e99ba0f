"""For whoever watches the installation."""

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from api.context import database
from powerup import __version__
from powerup.db.migrate import is_current
from powerup.errors import CloseloopError, Code

blueprint = Blueprint("health", __name__)


class NotReadyError(CloseloopError):
    """The database lacks the newest schema."""

    code, status, title = Code.unavailable, 503, "Not ready"


@blueprint.get("/healthz")
def alive() -> dict[str, Any]:
    """The process answers."""
    return {"status": "alive", "version": __version__}


@blueprint.get("/readyz")
def ready() -> dict[str, Any]:
    """The database answers and has the newest schema."""
    with database().read() as session:
        session.execute(text("SELECT 1"))
    if not is_current(database()):
        raise NotReadyError("The database has an older schema. Run: closeloop migrate")
    return {"status": "ready"}
