"""A post's HTML made fit to leave its site: absolute links, no site furniture. It is NOT sanitised here.

Uploads lie below `/assets/uploads/files` (`upload_url` in `/api/config`; `/uploads/files` on old sites), linked or shown from the text;
a post has no other list of them (its `uploads` and `attachments` are empty in the recordings, the latter holds those of other servers).
"""

from html import escape
from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.files import inline_images, linked_files, within
from powerup.integrations.forums.html_reader import HtmlReader
from powerup.integrations.forums.nodebb.urls import absolute

UPLOADS = ("/assets/uploads/files/", "/uploads/files/")
"""What the paths of uploads begin with, below the site's address."""
_LINKS = frozenset({"href", "src", "cite", "poster"})
_DROPPED_ATTRIBUTES = frozenset({"srcset", "sizes", "style", "loading", "component"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs; emoji pictures become their text."""
    rewriter = _Rewriter(base_url)
    rewriter.feed(html)
    return "".join(rewriter.out)


def attachments(html: str, base_url: str) -> tuple[Attachment, ...]:
    """The site's own files in a message's HTML (with absolute URLs): pictures where they are shown, the rest as links."""
    if "/uploads/" not in html:
        return ()

    def reference(url: str) -> str | None:
        try:
            within(base_url, url, UPLOADS)
        except GoneError:
            return None
        parts = urlsplit(url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    pictures = inline_images(html, reference)
    shown = {picture.reference for picture in pictures}
    # A picture is often a link to itself: once is enough.
    linked = linked_files(html, lambda href, _: reference(href))
    return pictures + tuple(file for file in linked if file.reference not in shown)


class _Rewriter(HtmlReader):
    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._base_url = base_url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and "emoji" in (given.get("class") or "").split():
            self.out.append(escape(given.get("alt") or ""))
        else:
            self.out.append(f"<{tag}{''.join(self._attribute(name, value or '') for name, value in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def _attribute(self, name: str, value: str) -> str:
        if name in _DROPPED_ATTRIBUTES:
            return ""
        return f' {name}="{escape(absolute(self._base_url, value) if name in _LINKS else value)}"'
