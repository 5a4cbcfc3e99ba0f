"""What Slack's Web API says when it will not do something, in plain words and with the mend.

The API answers 200 with `{"ok": false, "error": "<word>"}`; the words are listed on each method's page
(docs.slack.dev/reference/methods/chat.postMessage, .../chat.update, .../auth.test). A missing scope is named in `needed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)

LEAST_WAIT = 1.0
"""Seconds between two messages to one channel: Slack's own pace (docs.slack.dev/apis/web-api/rate-limits)."""

_INSTALL = "Install the app in Slack again and enter its new bot token."
_ADMIN = "Ask an administrator of the Slack workspace to allow it, or choose another channel."


@dataclass(frozen=True, slots=True)
class _Meaning:
    kind: type[IntegrationError]
    words: str

    @property
    def permanent(self) -> bool:
        return self.kind not in (RateLimitedError, VendorBrokenError)


_MEANINGS: Mapping[str, _Meaning] = {
    **dict.fromkeys(("not_authed", "invalid_auth"), _Meaning(CredentialsRefusedError, f"Slack does not accept the bot token. {_INSTALL}")),
    **dict.fromkeys(
        ("token_revoked", "token_expired"), _Meaning(CredentialsRefusedError, f"The bot token was revoked or has expired. {_INSTALL}")
    ),
    "account_inactive": _Meaning(CredentialsRefusedError, f"The app was removed from Slack, or its workspace is gone. {_INSTALL}"),
    "not_allowed_token_type": _Meaning(CredentialsRefusedError, "This is not a bot token of Slack; a bot token begins with xoxb-."),
    "missing_scope": _Meaning(
        NotPermittedError, "The Slack app may not do this: it lacks a scope ({needed}). Add the scope and install the app again."
    ),
    **dict.fromkeys(
        ("no_permission", "access_denied"),
        _Meaning(NotPermittedError, "The Slack app may not post in {channel}. Invite it there: /invite."),
    ),
    "channel_not_found": _Meaning(
        GoneError,
        "Slack does not know the channel {channel}, or it is private. Check its name; to a private channel invite the app: /invite.",
    ),
    "not_in_channel": _Meaning(
        NotPermittedError, "The app is not in {channel}. Invite it there with /invite, or give it the scope chat:write.public."
    ),
    "is_archived": _Meaning(GoneError, "The Slack channel {channel} is archived. Bring it back, or choose another."),
    **dict.fromkeys(
        ("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "ekm_access_denied"),
        _Meaning(NotPermittedError, f"Slack's settings forbid the app to post in {{channel}}. {_ADMIN}"),
    ),
    **dict.fromkeys(
        ("accesslimited", "enterprise_is_restricted", "team_access_not_granted"),
        _Meaning(NotPermittedError, f"The Slack workspace does not let this app in from here. {_ADMIN}"),
    ),
    **dict.fromkeys(
        ("message_not_found", "cant_update_message", "edit_window_closed"),
        _Meaning(GoneError, "The message is not there any more, or Slack does not let us change it."),
    ),
    "msg_too_long": _Meaning(RejectedError, "The message is too long for Slack."),
    **dict.fromkeys(
        ("msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"),
        _Meaning(RejectedError, "Slack does not take the layout of the message that we sent."),
    ),
    "no_text": _Meaning(RejectedError, "Slack takes no empty message."),
    **dict.fromkeys(("ratelimited", "rate_limited", "message_limit_exceeded"), _Meaning(RateLimitedError, "Slack asks us to slow down.")),
    **dict.fromkeys(
        ("internal_error", "fatal_error", "service_unavailable", "request_timeout"),
        _Meaning(VendorBrokenError, "Slack is in trouble and did not do it."),
    ),
    **dict.fromkeys(
        ("team_added_to_org", "org_login_required"),
        _Meaning(VendorBrokenError, "The Slack workspace is being moved to an Enterprise organisation; it works again afterwards."),
    ),
}
WORDS = frozenset(_MEANINGS)
"""Those that have a text of their own."""


def refusal(word: str, *, channel: str = "", needed: str = "", wait: float | None = None) -> IntegrationError:
    """The error that a word stands for; an unknown one is a permanent refusal that shows the word."""
    # Ours to show, so no more than a word: an answer may hold anything.
    known = "".join(char for char in word[:60] if char.isascii() and (char.isalnum() or char == "_"))
    meaning = _MEANINGS.get(word) or _Meaning(RejectedError, f"Slack refused the message ({known or 'no reason given'}).")
    said = meaning.words.replace("{channel}", channel[:100] or "the channel").replace("{needed}", needed[:100] or "chat:write")
    reconnect = meaning.kind is CredentialsRefusedError or word == "missing_scope"
    is_pace = meaning.kind is RateLimitedError
    return meaning.kind(
        said,
        permanent=meaning.permanent,
        reconnect=reconnect,
        retry_after=max(wait or LEAST_WAIT, LEAST_WAIT) if is_pace else None,
        http_status=200,
    )
