"""What people gave applications: tokens, the webhooks of a token, and the Power-Up's stored data."""

from datetime import datetime, timedelta

from powerup import clock
from powerup.sandbox.trello.store.base import BaseStore
from powerup.sandbox.trello.store.models import Access, Member, PluginDatum, Scope, Token, Webhook
from powerup.sandbox.trello.store.refusals import Refusal, invalid, not_found

EXPIRATIONS: dict[str, timedelta | None] = {
    "1hour": timedelta(hours=1),
    "1day": timedelta(days=1),
    "30days": timedelta(days=30),
    "never": None,
}
"""What /1/authorize accepts as `expiration`."""
SCOPES = ("read", "write", "account")
_MAX_PLUGIN_DATA = {"card": 4096, "member": 4096, "board": 8192, "organization": 8192}


class Grants(BaseStore):
    """Tokens, webhooks, plugin data."""

    def make_token(
        self, member: Member, key: str, *, scopes: tuple[str, ...] = ("read", "write"), expiration: str = "never", name: str = ""
    ) -> Token:
        """A token that acts as the member for the application with this API key."""
        if expiration not in EXPIRATIONS or not scopes or not set(scopes) <= set(SCOPES):
            raise Refusal(400, "invalid scope or expiration")
        life, made_at = EXPIRATIONS[expiration], clock.now()
        with self.lock:
            value = self.ids.token()
            token = Token(self.ids.new_id(), value, key, name, member.id, scopes, made_at, made_at + life if life else None)
            self.shelves.tokens[value] = token
            return token

    def token(self, value: str, at: datetime | None = None) -> Token | None:
        """The token, when it is known and has not run out."""
        token = self.shelves.tokens.get(value)
        if token is not None and token.expires_at is not None and token.expires_at <= (at or clock.now()):
            self.revoke(value)
            return None
        return token

    def revoke(self, value: str) -> None:
        """Take a token back; its webhooks go with it."""
        with self.lock:
            self.shelves.tokens.pop(value, None)
            for webhook in [webhook for webhook in self.shelves.webhooks.values() if webhook.token == value]:
                del self.shelves.webhooks[webhook.id]

    def add_webhook(self, token: Token, callback_url: str, model_id: str, description: str = "", *, active: bool = True) -> Webhook:
        """Watch a model; the caller has seen that the callback answers."""
        with self.lock:
            wanted = (token.value, model_id, callback_url)
            if any((hook.token, hook.model_id, hook.callback_url) == wanted for hook in self.shelves.webhooks.values()):
                raise Refusal(400, "A webhook with that callback, model, and token already exists")
            webhook = Webhook(self.ids.new_id(), token.value, model_id, callback_url, description, active)
            self.shelves.webhooks[webhook.id] = webhook
            return webhook

    def webhook(self, id: str, token: str) -> Webhook:
        """By id, of this token only; a refusal otherwise."""
        webhook = self.shelves.webhooks.get(id)
        if webhook is None or webhook.token != token:
            raise not_found()
        return webhook

    def set_plugin_data(self, scope: Scope, access: Access, model_id: str, member_id: str, value: str) -> None:
        """Store a JSON text; an empty one or `{}` removes it. Trello's own limits on length hold."""
        if len(value) > _MAX_PLUGIN_DATA[scope]:
            raise invalid("value")
        owner = member_id if access == "private" else ""
        with self.lock:
            at = (scope, access, model_id, owner)
            if value in ("", "{}"):
                self.shelves.plugin_data.pop(at, None)
            elif at in self.shelves.plugin_data:
                self.shelves.plugin_data[at].value = value
            else:
                self.shelves.plugin_data[at] = PluginDatum(self.ids.new_id(), scope, access, model_id, owner, value)
            card = self.shelves.cards.get(model_id)
            self.changed(card.board_id if card else model_id if scope == "board" else None, card.id if card else None, "pluginData")

    def plugin_data(self, model_id: str, member_id: str | None) -> list[PluginDatum]:
        """What is stored at a model: everything shared, and what is private to this member."""
        return [
            datum
            for datum in self.shelves.plugin_data.values()
            if datum.model_id == model_id and (datum.access == "shared" or (member_id is not None and datum.member_id == member_id))
        ]
