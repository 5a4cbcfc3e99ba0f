"""What is kept of a Trello webhook: ids only, and only of changes that matter to us."""

from typing import Any

from powerup.integrations.trello.webhooks import BoardChange, Kind

ABOUT_CARDS = frozenset({Kind.card_changed, Kind.card_deleted, Kind.card_left, Kind.card_arrived})
ABOUT_MEMBERS = frozenset({Kind.member_added, Kind.member_removed, Kind.role_changed})


def hint_of(change: BoardChange) -> dict[str, Any] | None:
    """What the inbox keeps of this change; None: known, and of no interest."""
    if change.kind in ABOUT_CARDS:
        return {"kind": change.kind.value, "card": change.card_id}
    if change.kind in ABOUT_MEMBERS:
        return {"kind": change.kind.value, "member": change.member_id}
    if change.kind is Kind.attachment_added and change.attachment_id:
        return {"kind": change.kind.value, "card": change.card_id, "attachment": change.attachment_id, "by": change.actor_id}
    if change.kind is Kind.board_changed and "name" in change.changed:
        return {"kind": change.kind.value}
    return None
