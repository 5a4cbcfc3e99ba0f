"""The double itself: its addresses, and what tests and the demo ask of it."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Flask

from powerup.sandbox.common.faults import Faults
from powerup.sandbox.common.server import Served
from powerup.sandbox.slack.app import Interactivity
from powerup.sandbox.slack.hooks import Hooks
from powerup.sandbox.slack.options import CHANNELS, HOOK, SlackOptions
from powerup.sandbox.slack.pages import Pages
from powerup.sandbox.slack.store import Channel, Store
from powerup.sandbox.slack.web_api import WebApi


class SlackDouble(Served):
    """The application, its channels, and the app that is installed in it."""

    def __init__(self, options: SlackOptions) -> None:
        super().__init__()
        self.options = options
        self._store = Store(options)
        self._clicks = Interactivity(options, self._store, lambda: self.url)
        self.app = Flask(__name__, static_url_path="/static")
        self.app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
        for routes in (
            Hooks(self._store, self._clicks),
            WebApi(options, self._store),
            Pages(options, self._store, self._clicks, self.reset),
        ):
            routes.install(self.app)
        self.faults = Faults.install(self.app, api=("/services/", "/api/", "/actions/", "/teams/"))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What arrived in all channels, oldest first: `{"number", "at", "ts", "channel", "text", "blocks"}`, of Teams with "card"."""
        return self._store.messages

    @property
    def channel(self) -> str:
        """The first channel's name."""
        return self._first.name

    @property
    def webhook_path(self) -> str:
        """The path of the first channel's webhook."""
        return f"/services/{self._first.hook}"

    @property
    def webhook_url(self) -> str:
        """Where messages to the first channel are posted."""
        return self.url + self.webhook_path

    @property
    def api_url(self) -> str:
        """What stands in the place of https://slack.com/api."""
        return f"{self.url}/api"

    @property
    def teams_url(self) -> str:
        """The webhook of the first Teams channel."""
        return self.teams_url_of(self.options.teams_channels[0])

    @property
    def bot_token(self) -> str:
        """What the Web API takes."""
        return self.options.bot_token

    @property
    def signing_secret(self) -> str:
        """What clicks are signed with."""
        return self.options.signing_secret

    @property
    def request_url(self) -> str:
        """Where clicks are sent."""
        return self.options.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.options.request_url = url

    @property
    def state(self) -> str:
        """`active`, `archived` or `gone`: what posting into the first channel finds."""
        return self._first.state

    @state.setter
    def state(self, state: str) -> None:
        self._first.state = state

    def webhook_url_of(self, channel: str) -> str:
        """The incoming webhook of a Slack channel."""
        return f"{self.url}/services/{self._named(channel).hook}"

    def channel_id(self, channel: str) -> str:
        """The id of a Slack channel."""
        return self._named(channel).id

    def teams_url_of(self, channel: str) -> str:
        """The webhook of a Teams channel."""
        found = next(one for one in self._store.channels if one.kind == "teams" and one.name == channel)
        return f"{self.url}/teams/{found.hook}"

    def set_state(self, channel: str, state: str) -> None:
        """`active`, `archived`, `gone` or `not_joined` (the app is not in it): what posting into the channel finds."""
        self._named(channel).state = state

    def messages_in(self, channel: str) -> list[dict[str, Any]]:
        """What arrived in one channel: a Slack channel's name or id, or a Teams channel's id."""
        wanted = self._named(channel).id
        return [one for one in self.messages if one["channel"] == wanted]

    def wait_for(self, number: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        """The messages, once at least so many have arrived or the time is over."""
        self._store.wait(lambda: self._store.number >= number, seconds)
        return self.messages

    def click(self, number: int, action_id: str, *, user: str = "") -> str:
        """Click a button of message `number` as `user` (an id; the first user if none); what went wrong, or ""."""
        return self._clicks.click_action(number, action_id, user or self.options.users[0].id)

    def reset(self) -> None:
        """Empty channels, active webhooks, no faults."""
        self.faults.clear()
        self.faults.requests.clear()
        self._clicks.forget()
        self._store.reset()

    @property
    def _first(self) -> Channel:
        return self._store.channels[0]

    def _named(self, channel: str) -> Channel:
        found = self._store.channel(channel)
        if found is None:
            raise KeyError(channel)
        return found

    def _stopping(self) -> None:
        self.faults.clear()
        self._store.close()


def create_slack(
    channel: str = "", team: str = "Acme", hook: str = HOOK, *, channels: Sequence[str] = CHANNELS, options: SlackOptions | None = None
) -> SlackDouble:
    """A Slack with some channels, an incoming webhook each; `channel` comes first, whether or not it is among `channels`.

    :param hook: what follows /services/ for the first channel.
    :param options: everything at once, instead of the others.
    """
    if options is None:
        names = (channel, *(each for each in channels if each != channel)) if channel else tuple(channels)
        options = SlackOptions(channels=names, team=team, hook=hook)
    if not re.fullmatch(r"\w+/\w+/\w+", options.hook):
        raise ValueError("hook is three words: T.../B.../...")
    return SlackDouble(options)
