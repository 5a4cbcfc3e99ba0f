"""/1/members and /1/organizations."""

from flask import Blueprint

from powerup.sandbox.trello.rest.asking import Json, asker, params, store
from powerup.sandbox.trello.rest.nested import shapes
from powerup.sandbox.trello.rest.shape_base import pick
from powerup.sandbox.trello.store.models import Member, Organization
from powerup.sandbox.trello.store.refusals import invalid, not_found

people = Blueprint("trello_people", __name__)


@people.get("/members/<id>")
def member(id: str) -> Json:
    """A person; `me` is whoever the token speaks for."""
    shape = shapes().member(_member_at(id))
    return pick(shape, params().names("fields", "all"))


@people.get("/members/<id>/boards")
def member_boards(id: str) -> Json:
    """The boards of a person that the asker may see."""
    found, given = _member_at(id), params()
    filter = given.text("filter") or "all"
    if filter not in ("all", "closed", "members", "open", "organization", "public", "starred"):
        raise invalid("filter")
    result = []
    for board in store().shelves.boards.values():
        if found.id not in board.roles or not store().sees(asker().member_id, board):
            continue
        if (filter == "open" and board.closed) or (filter == "closed" and not board.closed):
            continue
        shape = pick(shapes().board(board), given.names("fields", "all"))
        if given.flag("organization") and board.organization_id:
            organization = shapes().organization(store().organization(board.organization_id))
            shape["organization"] = pick(organization, given.names("organization_fields", "name,displayName"))
        result.append(shape)
    return result


@people.get("/members/<id>/organizations")
def member_organizations(id: str) -> Json:
    """The workspaces of a person, as far as the asker is in them."""
    found = _member_at(id)
    mine = [one for one in store().organizations_of(found.id) if asker().member_id in one.member_ids]
    return [pick(shapes().organization(one), params().names("fields", "all")) for one in mine]


@people.get("/organizations/<id>")
def organization(id: str) -> Json:
    """A workspace that the asker belongs to."""
    return pick(shapes().organization(_organization_at(id)), params().names("fields", "all"))


@people.get("/organizations/<id>/boards")
def organization_boards(id: str) -> Json:
    """The boards of a workspace that the asker may see."""
    found = _organization_at(id)
    boards = [board for board in store().shelves.boards.values() if board.organization_id == found.id]
    return [pick(shapes().board(board), params().names("fields", "all")) for board in boards if store().sees(asker().member_id, board)]


@people.get("/organizations/<id>/members")
def organization_members(id: str) -> Json:
    """The people of a workspace."""
    fields = params().names("fields", "fullName,username")
    return [pick(shapes().member(store().member(one)), fields) for one in _organization_at(id).member_ids]


@people.get("/organizations/<id>/pluginData")
def organization_plugin_data(id: str) -> Json:
    """What the Power-Up stored at a workspace."""
    found = _organization_at(id)
    return [shapes().plugin_datum(datum) for datum in store().plugin_data(found.id, asker().member_id)]


def _member_at(id: str) -> Member:
    return store().member(asker().needs_token().member_id if id == "me" else id)


def _organization_at(id: str) -> Organization:
    found = store().organization(id)
    # Somebody on one of its boards may read its name too: that is how a guest's client shows "in workspace ...".
    guest = any(board.organization_id == found.id and asker().member_id in board.roles for board in store().shelves.boards.values())
    if asker().member_id not in found.member_ids and not guest:
        raise not_found()
    return found
