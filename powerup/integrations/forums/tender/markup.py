"""A comment's HTML made fit to leave its site: absolute links. It is NOT sanitised here."""

from html import escape
from urllib.parse import urljoin

from powerup.integrations.forums.html_reader import HtmlReader

_LINKS = frozenset({"href", "src", "cite", "poster", "background"})
_DROPPED = frozenset({"srcset", "style"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs."""
    rewriter = _Rewriter(base_url)
    rewriter.feed(html)
    return "".join(rewriter.out)


def absolute(base_url: str, url: str) -> str:
    """A link made absolute; nonsense becomes ""."""
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


def from_text(text: str) -> str:
    """HTML for a comment that has only text."""
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>" if text else ""


class _Rewriter(HtmlReader):
    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._base_url = base_url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = "".join(self._attribute(name, value or "") for name, value in attrs if name not in _DROPPED)
        self.out.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def _attribute(self, name: str, value: str) -> str:
        return f' {name}="{escape(absolute(self._base_url, value) if name in _LINKS else value)}"'
