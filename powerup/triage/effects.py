"""What follows outside from a decision: a card, its label and members, the forum's assignment, an alert. All as deliveries.

Everything about one ticket's card runs in one lane, in the order in which people decided: made, moved, archived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from powerup.assignments.models import Assignment
from powerup.events.actions import Actor
from powerup.events.models import Event
from powerup.forums.models import Forum
from powerup.outbox.actions import Order, cancel_where, enqueue
from powerup.outbox.models import Delivery, State
from powerup.teams import queries as teams
from powerup.teams.forum_names import common_name, own_name
from powerup.teams.models import Person, Team
from powerup.threads import ThreadState
from powerup.tickets.models import Ticket
from powerup.tickets.names import staff_username
from powerup.tickets.replies import lane as forum_lane
from powerup.workspaces import queries as workspaces

CARD_MADE = "card.made"
"""What the history says of a card that a delivery made."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Enqueues for one ticket and one acting person."""

    session: Session
    ticket: Ticket
    by: Actor
    max_attempts: int

    def card(self, team: Team, assignment: Assignment) -> Delivery | None:
        """A card in the team's inbox; None while the team has no list for cards (its `cards_for_waiting` makes it later)."""
        if not teams.is_ready(team):
            return None
        payload = {"board_id": team.board_id, "list_id": team.inbox_list_id, "assignment_id": assignment.id}
        return self._enqueue("trello_card", card_lane(self.ticket), payload)

    def move(self, team: Team, assignment: Assignment) -> Delivery | None:
        """The ticket's card goes to another team's inbox; where none was made yet, one is made there."""
        if not teams.is_ready(team):
            return None
        if assignment.card_id is None and not self._card_is_coming():
            return self.card(team, assignment)
        payload = {"board_id": team.board_id, "list_id": team.inbox_list_id, "assignment_id": assignment.id}
        return self._enqueue("trello_move", card_lane(self.ticket), payload, card_id=assignment.card_id)

    def archive(self, assignment: Assignment) -> Delivery | None:
        """The card that was made for this assignment goes to the archive; one that was never asked for at Trello never is.

        A card whose making was tried may exist, though no answer said so: then the archive looks for it.
        """
        mine = (Delivery.ticket_id == self.ticket.id, Delivery.lane == card_lane(self.ticket))
        cancel_where(self.session, *mine, Delivery.kind == "trello_move")
        cancel_where(self.session, *mine, Delivery.kind == "trello_card", or_(Delivery.attempts == 0, Delivery.state == State.failed))
        if assignment.card_id is None and not self._card_may_be():
            return None
        payload = {"assignment_id": assignment.id}
        return self._enqueue("trello_archive", card_lane(self.ticket), payload, card_id=assignment.card_id)

    def members(self, assignment: Assignment, *, add: str | None, remove: str | None) -> None:
        """The card shows who owns it."""
        if assignment.card_id is None and not self._card_is_coming():
            return
        for change, member in (("add", add), ("remove", remove)):
            if member is not None:
                payload = {"assignment_id": assignment.id, "change": change, "member_id": member}
                self._enqueue("trello_member", card_lane(self.ticket), payload, card_id=assignment.card_id)

    def label(self, card_id: int) -> None:
        """The card wears the label of its highest impact."""
        unsent = (Delivery.card_id == card_id, Delivery.kind == "trello_impact", Delivery.state == State.pending)
        cancel_where(self.session, *unsent)
        self._enqueue("trello_impact", card_lane(self.ticket), {}, card_id=card_id)

    def forum_assign(self, team: Team | None, person: Person | None) -> Delivery | None:
        """The forum shows who owns the thread, where it can; both None unassigns. A newer one replaces one that still waits."""
        forum = self.session.get_one(Forum, self.ticket.forum_id)
        can = forum.features.get("can", ())
        if forum.removed_at is not None or self.ticket.state == ThreadState.deleted or not {"assign_person", "assign_team"} & set(can):
            return None
        payload = {
            "person": self._person_on(forum, person) if person and "assign_person" in can else None,
            "team": self._team_on(forum, team) if team and "assign_team" in can else None,
        }
        if (team or person) and not any(payload.values()):
            # The forum does not know them by any name that we know.
            return None
        cancel_where(self.session, Delivery.ticket_id == self.ticket.id, Delivery.kind == "forum_assign")
        return self._enqueue("forum_assign", forum_lane(self.ticket), payload)

    def acknowledge(self) -> Delivery | None:
        """The forum stops listing the thread among what waits, where it has such a list."""
        forum = self.session.get_one(Forum, self.ticket.forum_id)
        if forum.removed_at is not None or "acknowledge" not in forum.features.get("can", ()) or self.ticket.state == ThreadState.deleted:
            return None
        return self._enqueue("forum_acknowledge", forum_lane(self.ticket), {})

    def unsaid(self) -> None:
        """What the forum was not told yet of a decision that is taken back, it is not told."""
        cancel_where(self.session, Delivery.ticket_id == self.ticket.id, Delivery.kind == "forum_acknowledge")

    def alert(self, what: str, team: Team | None, payload: Mapping[str, Any]) -> Delivery | None:
        """Tell the team's channel, or the workspace's; None where nobody has connected one."""
        if not has_channel(self.session, self.ticket.workspace_id, team):
            return None
        told = {"what": what, "team_id": team.id if team else None, **payload}
        about = self.session.get(Assignment, payload["assignment_id"]) if payload.get("assignment_id") else None
        return self._enqueue("team_alert", alert_lane(self.ticket.workspace_id, team), told, card_id=about.card_id if about else None)

    def _person_on(self, forum: Forum, person: Person) -> str | None:
        """What the forum calls them: as was said for it, else as staff of that name write there, else as was said for any."""
        forums = self._forum_names()
        if own := own_name(person.forum_username, forum.name, forums):
            return own
        common = common_name(person.forum_username, forums)
        if len(forums) == 1 and common:
            return common
        return staff_username(self.session, self.ticket.workspace_id, person.name, forum_id=forum.id) or common

    def _team_on(self, forum: Forum, team: Team) -> str | None:
        forums = self._forum_names()
        return own_name(team.forum_group, forum.name, forums) or common_name(team.forum_group, forums)

    def _forum_names(self) -> list[str]:
        connected = select(Forum.name).where(Forum.workspace_id == self.ticket.workspace_id, Forum.removed_at.is_(None))
        return list(self.session.scalars(connected))

    def _card_is_coming(self) -> bool:
        """Whether a card is on its way that no assignment knows yet."""
        return self._has_card_order(Delivery.state.in_((State.pending, State.running)))

    def _card_may_be(self) -> bool:
        """Whether there may be a card that no assignment knows: it is on its way, or its making was tried."""
        return self._has_card_order(or_(Delivery.state.in_((State.pending, State.running)), Delivery.attempts > 0))

    def _has_card_order(self, which: ColumnElement[bool]) -> bool:
        """What lies before the lane's last archiving is about an earlier card."""
        mine = (Delivery.ticket_id == self.ticket.id, Delivery.lane == card_lane(self.ticket))
        archived = select(func.max(Delivery.id)).where(*mine, Delivery.kind == "trello_archive", Delivery.state != State.cancelled)
        since = self.session.scalar(archived) or 0
        found = select(Delivery.id).where(*mine, Delivery.kind == "trello_card", Delivery.id > since, which)
        return self.session.scalar(found.limit(1)) is not None

    def _enqueue(self, kind: str, lane: str, payload: dict[str, Any], *, card_id: int | None = None) -> Delivery:
        member = self.by.id if self.by.kind == "member" else None
        order = Order(kind=kind, lane=lane, payload=payload, card_id=card_id, ticket_id=self.ticket.id, created_by=member)
        return enqueue(self.session, self.ticket.workspace_id, order, max_attempts=self.max_attempts)


def was_made_for(session: Session, card_id: int, ticket_id: int) -> bool:
    """Whether Closeloop made the card for this ticket, as the history says."""
    made = select(Event.id).where(Event.verb == CARD_MADE, Event.card_id == card_id, Event.ticket_id == ticket_id)
    return session.scalar(made.limit(1)) is not None


def card_lane(ticket: Ticket) -> str:
    """Everything that happens to a ticket's own card goes in order."""
    return f"ticket-card:{ticket.id}"


def alert_lane(workspace_id: int, team: Team | None) -> str:
    """A channel hears things in their order."""
    return f"alerts:{workspace_id}:{team.id if team else 0}"


def has_channel(session: Session, workspace_id: int, team: Team | None) -> bool:
    """Whether an alert for this team would be read anywhere."""
    workspace = workspaces.workspace(session, workspace_id)
    own = team is not None and (
        team.sealed_hook_url is not None or (team.slack_channel is not None and workspace.sealed_slack_bot is not None)
    )
    return own or workspace.sealed_slack_url is not None
