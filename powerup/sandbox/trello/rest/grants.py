"""/1/tokens and /1/webhooks."""

from flask import Blueprint

from powerup.sandbox.trello.rest.asking import Json, asker, board_at, card_at, list_at, options, params, store
from powerup.sandbox.trello.rest.cards import checked_url
from powerup.sandbox.trello.rest.nested import member_shapes, shapes
from powerup.sandbox.trello.rest.shape_base import pick
from powerup.sandbox.trello.store.models import Token, Webhook
from powerup.sandbox.trello.store.refusals import Refusal, invalid, not_found
from powerup.sandbox.trello.webhooks import call

grants = Blueprint("trello_grants", __name__)


@grants.get("/tokens/<value>")
def token(value: str) -> Json:
    """What a token may do."""
    return pick(shapes().token(_token_at(value)), params().names("fields", "all"))


@grants.get("/tokens/<value>/member")
def token_member(value: str) -> Json:
    """For whom a token speaks."""
    return member_shapes([_token_at(value).member_id], params().names("fields", "all"))[0]


@grants.delete("/tokens/<value>/")
def revoke(value: str) -> Json:
    """Take a token back; its webhooks go with it."""
    store().revoke(_token_at(value).value)
    return {}


@grants.get("/tokens/<value>/webhooks")
def webhooks(value: str) -> Json:
    """The webhooks of a token."""
    found = _token_at(value)
    return [shapes().webhook(webhook) for webhook in store().shelves.webhooks.values() if webhook.token == found.value]


@grants.post("/tokens/<value>/webhooks")
def create_token_webhook(value: str) -> Json:
    """Watch a model with this token."""
    return _create(_token_at(value))


@grants.post("/webhooks/")
def create_webhook() -> Json:
    """Watch a model. Runs without the store's lock: the callback may ask us something before it answers."""
    return _create(asker().needs_token())


@grants.get("/webhooks/<id>")
def webhook(id: str) -> Json:
    """One webhook."""
    return shapes().webhook(_webhook_at(id))


@grants.put("/webhooks/<id>")
def update_webhook(id: str) -> Json:
    """Change a webhook; a new callback must answer too."""
    found, given = _webhook_at(id), params()
    if given.has("callbackURL"):
        found.callback_url = _answering(given.need("callbackURL"))
    if given.has("idModel"):
        found.model_id = _watchable(given.need("idModel"))
    if given.has("description"):
        found.description = given.text("description")
    if given.has("active"):
        found.active = given.flag("active")
    return shapes().webhook(found)


@grants.delete("/webhooks/<id>")
def delete_webhook(id: str) -> Json:
    """Watch no more."""
    with store().lock:
        del store().shelves.webhooks[_webhook_at(id).id]
    return {"_value": None}


UNLOCKED = ("trello_grants.create_webhook", "trello_grants.create_token_webhook", "trello_grants.update_webhook")
"""These call out and must not hold the store meanwhile."""


def _create(token: Token) -> Json:
    given = params()
    url, model_id = checked_url(given.need("callbackURL"), "callbackURL"), _watchable(given.need("idModel"))
    made = store().add_webhook(token, _answering(url), model_id, given.text("description"), active=given.flag("active", True))
    return shapes().webhook(made)


def _answering(url: str) -> str:
    status = call("HEAD", url, timeout=options().webhook_timeout)
    if status != 200:
        raise Refusal(400, f"URL ({url}) did not return 200 status code, got {status or 'no answer'}")
    return url


def _watchable(model_id: str) -> str:
    """The id of a board, list, card, member or workspace that the asker may see."""
    shelves = store().shelves
    if model_id in shelves.boards:
        return board_at(model_id).id
    if model_id in shelves.lists:
        return list_at(model_id).id
    if model_id in shelves.cards:
        return card_at(model_id).id
    member_id = asker().needs_token().member_id
    if model_id == member_id or model_id in [one.id for one in store().organizations_of(member_id)]:
        return model_id
    raise invalid("idModel")


def _token_at(value: str) -> Token:
    """A token may be read by itself, and by other tokens of the same person for the same application."""
    mine = asker().needs_token()
    found = store().token(value)
    if found is None or (found.key, found.member_id) != (mine.key, mine.member_id):
        raise not_found()
    return found


def _webhook_at(id: str) -> Webhook:
    return store().webhook(id, asker().needs_token().value)
