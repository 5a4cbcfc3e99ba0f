"""/1/lists and /1/labels."""

import re

from flask import Blueprint

from powerup.sandbox.trello.rest.asking import Json, board_at, by, label_at, list_at, params, store
from powerup.sandbox.trello.rest.nested import card_shapes, filtered_cards, shapes
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.rest.shape_base import pick
from powerup.sandbox.trello.store.models import TList
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
    """Rename, archive, restore or move a list; with `idBoard` to another board, its cards with it."""
    found, given = list_at(id, write=True), params()
    board = board_at(given.need("idBoard"), write=True) if given.has("idBoard") else None
    store().update_list(
        found,
        by(),
        name=given.need("name") if given.has("name") else None,
        closed=given.flag("closed") if given.has("closed") else None,
        pos=_pos(given, found) if given.has("pos") else None,
    )
    if board is not None:
        store().move_list(found, board, by())
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


@lists_labels.put("/labels/<id>")
def update_label(id: str) -> Json:
    """Give a label another name or colour."""
    found, given = label_at(id, write=True), params()
    changes: dict[str, str | None] = {"name": given.text("name")} if given.has("name") else {}
    if given.has("color"):
        changes["color"] = _color(given)
    store().update_label(found, by(), **changes)
    return shapes().label(found)


@lists_labels.delete("/labels/<id>")
def delete_label(id: str) -> Json:
    """Delete a label and take it off all cards."""
    store().delete_label(label_at(id, write=True), by())
    return {"limits": {}}


def _make_label(board_id: str, given: Params) -> Json:
    board = board_at(board_id, write=True)
    if not given.has("color"):
        raise invalid("color")
    return shapes().label(store().add_label(board, given.need("name"), _color(given), by=by()))


def _color(given: Params) -> str | None:
    color = given.text("color")
    if color in ("", "null"):
        return None
    if color not in COLORS:
        raise invalid("color")
    return color


def _pos(given: Params, found: TList) -> float:
    """A position as Trello takes it: top (here: the left end), bottom or a positive number."""
    text = given.text("pos")
    if text == "bottom":
        return store().next_pos(found.board_id)
    if text == "top":
        return min(one.pos for one in store().lists_of(store().board(found.board_id), filter="all")) / 2
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise invalid("pos")
    return float(text)
