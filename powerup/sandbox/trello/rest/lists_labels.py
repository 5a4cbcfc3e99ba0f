"""/1/lists and /1/labels."""

from flask import Blueprint

from powerup.sandbox.trello.rest.asking import Json, board_at, by, label_at, list_at, params, store
from powerup.sandbox.trello.rest.nested import card_shapes, filtered_cards, shapes
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.rest.shape_base import pick
from powerup.sandbox.trello.store.refusals import invalid

lists_labels = Blueprint("trello_lists_labels", __name__)
_HUES = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
COLORS = frozenset({*_HUES, *(f"{hue}_dark" for hue in _HUES), *(f"{hue}_light" for hue in _HUES)})


@lists_labels.post("/lists")
def create_list() -> Json:
    """Make a list on a board."""
    given = params()
    board = board_at(given.need("idBoard"), write=True)
    return shapes().list(store().add_list(board, given.need("name"), by=by()))


@lists_labels.get("/lists/<id>")
def one_list(id: str) -> Json:
    """A list."""
    return pick(shapes().list(list_at(id)), params().names("fields", "name,closed,idBoard,pos"))


@lists_labels.put("/lists/<id>")
def update_list(id: str) -> Json:
    """Rename, archive, restore or move a list."""
    found, given = list_at(id, write=True), params()
    store().update_list(
        found,
        by(),
        name=given.need("name") if given.has("name") else None,
        closed=given.flag("closed") if given.has("closed") else None,
        pos=float(given.number("pos", 1, 1, 2**53)) if given.has("pos") else None,
    )
    return shapes().list(found)


@lists_labels.get("/lists/<id>/cards")
def cards(id: str) -> Json:
    """The open cards of a list."""
    found, given = list_at(id), params()
    hits = [card for card in store().cards_of(found.board_id) if card.list_id == found.id]
    return card_shapes(filtered_cards(hits, given.text("filter") or "open"), given)


@lists_labels.get("/lists/<id>/board")
def board(id: str) -> Json:
    """The board that a list is on."""
    return shapes().board(board_at(list_at(id).board_id))


@lists_labels.post("/labels")
def create_label() -> Json:
    """Make a label; name, colour (or null) and board are required."""
    given = params()
    return _make_label(given.need("idBoard"), given)


@lists_labels.post("/boards/<id>/labels")
def create_board_label(id: str) -> Json:
    """The same, by the board's address."""
    return _make_label(id, params())


@lists_labels.get("/labels/<id>")
def label(id: str) -> Json:
    """A label."""
    return pick(shapes().label(label_at(id)), params().names("fields", "all"))


@lists_labels.delete("/labels/<id>")
def delete_label(id: str) -> Json:
    """Delete a label and take it off all cards."""
    store().delete_label(label_at(id, write=True))
    return {"limits": {}}


def _make_label(board_id: str, given: Params) -> Json:
    board = board_at(board_id, write=True)
    if not given.has("color"):
        raise invalid("color")
    color = given.text("color")
    if color not in ("", "null") and color not in COLORS:
        raise invalid("color")
    return shapes().label(store().add_label(board, given.need("name"), None if color in ("", "null") else color, by=by()))
