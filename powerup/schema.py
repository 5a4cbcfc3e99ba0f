"""Every table, gathered: importing this fills `Base.metadata` for migrations and for tests."""

from powerup.assignments.models import Assignment, Dismissal
from powerup.cards.models import Card
from powerup.db.base import Base
from powerup.events.models import Event
from powerup.forums.models import Backfill, Forum
from powerup.inbox.models import Received
from powerup.links.models import Link
from powerup.outages.models import Outage, OutageTicket
from powerup.outbox.models import Delivery
from powerup.resolutions.models import Resolution
from powerup.teams.models import Area, Ownership, Person, Team
from powerup.tickets.models import Customer, Message, Ticket
from powerup.triage.models import CannedReply, Decision, Lesson, Presence, TriageSettings, View
from powerup.workspaces.models import Board, BoardMember, TrelloAccount, Workspace

__all__ = [
    "Area",
    "Assignment",
    "Backfill",
    "Base",
    "Board",
    "BoardMember",
    "CannedReply",
    "Card",
    "Customer",
    "Decision",
    "Delivery",
    "Dismissal",
    "Event",
    "Forum",
    "Lesson",
    "Link",
    "Message",
    "Outage",
    "OutageTicket",
    "Ownership",
    "Person",
    "Presence",
    "Received",
    "Resolution",
    "Team",
    "Ticket",
    "TrelloAccount",
    "TriageSettings",
    "View",
    "Workspace",
]
