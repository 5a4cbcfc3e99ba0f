"""Logs say what happened and never hold tokens, message bodies or e-mail addresses."""

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from powerup import log
from powerup.settings import Settings


def settings(**changes: object) -> Settings:
    return Settings.model_validate({"secret_key": "k" * 32, "encryption_key": "x", **changes})


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A JSON log; the process's logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    log.configure(settings(log_json=True, log_level="DEBUG"), out)
    yield out
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_who_and_what(stream: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="r1")
    log.logger("powerup.sync").info("forum read", forum=7, status=200, ok=True, ms=1.5)
    (line,) = lines(stream)
    assert line.items() >= {"event": "forum read", "logger": "powerup.sync", "level": "info", "request_id": "r1", "forum": 7}.items()
    assert (line["status"], line["ok"], line["ms"]) == (200, True, 1.5)
    assert str(line["at"]).endswith("Z")


SECRETS = [
    "mei.lin+tickets@example.org",
    "ATTA" + "a1B2" * 18,
    "0123456789abcdef" * 4,
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ0cmVsbG8ifQ.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "text", ["{}", "sent to {} now", "GET https://x.example.org/services/{} 200", "https://x/?a=1&token={}", "key: {}", '{{"token": "{}"}}']
)
def test_what_looks_like_a_secret_is_hidden_wherever_it_stands(stream: io.StringIO, secret: str, text: str) -> None:
    said = text.format(secret)
    log.logger("a").warning(said, detail=said, nested={"deep": [said, {"er": (said,)}]})
    logging.getLogger("library").error("failed: %s", said)
    assert secret not in stream.getvalue()
    assert "(hidden)" in stream.getvalue()


def test_the_address_of_a_slack_webhook_is_hidden(stream: io.StringIO) -> None:
    log.logger("a").info("POST https://hooks.slack.com/services/T0AAAA/B0BBBB/cccccccc")
    assert "B0BBBB" not in stream.getvalue()


@pytest.mark.parametrize(
    "name",
    ["token", "trello_token", "api_key", "Api-Key", "Authorization", "hook_secret", "body", "html", "raw", "headers", "email", "_jwt"],
)
def test_a_field_that_names_a_secret_is_hidden_whole(stream: io.StringIO, name: str) -> None:
    log.logger("a").info("x", **{name: "plain words", "outer": {name: ["plain words"]}})
    assert "plain words" not in stream.getvalue()


@pytest.mark.parametrize(
    "header", ["Bearer abc.def-123456", "Basic YWRhOnB3", 'OAuth oauth_consumer_key="k1234567", oauth_token="t7654321"', "token=t7654321"]
)
def test_authorization_values_are_hidden(stream: io.StringIO, header: str) -> None:
    log.logger("a").info(f"sent {header}")
    for part in ("abc.def", "YWRhOnB3", "k1234567", "t7654321"):
        assert part not in stream.getvalue()


def test_what_helps_to_find_a_fault_stays(stream: io.StringIO) -> None:
    ids = {"card": "5f1a2b3c4d5e6f7a8b9c0d1e", "request_id": "0f8fad5bd9cb469fa16570867728950e", "path": "/t/42.json", "keys_found": 3}
    log.logger("a").info("looked for tokens by key", **ids)
    (line,) = lines(stream)
    assert line.items() >= ids.items()
    assert line["event"] == "looked for tokens by key"


def test_tracebacks_are_written_without_secrets_and_locals(stream: io.StringIO) -> None:
    def fails(message: str) -> None:
        held_locally = message.upper()
        raise ValueError(message if held_locally else "")

    try:
        fails("mei@example.org could not sign in with token=12abcdefgh")
    except ValueError:
        log.logger("a").exception("broken")
        logging.getLogger("library").exception("broken too")
    text = stream.getvalue()
    assert text.count("Traceback") == 2
    assert "mei@" not in text
    assert "12abcdefgh" not in text
    assert "MEI@" not in text


def test_warnings_and_levels(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old thing of mei@example.org", DeprecationWarning, stacklevel=1)
    logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=https://x/?q=1)")
    text = stream.getvalue()
    assert "old thing" in text
    assert "mei@" not in text
    assert "Failed to parse" not in text


def test_text_output_is_redacted_too() -> None:
    root = logging.getLogger()
    handlers, level, out = root.handlers[:], root.level, io.StringIO()
    try:
        log.configure(settings(log_level="INFO"), out)
        log.logger("a").debug("not shown")
        log.logger("a").info("shown", who="mei@example.org")
    finally:
        logging.captureWarnings(False)
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
    assert "not shown" not in out.getvalue()
    assert "shown" in out.getvalue()
    assert "mei@" not in out.getvalue()


@given(st.text(max_size=200))
def test_scrubbing_never_fails_and_is_settled_after_once(text: str) -> None:
    once = log.scrub(text)
    assert log.scrub(once) == once


LEAVES = st.none() | st.integers() | st.text(max_size=9) | st.binary(max_size=9)
VALUES = st.recursive(LEAVES, lambda inner: st.dictionaries(st.text(), inner))


@given(VALUES)
def test_anything_can_be_logged(value: object) -> None:
    json.dumps(log.redact(None, "info", {"event": "x", "value": value}))
