"""Sends a team its stand-up digest, as things stand when it goes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy.orm import Session

from powerup import clock, hours
from powerup.deliveries.alert_words import local_time, spoken
from powerup.deliveries.channels import Channel
from powerup.deliveries.job import Outcome
from powerup.digests.queries import Digest, Line, Section, compile_digest
from powerup.integrations.alerts import Alert
from powerup.integrations.slack import blocks
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.blocks import Message
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.teams import queries as teams
from powerup.triage.rules import Pace
from powerup.triage.settings import pace

PRIVATE = "Private thread"


@dataclass(frozen=True)
class TeamDigest:
    """Has no look first: no chat can be asked. A lost answer may show a digest twice."""

    channel: Channel
    alert: Alert
    message: Message
    """The same for Slack, where each line leads to its card."""

    @classmethod
    def prepare(cls, session: Session, services: Services, delivery: Delivery) -> Self:
        """The channel and the digest; raises ConflictError when no channel is connected any more."""
        team = teams.get(session, delivery.workspace_id, int(delivery.payload["team_id"]))
        since = delivery.payload.get("since")
        digest = compile_digest(session, team, since=clock.parse(since) if since else None, once=True)
        page = f"{services.settings.base_url}/digest/{team.id}"
        channel = Channel.of(session, services, delivery.workspace_id, team)
        names = {member_id: person.name for member_id, person in teams.people(session, delivery.workspace_id).items()}
        said = words(digest, page, pace(session, delivery.workspace_id), names)
        return cls(channel, said.alert, said.message(buttons=channel.has_buttons))

    def send(self) -> Outcome:
        """Post."""
        return self.channel.tell(self.alert, self.message)

    def settle(self, session: Session, outcome: Outcome) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class Words:
    """A digest in words."""

    alert: Alert
    linked: Sequence[str]
    """The alert's lines with links, in Slack's markup."""

    def message(self, *, buttons: bool) -> Message:
        """As Slack shows it: the title, the lines, and the rest of the alert."""
        title, *rest = slack_message(replace(self.alert, lines=()), buttons=buttons).blocks
        return Message(self.alert.title, [title, *(blocks.section(raw=line) for line in self.linked), *rest])


def words(digest: Digest, page: str, pace: Pace, names: Mapping[str, str]) -> Words:
    """One paragraph a section, the most urgent threads by name, and the page for the rest.

    :param names: what to call people, by Trello's member id.
    """
    first = [f"Outage mode is on: {title.removeprefix('Outage: ')}" for title in digest.outages]
    sections = [section for section in digest.sections if section.count]
    if not first and not sections:
        first = ["Nothing is new, nothing waits, nothing is late. A good morning."]
    alert = Alert(
        title=f"Stand-up: {digest.team}",
        lines=[*first, *(_paragraph(section, pace, names, _plain, _as_it_is) for section in sections)],
        facts=[(section.title, str(section.count)) for section in digest.sections],
        links=[("Open the digest", page)],
        footer=f"Since {digest.since.date().isoformat()}, {local_time(digest.since, pace)}",
    )
    linked = [blocks.escape(line) for line in first] + [_paragraph(each, pace, names, _linked, blocks.escape) for each in sections]
    return Words(alert, linked)


def _paragraph(section: Section, pace: Pace, names: Mapping[str, str], called: Callable[[Line], str], quoted: Callable[[str], str]) -> str:
    shown = [f"• {called(line)}{quoted(_about(line, pace, names))}" for line in section.lines]
    rest = section.count - len(section.lines) - section.above
    left = [f"{section.above} named above"] if section.above else []
    left += [f"{rest} more"] if rest > 0 else []
    if left:
        shown.append(f"{'… and' if section.lines else '…'} {', and '.join(left)}")
    return "\n".join([f"{section.title} ({section.count})", *shown])


def _plain(line: Line) -> str:
    return line.subject or PRIVATE


def _linked(line: Line) -> str:
    return blocks.link(line.card_url or line.url, _plain(line))


def _as_it_is(text: str) -> str:
    return text


def _about(line: Line, pace: Pace, names: Mapping[str, str]) -> str:
    who = f" ({line.customer})" if line.customer else ""
    impact = f" [{line.impact}]" if line.impact in ("high", "outage") else ""
    owner = names.get(line.member_id, "") if line.member_id else ""
    return f"{who}{impact}" + "".join(f", {part}" for part in (owner, _since(line, pace)) if part)


def _since(line: Line, pace: Pace) -> str:
    """How late it is, how long the customer waits, or since when they have their answer."""
    now = clock.now()
    if line.waiting_since is None:
        return ""
    if line.waiting_on == "customer":
        return f"answered {spoken(now - line.waiting_since)} ago"
    if line.due_at is not None and line.due_at < now:
        return f"over by {spoken(hours.worked(pace.hours, line.due_at, now))}"
    return f"waits {spoken(now - line.waiting_since)}"
