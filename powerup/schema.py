"""Every table, gathered: importing this fills `Base.metadata` for migrations and for tests."""

from powerup.cards.models import Card
from powerup.db.base import Base
from powerup.events.models import Event
from powerup.forums.models import Forum
from powerup.inbox.models import Received
from powerup.links.models import Link
from powerup.outbox.models import Delivery
from powerup.resolutions.models import Resolution
from powerup.tickets.models import Customer, Message, Ticket
from powerup.workspaces.models import Board, BoardMember, TrelloAccount, Workspace

__all__ = [
    "Base",
    "Board",
    "BoardMember",
    "Card",
    "Customer",
    "Delivery",
    "Event",
    "Forum",
    "Link",
    "Message",
    "Received",
    "Resolution",
    "Ticket",
    "TrelloAccount",
    "Workspace",
]
