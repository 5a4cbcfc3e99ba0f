"""The thread's address on the card, put there and taken off."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup.deliveries.job import Outcome, TrelloPlace
from powerup.forums import queries as forums
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Forum
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.models import Attachment
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.tickets import queries as tickets


@dataclass(frozen=True)
class TrelloAttachment:
    """Attaches the address; what is there already is looked up each time, because Trello takes the same address twice."""

    place: TrelloPlace
    delivery: Delivery
    adapter: Forum
    thread_id: str

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The card, and the forum that recognises its own addresses."""
        ticket = tickets.get(session, delivery.workspace_id, delivery.ticket_id or 0)
        forum = forums.get(session, delivery.workspace_id, ticket.forum_id, removed_too=True)
        place = TrelloPlace.of_card(session, services, delivery)
        return cls(place, delivery, services.forum(forum), ticket.external_id)

    def send(self) -> Outcome:
        """Attach, unless the thread's address hangs on the card in any spelling."""
        with self.place.services.trello(self.place.token) as trello, self.adapter:
            there = self.attached(trello)
            if there:
                return {"attachment_id": there[0].id, "found": True}
            payload = self.delivery.payload
            return {"attachment_id": trello.attach_url(self.place.card_id, payload["url"], payload["name"]).id}

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""

    def attached(self, trello: TrelloClient) -> list[Attachment]:
        """The card's attachments that lead to this thread."""
        return [each for each in trello.attachments(self.place.card_id) if self._is_ours(each.url)]

    def _is_ours(self, url: str) -> bool:
        return url == self.delivery.payload["url"] or self.adapter.thread_id_of(url) == self.thread_id


@dataclass(frozen=True)
class TrelloDetachment(TrelloAttachment):
    """Takes the address off; what is gone already is what was wanted."""

    def send(self) -> Outcome:
        """Delete each attachment that leads to this thread."""
        removed: list[str] = []
        with self.place.services.trello(self.place.token) as trello, self.adapter:
            try:
                there = self.attached(trello)
            except GoneError:
                return {"removed": removed}
            for attachment in there:
                try:
                    trello.delete_attachment(self.place.card_id, attachment.id)
                except GoneError:
                    continue
                removed.append(attachment.id)
        return {"removed": removed}
