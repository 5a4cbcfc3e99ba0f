"""/1/cards: the card itself."""

import re

from flask import Blueprint

from powerup.sandbox.trello.rest.asking import Json, board_at, by, card_at, label_at, list_at, params, store
from powerup.sandbox.trello.rest.boards import plugin_data_at
from powerup.sandbox.trello.rest.nested import card_shape, member_shapes, shapes
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.store.models import Board, Card, Label, Member, TList
from powerup.sandbox.trello.store.refusals import Refusal, invalid

cards = Blueprint("trello_cards", __name__)


def checked_url(url: str, field: str) -> str:
    """An http(s) address; a refusal otherwise."""
    if not re.fullmatch(r"https?://[^\s]+", url):
        raise invalid(field)
    return url


@cards.post("/cards")
def create_card() -> Json:
    """Make a card; with `urlSource` an attachment too, which is a second action."""
    given = params()
    on = list_at(given.need("idList"), write=True)
    board = store().board(on.board_id)
    url = given.text("urlSource")
    card = store().add_card(
        on,
        given.text("name"),
        by=by(),
        desc=given.text("desc"),
        labels=_labels(given, board),
        members=_members(given, board),
        urls=[checked_url(url, "urlSource")] if url else [],
        pos=_pos(given, on) or store().next_pos(on.id),
        due=given.text("due") or None,
        start=given.text("start") or None,
        due_complete=given.flag("dueComplete"),
    )
    return card_shape(card, Params({"attachments": "true"}))


@cards.get("/cards/<id>")
def card(id: str) -> Json:
    """A card with what is asked for."""
    return card_shape(card_at(id), params())


@cards.put("/cards/<id>")
def update_card(id: str) -> Json:
    """Change, move, archive, label and staff a card."""
    found, given = card_at(id, write=True), params()
    changes: dict[str, object] = {name: given.text(name) or None for name in ("due", "start") if given.has(name)}
    if given.has("name"):
        changes["name"] = given.need("name")
    if given.has("desc"):
        changes["desc"] = given.text("desc")
    for name, attribute in (("closed", "closed"), ("dueComplete", "due_complete")):
        if given.has(name):
            changes[attribute] = given.flag(name)
    to = _target(given, found)
    pos, board = _pos(given, to), store().board(to.board_id)
    # Refused before anything has moved.
    labels = _labels(given, board) if given.has("idLabels") else None
    members = _members(given, board) if given.has("idMembers") else None
    if to.id != found.list_id:
        store().move_card(found, to, by(), pos)
    elif pos is not None:
        changes["pos"] = pos
    store().update_card(found, by(), **changes)
    if members is not None:
        store().set_card_members(found, members, by())
    if labels is not None:
        _wear(found, labels)
    return card_shape(found, Params({}))


@cards.delete("/cards/<id>")
def delete_card(id: str) -> Json:
    """Delete for good."""
    store().delete_card(card_at(id, write=True), by())
    return {"limits": {}}


@cards.get("/cards/<id>/members")
def card_members(id: str) -> Json:
    """The people on a card."""
    return member_shapes(card_at(id).member_ids, params().names("fields"))


@cards.get("/cards/<id>/list")
def card_list(id: str) -> Json:
    """The list that a card is on."""
    return shapes().list(store().tlist(card_at(id).list_id))


@cards.get("/cards/<id>/board")
def card_board(id: str) -> Json:
    """The board that a card is on."""
    return shapes().board(store().board(card_at(id).board_id))


@cards.get("/cards/<id>/pluginData")
def card_plugin_data(id: str) -> Json:
    """What the Power-Up stored at the card."""
    return plugin_data_at(card_at(id).id)


@cards.post("/cards/<id>/idMembers")
def add_member(id: str) -> Json:
    """Put a person on a card."""
    found = card_at(id, write=True)
    member = store().member(params().need("value"))
    if member.id in found.member_ids:
        raise Refusal(400, "member is already on the card")
    if member.id not in store().board(found.board_id).roles:
        raise invalid("value")
    store().set_card_members(found, [*map(store().member, found.member_ids), member], by())
    return member_shapes(found.member_ids, ())


@cards.delete("/cards/<id>/idMembers/<member_id>")
def remove_member(id: str, member_id: str) -> Json:
    """Take a person off a card."""
    found = card_at(id, write=True)
    if member_id not in found.member_ids:
        raise Refusal(400, "member is not on the card")
    store().set_card_members(found, [store().member(one) for one in found.member_ids if one != member_id], by())
    return member_shapes(found.member_ids, ())


@cards.post("/cards/<id>/idLabels")
def add_label(id: str) -> Json:
    """Put a label on a card."""
    found = card_at(id, write=True)
    label = label_at(params().need("value"))
    if label.board_id != found.board_id:
        raise invalid("value")
    if label.id in found.label_ids:
        raise Refusal(400, "that label is already on the card")
    store().label_card(found, label, by())
    return list(found.label_ids)


@cards.delete("/cards/<id>/idLabels/<label_id>")
def remove_label(id: str, label_id: str) -> Json:
    """Take a label off a card."""
    found = card_at(id, write=True)
    store().unlabel_card(found, label_at(label_id), by())
    return {"_value": None}


def _labels(given: Params, board: Board) -> list[Label]:
    labels = [label_at(id) for id in given.names("idLabels")]
    if any(label.board_id != board.id for label in labels):
        raise invalid("idLabels")
    return labels


def _members(given: Params, board: Board) -> list[Member]:
    members = [store().member(id) for id in given.names("idMembers")]
    if any(member.id not in board.roles for member in members):
        raise invalid("idMembers")
    return members


def _target(given: Params, found: Card) -> TList:
    """Where the card is to be after the request: a named list, the first of another board, or where it is."""
    if given.text("idList"):
        to = list_at(given.text("idList"), write=True)
        if given.text("idBoard") not in ("", to.board_id):
            raise invalid("idList")
        return to
    if given.text("idBoard") not in ("", found.board_id):
        lists = store().lists_of(board_at(given.text("idBoard"), write=True))
        if not lists:
            raise invalid("idBoard")
        return lists[0]
    return store().tlist(found.list_id)


def _wear(found: Card, wanted: list[Label]) -> None:
    """Exactly these labels."""
    for label in [store().label(id) for id in found.label_ids]:
        if label not in wanted:
            store().unlabel_card(found, label, by())
    for label in wanted:
        store().label_card(found, label, by())


def _pos(given: Params, on: TList) -> float | None:
    """A position as Trello takes it: top, bottom or a positive number; None when not given."""
    text = given.text("pos")
    if text == "":
        return None
    if text == "bottom":
        return store().next_pos(on.id)
    if text == "top":
        return min((card.pos for card in store().cards_of(on.board_id) if card.list_id == on.id), default=16384.0) / 2
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise invalid("pos")
    return float(text)
