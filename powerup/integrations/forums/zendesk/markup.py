"""HTML in and out: what Zendesk holds made absolute, and our Markdown as Zendesk takes it."""

from html import escape

from markdown_it import MarkdownIt

from powerup.integrations.forums.html_reader import HtmlReader
from powerup.integrations.forums.zendesk.urls import absolute

_LINKS = frozenset({"href", "src", "cite", "poster", "background"})
_DROPPED = frozenset({"srcset", "sizes", "loading", "style"})
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs, without styles. It is NOT sanitised here."""
    rewriter = _Rewriter(base_url)
    rewriter.feed(html)
    return "".join(rewriter.out)


def html_of(markdown: str) -> str:
    """Our Markdown as `html_body` (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#bodies).

    Tags that somebody typed are shown as they were typed.
    """
    return str(_MARKDOWN.render(markdown)).strip()


class _Rewriter(HtmlReader):
    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._base_url = base_url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(f"<{tag}{''.join(self._attribute(name, value or '') for name, value in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def _attribute(self, name: str, value: str) -> str:
        if name in _DROPPED:
            return ""
        return f' {name}="{escape(absolute(self._base_url, value) if name in _LINKS else value)}"'
