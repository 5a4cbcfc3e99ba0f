"""Sends a team its stand-up digest, as things stand when it goes out."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from powerup import clock
from powerup.deliveries.alert_words import local_time, spoken
from powerup.deliveries.channels import Channel
from powerup.deliveries.job import Outcome
from powerup.digests.queries import Digest, Line, Section, compile_digest
from powerup.integrations.alerts import Alert
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.triage.rules import Pace
from powerup.triage.settings import pace


@dataclass(frozen=True)
class TeamDigest:
    """Has no look first: no chat can be asked. A lost answer may show a digest twice."""

    channel: Channel
    alert: Alert

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The channel and the digest; raises ConflictError when no channel is connected any more."""
        team = teams.get(session, delivery.workspace_id, int(delivery.payload["team_id"]))
        since = delivery.payload.get("since")
        digest = compile_digest(session, team, since=clock.parse(since) if since else None)
        page = f"{services.settings.base_url}/digest/{team.id}"
        channel = Channel.of(session, services, delivery.workspace_id, team)
        return cls(channel, words(digest, page, pace(session, delivery.workspace_id)))

    def send(self) -> Outcome:
        """Post."""
        return self.channel.tell(self.alert)

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


def words(digest: Digest, page: str, pace: Pace) -> Alert:
    """One paragraph a section, the most urgent threads by name, and the page for the rest."""
    lines = [f"Outage mode is on: {title}" for title in digest.outages]
    lines += [_paragraph(section) for section in digest.sections if section.count]
    return Alert(
        title=f"Stand-up: {digest.team}",
        lines=lines or ["Nothing is new, nothing waits, nothing is late. A good morning."],
        facts=[(section.title, str(section.count)) for section in digest.sections],
        links=[("Open the digest", page)],
        footer=f"Since {digest.since.date().isoformat()}, {local_time(digest.since, pace)}",
    )


def _paragraph(section: Section) -> str:
    rest = section.count - len(section.lines)
    shown = [f"• {_line(line)}" for line in section.lines]
    return "\n".join([f"{section.title} ({section.count})", *shown, *([f"… and {rest} more"] if rest > 0 else [])])


def _line(line: Line) -> str:
    said = line.subject or "A private thread"
    who = f" ({line.customer})" if line.customer else ""
    impact = f" [{line.impact}]" if line.impact in ("high", "outage") else ""
    waits = f", waits {spoken(clock.now() - line.waiting_since)}" if line.waiting_since else ""
    return f"{said}{who}{impact}{waits}"
