"""HTML in and out: what Zendesk holds made absolute, and our Markdown as Zendesk takes it."""

from markdown_it import MarkdownIt

from powerup.integrations.forums.rewriting import LINKS, Rewriter
from powerup.integrations.forums.zendesk.urls import absolute

_LINKS = LINKS | {"background"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs, without styles. It is NOT sanitised here."""
    return _Rewriter(lambda url: absolute(base_url, url), links=_LINKS).rewritten(html)


def html_of(markdown: str) -> str:
    """Our Markdown as `html_body` (https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#bodies).

    Tags that somebody typed are shown as they were typed.
    """
    return str(_MARKDOWN.render(markdown)).strip()


class _Rewriter(Rewriter):
    """Every end tag stays, also `</br>`, which readers of mails take for a break."""

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")
