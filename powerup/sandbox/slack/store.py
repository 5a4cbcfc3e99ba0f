"""The channels and what was said in them. Thread-safe; whoever waits is told of news."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from powerup import clock
from powerup.sandbox.slack.options import SlackOptions

_KEPT = 500
Message = dict[str, Any]


@dataclass(slots=True)
class Channel:
    """`state`: what posting into it finds."""

    id: str
    name: str
    kind: Literal["slack", "teams"]
    hook: str
    """What follows /services/ or /teams/ in its webhook's address."""
    state: str = "active"
    total: int = 0
    """How many messages for everybody it ever had; the page counts the unread ones with it."""

    @property
    def title(self) -> str:
        """Its name as people write it."""
        return f"#{self.name}" if self.kind == "slack" else f"Teams: {self.name}"


class Store:
    """All channels of one team."""

    def __init__(self, options: SlackOptions) -> None:
        self.news = threading.Condition()
        self.closing = False
        self.number = self.revision = 0
        self.channels = [*_slack_channels(options), *_teams_channels(options)]
        self._messages: deque[Message] = deque(maxlen=_KEPT)

    @property
    def messages(self) -> list[Message]:
        """Copies, oldest first."""
        with self.news:
            return [dict(message) for message in self._messages]

    def channel(self, named: str) -> Channel | None:
        """By id, name or #name; Teams' channels by id only, for the names may be the same."""
        name = named.removeprefix("#").lower()
        return next((one for one in self.channels if named == one.id or (one.kind == "slack" and one.name == name)), None)

    def by_hook(self, hook: str) -> Channel | None:
        """Whose webhook this is."""
        return next((one for one in self.channels if one.hook == hook), None)

    def add(self, channel: Channel, content: Message, **more: Any) -> Message:
        """A new message."""
        with self.news:
            self.number += 1
            now = clock.now()
            message = {
                "number": self.number,
                "at": clock.iso(now),
                "ts": f"{int(now.timestamp())}.{self.number:06d}",
                "channel": channel.id,
                "revision": 0,
                **content,
                **more,
            }
            # What one person sees is no news to the others.
            channel.total += "only_to" not in more
            self._messages.append(message)
            self._changed(message)
            return dict(message)

    def change(self, number: int, **changes: Any) -> bool:
        """Whether the message was there to be changed."""
        with self.news:
            found = next((one for one in self._messages if one["number"] == number), None)
            if found:
                found.update(changes)
                self._changed(found)
            return found is not None

    def remove(self, number: int) -> None:
        """Take a message away."""
        with self.news:
            self._messages = deque((one for one in self._messages if one["number"] != number), _KEPT)
            self._changed({})

    def find(self, channel: str, ts: str) -> Message | None:
        """The message as Slack names it; nobody can find one that only one person sees."""
        return next((one for one in self.messages if one["channel"] == channel and one["ts"] == ts and not one.get("only_to")), None)

    def numbered(self, number: int) -> Message | None:
        """The message with this number."""
        return next((one for one in self.messages if one["number"] == number), None)

    def wait(self, has_come: Callable[[], bool], seconds: float) -> None:
        """Until it has come, the time is over, or the double stops."""
        with self.news:
            self.news.wait_for(lambda: has_come() or self.closing, seconds)

    def reset(self) -> None:
        """Empty channels, all of them active; the revision goes on, so that open pages notice."""
        with self.news:
            self._messages.clear()
            self.number = 0
            for channel in self.channels:
                channel.state, channel.total = "active", 0
            self._changed({})

    def close(self) -> None:
        """Let everybody go who waits."""
        with self.news:
            self.closing = True
            self.news.notify_all()

    def _changed(self, message: Message) -> None:
        self.revision += 1
        message["revision"] = self.revision
        self.news.notify_all()


def _slack_channels(options: SlackOptions) -> list[Channel]:
    team, hook, secret = options.hook.split("/")
    hooks = [options.hook, *(f"{team}/{hook}{number}/{secret}{number}" for number in range(2, len(options.channels) + 1))]
    return [Channel(f"C0SANDBOX{number}", name, "slack", hooks[number - 1]) for number, name in enumerate(options.channels, start=1)]


def _teams_channels(options: SlackOptions) -> list[Channel]:
    names = enumerate(options.teams_channels, start=1)
    return [Channel(f"M0SANDBOX{number}", name, "teams", f"closeloopsandboxflow000{number}") for number, name in names]
