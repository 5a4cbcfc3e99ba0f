"""/1/boards and what lies below a board."""

from flask import Blueprint, request

from powerup.sandbox.trello.rest.asking import Json, asker, board_at, by, params, store
from powerup.sandbox.trello.rest.nested import card_shapes, filtered_cards, member_shapes, shapes
from powerup.sandbox.trello.rest.shape_base import BOARD_DEFAULT, pick
from powerup.sandbox.trello.store.models import Board
from powerup.sandbox.trello.store.refusals import invalid

boards = Blueprint("trello_boards", __name__)


@boards.get("/boards/<id>")
def board(id: str) -> Json:
    """A board, with the nested things asked for."""
    found, given = board_at(id), params()
    shape = pick(shapes().board(found), given.names("fields", BOARD_DEFAULT))
    if (lists := given.text("lists", "none")) != "none":
        shape["lists"] = [shapes().list(one) for one in store().lists_of(found, filter=lists)]
    if given.text("cards", "none") != "none":
        shape["cards"] = card_shapes(filtered_cards(store().cards_of(found.id), given.text("cards")), given, prefix="card_")
    if given.text("labels", "none") not in ("none", "false"):
        shape["labels"] = [shapes().label(label) for label in store().labels_of(found)]
    if given.text("members", "none") not in ("none", "false"):
        shape["members"] = member_shapes(found.roles, given.names("member_fields"))
    if given.text("memberships", "none") != "none":
        shape["memberships"] = _memberships(found)
    if given.flag("organization") and found.organization_id:
        organization = shapes().organization(store().organization(found.organization_id))
        shape["organization"] = pick(organization, given.names("organization_fields", "name,displayName"))
    if given.flag("pluginData"):
        shape["pluginData"] = plugin_data_at(found.id)
    return shape


@boards.put("/boards/<id>")
def update_board(id: str) -> Json:
    """Rename, describe, close or reopen."""
    found, given = board_at(id, write=True), params()
    store().update_board(
        found,
        by(),
        name=given.need("name") if given.has("name") else None,
        desc=given.text("desc") if given.has("desc") else None,
        closed=given.flag("closed") if given.has("closed") else None,
    )
    return shapes().board(found)


@boards.get("/boards/<id>/lists")
@boards.get("/boards/<id>/lists/<filter>")
def lists(id: str, filter: str = "") -> Json:
    """The lists, with their cards when asked."""
    found, given = board_at(id), params()
    result = []
    for one in store().lists_of(found, filter=filter or given.text("filter") or "open"):
        shape = pick(shapes().list(one), given.names("fields", "all"))
        if given.text("cards", "none") != "none":
            cards = [card for card in store().cards_of(found.id) if card.list_id == one.id]
            shape["cards"] = card_shapes(filtered_cards(cards, given.text("cards")), given, prefix="card_")
        result.append(shape)
    return result


@boards.get("/boards/<id>/cards")
@boards.get("/boards/<id>/cards/<filter>")
def cards(id: str, filter: str = "") -> Json:
    """The cards; open ones unless another filter is named."""
    found, given = board_at(id), params()
    return card_shapes(filtered_cards(store().cards_of(found.id), filter or given.text("filter") or "visible"), given)


@boards.get("/boards/<id>/labels")
def labels(id: str) -> Json:
    """The labels; 50 of them unless `limit` (up to 1000) says more."""
    found, given = board_at(id), params()
    limit = given.number("limit", 50, 0, 1000)
    return [pick(shapes().label(label), given.names("fields", "all")) for label in store().labels_of(found)[:limit]]


@boards.get("/boards/<id>/memberships")
def memberships(id: str) -> Json:
    """Who belongs to the board and how."""
    return _memberships(board_at(id))


@boards.get("/boards/<id>/members")
def members(id: str) -> Json:
    """The people on the board."""
    return member_shapes(board_at(id).roles, params().names("fields"))


@boards.get("/boards/<id>/actions")
def actions(id: str) -> Json:
    """What happened, newest first."""
    given = params()
    wanted = given.names("filter", "all")
    found = store().shelves.board_actions.get(board_at(id).id, [])
    hits = [action for action in reversed(found) if "all" in wanted or action.type in wanted]
    if since := given.text("since"):
        hits = [action for action in hits if action.id > since or shapes().action(action)["date"] > since]
    limit, page = given.number("limit", 50, 0, 1000), given.number("page", 0, 0, 19)
    return [shapes().action(action) for action in hits[page * limit :][:limit]]


@boards.get("/boards/<id>/pluginData")
def plugin_data(id: str) -> Json:
    """What the Power-Up stored at the board."""
    return plugin_data_at(board_at(id).id)


@boards.get("/boards/<id>/boardPlugins")
def board_plugins(id: str) -> Json:
    """The Power-Ups that are enabled: ours, or none."""
    found = board_at(id)
    return [shapes().board_plugin(found)] if found.power_up_enabled else []


def plugin_data_at(model_id: str) -> Json:
    """The stored data at any model, as the asker may see it."""
    return [shapes().plugin_datum(datum) for datum in store().plugin_data(model_id, asker().member_id)]


def _memberships(found: Board) -> Json:
    given = params()
    wanted = (given.text("filter") or "all") if request.path.endswith("/memberships") else given.text("memberships")
    if wanted not in ("all", "admins", "admin", "normal", "me", "active", "deactivated"):
        raise invalid("filter")
    result = []
    for member_id, role in found.roles.items():
        skipped = {"admins": role != "admin", "admin": role != "admin", "normal": role != "normal", "me": member_id != asker().member_id}
        if wanted == "deactivated" or skipped.get(wanted, False):
            continue
        shape = shapes().membership(found, member_id)
        if given.flag("member"):
            shape["member"] = pick(shapes().member(store().member(member_id)), given.names("member_fields", "fullName,username"))
        result.append(shape)
    return result
