"""Which card belongs to which thread when the demo begins; the demo makes these links through the real API."""

from collections.abc import Mapping
from typing import NamedTuple

from powerup.sandbox.story.trello import StoryIds


class StoryLink(NamedTuple):
    """Keys of a card and of a thread."""

    card: str
    thread: str


LINKS = (
    StoryLink("timeouts", "timeouts-collecting"),
    StoryLink("timeouts", "timeouts-after-42"),
    StoryLink("timeouts", "timeout-runbook"),
    StoryLink("timeouts", "timeout-upload-slow"),
    StoryLink("agent-ticket", "agent-disconnects"),
    StoryLink("agent-memory", "agent-memory"),
    StoryLink("proxy", "agent-proxy"),
    StoryLink("long-path", "long-words"),
    StoryLink("scope", "solved-variable-scope"),
    StoryLink("spaces", "old-quiet"),
    StoryLink("dashboard", "dashboard-empty"),
    StoryLink("signin", "signin-state-mismatch"),
    StoryLink("signin", "email-signin"),
    StoryLink("rtl", "rtl-arabic"),
    StoryLink("rtl", "rtl-hebrew"),
    StoryLink("unicode", "cjk-variables"),
    StoryLink("progression", "portal-slow-releases"),
    StoryLink("progression", "tracker-image"),
    StoryLink("twice", "webhook-duplicates"),
    StoryLink("licence", "private-licence"),
    StoryLink("audit", "audit-export"),
    StoryLink("rename", "closed-duplicate"),
)
"""`timeout-one-line` also belongs to `timeouts`; it is left for whoever tries the demo to link."""


def links_of(ids: StoryIds, addresses: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """`(board id, card id, thread URL)` for each link."""
    return [(ids.board_of[one.card], ids.cards[one.card], addresses[one.thread]) for one in LINKS if one.thread in addresses]
