"""What is kept of a Trello webhook: ids only, and only of changes that matter to us."""

from typing import Any

from powerup.integrations.trello.webhooks import BoardChange, Kind

ABOUT_CARDS = frozenset({Kind.card_changed, Kind.card_deleted, Kind.card_left, Kind.card_arrived})
ABOUT_MEMBERS = frozenset({Kind.member_added, Kind.member_removed, Kind.role_changed})
MOVES = frozenset({Kind.card_left, Kind.card_arrived})
STAFFING = frozenset({Kind.card_member_added, Kind.card_member_removed})
ABOUT_OWNERSHIP = (
    ABOUT_CARDS | STAFFING | {Kind.card_created, Kind.card_label_added, Kind.card_label_removed, Kind.list_changed, Kind.label_changed}
)
"""On the Ownership board all this may change who owns what."""


def hint_of(change: BoardChange, *, is_ours: bool = False, is_team_board: bool = False) -> dict[str, Any] | None:
    """What the inbox keeps of this change; None: known, and of no interest.

    :param is_ours: we caused it ourselves, and know what it means.
    :param is_team_board: a team's cards are made on the board.
    """
    kind = {"kind": change.kind.value}
    if change.kind in MOVES and not is_ours:
        return kind | {"card": change.card_id, "by": change.actor_id}
    if change.kind in ABOUT_CARDS:
        return kind | {"card": change.card_id}
    if change.kind in ABOUT_MEMBERS:
        return kind | {"member": change.member_id}
    if change.kind is Kind.attachment_added and change.attachment_id and not is_ours:
        return kind | {"card": change.card_id, "attachment": change.attachment_id, "by": change.actor_id}
    if change.kind is Kind.board_changed and "name" in change.changed:
        return kind
    if change.kind is Kind.list_changed and is_team_board:
        return kind
    if change.kind in STAFFING and change.member_id and is_team_board and not is_ours:
        return kind | {"card": change.card_id, "member": change.member_id, "by": change.actor_id}
    return None
