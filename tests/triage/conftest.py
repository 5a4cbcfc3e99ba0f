"""A workspace with a team, and threads in the queue."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from powerup.assignments.actions import Owner
from powerup.db.engine import Database
from powerup.events.actions import Actor
from powerup.teams.models import Area, Team
from powerup.tickets.models import Ticket
from powerup.triage.decisions import Wanted, decide
from powerup.triage.models import Decision
from powerup.triage.rules import Pace
from powerup.triage.standing import refresh
from powerup.workspaces.models import Board
from tests import factories
from tests.cast import ADA, BEN
from tests.factories import BY_ADA, Rows, message


@dataclass
class Queue:
    """Rows of a small workspace: the team Deployments with the area Agents, Ada and Ben known by name."""

    database: Database
    rows: Rows
    team: int
    area: int

    @property
    def workspace_id(self) -> int:
        """Whose queue it is."""
        return self.rows.workspace_id

    def thread(self, number: int, text: str = "The agent stops.", *, at: int = 0, session: Session | None = None, **more: Any) -> int:
        """A thread in the queue, begun at this minute; its id."""
        if session is None:
            with self.database.write() as opened:
                return self.thread(number, text, at=at, session=opened, **more)
        said = message(1, text, created_at=factories.NOON + timedelta(minutes=at or number))
        ticket = factories.ticket(session, self.rows, str(number), said, **more)
        refresh(session, ticket, factories.desk().pace)
        return ticket.id

    def wanted(self, kind: str = "assign", batch: str = "batch", **more: Any) -> Wanted:
        """By default: to the team."""
        owner = Owner(self.team, self.area) if kind == "assign" else None
        return Wanted(**({"kind": kind, "batch": batch, "owner": owner} | more))

    def decide(self, ticket_id: int, *, by: Actor = BY_ADA, pace: Pace | None = None, **more: Any) -> Decision:
        """Decide about one thread."""
        with self.database.write() as session:
            ticket = session.get_one(Ticket, ticket_id)
            return decide(session, ticket, self.wanted(**more), factories.desk(by, pace or factories.desk().pace))

    def ticket(self, ticket_id: int) -> Ticket:
        """As it stands now."""
        with self.database.read() as session:
            return session.get_one(Ticket, ticket_id)

    def more_team(self, name: str, **more: Any) -> int:
        """Another team, whose cards go to the same board."""
        with self.database.write() as session:
            return factories.team(session, session.get_one(Board, self.rows.board.id), self.workspace_id, name, **more).id

    def more_area(self, team: int, name: str, *keywords: str) -> int:
        """Another area."""
        with self.database.write() as session:
            return factories.area(session, session.get_one(Team, team), name, keywords).id

    def team_of_area(self, area: int) -> int:
        """Whose an area is."""
        with self.database.read() as session:
            return session.get_one(Area, area).team_id


@pytest.fixture
def queue(database: Database) -> Queue:
    """An empty queue; runs once on each kind of database."""
    return build(database)


def build(database: Database) -> Queue:
    """The rows."""
    with database.write() as session:
        made = factories.rows(session)
        for who in (ADA, BEN):
            factories.person(session, made.workspace_id, who)
        team = factories.team(session, made.board, made.workspace_id)
        area = factories.area(session, team)
        return Queue(database, made, team.id, area.id)
