"""Deliveries."""

from typing import Any, Literal

from api.openapi import Model
from powerup import clock
from powerup.outbox.models import Delivery, State

SUMMARIES = {
    "forum_reply": "Reply on the forum",
    "forum_note": "Internal note on the forum",
    "forum_resolve": "Mark as resolved on the forum",
    "forum_assign": "Show on the forum who owns it",
    "forum_acknowledge": "Take the thread off the forum's list of what waits",
    "forum_tag": "Tag the thread on the forum",
    "trello_comment": "Comment on the card",
    "trello_attachment": "Attach the thread's address to the card",
    "trello_detachment": "Take the thread's address off the card",
    "trello_card": "Make a card",
    "trello_move": "Take the card to the team's board",
    "trello_archive": "Archive the card",
    "trello_member": "Show the owner on the card",
    "trello_impact": "Label the card with its impact",
    "trello_webhook": "Have Trello report changes of the board",
    "slack_alert": "Tell the channel that it was resolved",
    "slack_answer": "Answer a click in Slack",
    "team_alert": "Tell the team's channel",
    "team_digest": "Send the team its digest",
}
"""What each kind does, in words."""


class DeliveryShape(Model):
    """One effect in the outside world, and how it is going."""

    id: int
    kind: str
    state: Literal["pending", "running", "done", "failed", "cancelled"]
    attempts: int
    reason: str | None
    """Why the last attempt failed."""
    created_at: str
    created_by: str | None
    request_id: str | None
    """The sender's own id, by which a page knows its message again."""
    next_attempt_at: str | None
    finished_at: str | None
    ticket_id: int | None
    card_id: int | None
    summary: str
    text: str | None
    """The words that are to be posted, for replies and notes."""
    url: str | None
    """Where the effect can be seen."""
    awaiting_approval: bool
    """The forum has it and wants a moderator's approval first."""
    retryable: bool


class DeliveryAnswer(Model):
    """One delivery."""

    delivery: DeliveryShape


def delivery_shape(delivery: Delivery) -> dict[str, Any]:
    """A `DeliveryShape`."""
    outcome = delivery.outcome or {}
    waits = delivery.state == State.pending
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "reason": delivery.reason,
        "created_at": clock.iso(delivery.created_at),
        "created_by": delivery.created_by,
        "request_id": delivery.request_id,
        "next_attempt_at": clock.iso(delivery.next_attempt_at) if waits else None,
        "finished_at": clock.iso(delivery.finished_at) if delivery.finished_at else None,
        "ticket_id": delivery.ticket_id,
        "card_id": delivery.card_id,
        "summary": SUMMARIES.get(delivery.kind, delivery.kind),
        "text": delivery.payload.get("text") if delivery.kind in ("forum_reply", "forum_note") else None,
        "url": outcome.get("url"),
        "awaiting_approval": bool(outcome.get("awaiting_approval")),
        "retryable": delivery.state in (State.failed, State.pending),
    }
