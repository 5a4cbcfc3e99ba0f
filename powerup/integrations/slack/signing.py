"""Whether a request really comes from Slack.

Slack signs `v0:<timestamp>:<raw body>` with the app's signing secret (HMAC-SHA256, hexadecimal) and sends it as `X-Slack-Signature:
v0=…` beside `X-Slack-Request-Timestamp`; what is more than five minutes away from now may be a replay and is not believed
(docs.slack.dev/authentication/verifying-requests-from-slack).
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

WINDOW = 300
"""Seconds that a request may be old, or ahead of our clock."""
_LONGEST_TIMESTAMP = 12


class SlackRefusedError(Exception):
    """Not from Slack, not for this app, or an old request sent again; the text says which, without the secret or the body."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Return when Slack signed this very body within the last five minutes; raises SlackRefusedError otherwise.

    :param secret: the app's signing secret.
    :param headers: names in lower case.
    :param body: as it came, before anything decoded it.
    """
    if not secret:
        raise SlackRefusedError("No Slack signing secret is set, so nothing that claims to come from Slack is believed.")
    timestamp, given = headers.get("x-slack-request-timestamp", "").strip(), headers.get("x-slack-signature", "").strip()
    if not timestamp or not given:
        raise SlackRefusedError("The request is not signed.")
    # int() alone would also read "+5", "1_0" and other scripts' digits, which Slack never sends.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        raise SlackRefusedError("The time of the request is no number.")
    if abs(now.timestamp() - int(timestamp)) > WINDOW:
        raise SlackRefusedError("The request is older or newer than five minutes. Is this machine's clock right?")
    # Bytes: compare_digest refuses text beyond ASCII, and a header may hold any.
    if not hmac.compare_digest(signature(secret, timestamp, body).encode(), given.encode("utf-8", "replace")):
        raise SlackRefusedError("The signature is wrong. Is the signing secret that of this Slack app?")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Slack-Signature`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
