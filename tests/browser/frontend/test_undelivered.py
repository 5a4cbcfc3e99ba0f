"""What failed and belongs to no card is told in the settings."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]
SESSION = {"token": "t", "expires_in": 600, "board": {"connected": True}, "forums": []}
FAILED = {
    "id": 5, "kind": "trello_webhook", "state": "failed", "attempts": 8, "reason": "Trello did not reach us.", "card_id": None,
    "created_at": "2026-11-23T08:00:00Z", "finished_at": None, "retryable": True, "summary": "",
}  # fmt: skip


def test_a_failed_request_for_reports_is_shown_with_its_reason_and_tried_again(run: Run, server: Server, page: Page) -> None:
    left = [FAILED, {**FAILED, "id": 4, "kind": "forum_reply", "card_id": 9, "reason": "Shown on its card."}]

    def again(_asked: object) -> dict[str, Any]:
        left.clear()
        return {"delivery": {**FAILED, "state": "pending"}}

    server.answers = {
        "POST /session": SESSION,
        "GET /deliveries": lambda _asked: {"deliveries": left, "next_cursor": None},
        "POST /deliveries/5/attempts": again,
    }
    run(
        """async (load) => {
          await load('elements/closeloop-undelivered.js');
          const { ApiClient } = await load('lib/api.js');
          const { Session } = await load('lib/session.js');
          const element = document.createElement('closeloop-undelivered');
          document.querySelector('main').append(element);
          element.api = new ApiClient(new Session(async () => 'jwt'));
        }"""
    )
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("listitem")).to_contain_text("Ask Trello to report changes of this board")
    expect(page.get_by_role("listitem")).to_contain_text("Trello did not reach us.")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", name="Not done")).to_be_hidden()
