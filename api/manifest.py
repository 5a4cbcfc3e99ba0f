"""/manifest.json: what an admin enters in Trello's portal (Trello itself reads no manifest today; facts, section 3)."""

import json

from flask import Blueprint, Response

from api.context import settings
from powerup.settings import ROOT

blueprint = Blueprint("manifest", __name__)


@blueprint.get("/manifest.json")
def manifest() -> Response:
    """The manifest with this installation's addresses."""
    content = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    base = settings().base_url
    content["icon"]["url"] = f"{base}/{content['icon']['url'].removeprefix('./').removeprefix('/')}"
    content["connectors"]["iframe"]["url"] = f"{base}/connector"
    return Response(
        json.dumps(content, indent=2), mimetype="application/json", headers={"Access-Control-Allow-Origin": "https://trello.com"}
    )
