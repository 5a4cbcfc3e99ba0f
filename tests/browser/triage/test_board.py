"""In Trello: a button above the board opens the queue in the whole window, for whoever may work there."""

import re

from playwright.sync_api import expect

from tests.browser.triage.stage import START_MS, Stage
from tests.helpers import wait_for


def test_the_boards_button_opens_the_queue_in_the_whole_window(stage: Stage) -> None:
    (ticket, _other) = stage.threads("No heartbeat one", "Dashboard is blank")
    page = stage.open_page(viewport={"width": 1280, "height": 800})
    stage.be("ben", page)
    page.goto(f"{stage.world.trello.url}/b/{stage.world.board.short_link}")
    page.get_by_role("button", name="Triage").click()
    expect(page.get_by_role("dialog", name="Triage")).to_have_class(re.compile("fullscreen"))
    frame = page.frame_locator(".modal-layer iframe")
    expect(frame.locator("closeloop-triage-detail h2")).to_have_text("No heartbeat one", timeout=START_MS)
    # The keys are heard at once: nobody has to click into the window first.
    page.keyboard.press("Enter")
    expect(frame.locator("closeloop-triage-detail h2")).to_have_text("Dashboard is blank")
    expect(frame.get_by_text("Assigned to Deployments")).to_be_visible()
    expect(frame.get_by_role("link", name="Flight recorder")).to_have_attribute("href", re.compile("^/pages/recorder"))
    page.keyboard.press("u")
    expect(frame.locator("closeloop-triage-detail h2")).to_have_text("No heartbeat one")
    page.keyboard.press("2")
    expect(frame.locator("closeloop-triage-row")).to_have_count(1)

    def is_there() -> bool:
        return stage.team_of(ticket) == "Web & API"

    wait_for(is_there, 10, "the decision")
