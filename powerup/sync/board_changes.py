"""What happened on a Trello board: cards, members, attachments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.cards import actions as cards
from powerup.cards import queries
from powerup.cards.models import Card
from powerup.errors import AlreadyLinkedError
from powerup.events.actions import Actor
from powerup.integrations.errors import GoneError
from powerup.integrations.trello.models import Attachment
from powerup.integrations.trello.webhooks import Kind
from powerup.links import actions as links
from powerup.outbox.models import Delivery, State
from powerup.services import Services
from powerup.sync import members
from powerup.sync.card_lookup import ask, seen_card
from powerup.sync.hints import ABOUT_CARDS, ABOUT_MEMBERS, MOVES, STAFFING
from powerup.sync.lookup import thread_at, ticket_for_url
from powerup.sync.our_cards import came_with_card
from powerup.sync.ownership import inboxes_changed
from powerup.teams.actions import read_workspace_soon
from powerup.tickets.models import Ticket
from powerup.triage import by_hand
from powerup.triage.decisions import Desk
from powerup.triage.linking import linked
from powerup.triage.settings import pace
from powerup.workspaces import actions as workspaces
from powerup.workspaces.models import Board


def work_on(services: Services, board_id: int, hint: Mapping[str, Any]) -> None:
    """Bring what we know of the board up to date; raises IntegrationError."""
    with services.database.read() as session:
        board = session.get(Board, board_id)
    if board is None or board.disconnected_at is not None:
        return
    kind = hint["kind"]
    if kind in ABOUT_CARDS:
        _see_card(services, board, hint)
    elif kind in ABOUT_MEMBERS:
        _see_members(services, board, hint)
    elif kind == Kind.attachment_added:
        _see_attachment(services, board, hint)
    elif kind == Kind.board_changed:
        _see_board(services, board)
    elif kind == Kind.list_changed:
        inboxes_changed(services, board)
    elif kind in STAFFING:
        _see_staffing(services, board, hint)


def _see_card(services: Services, board: Board, hint: Mapping[str, Any]) -> None:
    trello_id = hint["card"]
    with services.database.read() as session:
        known = queries.by_trello_id(session, board.workspace_id, trello_id)
    if known is None:
        return
    try:
        seen = ask(services, board.id, trello_id)
    except GoneError:
        seen = None
    with services.database.write() as session:
        card = queries.by_trello_id(session, board.workspace_id, trello_id)
        home = None
        if seen is not None:
            same = select(Board).where(Board.trello_id == seen.board_id, Board.workspace_id == board.workspace_id)
            home = session.scalar(same.where(Board.disconnected_at.is_(None)))
        if seen is not None and home is not None:
            found = cards.remember(session, home, seen_card(seen))
            if hint["kind"] in MOVES and "by" in hint:
                by_hand.moved(session, found, _desk(services, session, board, hint))
        elif card is not None and (seen is not None or card.board_id == board.id):
            # Deleted, or on a board that is not ours. If our view of another board ended, its own webhooks say so.
            cards.close(session, card)


def _see_staffing(services: Services, board: Board, hint: Mapping[str, Any]) -> None:
    """Somebody came onto a card, or left it, on Trello itself."""
    with services.database.write() as session:
        card = queries.by_trello_id(session, board.workspace_id, hint["card"])
        if card is not None:
            change = by_hand.joined if hint["kind"] == Kind.card_member_added else by_hand.parted
            change(session, card, hint["member"], _desk(services, session, board, hint))


def _desk(services: Services, session: Session, board: Board, hint: Mapping[str, Any]) -> Desk:
    by = Actor("member", hint["by"]) if hint.get("by") else Actor("trello")
    return Desk(by, pace(session, board.workspace_id), services.settings.max_attempts)


def _see_members(services: Services, board: Board, hint: Mapping[str, Any]) -> None:
    if hint["kind"] == Kind.member_removed and hint.get("member"):
        # At once, even if Trello cannot be asked now: who left must not read on.
        with services.database.write() as session:
            workspaces.forget_member(session, board, hint["member"])
    members.refresh(services, board)


def _see_board(services: Services, board: Board) -> None:
    with members.acting_on(services, board) as trello:
        seen = trello.board(board.trello_id)
    with services.database.write() as session:
        session.get_one(Board, board.id).name = seen.name
        # Team cards may call it by its name.
        read_workspace_soon(session, board.workspace_id)


def _see_attachment(services: Services, board: Board, hint: Mapping[str, Any]) -> None:
    """A thread's address that somebody attached to a card by hand links the thread."""
    attachment = _attachment(services, board, hint["card"], hint["attachment"])
    if attachment is None or thread_at(services, board.workspace_id, attachment.url) is None:
        return
    seen = ask(services, board.id, hint["card"])
    if seen.board_id != board.trello_id:
        return
    ticket = ticket_for_url(services, board.workspace_id, attachment.url)
    if came_with_card(services, board, seen, attachment.id, ticket.id):
        return
    with services.database.write() as session:
        card = cards.remember(session, session.get_one(Board, board.id), seen_card(seen))
        if _is_ours(session, card, ticket.id, attachment.id):
            return
        try:
            by = Actor("member", hint["by"]) if hint.get("by") else Actor("trello")
            links.link(session, card, ticket, by=by, max_attempts=services.settings.max_attempts, attach=False)
            linked(session, session.get_one(Ticket, ticket.id), card, by=by)
        except AlreadyLinkedError:
            return


def _attachment(services: Services, board: Board, card_id: str, attachment_id: str) -> Attachment | None:
    """The attachment as it is now; None when it, or the card, is gone again."""
    try:
        with members.acting_on(services, board) as trello:
            return next((each for each in trello.attachments(card_id) if each.id == attachment_id), None)
    except GoneError:
        return None


def _is_ours(session: Session, card: Card, ticket_id: int, attachment_id: str) -> bool:
    """Whether we attached it ourselves, or are about to take it off: then the link was made, or ended, by somebody already."""
    about = select(Delivery).where(Delivery.card_id == card.id, Delivery.ticket_id == ticket_id)
    kinds = ("trello_attachment", "trello_detachment")
    for delivery in session.scalars(about.where(Delivery.kind.in_(kinds))):
        if delivery.kind == "trello_detachment" and delivery.state in (State.pending, State.running):
            return True
        if (delivery.outcome or {}).get("attachment_id") == attachment_id:
            return True
    return False
