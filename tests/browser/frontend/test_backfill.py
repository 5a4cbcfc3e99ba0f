"""A forum's history on the settings page: how far it is, pause and resume, reading further back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.frontend.conftest import Server, problem

Run = Callable[..., Any]
SAYING = "async (load, backfill) => (await load('elements/closeloop-backfill.js')).saying(backfill)"
SHOW = """async (load, [backfill, isAdmin]) => {
  const { ApiClient } = await load('lib/api.js');
  await load('elements/closeloop-backfill.js');
  const element = document.createElement('closeloop-backfill');
  const { Session } = await load('lib/session.js');
  element.setup = { api: new ApiClient(new Session(async () => 'jwt')), forum: { id: 7, backfill }, isAdmin };
  document.querySelector('main').replaceChildren(element);
}"""
SIGN_IN = {"token": "t", "expires_in": 600, "board": {"connected": True, "name": "B", "role": "admin"}}
RUNNING: dict[str, Any] = {
    "state": "running",
    "since": "2020-01-01T00:00:00.000Z",
    "reached_at": "2024-03-09T10:00:00.000Z",
    "done": 1204,
    "about": 9800,
    "share": 0.1229,
    "seconds_left": 720,
    "error": None,
    "started_at": "2026-11-23T08:00:00.000Z",
    "finished_at": None,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "1,204 of about 9,800 threads, back to March 2024, about 12 minutes left"),
        ({"seconds_left": 20}, "1,204 of about 9,800 threads, back to March 2024, less than a minute left"),
        ({"seconds_left": 10_800}, "1,204 of about 9,800 threads, back to March 2024, about 3 hours left"),
        ({"about": None, "reached_at": None, "seconds_left": None, "done": 1}, "1 thread"),
        ({"state": "paused"}, "1,204 of about 9,800 threads, back to March 2024, paused"),
        ({"state": "failed", "error": "It is away."}, "1,204 of about 9,800 threads, back to March 2024, stopped: It is away."),
        ({"error": "It is slow."}, "1,204 of about 9,800 threads, back to March 2024, tried again soon: It is slow."),
        ({"state": "done"}, "All 1,204 threads since 1 January 2020 are here."),
    ],
)
def test_words_say_how_much_how_far_and_how_long(run: Run, change: dict[str, Any], words: str) -> None:
    assert run(SAYING, RUNNING | change) == words


@pytest.fixture(autouse=True)
def _signed_in(server: Server) -> None:
    server.answers["POST /session"] = SIGN_IN


def test_the_bar_keeps_itself_true_until_all_is_read(run: Run, page: Page, server: Server) -> None:
    answers = iter([RUNNING | {"share": 0.5, "done": 4900}, RUNNING | {"state": "done", "share": 1, "done": 9800}])
    server.answers["GET /forums/7/backfill"] = lambda _: next(answers)
    page.clock.install()
    run(SHOW, [RUNNING, True])
    bar = page.get_by_role("progressbar", name="History")
    expect(bar).to_have_attribute("value", "0.5")
    expect(bar).to_have_attribute("aria-valuetext", "4,900 of about 9,800 threads, back to March 2024, about 12 minutes left")
    page.get_by_role("button", name="Pause").focus()
    page.clock.run_for(3_100)
    expect(page.get_by_text("All 9,800 threads since 1 January 2020 are here.")).to_be_visible()
    expect(bar).to_be_hidden()
    page.clock.run_for(60_000)
    assert server.times("GET /forums/7/backfill") == 2


def test_pause_and_resume_by_keyboard(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /forums/7/backfill"] = RUNNING
    server.answers["PATCH /forums/7/backfill"] = lambda request: RUNNING | {"state": request.get_json()["state"]}
    run(SHOW, [RUNNING, True])
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    said = [body for question, body in server.asked if question.startswith("PATCH")]
    assert said == [{"state": "paused"}, {"state": "running"}]


@pytest.mark.console_errors_expected
def test_older_threads_are_asked_for_by_their_day_and_a_refusal_is_told(run: Run, page: Page, server: Server) -> None:
    server.answers["POST /forums/7/backfill"] = lambda _: problem(422, "invalid")
    run(SHOW, [None, True])
    page.get_by_text("Read older threads…").click()
    page.get_by_label("Threads with activity since").fill("2019-05-01")
    page.get_by_role("button", name="Read history").click()
    expect(page.get_by_text("It is invalid.")).to_be_visible()
    assert ("POST /forums/7/backfill", {"since": "2019-05-01"}) in server.asked


def test_who_is_no_admin_only_looks(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /forums/7/backfill"] = RUNNING
    run(SHOW, [RUNNING, False])
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
