"""Posting as a Slack app: into any channel, with buttons that come back, and with a hand on the message afterwards.

Web API calls are POSTs of JSON with the bot token (`xoxb-…`) as bearer and answer 200 with `ok` true or false
(docs.slack.dev/apis/web-api, docs.slack.dev/reference/methods/chat.postMessage, .../chat.update, .../auth.test). Scopes: `chat:write`;
`chat:write.public` to post into public channels that the app has not joined (docs.slack.dev/reference/scopes/chat.write.public).
chat.postMessage takes a channel's id or name, chat.update only the id, and keeps the old blocks unless it is sent new ones. About one
message a second goes to a channel; beyond that 429 comes with Retry-After (docs.slack.dev/apis/web-api/rate-limits). Nothing can be
asked whether a message arrived without reading the channel, so that a lost answer may lead to the same alert twice.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from powerup.errors import Code
from powerup.integrations.errors import AddressRefusedError, CredentialsRefusedError, IntegrationError, RateLimitedError
from powerup.integrations.http import Answer, HttpClient, maybe, need, retry_after
from powerup.integrations.slack.blocks import Message
from powerup.integrations.slack.errors import LEAST_WAIT, refusal

API_URL = "https://slack.com/api"
_VENDOR = "Slack"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands: what `update` needs."""

    channel: str
    """The channel's id, whatever it was called when posting."""
    ts: str


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Whom a token speaks for."""

    team_id: str
    team: str
    user_id: str
    bot_id: str
    scopes: frozenset[str]
    """What the token may do, as Slack's header X-OAuth-Scopes says; empty when it is not sent."""


class SlackBot:
    """One app in one workspace; raises only IntegrationErrors. For one thread, as `http` is.

    :param http: carries no credentials of its own.
    :param token: the bot token.
    :param base_url: `CLOSELOOP_SLACK_API_URL`.
    """

    def __init__(self, http: HttpClient, token: str, *, base_url: str = API_URL) -> None:
        self._http = http
        self._token = token.strip()
        self._base_url = base_url.rstrip("/")

    def post(self, channel: str, message: Message) -> Posted:
        """Show the message in a channel, named `#name` or by its id."""
        # Pictures of the pages that we link to would push the next message off the screen.
        body = {"channel": channel, "unfurl_links": False, "unfurl_media": False, **message.payload()}
        with _our_codes():
            return _posted(self._call("chat.postMessage", body, channel=channel))

    def update(self, posted: Posted, message: Message) -> Posted:
        """Put another message in the place of one that we posted."""
        body = {"channel": posted.channel, "ts": posted.ts, "blocks": [], **message.payload()}
        with _our_codes():
            return _posted(self._call("chat.update", body, channel=posted.channel))

    def whoami(self) -> BotIdentity:
        """Ask whether the token is good (auth.test)."""
        with _our_codes():
            answer = self._call("auth.test", {})
            body = answer.json()
            scopes = answer.headers.get("x-oauth-scopes", "")
            return BotIdentity(
                team_id=need(body, "team_id", str, vendor=_VENDOR),
                team=maybe(body, "team", str, vendor=_VENDOR) or "",
                user_id=need(body, "user_id", str, vendor=_VENDOR),
                bot_id=maybe(body, "bot_id", str, vendor=_VENDOR) or "",
                scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            )

    def _call(self, method: str, body: dict[str, Any], *, channel: str = "") -> Answer:
        if not self._token.startswith(("xoxb-", "xoxe.xoxb-")):
            why = "This is not a bot token of Slack; a bot token begins with xoxb-."
            raise CredentialsRefusedError(why, permanent=True, reconnect=True, sent=False)
        return self._http.request(
            "POST",
            f"{self._base_url}/{method}",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
            classify=lambda answer: _classify(answer, channel),
        )


def _posted(answer: Answer) -> Posted:
    body = answer.json()
    return Posted(need(body, "channel", str, vendor=_VENDOR), need(body, "ts", str, vendor=_VENDOR))


def _classify(answer: Answer, channel: str) -> IntegrationError | None:
    wait = retry_after(answer.headers)
    if answer.status == 429:
        wait = max(wait or LEAST_WAIT, LEAST_WAIT)
        return RateLimitedError("Slack asks us to slow down.", retry_after=wait, http_status=answer.status)
    if not 200 <= answer.status < 300:
        return None
    body = answer.json()
    if need(body, "ok", bool, vendor=_VENDOR):
        return None
    word, needed = maybe(body, "error", str, vendor=_VENDOR) or "", maybe(body, "needed", str, vendor=_VENDOR) or ""
    return refusal(word, channel=channel, needed=needed, wait=wait)


@contextlib.contextmanager
def _our_codes() -> Iterator[None]:
    """The codes of forums would send the reader to the wrong settings."""
    try:
        yield
    except IntegrationError as error:
        error.code = error.code if isinstance(error, AddressRefusedError) else Code.unavailable
        raise
