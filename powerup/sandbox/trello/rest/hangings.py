"""/1/cards/{id}/attachments, comments as actions, and /1/actions."""

from flask import Blueprint, request

from powerup.sandbox.trello.rest.asking import Json, asker, board_at, by, card_at, params, store
from powerup.sandbox.trello.rest.cards import checked_url
from powerup.sandbox.trello.rest.nested import shapes
from powerup.sandbox.trello.rest.shape_base import pick
from powerup.sandbox.trello.store.models import Action
from powerup.sandbox.trello.store.refusals import invalid, not_found, not_permitted

hangings = Blueprint("trello_hangings", __name__)
_MOVES = "updateCard:idList"


@hangings.get("/cards/<id>/attachments")
def attachments(id: str) -> Json:
    """What is attached to a card."""
    found = card_at(id)
    return [pick(shapes().attachment(one), params().names("fields", "all")) for one in found.attachments]


@hangings.post("/cards/<id>/attachments")
def attach(id: str) -> Json:
    """Attach a URL or a file; the same URL twice makes two attachments."""
    found, given = card_at(id, write=True), params()
    name, mime_type, file = given.text("name", most=256), given.text("mimeType", most=256), request.files.get("file")
    if file is None:
        made = store().attach(found, checked_url(given.text("url"), "url"), by(), name=name, mime_type=mime_type)
    else:
        data, name = file.read(), name or file.filename or "file"
        url = f"{request.host_url}1/cards/{found.id}/attachments/download/{name}"
        made = store().attach(found, url, by(), name=name, mime_type=mime_type or file.mimetype, bytes=len(data))
    return shapes().attachment(made)


@hangings.get("/cards/<id>/attachments/<attachment_id>")
def attachment(id: str, attachment_id: str) -> Json:
    """One attachment."""
    return pick(shapes().attachment(store().attachment(card_at(id), attachment_id)), params().names("fields", "all"))


@hangings.delete("/cards/<id>/attachments/<attachment_id>")
def detach(id: str, attachment_id: str) -> Json:
    """Take an attachment off a card."""
    found = card_at(id, write=True)
    store().detach(found, store().attachment(found, attachment_id), by())
    return {"limits": {}}


@hangings.get("/cards/<id>/actions")
def card_actions(id: str) -> Json:
    """What happened to a card, newest first, 50 a page; by default its comments and moves."""
    found, given = card_at(id), params()
    wanted = given.names("filter", f"commentCard,{_MOVES}")
    hits = [action for action in reversed(store().shelves.card_actions.get(found.id, [])) if _matches(action, wanted)]
    limit, page = given.number("limit", 50, 0, 1000), given.number("page", 0, 0, 19)
    return [shapes().action(action) for action in hits[page * limit :][:limit]]


@hangings.post("/cards/<id>/actions/comments")
def comment(id: str) -> Json:
    """Comment on a card."""
    found = card_at(id, write=True)
    return shapes().action(store().comment(found, params().need("text"), by()))


@hangings.get("/actions/<id>")
def action(id: str) -> Json:
    """One action."""
    return shapes().action(_action_at(id))


@hangings.put("/actions/<id>")
def edit_comment(id: str) -> Json:
    """Change the words of one's own comment."""
    return _edit(id, params().need("text"))


@hangings.put("/actions/<id>/text")
def edit_comment_text(id: str) -> Json:
    """The same by its older address."""
    return _edit(id, params().need("value"))


@hangings.delete("/actions/<id>")
def delete_comment(id: str) -> Json:
    """Delete one's own comment; a board's admin deletes anybody's."""
    found = _own_comment(id, admin_too=True)
    store().delete_comment(found, by())
    return {"_value": None}


def _edit(id: str, text: str) -> Json:
    found = _own_comment(id)
    store().edit_comment(found, text, by())
    return shapes().action(found)


def _own_comment(id: str, *, admin_too: bool = False) -> Action:
    found = _action_at(id)
    if found.type != "commentCard" or found.data["card"]["id"] not in store().shelves.cards:
        raise invalid("id")
    member_id = asker().needs_token().member_id
    role = board_at(found.board_id or "", write=True).roles[member_id]
    if found.member_id != member_id and not (admin_too and role == "admin"):
        raise not_permitted()
    return found


def _action_at(id: str) -> Action:
    found = store().action(id)
    if found.board_id is None:
        raise not_found()
    board_at(found.board_id)
    return found


def _matches(action: Action, wanted: tuple[str, ...]) -> bool:
    is_move = action.type == "updateCard" and "listBefore" in action.data
    return "all" in wanted or action.type in wanted or (is_move and _MOVES in wanted)
