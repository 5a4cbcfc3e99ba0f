"""Clicks in Slack, read from what Slack sends."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.slack.blocks import LINK_ACTION
from powerup.integrations.slack.interactions import Interaction, SlackUnreadableError, parse

CLICK: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1", "username": "ada", "name": "ada.okafor", "team_id": "T1"},
    "api_app_id": "A1",
    "container": {"type": "message", "message_ts": "1548261231.000200", "channel_id": "C1", "is_ephemeral": False},
    "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
    "team": {"id": "T1", "domain": "northwind"},
    "channel": {"id": "C1", "name": "triage"},
    "message": {"bot_id": "B1", "type": "message", "text": "x", "user": "U0", "ts": "1548261231.000200"},
    "response_url": "https://hooks.slack.com/actions/T1/123123123123/abc",
    "actions": [
        {
            "action_id": "take",
            "block_id": "b1",
            "text": {"type": "plain_text", "text": "I am on it"},
            "value": "card:7",
            "type": "button",
            "action_ts": "1548426417.840180",
        }
    ],
}


def form(payload: object) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def without(*path: str) -> dict[str, Any]:
    payload = json.loads(json.dumps(CLICK))
    place: Any = payload
    for step in path[:-1]:
        place = place[int(step)] if step.isdigit() else place[step]
    del place[path[-1]]
    return dict(payload)


def test_a_click_is_read() -> None:
    read = parse(form(CLICK))
    assert read == Interaction(
        kind="action",
        event_id=read.event_id,
        action_id="take",
        value="card:7",
        user_id="U1",
        user_name="ada.okafor",
        team_id="T1",
        channel_id="C1",
        message_ts="1548261231.000200",
        response_url="https://hooks.slack.com/actions/T1/123123123123/abc",
        action_ts="1548426417.840180",
    )


def test_the_same_click_has_the_same_id_and_another_click_has_not() -> None:
    first = parse(form(CLICK)).event_id
    assert parse(form({**CLICK, "trigger_id": "another", "response_url": ""})).event_id == first
    later = {**CLICK, "actions": [{**CLICK["actions"][0], "action_ts": "1548426418.000001"}]}
    by_ben = {**CLICK, "user": {"id": "U2"}}
    other = {**CLICK, "actions": [{**CLICK["actions"][0], "action_id": "dismiss"}]}
    ids = {parse(form(each)).event_id for each in (later, by_ben, other)}
    assert len(ids) == 3
    assert first not in ids
    assert len(first) <= 60


def test_what_may_be_absent_is_empty() -> None:
    for path in (("response_url",), ("channel",), ("message",), ("team",), ("actions", "0", "value"), ("user", "name")):
        assert parse(form(without(*path))).kind == "action"
    assert parse(form(without("channel"))).channel_id == "C1"
    assert parse(form(without("container"))).message_ts == "1548261231.000200"
    assert parse(form(without("team"))).team_id == "T1"
    assert parse(form(without("user", "name"))).user_name == "ada"
    assert parse(form(without("actions", "0", "value"))).value == ""


def test_a_button_that_only_opens_an_address_is_a_link() -> None:
    opened = {**CLICK, "actions": [{**CLICK["actions"][0], "action_id": f"{LINK_ACTION}.2"}]}
    assert parse(form(opened)).kind == "link"


@pytest.mark.parametrize("kind", ["view_submission", "message_action", "shortcut", "block_suggestion", "something_new"])
def test_other_things_than_clicks_are_ignored(kind: str) -> None:
    read = parse(form({**CLICK, "type": kind}))
    assert read == Interaction("ignored", read.event_id)


def test_other_elements_than_buttons_are_ignored() -> None:
    chosen = {**CLICK, "actions": [{**CLICK["actions"][0], "type": "static_select", "selected_option": {"value": "x"}}]}
    assert parse(form(chosen)).kind == "ignored"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "payload"),
        (b"\xff\xfe", "payload"),
        (b"payload=", "payload"),
        (b"payload={", "payload"),
        (b"payload=[]", "no object"),
        (b"payload=null", "no object"),
        (b'{"type": "block_actions"}', "payload"),
        (b"payload=" + b"[" * 100_000, "payload"),
        (b"a=1&" * 50, "payload"),
        (form({}), "“type”"),
        (form({**CLICK, "type": 5}), "“type”"),
        (form({**CLICK, "actions": []}), "action_id"),
        (form({**CLICK, "actions": "take"}), "action_id"),
        (form({**CLICK, "actions": [{"action_id": "x"}]}), "“actions.0.type”"),
        (form(without("user")), "“user.id”"),
        (form({**CLICK, "user": {"id": 5}}), "“user.id”"),
        (form({**CLICK, "response_url": ["x"]}), "“response_url”"),
    ],
)
def test_what_is_not_readable_says_why(body: bytes, words: str) -> None:
    with pytest.raises(SlackUnreadableError, match=words):
        parse(body)


def test_hostile_values_stay_values() -> None:
    name = "<!channel>\x00\ud800" + "x" * 5000
    read = parse(form({**CLICK, "user": {"id": "U1", "name": name}}))
    assert read.user_name.startswith("<!channel>�")
    assert len(read.user_name) == 200


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        parse(b"payload=" + body)
    except SlackUnreadableError:
        return
