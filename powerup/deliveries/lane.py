"""A ticket's own card: everything that happens to it runs in one lane, and each delivery there finds what the earlier ones made."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from powerup.assignments import queries as owned
from powerup.assignments.models import Assignment
from powerup.cards.models import Card
from powerup.outbox.models import Delivery, State

_OPEN = (State.pending, State.running)
_ABOUT_THE_CARD = ("trello_move", "trello_archive", "trello_member")
_SHOWN_THERE = ("team_alert", "forum_assign")


def own_card(session: Session, delivery: Delivery) -> Card | None:
    """The card that the delivery is about; None while (or because) none was made."""
    card_id = delivery.card_id
    assignment_id = delivery.payload.get("assignment_id")
    if card_id is None and assignment_id is not None:
        card_id = owned.get(session, delivery.workspace_id, int(assignment_id)).card_id
    return session.get(Card, card_id) if card_id is not None else None


def hand_on(session: Session, delivery: Delivery, card: Card) -> None:
    """The card was made: what waits behind in the lane is about it, and shows on it, as far as to the first archiving."""
    end = archive_behind(session, delivery)
    mine = update(Delivery).where(Delivery.ticket_id == delivery.ticket_id, Delivery.card_id.is_(None))
    behind = mine.where(Delivery.lane == delivery.lane, Delivery.id > delivery.id, Delivery.kind.in_(_ABOUT_THE_CARD))
    alike = mine.where(Delivery.kind.in_(_SHOWN_THERE), Delivery.id > delivery.id)
    for statement in (behind, alike):
        reaching = statement.where(Delivery.id <= end) if end is not None else statement
        session.execute(reaching.values(card_id=card.id).execution_options(synchronize_session=False))


def archive_behind(session: Session, delivery: Delivery) -> int | None:
    """The archiving that waits behind this delivery: then nobody wants its card any more."""
    behind = select(func.min(Delivery.id)).where(Delivery.lane == delivery.lane, Delivery.id > delivery.id)
    return session.scalar(behind.where(Delivery.kind == "trello_archive", Delivery.state != State.cancelled))


def is_moving(session: Session, delivery: Delivery) -> bool:
    """Whether a move of the card waits behind this delivery."""
    behind = select(Delivery.id).where(Delivery.lane == delivery.lane, Delivery.id > delivery.id)
    return session.scalar(behind.where(Delivery.kind == "trello_move", Delivery.state.in_(_OPEN)).limit(1)) is not None


def lost_orders(session: Session, delivery: Delivery) -> Sequence[Delivery]:
    """Orders for a card before this delivery that were given up after a try: Trello may have carried them out all the same."""
    mine = (Delivery.lane == delivery.lane, Delivery.id < delivery.id, Delivery.ticket_id == delivery.ticket_id)
    before = select(func.max(Delivery.id)).where(*mine, Delivery.kind == "trello_archive", Delivery.state == State.done)
    since = session.scalar(before) or 0
    tried = select(Delivery).where(*mine, Delivery.id > since, Delivery.kind == "trello_card", Delivery.attempts > 0)
    return session.scalars(tried.where(or_(Delivery.state == State.failed, Delivery.state == State.cancelled))).all()


def live(session: Session, delivery: Delivery) -> Assignment | None:
    """The ticket's assignment that holds now."""
    return owned.live(session, delivery.ticket_id or 0)
