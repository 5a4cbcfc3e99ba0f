"""Standing orders with Trello: which boards it tells us about."""

from urllib.parse import quote

from powerup.integrations.errors import RejectedError
from powerup.integrations.trello.caller import Caller, nothing, part
from powerup.integrations.trello.models import Webhook


class Hooks(Caller):
    """Trello's webhooks belong to a token: they see what it sees and end with it (guides/rest-api/webhooks)."""

    def create_webhook(self, callback_url: str, model_id: str, description: str = "") -> Webhook:
        """Have changes of a board sent to `callback_url`, which Trello calls with HEAD before it answers. One that exists is returned."""
        body = {"callbackURL": callback_url, "idModel": part(model_id), "description": description}
        try:
            return self._call("POST", "/webhooks/", Webhook.read, body=body)
        except RejectedError as error:
            if "already exists" not in error.detail:
                raise
            same = [hook for hook in self.webhooks() if (hook.callback_url, hook.model_id) == (callback_url, model_id)]
            if not same:
                raise
            return same[0]

    def webhooks(self) -> tuple[Webhook, ...]:
        """All webhooks of this token."""
        # The one path that must name the token; the log hides what looks like one.
        return self._all(f"/tokens/{quote(self._token, safe='')}/webhooks", Webhook.read)

    def delete_webhook(self, webhook_id: str) -> None:
        """End a standing order."""
        self._call("DELETE", f"/webhooks/{part(webhook_id)}", nothing)
