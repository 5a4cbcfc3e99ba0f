"""Find outages within a workspace."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Row, Select, String, cast, func, select
from sqlalchemy.orm import Session

from powerup.errors import NotFoundError
from powerup.outages.models import Outage, OutageTicket
from powerup.outbox.models import Delivery, State
from powerup.teams.models import Area, Team
from powerup.tickets.models import Ticket

Found = Row[Outage, Area, Team]
"""An outage with its area and the area's team."""


def standing(session: Session, workspace_id: int) -> Sequence[Found]:
    """Proposed and open ones, the oldest first."""
    wanted = _found(workspace_id)
    return session.execute(wanted.where(Outage.state.in_(("proposed", "open"))).order_by(Outage.id)).all()


def listed(session: Session, workspace_id: int, *, limit: int = 50) -> Sequence[Found]:
    """All but dismissed ones, the newest first."""
    return session.execute(_found(workspace_id).where(Outage.state != "dismissed").order_by(Outage.id.desc()).limit(limit)).all()


def get(session: Session, workspace_id: int, outage_id: int) -> Found:
    """One outage of this workspace; raises NotFoundError."""
    found = session.execute(_found(workspace_id).where(Outage.id == outage_id)).one_or_none()
    if found is None:
        raise NotFoundError("There is no such outage in this workspace.")
    return found


def tickets_of(session: Session, outage_id: int) -> Sequence[Ticket]:
    """Who is hit, in the order in which they wrote."""
    wanted = select(Ticket).join(OutageTicket, OutageTicket.ticket_id == Ticket.id).where(OutageTicket.outage_id == outage_id)
    return session.scalars(wanted.order_by(Ticket.created_at, Ticket.id)).all()


def candidates(session: Session, outage: Outage, *, limit: int = 50) -> Sequence[Ticket]:
    """Threads that may belong to it: the area's unowned ones, the newest first."""
    there = select(OutageTicket.ticket_id).where(OutageTicket.outage_id == outage.id)
    wanted = select(Ticket).where(Ticket.workspace_id == outage.workspace_id, Ticket.area_id == outage.area_id)
    wanted = wanted.where(Ticket.triage.in_(("new", "snoozed")), Ticket.id.not_in(there))
    return session.scalars(wanted.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit)).all()


def telling(session: Session, outage_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """For each outage how many messages to customers went out, and how many there are."""
    states: dict[int, Counter[str]] = {outage_id: Counter() for outage_id in outage_ids}
    # By way of its own tickets: request ids are the senders' words, and another workspace may use the same.
    sent = select(OutageTicket.outage_id, Delivery.state, func.count()).join(Delivery, Delivery.ticket_id == OutageTicket.ticket_id)
    sent = sent.where(OutageTicket.outage_id.in_(outage_ids), Delivery.kind == "forum_reply")
    sent = sent.where(Delivery.request_id.like("outage:" + cast(OutageTicket.outage_id, String) + ":%"))
    for outage_id, state, number in session.execute(sent.group_by(OutageTicket.outage_id, Delivery.state)):
        states[outage_id][state] = number
    return {each: (counts[State.done], counts.total() - counts[State.cancelled]) for each, counts in states.items()}


def _found(workspace_id: int) -> Select[Outage, Area, Team]:
    wanted = select(Outage, Area, Team).join(Area, Area.id == Outage.area_id).join(Team, Team.id == Area.team_id)
    return wanted.where(Outage.workspace_id == workspace_id)
