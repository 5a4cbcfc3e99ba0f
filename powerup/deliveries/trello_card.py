"""Makes a card for a ticket, once."""

import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.cards.actions import SeenCard, remember
from powerup.cards.models import Card as CardRow
from powerup.deliveries import dress, lane
from powerup.deliveries.dress import Extras, Owner
from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.errors import ConflictError
from powerup.events.actions import SYSTEM, Actor, record
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Card
from powerup.links import actions as links
from powerup.outages.master import link_waiting
from powerup.outbox.actions import Order, enqueue
from powerup.outbox.models import Delivery
from powerup.outbox.rules import reference
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.triage.effects import CARD_MADE, Effects
from powerup.triage.linking import linked
from powerup.triage.rules import Impact
from powerup.workspaces.models import Board

_MARKS = re.compile(r"([\\`*\[\]<])")


@dataclass(frozen=True)
class TrelloCard:
    """A card in the list that was asked for, with the thread attached and linked, its impact as label, its owner as member."""

    place: TrelloPlace
    delivery: Delivery
    ticket: Ticket
    is_wanted: bool
    """False when the thread was taken back meanwhile: then a card that an earlier attempt made is found, and none is made."""
    owner: Owner | None

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The ticket, the board and a token for it."""
        ticket = tickets.get(session, delivery.workspace_id, delivery.ticket_id or 0)
        place = TrelloPlace.of_board(session, services, delivery)
        if "assignment_id" not in delivery.payload:
            return cls(place, delivery, ticket, True, None)
        live = lane.live(session, delivery)
        is_wanted = live is not None and live.card_id is None and lane.archive_behind(session, delivery) is None
        return cls(place, delivery, ticket, is_wanted, Owner.find(session, place.board, live.member_id if live else None))

    def send(self) -> Outcome:
        """Create the card unless one carries our reference already."""
        mark, extras = reference(self.delivery.marker), Extras(self.delivery.attempts)
        with self.place.services.trello(self.place.token) as trello:
            card = self._find(trello, mark)
            if card is None and not self.is_wanted:
                return {"skipped": "The thread was taken back before a card was made."}
            card = card or self._create(trello, mark, extras)
            dress.put_on(trello, card.id, self.owner, self.place.board, extras)
        seen = {"list_id": card.list_id, "name": card.name, "closed": card.closed, "board_id": card.board_id}
        left_out = {"left_out": extras.left_out} if extras.left_out else {}
        return {"card_id": card.id, "url": card.url, **seen, **left_out}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Remember the card and link the ticket; its address came with the card. Meets whoever decides anew at the ticket's row."""
        if "skipped" in outcome:
            return
        ticket = session.get_one(Ticket, self.ticket.id, with_for_update=True)
        same = select(Board).where(Board.trello_id == outcome["board_id"], Board.workspace_id == ticket.workspace_id)
        board = session.scalar(same.where(Board.disconnected_at.is_(None)))
        if board is None:
            # An automation took it at once to a board that is none of ours.
            return
        seen = SeenCard(outcome["card_id"], outcome["name"], outcome["url"], outcome["list_id"], outcome["closed"])
        card = remember(session, board, seen)
        by = Actor("member", self.delivery.created_by) if self.delivery.created_by else SYSTEM
        own = session.get_one(Delivery, self.delivery.id)
        own.card_id = card.id
        record(session, ticket.workspace_id, CARD_MADE, by=by, card_id=card.id, ticket_id=ticket.id)
        lane.hand_on(session, own, card)
        if "assignment_id" not in own.payload:
            self._link(session, card, ticket, by)
            linked(session, ticket, card, by=by)
        else:
            self._settle_assigned(session, own, card, ticket, by)

    def _settle_assigned(self, session: Session, own: Delivery, card: CardRow, ticket: Ticket, by: Actor) -> None:
        live, max_attempts = lane.live(session, own), self.place.services.settings.max_attempts
        archive = lane.archive_behind(session, own)
        if live is None or archive is not None or live.card_id not in (None, card.id):
            # Taken back while the card was on its way.
            if archive is None:
                payload = {"assignment_id": own.payload["assignment_id"]}
                order = Order("trello_archive", own.lane, payload, card_id=card.id, ticket_id=ticket.id, created_by=own.created_by)
                enqueue(session, ticket.workspace_id, order, max_attempts=max_attempts)
            return
        live.card_id = card.id
        self._link(session, card, ticket, by)
        effects = Effects(session, ticket, by, max_attempts)
        if ticket.impact != self.ticket.impact:
            effects.label(card.id)
        team = teams.get(session, ticket.workspace_id, live.team_id, removed_too=True)
        if team.board_id != int(own.payload["board_id"]) and card.board_id != team.board_id and not lane.is_moving(session, own):
            effects.move(team, live)
        link_waiting(session, ticket, card, max_attempts=max_attempts)

    def _link(self, session: Session, card: CardRow, ticket: Ticket, by: Actor) -> None:
        # Trello's webhook about the attachment may have been faster than we are.
        if links.live(session, card.id, ticket.id) is None:
            links.link(session, card, ticket, by=by, max_attempts=self.place.services.settings.max_attempts, attach=False)

    def _find(self, trello: TrelloClient, mark: str) -> Card | None:
        """After an attempt that may have succeeded: on the list, and where an automation may have taken it on the board."""
        if self.delivery.attempts == 1:
            return None
        found = trello.find_card_in_list(self.delivery.payload["list_id"], mark)
        return found or trello.find_card_on_board(self.place.board.trello_id, mark)

    def _create(self, trello: TrelloClient, mark: str, extras: Extras) -> Card:
        # The list came from a browser, and the token may write on boards that whoever asked never saw.
        if self.delivery.payload["list_id"] not in {each.id for each in trello.lists(self.place.board.trello_id)}:
            raise ConflictError("The list is not on this board any more, or is archived. Choose another one.")
        # The board may be public; what the forum keeps private must not be read off the card.
        excerpt = "" if self.ticket.private else unmarked(self.ticket.excerpt)
        about = self.delivery.payload.get("desc")
        said = (unmarked(about),) if about else (excerpt, self.ticket.url)
        desc = "\n\n".join(part for part in (*said, f"_{mark}_") if part)
        name = self.delivery.payload.get("name") or ("Private customer thread" if self.ticket.private else self.ticket.subject)
        labels = dress.label_ids(trello, self.place.board, Impact(self.ticket.impact), extras)
        return trello.create_card(self.delivery.payload["list_id"], name, desc, url_source=self.ticket.url, label_ids=labels)


def unmarked(text: str) -> str:
    """A customer's words as Trello's Markdown shows them unchanged: no link whose words hide where it leads, no picture."""
    return _MARKS.sub(r"\\\1", text)
