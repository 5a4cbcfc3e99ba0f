"""Posting into a Slack channel through an incoming webhook, and answering a click through its `response_url`.

A webhook answers 200 `ok`, or a status with one word of plain text: 400 invalid_payload, invalid_blocks, no_text, user_not_found;
403 action_prohibited, invalid_token, posting_to_general_channel_denied; 404 channel_not_found, no_service, no_team, no_active_hooks;
410 channel_is_archived; 500 rollup_error (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
docs.slack.dev/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks). One message a second and short bursts are allowed; beyond
that 429 comes with Retry-After (docs.slack.dev/apis/web-api/rate-limits). There is no way to ask whether a message arrived, so that a
lost answer may lead to the same alert twice.

A `response_url` (https://hooks.slack.com/actions/…; /commands/… for slash commands) takes up to five messages within thirty minutes,
with `replace_original`, or `response_type` `in_channel` or `ephemeral`, which is the default
(docs.slack.dev/interactivity/handling-user-interaction#message_responses). Later it answers 404 with `expired_url` or `used_url`
(seen in the wild, not documented). Neither kind of address takes a token: what they may do is in the path.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from powerup.errors import Code
from powerup.integrations.errors import (
    AddressRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.http import Answer, Classify, HttpClient, retry_after
from powerup.integrations.http_wire import is_exempt
from powerup.integrations.slack.blocks import Message

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
LEAST_WAIT = 1.0
"""Seconds; Slack's own pace."""

_RECONNECT = "Make a new incoming webhook in Slack and enter it in the settings."
_MEANINGS = {
    "no_service": f"This Slack webhook was switched off or removed. {_RECONNECT}",
    "no_active_hooks": f"This Slack webhook was switched off. {_RECONNECT}",
    "invalid_token": f"Slack does not know this webhook. {_RECONNECT}",
    "no_team": f"The Slack workspace of this webhook is gone. {_RECONNECT}",
    "team_disabled": f"The Slack workspace of this webhook is switched off. {_RECONNECT}",
    "channel_not_found": f"The Slack channel of this webhook is gone. {_RECONNECT}",
    "channel_is_archived": f"The Slack channel of this webhook is archived. Bring it back, or: {_RECONNECT}",
    "user_not_found": f"The Slack user to whom this webhook posts is gone. {_RECONNECT}",
    "action_prohibited": "Slack's administrator has forbidden this webhook to post here.",
    "posting_to_general_channel_denied": "Slack's administrator has forbidden apps to post in the general channel.",
    "invalid_payload": "Slack cannot read the message that we sent.",
    "invalid_blocks": "Slack does not take the layout of the message that we sent.",
    "no_text": "Slack takes no empty message.",
}
_OVER = "Slack takes an answer to a click for half an hour and five times only; that is over."


class SlackWebhook:
    """Posts messages; raises only IntegrationErrors. For one thread, as `http` is.

    :param http: made with `hide_paths=True`, for a webhook's path is a secret.
    :param private_hosts: hosts beside Slack's own that may be posted to (`CLOSELOOP_PRIVATE_HOSTS`).
    """

    def __init__(self, http: HttpClient, private_hosts: Sequence[str] = ()) -> None:
        self._http = http
        self._private_hosts = frozenset(host.lower() for host in private_hosts)

    def post(self, url: str, message: Message) -> None:
        """Show the message in the webhook's channel."""
        self.check_address(url)
        self._send(url, message.payload(), _classify)

    def respond(self, response_url: str, message: Message, *, replace: bool, ephemeral: bool) -> None:
        """Answer a click: `replace` the message that was clicked, or say something new, seen by all or (`ephemeral`) by who clicked."""
        if replace and ephemeral:
            raise ValueError("what everybody sees cannot be replaced by what one person sees")
        self.check_response_address(response_url)
        how: dict[str, Any] = {"replace_original": replace}
        if not replace:
            how["response_type"] = "ephemeral" if ephemeral else "in_channel"
        self._send(response_url, message.payload() | how, _classify_response)

    def check_address(self, url: str) -> None:
        """Raises AddressRefusedError unless this is the address of an incoming webhook of Slack, or of a listed private host."""
        if not self._is_allowed(url, ("/services/",)):
            why = "This is not the address of a Slack webhook; it looks like https://hooks.slack.com/services/…"
            raise AddressRefusedError(why, permanent=True, sent=False)

    def check_response_address(self, url: str) -> None:
        """Raises AddressRefusedError unless this is a `response_url` of Slack, or of a listed private host."""
        if not self._is_allowed(url, ("/actions/", "/commands/")):
            raise AddressRefusedError(
                "The click came with an address that is not Slack's, so it is not answered.", permanent=True, sent=False
            )

    def _send(self, url: str, payload: Mapping[str, Any], classify: Classify) -> None:
        try:
            self._http.request("POST", url, json=payload, classify=classify)
        except IntegrationError as error:
            # The codes of forums would send the reader to the wrong settings.
            error.code = error.code if isinstance(error, AddressRefusedError) else Code.unavailable
            raise

    def _is_allowed(self, url: str, paths: tuple[str, ...]) -> bool:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        slack = parts.scheme == "https" and host in HOSTS and port == 443
        listed = parts.scheme in ("http", "https") and bool(host) and is_exempt(host, port, self._private_hosts)
        return (slack or listed) and parts.path.startswith(paths) and "@" not in parts.netloc


def _classify(answer: Answer) -> IntegrationError | None:
    status = answer.status
    said = _said(answer)
    if 200 <= status < 300:
        why = "Slack answered with something else than “ok”. Is the address of the webhook right?"
        return None if said == "ok" else VendorBrokenError(why, http_status=status)
    meaning = next((words for word, words in _MEANINGS.items() if said.startswith(word)), None)
    match status:
        case 429:
            wait = max(retry_after(answer.headers) or LEAST_WAIT, LEAST_WAIT)
            return RateLimitedError("Slack asks us to slow down.", retry_after=wait, http_status=status)
        case 401 | 403:
            return NotPermittedError(meaning or "Slack forbids this webhook to post.", permanent=True, reconnect=True, http_status=status)
        case 404 | 410:
            return GoneError(meaning or f"This Slack webhook is gone. {_RECONNECT}", permanent=True, reconnect=True, http_status=status)
        case 400 | 413 | 422:
            return RejectedError(meaning or "Slack refused the message.", permanent=True, http_status=status)
    return None


def _classify_response(answer: Answer) -> IntegrationError | None:
    """A response_url says `ok`, `{"ok": true}` or nothing at all."""
    said = _said(answer)
    if 200 <= answer.status < 300 and (said == "ok" or said.startswith("{") or not answer.body.strip()) and '"ok":false' not in said:
        return None
    if answer.status in (404, 410) or "expired_url" in said or "used_url" in said:
        return GoneError(_OVER, permanent=True, http_status=answer.status)
    if answer.status == 429 or answer.status >= 500:
        return _classify(answer)
    return RejectedError("Slack refused our answer to a click.", permanent=True, http_status=answer.status)


def _said(answer: Answer) -> str:
    """Slack's words without spaces; nothing for a page. That is told by its beginning, for an `ok` may come as text/html."""
    said = "".join(answer.text()[:200].split())[:100]
    return "" if said.startswith("<") else said
