"""Clicks in the Slack double: signed as Slack signs, read as Closeloop reads, answered through the response_url."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from powerup import clock
from powerup.integrations.alerts import Alert, AlertAction
from powerup.integrations.slack.alerts import slack_message
from powerup.integrations.slack.interactions import Interaction, parse
from powerup.integrations.slack.signing import SlackRefusedError, verify
from powerup.sandbox.slack import SlackDouble, SlackOptions, create_slack

TIMEOUT = 10.0
ALERT = Alert("Outage", actions=[AlertAction("Take", "take", "card:7", "primary")], links=[("Open", "https://board.test/c/1")])


class App:
    """Closeloop's place in this test: believes what is signed, remembers it, answers 200 or as it is told."""

    def __init__(self, double: SlackDouble) -> None:
        self.double = double
        self.heard: list[Interaction] = []
        self.raw: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[], Response] = Response

    def __call__(self, request: Request) -> Response:
        body, headers = request.get_data(), {name.lower(): value for name, value in request.headers.items()}
        verify(self.double.signing_secret, headers, body, now=clock.now())
        self.raw.append((headers, body))
        self.heard.append(parse(body))
        return self.answer()


@pytest.fixture(name="slack")
def a_slack() -> Iterator[SlackDouble]:
    with create_slack(options=SlackOptions(answer_seconds=1.0)) as made:
        yield made


@pytest.fixture(name="app")
def an_app(slack: SlackDouble, httpserver: HTTPServer) -> App:
    app = App(slack)
    httpserver.expect_request("/slack/interactions", method="POST").respond_with_handler(app)
    slack.request_url = httpserver.url_for("/slack/interactions")
    return app


@pytest.fixture(name="posted")
def a_message(slack: SlackDouble) -> dict[str, Any]:
    requests.post(slack.webhook_url_of("triage"), json=slack_message(ALERT, buttons=True).payload(), timeout=TIMEOUT)
    return slack.messages[0]


def test_a_click_is_told_to_the_app(slack: SlackDouble, app: App, posted: dict[str, Any]) -> None:
    assert slack.click(1, "take", user="U0BEN00001") == ""
    (heard,) = app.heard
    assert (heard.kind, heard.action_id, heard.value) == ("action", "take", "card:7")
    assert (heard.user_id, heard.user_name, heard.team_id) == ("U0BEN00001", "ben.lindqvist", "T0SANDBOX")
    assert (heard.channel_id, heard.message_ts) == (slack.channel_id("triage"), posted["ts"])
    assert heard.response_url.startswith(f"{slack.url}/actions/")
    assert "trouble" not in slack.messages[0]


@pytest.mark.usefixtures("posted")
def test_each_click_is_another_event(slack: SlackDouble, app: App) -> None:
    for _ in range(2):
        slack.click(1, "take")
    assert app.heard[0].event_id != app.heard[1].event_id


@pytest.mark.usefixtures("posted")
def test_the_signature_is_for_this_app_only(slack: SlackDouble, app: App) -> None:
    slack.click(1, "take")
    headers, body = app.raw[0]
    with pytest.raises(SlackRefusedError):
        verify("another secret", headers, body, now=clock.now())


@pytest.mark.usefixtures("posted")
def test_a_button_that_opens_an_address_is_told_too(slack: SlackDouble, app: App) -> None:
    assert slack.click(1, "closeloop.link.1") == ""
    assert app.heard[0].kind == "link"


@pytest.mark.usefixtures("posted")
def test_without_a_request_url_only_addresses_open(slack: SlackDouble) -> None:
    assert slack.click(1, "closeloop.link.1") == ""
    assert "No request URL" in slack.click(1, "take")
    assert "No request URL" in slack.messages[0]["trouble"]


@pytest.mark.usefixtures("posted")
def test_an_app_that_fails_leaves_a_warning_until_it_answers(slack: SlackDouble, app: App) -> None:
    app.answer = lambda: Response(status=500)
    assert slack.click(1, "take") == "Closeloop answered with an error (status 500)."
    assert slack.messages[0]["trouble"]
    page = requests.get(f"{slack.url}/channels/triage", timeout=TIMEOUT).text
    assert "answered with an error" in page
    app.answer = Response
    assert slack.click(1, "take") == ""
    assert slack.messages[0]["trouble"] == ""


@pytest.mark.usefixtures("posted")
def test_an_app_that_dawdles_or_is_down_leaves_a_warning(slack: SlackDouble, app: App) -> None:
    over = threading.Event()

    def dawdle() -> Response:
        over.wait(TIMEOUT)
        return Response()

    app.answer = dawdle
    assert slack.click(1, "take") == "Closeloop did not answer within 1 seconds."
    over.set()
    slack.request_url = "http://127.0.0.1:9/"
    assert "no connection" in slack.click(1, "take")


@pytest.mark.usefixtures("posted")
def test_an_answer_replaces_the_message_or_is_seen_by_one_or_by_all(slack: SlackDouble, app: App) -> None:
    slack.click(1, "take", user="U0BEN00001")
    url = app.heard[0].response_url
    for body in (
        {"text": "for one", "replace_original": False},
        {"text": "for all", "response_type": "in_channel", "replace_original": False},
        {"text": "taken", "replace_original": True},
    ):
        answer = requests.post(url, json=body, timeout=TIMEOUT)
        assert (answer.status_code, answer.text) == (200, "ok")
    first, one, everybody = slack.messages_in("triage")
    assert (first["text"], first["blocks"]) == ("taken", [])
    assert (one["text"], one["only_to"]) == ("for one", "U0BEN00001")
    assert (everybody["text"], "only_to" in everybody) == ("for all", False)
    assert requests.post(url, json={"delete_original": True}, timeout=TIMEOUT).text == "ok"
    assert [message["text"] for message in slack.messages] == ["for one", "for all"]


@pytest.mark.usefixtures("posted")
def test_an_answer_is_taken_five_times(slack: SlackDouble, app: App) -> None:
    slack.click(1, "take")
    url = app.heard[0].response_url
    assert [requests.post(url, json={"text": "x"}, timeout=TIMEOUT).status_code for _ in range(6)] == [200] * 5 + [404]
    assert requests.post(url, json={"text": "x"}, timeout=TIMEOUT).json() == {"ok": False, "error": "used_url"}


@pytest.mark.usefixtures("posted")
def test_an_answer_is_taken_for_half_an_hour(slack: SlackDouble, app: App) -> None:
    slack.options.response_url_seconds = -1
    slack.click(1, "take")
    for url in (app.heard[0].response_url, f"{slack.url}/actions/T/1/unknown"):
        answer = requests.post(url, json={"text": "x"}, timeout=TIMEOUT)
        assert (answer.status_code, answer.json()["error"]) == (404, "expired_url")


@pytest.mark.usefixtures("posted")
def test_an_answer_that_is_no_message_is_refused(slack: SlackDouble, app: App) -> None:
    slack.click(1, "take")
    answer = requests.post(app.heard[0].response_url, json={"blocks": [{"type": "hologram"}]}, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_blocks")


@pytest.mark.usefixtures("posted")
def test_what_is_not_there_cannot_be_clicked(slack: SlackDouble) -> None:
    for number, action in ((1, "nothing"), (9, "take")):
        with pytest.raises(KeyError):
            slack.click(number, action)
    for body in ({"message": 1, "at": "9.9", "user": "U0BEN00001"}, {"message": 1, "at": "1.0", "user": "U9"}):
        answer = requests.post(f"{slack.url}/sandbox/clicks", json=body, timeout=TIMEOUT)
        assert "not there" in answer.json()["trouble"]


@pytest.mark.usefixtures("posted")
def test_after_a_reset_no_answer_is_taken(slack: SlackDouble, app: App) -> None:
    slack.click(1, "take")
    slack.reset()
    assert requests.post(app.heard[0].response_url, json={"text": "x"}, timeout=TIMEOUT).status_code == 404
    assert slack.messages == []
