"""What Trello tells us: whether it was Trello, and what happened.

Trello signs with HMAC-SHA1 over the raw body and the callback URL exactly as it was registered; behind a proxy that is not the URL of
the request (developer.atlassian.com/cloud/trello/guides/rest-api/webhooks). Deliveries repeat and overtake one another: take each
`event_id` once, and treat a change as a reason to look, not as the truth.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.http import maybe, moment, need
from powerup.integrations.trello.models import VENDOR, Role


class Kind(StrEnum):
    """What a change means to us."""

    card_created = "card_created"
    card_changed = "card_changed"
    """Renamed, archived or brought back, moved to another list: `changed` names the fields."""
    card_deleted = "card_deleted"
    card_left = "card_left"
    """It went to `other_board_id`."""
    card_arrived = "card_arrived"
    """It came from `other_board_id`."""
    member_added = "member_added"
    member_removed = "member_removed"
    role_changed = "role_changed"
    board_changed = "board_changed"
    attachment_added = "attachment_added"
    attachment_deleted = "attachment_deleted"
    comment_added = "comment_added"
    card_label_added = "card_label_added"
    card_label_removed = "card_label_removed"
    card_member_added = "card_member_added"
    """`member_id` was put on the card."""
    card_member_removed = "card_member_removed"
    list_changed = "list_changed"
    """A list was made, renamed, archived, brought back, or moved within its board, from or to another one (`other_board_id`)."""
    label_changed = "label_changed"
    """A label of the board was made, changed or deleted."""
    ignored = "ignored"
    """Known to be none of our business, or unknown."""


_KINDS = {
    "createCard": Kind.card_created,
    "copyCard": Kind.card_created,
    "emailCard": Kind.card_created,
    "convertToCardFromCheckItem": Kind.card_created,
    "updateCard": Kind.card_changed,
    "deleteCard": Kind.card_deleted,
    "moveCardFromBoard": Kind.card_left,
    "moveCardToBoard": Kind.card_arrived,
    "addMemberToBoard": Kind.member_added,
    "removeMemberFromBoard": Kind.member_removed,
    "makeAdminOfBoard": Kind.role_changed,
    "makeNormalMemberOfBoard": Kind.role_changed,
    "makeObserverOfBoard": Kind.role_changed,
    "updateBoard": Kind.board_changed,
    "addAttachmentToCard": Kind.attachment_added,
    "deleteAttachmentFromCard": Kind.attachment_deleted,
    "commentCard": Kind.comment_added,
    "addLabelToCard": Kind.card_label_added,
    "removeLabelFromCard": Kind.card_label_removed,
    "addMemberToCard": Kind.card_member_added,
    "removeMemberFromCard": Kind.card_member_removed,
    "createList": Kind.list_changed,
    "updateList": Kind.list_changed,
    "moveListFromBoard": Kind.list_changed,
    "moveListToBoard": Kind.list_changed,
    "createLabel": Kind.label_changed,
    "updateLabel": Kind.label_changed,
    "deleteLabel": Kind.label_changed,
}
"""Trello's words from its list of action types (developer.atlassian.com/cloud/trello/guides/rest-api/action-types)."""
_ABOUT_CARDS = frozenset(kind for kind in Kind if kind.startswith(("card_", "attachment_", "comment_")))
_STAFFING = frozenset({Kind.card_member_added, Kind.card_member_removed})
_ABOUT_MEMBERS = frozenset({Kind.member_added, Kind.member_removed, Kind.role_changed})
_ROLES: dict[str, Role] = {"makeAdminOfBoard": "admin", "makeNormalMemberOfBoard": "normal", "makeObserverOfBoard": "observer"}


@dataclass(frozen=True, slots=True)
class BoardChange:
    """One thing that happened on a board, told by Trello. Fields that a kind does not have are None."""

    event_id: str
    type: str
    """Trello's own word for it."""
    kind: Kind
    board_id: str
    occurred_at: datetime
    actor_id: str | None
    """The member who did it."""
    card_id: str | None = None
    name: str | None = None
    """The name of the card, board, list or label now."""
    list_id: str | None = None
    closed: bool | None = None
    """Archived (card, list) or closed (board) now, when the change says so."""
    changed: frozenset[str] = field(default_factory=frozenset)
    """Trello's names of the fields that changed: name, desc, closed, idList …"""
    other_board_id: str | None = None
    member_id: str | None = None
    """Who came to or left the board or the card."""
    role: Role | None = None
    label_id: str | None = None
    attachment_id: str | None = None
    attachment_url: str | None = None
    text: str | None = None
    """Of a comment."""


def verify(secret: str, callback_url: str, body: bytes, header: str) -> bool:
    """Whether Trello sent this: `header` is `X-Trello-Webhook`, `callback_url` the registered one. Without a secret nothing is believed."""
    if not secret:
        return False
    expected = base64.b64encode(hmac.new(secret.encode(), body + callback_url.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(expected, header.strip().encode("utf-8", "replace"))


def parse(body: bytes) -> BoardChange:
    """Read a delivery; types that we do not use become `Kind.ignored`. Raises VendorBrokenError naming what is missing."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise VendorBrokenError("Trello sent a webhook that is not JSON.") from None
    action = need(told, "action", dict, vendor=VENDOR)
    data = maybe(action, "data", dict, vendor=VENDOR) or {}
    word = need(action, "type", str, vendor=VENDOR)
    kind = _KINDS.get(word, Kind.ignored)
    common: dict[str, Any] = {
        "event_id": need(action, "id", str, vendor=VENDOR),
        "type": word,
        "kind": kind,
        # Older bodies name the board only as the watched model.
        "board_id": maybe(data, "board.id", str, vendor=VENDOR) or need(told, "model.id", str, vendor=VENDOR),
        "occurred_at": moment(action, "date", vendor=VENDOR),
        "actor_id": maybe(action, "idMemberCreator", str, vendor=VENDOR),
    }
    return BoardChange(**common, **_details(kind, action, data, word))


def _details(kind: Kind, action: dict[str, Any], data: dict[str, Any], word: str) -> dict[str, Any]:
    if kind in _STAFFING:
        return _of_card(data) | {"member_id": _member(action, data)}
    if kind in _ABOUT_CARDS:
        return _of_card(data)
    if kind in _ABOUT_MEMBERS:
        return _of_member(action, data, word)
    nouns = {Kind.board_changed: "board", Kind.list_changed: "list", Kind.label_changed: "label"}
    return _of_noun(data, nouns[kind]) if kind in nouns else {}


def _of_card(data: dict[str, Any]) -> dict[str, Any]:
    lists = ("listAfter.id", "card.idList", "list.id")
    return {
        "card_id": need(data, "card.id", str, vendor=VENDOR),
        "name": maybe(data, "card.name", str, vendor=VENDOR),
        "list_id": next((found for path in lists if (found := maybe(data, path, str, vendor=VENDOR))), None),
        "closed": maybe(data, "card.closed", bool, vendor=VENDOR),
        "changed": frozenset(maybe(data, "old", dict, vendor=VENDOR) or {}),
        "other_board_id": _other_board(data),
        "label_id": maybe(data, "label.id", str, vendor=VENDOR),
        "attachment_id": maybe(data, "attachment.id", str, vendor=VENDOR),
        "attachment_url": maybe(data, "attachment.url", str, vendor=VENDOR),
        "text": maybe(data, "text", str, vendor=VENDOR),
    }


def _of_member(action: dict[str, Any], data: dict[str, Any], word: str) -> dict[str, Any]:
    given = maybe(data, "memberType", str, vendor=VENDOR)
    role = _ROLES.get(word) or (given if given in ("admin", "normal", "observer") else None)
    return {"member_id": _member(action, data), "role": role}


def _of_noun(data: dict[str, Any], noun: str) -> dict[str, Any]:
    """A board, a list or a label: only its ids matter, for whoever cares reads it anew."""
    found = {
        "name": maybe(data, f"{noun}.name", str, vendor=VENDOR),
        "closed": maybe(data, f"{noun}.closed", bool, vendor=VENDOR),
        "changed": frozenset(maybe(data, "old", dict, vendor=VENDOR) or {}),
        "other_board_id": _other_board(data),
    }
    return found if noun == "board" else found | {f"{noun}_id": maybe(data, f"{noun}.id", str, vendor=VENDOR)}


def _member(action: dict[str, Any], data: dict[str, Any]) -> str | None:
    """Trello names the member in several places, by type and by age of the type."""
    places = [(action, "member.id"), (data, "idMemberAdded"), (data, "idMember"), (data, "member.id")]
    return next((found for where, path in places if (found := maybe(where, path, str, vendor=VENDOR))), None)


def _other_board(data: dict[str, Any]) -> str | None:
    return maybe(data, "boardTarget.id", str, vendor=VENDOR) or maybe(data, "boardSource.id", str, vendor=VENDOR)
