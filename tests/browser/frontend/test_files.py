"""Files of customers in a thread: pictures come into view through our server, the rest is saved, and failures are said."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from flask import Response
from playwright.sync_api import Page, expect

from tests.browser.frontend.conftest import Server, problem
from tests.browser.frontend.test_parts import SHOW, link, message

Run = Callable[..., Any]
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SRC = "https://forum.test/uploads/shot.png"
HELD = f'<p>See <span class="held-image" data-src="{SRC}" data-alt="Task log"></span></p>'
ENTER = """async (load) => {
  const { ApiClient } = await load('lib/api.js');
  const { fetchFilesBy } = await load('lib/files.js');
  fetchFilesBy(new ApiClient({ token: async () => 'token', forget: () => {} }));
}"""


def file(number: int, name: str, content_type: str | None = None, shown_as: str | None = None) -> dict[str, Any]:
    about = {"name": name, "content_type": content_type, "size": 81_200, "shown_as": shown_as}
    return {"id": number, "path": f"/tickets/7/files/{number}", **about}


def shown(run: Run, *files: dict[str, Any], html: str = HELD) -> None:
    run(ENTER)
    run(SHOW, [link([message(1, html=html, files=list(files))])])


def answer(body: bytes, content_type: str) -> Callable[[Any], Response]:
    return lambda _request: Response(body, mimetype=content_type)


def test_a_picture_stands_where_the_message_shows_it(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /tickets/7/files/1"] = answer(DOT, "image/png")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown(run, file(1, "shot.png", "image/png", SRC))
    expect(page.get_by_role("img", name="Task log", exact=True)).to_have_js_property("naturalWidth", 1)
    assert not [url for url in asked if "forum.test" in url]
    assert server.times("GET /tickets/7/files/1") == 1


def test_an_image_of_somebody_else_stays_held(run: Run, page: Page, server: Server) -> None:
    shown(run, file(1, "other.png", "image/png", "https://forum.test/uploads/other.png"))
    expect(page.get_by_role("button", name="Show image: Task log")).to_be_visible()


@pytest.mark.console_errors_expected
def test_a_picture_that_cannot_be_fetched_says_why_and_can_be_asked_for_again(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /tickets/7/files/1"] = lambda _request: problem(502, "forum_unavailable")
    shown(run, file(1, "shot.png", "image/png", SRC))
    expect(page.get_by_text("The picture “Task log” is not shown: It is forum_unavailable.")).to_be_visible()
    server.answers["GET /tickets/7/files/1"] = answer(DOT, "image/png")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("img", name="Task log", exact=True)).to_be_visible()


def test_what_only_claims_to_be_a_picture_is_not_shown(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /tickets/7/files/1"] = answer(b"<script>alert(1)</script>", "application/octet-stream")
    shown(run, file(1, "shot.png", "image/png", SRC))
    expect(page.get_by_text("it is no picture that can be shown here")).to_be_visible()


def test_another_file_is_saved_under_its_name(run: Run, page: Page, server: Server) -> None:
    server.answers["GET /tickets/7/files/2"] = answer(b"14:02 failed", "application/octet-stream")
    shown(run, file(2, "task.log", "text/plain"), html="<p>See the log.</p>")
    button = page.get_by_role("button", name="Save task.log")
    expect(button).to_contain_text("81 kB")
    with page.expect_download() as saved:
        button.click()
    assert saved.value.suggested_filename == "task.log"
    assert saved.value.path().read_bytes() == b"14:02 failed"
