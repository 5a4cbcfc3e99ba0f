"""An alert as we think of it; each chat's adapter draws it in its own way.

Every text is plain and may be foreign: the adapters escape it and cut it to what their vendor takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AlertAction:
    """A button that comes back to us. Only chats with an app can carry one; the others leave it out."""

    text: str
    action_id: str
    """What is to be done: our own word, the same for every alert of a kind, and once in each alert."""
    value: str = ""
    """What it is to be done to; comes back as it was sent."""
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a channel is told."""

    title: str
    lines: Sequence[str] = ()
    """Paragraphs."""
    facts: Sequence[tuple[str, str]] = ()
    """Labels and values."""
    links: Sequence[tuple[str, str]] = ()
    """Words and web addresses."""
    actions: Sequence[AlertAction] = ()
    urgent: bool = False
    """Everybody in the channel is to look now: Slack mentions the channel, Teams shows it in its colour of alarm."""
    footer: str = ""
    """Small print."""
