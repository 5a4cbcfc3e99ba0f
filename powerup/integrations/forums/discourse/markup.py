"""A post's HTML made fit to leave its site: absolute links, no site furniture. It is NOT sanitised here."""

from html import escape

from powerup.integrations.forums.discourse.urls import absolute
from powerup.integrations.forums.html_reader import HtmlReader

_LINKS = frozenset({"href", "src", "cite", "poster", "data-download-href", "data-orig-src"})
_DROPPED_ATTRIBUTES = frozenset({"srcset", "sizes", "data-base62-sha1", "data-dominant-color", "loading", "style"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs; `srcset`, image captions of lightboxes and icons go, emoji become their text."""
    rewriter = _Rewriter(base_url)
    rewriter.feed(html)
    return "".join(rewriter.out)


class _Rewriter(HtmlReader):
    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._base_url = base_url
        self._dropping = 0
        """How many elements deep we are in one that goes with all it holds."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if self._dropping:
            self._dropping += tag not in _VOID
        elif tag == "svg" or (tag == "div" and "meta" in classes):
            self._dropping = 1
        elif tag == "img" and "emoji" in classes:
            self.out.append(escape(dict(attrs).get("alt") or ""))
        else:
            self.out.append(f"<{tag}{''.join(self._attribute(name, value or '') for name, value in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._dropping:
            self._dropping -= 1
        else:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def _keep(self, text: str) -> None:
        if not self._dropping:
            self.out.append(text)

    def _attribute(self, name: str, value: str) -> str:
        if name in _DROPPED_ATTRIBUTES:
            return ""
        return f' {name}="{escape(absolute(self._base_url, value) if name in _LINKS else value)}"'
