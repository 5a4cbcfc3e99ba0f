"""What a customer can write must not take the page away from whoever reads it."""

from collections.abc import Callable
from typing import Any

import pytest

from powerup.render import sanitise
from tests.browser.frontend.conftest import run, server
from tests.browser.frontend.test_thread_html import SHOW

__all__ = ["run", "server"]


@pytest.mark.parametrize("address", ["https://a%20b/x.png", "http://a^b/", "http://1.2.3.4.5/", "https://xn--/"])
def test_an_image_at_an_address_that_no_browser_reads_leaves_the_rest_of_the_thread(run: Callable[..., Any], address: str) -> None:
    html = sanitise(f'<p>before <img src="{address}" alt="A screen"> after</p>')
    assert address in html
    shown = run(SHOW, html)
    # Browsers differ in which of these they refuse; none may throw.
    assert "before" in shown and "A screen" in shown and "after" in shown
