"""Nothing that was decided is lost: offline, a server in trouble, a page that is left too early."""

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.browser.triage.stage import Stage, expect_cursor, expect_saved, numbered, press, rows

pytestmark = pytest.mark.console_errors_expected
DECISIONS = "**/api/v1/triage/decisions"


def test_offline_decisions_wait_and_are_saved_when_the_line_is_back(stage: Stage) -> None:
    ids = stage.threads(*numbered("No heartbeat", 4))
    page = stage.open()
    page.context.set_offline(True)
    press(page, "Enter", "x")
    expect_cursor(page, "No heartbeat number 3")
    expect(page.get_by_text("2 not saved, retrying…")).to_be_visible()
    press(page, "u")
    expect_cursor(page, "No heartbeat number 2")
    page.context.set_offline(False)
    expect_saved(page)
    expect(page.get_by_text("not saved")).to_be_hidden()
    assert [stage.standing(each) for each in ids] == ["owned", "new", "new", "new"]


def test_a_server_in_trouble_is_asked_again_and_decides_once(stage: Stage) -> None:
    (ticket, _other) = stage.threads("No heartbeat one", "No heartbeat two")
    page = stage.open()
    tries: list[str] = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            # It was decided, and the answer is lost on the way.
            route.fetch()
            route.fulfill(status=503, json={"title": "Down", "status": 503, "code": "internal", "detail": "Try again."})
        else:
            route.continue_()

    page.route(DECISIONS, lose)
    press(page, "Enter")
    expect(page.get_by_text("1 not saved, retrying…")).to_be_visible()
    page.get_by_role("button", name="Try now").click()
    expect_saved(page)
    assert len(tries) == 2 and tries[0] == tries[1]
    assert stage.team_of(ticket) == "Deployments" and len(stage.history(ticket)) == 1
    assert stage.cards() == ["No heartbeat one"]


def test_what_the_server_does_not_want_comes_back_with_the_reason(stage: Stage) -> None:
    stage.threads("No heartbeat one", "No heartbeat two")
    page = stage.open()
    refusal = {"title": "No", "status": 422, "code": "invalid", "detail": "This team is gone."}
    page.route(DECISIONS, lambda route: route.fulfill(status=422, json=refusal))
    press(page, "Enter")
    expect(page.get_by_role("alert").get_by_text("This team is gone. Nothing was changed.")).to_be_visible()
    expect(rows(page)).to_have_count(2)
    # Whoever reads the next thread already goes on reading it.
    expect_cursor(page, "No heartbeat two")


def test_a_page_that_is_left_too_early_asks_and_saves_the_rest_next_time(stage: Stage) -> None:
    (ticket, _other) = stage.threads("No heartbeat one", "No heartbeat two")
    page = stage.open()
    page.route(DECISIONS, lambda route: route.abort())
    press(page, "Enter")
    expect(page.get_by_text("1 not saved, retrying…")).to_be_visible()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute(DECISIONS)
    page.reload()
    expect_saved(page)
    assert stage.team_of(ticket) == "Deployments"
    expect(rows(page)).to_have_count(1)


def test_a_queue_that_cannot_be_loaded_says_so_with_a_way_on(stage: Stage) -> None:
    stage.threads("No heartbeat one")
    page = stage.page()
    broken = {"title": "Down", "status": 503, "code": "internal", "detail": "The database is away."}
    page.route("**/api/v1/triage/queue?*", lambda route: route.fulfill(status=503, json=broken))
    page.goto(f"{stage.url}/triage")
    expect(page.get_by_role("alert").get_by_text("The database is away.")).to_be_visible()
    page.unroute("**/api/v1/triage/queue?*")
    page.get_by_role("button", name="Try again").click()
    expect_cursor(page, "No heartbeat one")


def test_an_hour_that_ran_out_in_the_middle_of_the_work_costs_no_decision(stage: Stage) -> None:
    (ticket, _other) = stage.threads("No heartbeat one", "No heartbeat two")
    page = stage.open()
    out = {"title": "Signed out", "status": 401, "code": "token_expired", "detail": "Sign in again."}
    page.route("**/api/v1/triage/**", lambda route: route.fulfill(status=401, json=out))
    press(page, "Enter")
    button = page.get_by_role("button", name="Sign in with Trello")
    expect(button).to_be_visible()
    page.unroute("**/api/v1/triage/**")
    stage.be("ben", page)
    with page.expect_popup() as opened:
        button.click()
    opened.value.get_by_role("button", name="Allow").click()
    expect(button).to_be_hidden()
    expect_cursor(page, "No heartbeat two")
    expect_saved(page)
    assert stage.team_of(ticket) == "Deployments"
