"""Send digests when teams stand up."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from powerup import clock
from powerup.events.actions import SYSTEM, Actor, record
from powerup.outbox.actions import Order, enqueue
from powerup.outbox.models import Delivery
from powerup.teams.actions import plan_stand_up
from powerup.teams.models import Team
from powerup.triage.effects import alert_lane, has_channel
from powerup.triage.settings import pace


def send_due(session: Session, *, max_attempts: int) -> int:
    """Enqueue the digests of all teams whose stand-up has come, and plan their next; returns how many. Two workers send none twice."""
    now = clock.now()
    due = session.scalars(select(Team).where(Team.stand_up_next_at <= now, Team.removed_at.is_(None)).limit(50)).all()
    sent = 0
    for team in due:
        mine = update(Team).where(Team.id == team.id, Team.stand_up_next_at == team.stand_up_next_at).values(stand_up_next_at=None)
        if not session.execute(mine.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]  # as everywhere
            continue
        session.refresh(team)
        plan(session, team)
        sent += send(session, team, by=SYSTEM, max_attempts=max_attempts) is not None
    return sent


def send(session: Session, team: Team, *, by: Actor, max_attempts: int) -> Delivery | None:
    """Have the team's channel hear its digest as it is when it goes out; None where nobody has connected a channel."""
    if not has_channel(session, team.workspace_id, team):
        return None
    last = last_sent(session, team)
    payload = {"team_id": team.id, "since": clock.iso(last) if last else None}
    order = Order(kind="team_digest", lane=alert_lane(team.workspace_id, team), payload=payload, created_by=by.id)
    made = enqueue(session, team.workspace_id, order, max_attempts=max_attempts)
    record(session, team.workspace_id, "digest.sent", by=by, team=team.id, delivery=made.id)
    return made


def last_sent(session: Session, team: Team) -> datetime | None:
    """When the team's last digest was asked for."""
    mine = select(Delivery).where(Delivery.lane == alert_lane(team.workspace_id, team), Delivery.kind == "team_digest")
    last = session.scalar(mine.order_by(Delivery.id.desc()).limit(1))
    return last.created_at if last else None


def plan(session: Session, team: Team) -> None:
    """Write down when the team's next digest is due."""
    plan_stand_up(team, pace(session, team.workspace_id).hours.time_zone)
