"""Take the README's pictures from the running demo: `python -m scripts.screenshots` writes docs/images/*.png.

Everything in them happened: the demo is started, and the main job is done in it by hand of a browser.
"""

import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Locator, Page, ViewportSize, expect, sync_playwright

from powerup import log
from powerup.sandbox.demo import Demo, DemoOptions, Running
from scripts import ensure_chromium

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CARD = "Step timeouts lose their unit when a process is saved in the portal"
THREAD = "timeout"
"""Title of the thread that the story leaves to link."""
REPLY = "Thank you for the report! `11m` is saved without its unit since 4.2. Until the fix is out, put the timeout into a variable."
EVIDENCE = "https://github.com/northwind/deploy/pull/482"
SIZE: ViewportSize = {"width": 1280, "height": 900}
PATIENCE_MS = 60_000


class Photographer:
    """One person at the demo with a camera."""

    def __init__(self, running: Running, browser: Browser) -> None:
        self._running, self._browser = running, browser

    def open_board(self, **options: Any) -> Page:
        """The board page in a fresh browser, as Ada."""
        page = self._browser.new_context(viewport=SIZE, locale="en-GB", timezone_id="Europe/Berlin", **options).new_page()
        page.goto(self._running.board_url)
        expect(badges(page)).to_contain_text([re.compile("Waiting on us|Code fix")])
        return page

    def forum(self) -> Page:
        """The thread on the forum, as its customer sees it."""
        page = self._browser.new_context(viewport={"width": 1000, "height": 860}, locale="en-GB").new_page()
        page.goto(self.thread_url)
        return page

    @property
    def thread_url(self) -> str:
        """Where the thread to link stands."""
        topics = self._running.forum.store.rows.topics.values()
        return self._running.forum.topic_url(next(topic.id for topic in topics if topic.title == THREAD))


def main() -> int:
    """Take them all; returns 1 when there is no browser."""
    chromium = ensure_chromium.find()
    if chromium is None:
        print(ensure_chromium.MEND, file=sys.stderr)
        return 1
    log.quiet()
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with Demo(DemoOptions(first_port=0)).started() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        tell(Photographer(running, browser))
        browser.close()
    return 0


def tell(someone: Photographer) -> None:
    """The main job, with a picture at each place worth one."""
    page = someone.open_board()
    keep(page, "board")
    section = open_card(page)
    link(page, someone.thread_url)
    answer(section)
    bring_into_view(page)
    keep(page, "card")
    resolve(page)
    expect(badges(page)).to_contain_text([re.compile("Code fix · customers told")])
    dark = someone.open_board(color_scheme="dark")
    dark.get_by_role("button", name="Dark", exact=True).click()
    section = open_card(dark)
    choose_thread(section)
    bring_into_view(dark)
    keep(dark, "card-dark")
    forum = someone.forum()
    expect(forum.locator(".post").nth(2)).to_be_visible()
    keep(forum, "forum")


def badges(page: Page) -> Locator:
    """What Closeloop says on the front of the card."""
    return page.locator(".tile", has=page.get_by_role("link", name=CARD, exact=True)).locator(".badge[data-color]")


def open_card(page: Page) -> FrameLocator:
    """Open the card; Closeloop's section in it."""
    page.get_by_role("link", name=CARD, exact=True).click()
    section = page.frame_locator(".powerup-sections iframe")
    expect(section.get_by_role("tab").first).to_be_visible()
    return section


def link(page: Page, url: str) -> None:
    """Link the thread by its address."""
    page.get_by_role("region", name="Power-Ups").get_by_role("button", name="Link a thread").click()
    popup = page.get_by_role("dialog", name="Link a thread", exact=True)
    form = popup.frame_locator("iframe")
    box = form.get_by_role("combobox", name="Address of the thread")
    expect(form.get_by_role("option").first).to_be_visible()
    box.fill(url)
    expect(form.get_by_role("option", selected=True)).to_contain_text("steps stop at 10 min")
    box.press("Enter")
    expect(popup).to_be_hidden()


def choose_thread(section: FrameLocator) -> Locator:
    """Show the linked thread among those of the card."""
    section.get_by_role("tab", name=re.compile(f"^{THREAD}")).click()
    return section.locator("closeloop-thread:visible")


def answer(section: FrameLocator) -> None:
    """Reply, and wait until the reply came back from the forum."""
    thread = choose_thread(section)
    thread.get_by_role("textbox", name=re.compile("^Reply to")).fill(REPLY)
    thread.get_by_role("button", name="Send reply").click()
    expect(thread.locator("closeloop-message", has_text="saved without its unit")).to_be_visible()


def resolve(page: Page) -> None:
    """Fill the form in, keep it, send it."""
    page.get_by_role("region", name="Power-Ups").get_by_role("button", name="Resolve").click()
    popup = page.get_by_role("dialog", name="Resolve", exact=True)
    form = popup.frame_locator("iframe")
    form.get_by_role("radio", name=re.compile("Code fix")).check(force=True)
    form.get_by_role("textbox", name=re.compile("^Evidence")).fill(EVIDENCE)
    expect(form.get_by_role("button", name=re.compile("^Resolve and tell"))).to_be_enabled()
    keep(page, "resolve")
    form.get_by_role("button", name=re.compile("^Resolve and tell")).click()
    expect(popup).to_be_hidden()


def bring_into_view(page: Page) -> None:
    """Scroll the card so that its threads are what one sees."""
    page.get_by_role("heading", name="Customer threads", exact=False).first.evaluate("heading => heading.scrollIntoView({block: 'start'})")


def keep(page: Page, name: str) -> None:
    """Write the picture."""
    page.mouse.move(2, 2)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
