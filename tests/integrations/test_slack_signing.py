"""Whether a request is Slack's: the right signature on the right body at the right time, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from powerup.integrations.slack.signing import SlackRefusedError, signature, verify

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2018, 9, 1, 22, 58, 30, tzinfo=UTC)
BODY = b"payload=%7B%22type%22%3A%22block_actions%22%7D"


def signed(body: bytes = BODY, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature(secret, timestamp, body)}


def test_the_example_of_slacks_documentation_is_believed() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    verify(SECRET, headers, body, now=datetime.fromtimestamp(1531420620, UTC))


@pytest.mark.parametrize("seconds", [0, 299, -299, 300, -300])
def test_five_minutes_either_way_are_allowed(seconds: int) -> None:
    verify(SECRET, signed(at=NOW - timedelta(seconds=seconds)), BODY, now=NOW)


@pytest.mark.parametrize("seconds", [301, 3600, 86_400 * 365, -301, -86_400])
def test_old_requests_sent_again_and_those_from_the_future_are_refused(seconds: int) -> None:
    with pytest.raises(SlackRefusedError, match="five minutes"):
        verify(SECRET, signed(at=NOW - timedelta(seconds=seconds)), BODY, now=NOW)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "not signed"),
        ({"x-slack-signature": ""}, "not signed"),
        ({"x-slack-request-timestamp": ""}, "not signed"),
        ({"x-slack-request-timestamp": "yesterday"}, "no number"),
        ({"x-slack-request-timestamp": "1535842710.5"}, "no number"),
        ({"x-slack-request-timestamp": "+1535842710"}, "no number"),
        ({"x-slack-request-timestamp": "15358_42710"}, "no number"),
        ({"x-slack-request-timestamp": "١٥٣٥٨٤٢٧١٠"}, "no number"),
        ({"x-slack-request-timestamp": "9" * 5000}, "no number"),
        ({"x-slack-request-timestamp": "nan"}, "no number"),
        ({"x-slack-request-timestamp": "1535842711"}, "signature is wrong"),
        ({"x-slack-signature": "v0="}, "signature is wrong"),
        ({"x-slack-signature": "v0=" + "0" * 64}, "signature is wrong"),
        ({"x-slack-signature": signature("another secret", "1535842710", BODY)}, "signature is wrong"),
        ({"x-slack-signature": signature(SECRET, "1535842710", BODY).removeprefix("v0=")}, "signature is wrong"),
        ({"x-slack-signature": signature(SECRET, "1535842710", BODY).upper()}, "signature is wrong"),
        ({"x-slack-signature": "v0=ünï\udcff"}, "signature is wrong"),
    ],
)
def test_forgeries_are_refused(headers: Mapping[str, str], words: str) -> None:
    given = {**signed(), **headers} if headers else {}
    with pytest.raises(SlackRefusedError, match=words) as caught:
        verify(SECRET, given, BODY, now=NOW)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("body", [b"", BODY + b"&", BODY.replace(b"block", b"blocc"), BODY.lower()])
def test_a_signature_counts_for_its_own_body_only(body: bytes) -> None:
    with pytest.raises(SlackRefusedError, match="signature is wrong"):
        verify(SECRET, signed(), body, now=NOW)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(SlackRefusedError, match="No Slack signing secret"):
        verify("", signed(secret=""), BODY, now=NOW)
