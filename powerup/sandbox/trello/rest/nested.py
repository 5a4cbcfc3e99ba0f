"""Cards and people with what callers ask for inside them: shared by the files of several nouns."""

from collections.abc import Iterable

from flask import current_app

from powerup.sandbox.trello.rest.asking import asker, store
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.rest.shape_base import MEMBER_DEFAULT, Shape, pick
from powerup.sandbox.trello.rest.shapes import Shapes
from powerup.sandbox.trello.store.models import Card
from powerup.sandbox.trello.store.refusals import invalid


def shapes() -> Shapes:
    """The writer of the double that answers."""
    found = current_app.extensions["trello_shapes"]
    assert isinstance(found, Shapes)  # noqa: S101 - tells mypy
    return found


def filtered_cards(cards: Iterable[Card], filter: str) -> list[Card]:
    """Cards by Trello's filters, in the order of their lists' positions."""
    if filter not in ("all", "closed", "none", "open", "visible"):
        raise invalid("filter")
    lists = store().shelves.lists
    kept = []
    for card in cards if filter != "none" else ():
        # "visible": neither the card nor its list is archived.
        hidden = card.closed or (filter == "visible" and lists[card.list_id].closed)
        if filter == "all" or (filter == "closed") == hidden:
            kept.append(card)
    return sorted(kept, key=lambda card: (lists[card.list_id].pos, card.pos))


def card_shapes(cards: Iterable[Card], given: Params, *, prefix: str = "") -> list[Shape]:
    """Cards with their nested things; `limit` (up to 1000) and `before` page through them."""
    chosen = list(cards)
    if before := given.text("before"):
        chosen = [card for card in chosen if card.id < before]
    if given.text("limit"):
        # With a limit Trello answers the newest ones.
        newest = sorted(chosen, key=lambda card: card.id)[-given.number("limit", 1000, 1, 1000) :]
        chosen = [card for card in chosen if card in newest] if len(newest) < len(chosen) else chosen
    return [card_shape(card, given, prefix=prefix) for card in chosen]


def card_shape(card: Card, given: Params, *, prefix: str = "") -> Shape:
    """A card with the fields and nested things that the parameters ask for (`card_fields`, … with a prefix)."""
    full = shapes()
    shape = pick(full.card(card), given.names(f"{prefix}fields", "all"))
    if given.text(f"{prefix}attachments", "false") not in ("false", "cover"):
        fields = given.names(f"{prefix}attachment_fields", "all")
        shape["attachments"] = [pick(full.attachment(attachment), fields) for attachment in card.attachments]
    if given.flag(f"{prefix}members"):
        shape["members"] = member_shapes(card.member_ids, given.names(f"{prefix}member_fields"))
    if given.flag(f"{prefix}pluginData"):
        shape["pluginData"] = [full.plugin_datum(datum) for datum in store().plugin_data(card.id, asker().member_id)]
    if given.flag(f"{prefix}customFieldItems"):
        shape["customFieldItems"] = []
    if given.flag(f"{prefix}list"):
        shape["list"] = full.list(store().tlist(card.list_id))
    if given.flag(f"{prefix}board"):
        shape["board"] = pick(full.board(store().board(card.board_id)), given.names("board_fields", "name,desc,closed,idOrganization,url"))
    return shape


def member_shapes(ids: Iterable[str], fields: tuple[str, ...]) -> list[Shape]:
    """People, with these fields or the few that Trello gives by default."""
    return [pick(shapes().member(store().member(id)), fields or MEMBER_DEFAULT.split(",")) for id in ids]
