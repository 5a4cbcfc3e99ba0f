import time
from collections.abc import Callable

import pytest

from powerup.integrations.forums.discourse.markup import portable as of_discourse
from powerup.integrations.forums.files import inline_images, linked_files
from powerup.integrations.forums.github.markup import portable as of_github
from powerup.integrations.forums.html_reader import HtmlReader
from powerup.integrations.forums.nodebb.markup import portable as of_nodebb
from powerup.integrations.forums.tender.markup import portable as of_tender
from powerup.integrations.forums.zendesk.markup import portable as of_zendesk

SITE = "https://forum.example.com"
# Each took the standard library's parser between seconds and a minute, or made it fail.
HOSTILE = ("<a ", "<img ", "<!--", "</", "<?", "<![", "<a>x<b>", "<a a='", "<script>")
READERS: dict[str, Callable[[str], object]] = {
    "discourse": lambda html: of_discourse(html, SITE),
    "github": lambda html: of_github(html, SITE),
    "nodebb": lambda html: of_nodebb(html, SITE),
    "tender": lambda html: of_tender(html, SITE),
    "zendesk": lambda html: of_zendesk(html, SITE),
    "pictures": lambda html: inline_images(html, lambda _: None),
    "files": lambda html: linked_files(html, lambda *_: None),
}


@pytest.mark.parametrize("name", READERS)
def test_no_message_takes_longer_than_its_length(name: str) -> None:
    began = time.process_time()
    for piece in HOSTILE:
        READERS[name](piece * (60_000 // len(piece)))
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", READERS)
def test_what_is_cut_off_anywhere_is_no_failure(name: str) -> None:
    whole = '<p title="a>b">x<!-- c --><![CDATA[d]]><?php e ?><svg><a/></svg><img src="f.png"/>&amp;&#0;&#xffffffffff;<a href=/g>h'
    for end in range(len(whole)):
        READERS[name](whole[:end])


class _Told(HtmlReader):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.told: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told.append(f"<{tag}> {attrs}")

    def handle_endtag(self, tag: str) -> None:
        self.told.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.told.append(data)


def test_text_is_plain_or_fit_to_be_html_again() -> None:
    html = "<B ID='1' id=2>1 &lt; 2 &amp; 3</b><!-- no --><script>no</script><svg/>end"
    plain, written = _Told(convert_charrefs=True), _Told(convert_charrefs=False)
    plain.feed(html)
    written.feed(html)
    assert plain.told == ["<b> [('id', '1')]", "1 < 2 & 3", "</b>", "end"]
    assert written.told == ["<b> [('id', '1')]", "1 &lt; 2 &amp; 3", "</b>", "end"]
