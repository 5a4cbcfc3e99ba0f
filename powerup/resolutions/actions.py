"""Mark, change and withdraw how a card was resolved, and have the customers told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from powerup import clock
from powerup.cards.models import Card
from powerup.errors import AlreadyResolvedError, NotFoundError
from powerup.events.actions import SYSTEM, Actor, record
from powerup.links import queries as links
from powerup.outbox.actions import Order, cancel_where, enqueue
from powerup.outbox.models import Delivery
from powerup.resolutions import queries, rules
from powerup.resolutions.models import Resolution
from powerup.teams import queries as teams
from powerup.threads import ThreadState
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.tickets.replies import lane
from powerup.workspaces import queries as workspaces


@dataclass(frozen=True)
class Marking:
    """What the owner says."""

    type: rules.Type
    evidence_url: str | None
    note: str | None
    message: str | None
    """For the customers; None or blank tells nobody."""
    request_id: str | None


def resolve(session: Session, card: Card, marking: Marking, *, by: Actor, max_attempts: int) -> tuple[Resolution, bool]:
    """Mark the card resolved; returns the row and whether it is new.

    Raises AlreadyResolvedError (with `by`, `at`, `resolution_type`) when somebody was first; the same `request_id` gives the first
    row again.
    """
    standing = current(session, card)
    if standing is not None:
        return _same_or_refused(standing, marking), False
    made = _insert(session, card, marking, by)
    if made is None:
        # Another transaction was faster by a moment; it may be this very request, sent twice.
        return _same_or_refused(_standing(session, card), marking), False
    record(session, card.workspace_id, "resolution.marked", by=by, card_id=card.id, resolution=made.id, type=made.type)
    _deliver(session, card, made, by, max_attempts)
    return made, True


def change(session: Session, card: Card, marking: Marking, *, by: Actor, max_attempts: int) -> Resolution:
    """Replace the standing resolution; customers who were told already hear of it only if a message is given."""
    standing = _standing(session, card)
    if _is_again(standing, marking):
        # The answer was lost and the page asked again: customers are not told twice.
        return standing
    _end(session, standing, by, "changed")
    made = _insert(session, card, marking, by)
    if made is None:
        raise _already(_standing(session, card))
    record(session, card.workspace_id, "resolution.changed", by=by, card_id=card.id, resolution=made.id, type=made.type)
    _deliver(session, card, made, by, max_attempts)
    return made


def withdraw(session: Session, card: Card, *, by: Actor) -> None:
    """Take the marking back; messages that have not gone out yet do not."""
    standing = _standing(session, card)
    _end(session, standing, by, "withdrawn")
    record(session, card.workspace_id, "resolution.withdrawn", by=by, card_id=card.id, resolution=standing.id)


def note_told(session: Session, resolution_id: int) -> None:
    """After a message went out: when it was the last, the loop is closed."""
    # Locked, so that of two workers who settle the last two messages at once the second sees both.
    resolution = session.get_one(Resolution, resolution_id, with_for_update=True)
    count = queries.told(session, resolution_id)
    if resolution.told_at is not None or count.to_tell == 0 or count.told < count.to_tell:
        return
    resolution.state, resolution.told_at = rules.State.customers_told, clock.now()
    record(session, resolution.workspace_id, "resolution.told", by=SYSTEM, card_id=resolution.card_id, resolution=resolution.id)


def current(session: Session, card: Card) -> Resolution | None:
    """The card's standing resolution."""
    return session.scalar(select(Resolution).where(Resolution.card_id == card.id, Resolution.ended_at.is_(None)))


def _standing(session: Session, card: Card) -> Resolution:
    standing = current(session, card)
    if standing is None:
        raise NotFoundError("This card has no resolution (somebody may have withdrawn it just now).")
    return standing


def _is_again(standing: Resolution, marking: Marking) -> bool:
    said = (marking.type, rules.evidence(marking.evidence_url), _tidy(marking.note), _tidy(marking.message))
    stands = (standing.type, standing.evidence_url, standing.note, standing.message)
    return marking.request_id is not None and standing.request_id == marking.request_id and said == stands


def _tidy(text: str | None) -> str | None:
    return (text or "").strip() or None


def _same_or_refused(standing: Resolution, marking: Marking) -> Resolution:
    if marking.request_id is not None and standing.request_id == marking.request_id:
        return standing
    raise _already(standing)


def _already(standing: Resolution) -> AlreadyResolvedError:
    words = rules.WORDS[rules.Type(standing.type)]
    return AlreadyResolvedError(
        f"Somebody was faster: this card is already resolved as “{words}”. Change that one, or withdraw it first.",
        by=standing.marked_by,
        at=clock.iso(standing.marked_at),
        resolution_type=standing.type,
    )


def _insert(session: Session, card: Card, marking: Marking, by: Actor) -> Resolution | None:
    """The new row, or None when another transaction's stands already."""
    made = Resolution(
        workspace_id=card.workspace_id,
        card_id=card.id,
        type=marking.type,
        state=rules.State.marked,
        evidence_url=rules.evidence(marking.evidence_url),
        note=_tidy(marking.note),
        message=_tidy(marking.message),
        request_id=marking.request_id,
        marked_by=by.id,
        marked_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return None
    return made


def _end(session: Session, standing: Resolution, by: Actor, how: str) -> None:
    standing.ended_at, standing.ended_by, standing.ended_how = clock.now(), by.id, how
    cancel_where(session, Delivery.resolution_id == standing.id)
    session.flush()


def _deliver(session: Session, card: Card, made: Resolution, by: Actor, max_attempts: int) -> None:
    tied = [row.Ticket for row in links.of_card(session, card.workspace_id, card.id)]
    to_customers = _to_customers(session, card, made, tied, by)
    telling = sum(order.kind == "forum_reply" for order in to_customers)
    for order in [*to_customers, *_to_team(session, card, made, by, telling)]:
        enqueue(session, card.workspace_id, order, max_attempts=max_attempts)


def _to_customers(session: Session, card: Card, made: Resolution, tied: Sequence[Ticket], by: Actor) -> list[Order]:
    orders: list[Order] = []
    found = tickets.summaries(session, card.workspace_id, [ticket.id for ticket in tied])
    for row in found.values():
        ticket, forum = row.Ticket, row.Forum
        if forum.removed_at is not None or ticket.state == ThreadState.deleted:
            continue
        can = forum.features.get("can", ())
        about = {"card_id": card.id, "ticket_id": ticket.id, "resolution_id": made.id, "created_by": by.id}
        if made.message and "reply" in can:
            orders.append(Order(kind="forum_reply", lane=lane(ticket), payload={"text": made.message}, **about))
        if "resolve" in can and ticket.state == ThreadState.open:
            # In the ticket's lane behind the reply: the handler marks that reply as the answer where the forum wants one.
            orders.append(Order(kind="forum_resolve", lane=lane(ticket), **about))
        if "tag" in can and forum.options.get("tag_resolved"):
            tags = {"add": [rules.TAGS[rules.Type(made.type)]], "remove": [tag for kind, tag in rules.TAGS.items() if kind != made.type]}
            orders.append(Order(kind="forum_tag", lane=lane(ticket), payload=tags, **about))
    return orders


def _to_team(session: Session, card: Card, made: Resolution, by: Actor, telling: int) -> list[Order]:
    words = rules.WORDS[rules.Type(made.type)]
    payload = {"type": made.type, "words": words, "evidence_url": made.evidence_url, "note": made.note, "telling": telling}
    orders = [
        Order(kind="trello_comment", lane=f"card:{card.id}", payload=payload, card_id=card.id, resolution_id=made.id, created_by=by.id)
    ]
    if _has_channel(session, card):
        news = {"what": "resolved", **payload}
        lane_name = f"slack:{card.workspace_id}"
        orders.append(Order(kind="slack_alert", lane=lane_name, payload=news, card_id=card.id, resolution_id=made.id, created_by=by.id))
    return orders


def _has_channel(session: Session, card: Card) -> bool:
    """Whether the team of the card's board, or the whole workspace, hears of it anywhere."""
    workspace = workspaces.workspace(session, card.workspace_id)
    team = teams.of_board(session, card.board_id)
    own = team is not None and bool(team.sealed_hook_url or (team.slack_channel and workspace.sealed_slack_bot))
    return own or workspace.sealed_slack_url is not None
