"""`/sandbox/*`: switches for the demo and the tests. No part of Discourse. `/sandbox/faults` and `/sandbox/requests` come from `Faults`."""

from dataclasses import asdict

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from powerup.sandbox.discourse.access import here
from powerup.sandbox.discourse.hooks import Hook, HookSender
from powerup.sandbox.discourse.options import Options
from powerup.sandbox.discourse.params import params, text
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import staff_only


def install(app: Flask, store: ForumStore, sender: HookSender) -> None:
    """Give `app` its control endpoints."""
    bp = Blueprint("control", __name__)
    _options(bp, store)
    _webhooks(bp, sender)

    @bp.get("/sandbox/revision")
    def revision() -> ResponseReturnValue:
        """Another number after every change; the pages refresh by it."""
        return {"revision": store.revision}

    @bp.post("/admin/api/web_hooks.json")
    def register_officially() -> ResponseReturnValue:
        """Discourse's own way to register a webhook; for staff's keys."""
        staff_only(here()[1])
        values = params().get("web_hook")
        body = values if isinstance(values, dict) else {}
        if not text(body, "payload_url"):
            return {"errors": ["Payload URL can't be blank"]}, 422
        hook = sender.register(str(body["payload_url"]), str(body.get("secret") or ""))
        return {"web_hook": _shown(hook) | {"content_type": 1, "wildcard_web_hook": True, "verify_certificate": True}}

    app.register_blueprint(bp)


def _options(bp: Blueprint, store: ForumStore) -> None:
    @bp.route("/sandbox/options", methods=["GET", "PUT", "POST", "DELETE"])
    def options() -> ResponseReturnValue:
        """Read the site's switches, change the named ones, or set all back."""
        if request.method == "DELETE":
            store.options = Options()
        elif request.method != "GET":
            try:
                changes = request.get_json(silent=True)
                store.options = Options.model_validate(_merged(store, changes))
            except ValidationError as error:
                return {"errors": error.errors(include_url=False, include_context=False, include_input=False)}, 400
        return store.options.model_dump()


def _webhooks(bp: Blueprint, sender: HookSender) -> None:
    @bp.get("/sandbox/webhooks")
    def listed() -> ResponseReturnValue:
        """Receivers and the latest attempts to reach them."""
        return {"webhooks": [_shown(hook) for hook in sender.hooks.values()], "sent": list(sender.sent)}

    @bp.post("/sandbox/webhooks")
    def register() -> ResponseReturnValue:
        """Register `{"payload_url", "secret"?, "kinds"?: ["topic", "post", ...]}`."""
        values = params()
        url = text(values, "payload_url")
        if url is None or not url.startswith(("http://", "https://")):
            return {"errors": ["payload_url must be a full address"]}, 400
        kinds = values.get("kinds")
        hook = sender.register(url, str(values.get("secret") or ""), [str(kind) for kind in kinds] if isinstance(kinds, list) else ())
        return _shown(hook), 201

    @bp.post("/sandbox/webhooks/<int:hook_id>/pings")
    def ping(hook_id: int) -> ResponseReturnValue:
        """Send a ping."""
        if hook_id not in sender.hooks:
            return {"errors": ["no such webhook"]}, 404
        sender.ping(hook_id)
        return "", 202

    @bp.delete("/sandbox/webhooks/<int:hook_id>")
    def remove(hook_id: int) -> ResponseReturnValue:
        """Forget a receiver."""
        sender.remove(hook_id)
        return "", 204


def _shown(hook: Hook) -> dict[str, object]:
    """A receiver without its secret."""
    return {name: value for name, value in asdict(hook).items() if name != "secret"} | {"has_secret": bool(hook.secret)}


def _merged(store: ForumStore, changes: object) -> object:
    return store.options.model_dump() | changes if isinstance(changes, dict) else changes
