"""What customers wrote is shown without running it and without telling anybody who reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]
SHOW = """async (load, html) => {
  const { fragment } = await load('lib/thread-html.js');
  document.querySelector('main').replaceChildren(fragment(html));
  return document.querySelector('main').innerHTML;
}"""


@pytest.mark.console_errors_expected  # the policy refuses the style as well
def test_no_image_is_asked_for_before_a_click(run: Run, page: Page, server: Server) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "tracker" in request.url else None)
    source = f"{server.url}/static/icons/image.svg?tracker"
    run(
        SHOW,
        f'<p><span class="held-image" data-src="{source}" data-alt="A screen"></span><img src="{source}&amp;2" srcset="{source}&amp;3 2x">'
        f'<video src="{source}" poster="{source}"></video><b style="background:url({source})">x</b></p>',
    )
    page.wait_for_load_state("networkidle")
    assert asked == []
    button = page.get_by_role("button", name="Show image: A screen")
    button.focus()
    with page.expect_request(lambda request: "tracker" in request.url) as loaded:
        page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="A screen")).to_have_attribute("referrerpolicy", "no-referrer")
    assert not loaded.value.headers.get("referer")


@pytest.mark.console_errors_expected  # the policy refuses the handlers as well
def test_hostile_html_is_taken_apart(run: Run, page: Page) -> None:
    html = run(
        SHOW,
        '<p onclick="bad()" style="position:fixed" id="x" class="y">a<script>window.bad = 1</script>'
        '<a href="javascript:bad()">b</a><a href=" JaVaScRiPt:bad()">c</a><a href="https://example.org/x">d</a>'
        '<svg><script>window.bad = 2</script></svg><math><mi xlink:href="data:x"></mi></math><form action="/x"><button>e</button></form>'
        '<iframe src="https://example.org"></iframe><unknown-element onclick="x">f</unknown-element><template><b>g</b></template></p>',
    )
    link = '<a href="https://example.org/x" target="_blank" rel="noopener noreferrer nofollow">d</a>'
    assert html == f"<p>a<a>b</a><a>c</a>{link}</p>f<p></p>"
    assert page.evaluate("window.bad ?? null") is None


def test_wide_things_scroll_inside_by_keyboard(run: Run, page: Page) -> None:
    run(SHOW, f"<pre><code>{'word ' * 400}</code></pre><table><tr><td>{'x' * 900}</td></tr></table>")
    for name in ("Code", "Table"):
        group = page.get_by_role("group", name=name)
        expect(group).to_have_attribute("tabindex", "0")
        expect(group).to_have_count(1)


def test_a_picture_that_was_a_link_is_one_button(run: Run, page: Page) -> None:
    held = '<span class="held-image" data-src="https://example.org/s.png" data-alt="Small"></span>'
    run(SHOW, f'<a href="https://example.org/large.png">{held}</a>')
    expect(page.locator("main a")).to_have_count(0)
    expect(page.get_by_role("button", name="Show image: Small")).to_be_visible()


def test_right_to_left_text_keeps_its_direction(run: Run) -> None:
    assert run(SHOW, '<p dir="rtl" lang="he">שלום 🙂</p>') == '<p dir="rtl" lang="he">שלום 🙂</p>'
