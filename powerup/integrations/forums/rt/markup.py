"""Turning texts into HTML and back: a mail's plain text, a mail's HTML, and our own Markdown. Nothing here is sanitised."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urljoin

from markdown_it import MarkdownIt

from powerup.integrations.forums.rewriting import LINKS, Rewriter

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_LINKS = LINKS | {"background"}


def from_markdown(text: str, marker: str) -> str:
    """What we wrote, with our marker in a comment. RT takes comments out of the mails that it sends (seen on 5.0.3) and of its pages."""
    return f"{_MARKDOWN.render(text).strip()}\n{comment(marker)}"


def comment(marker: str) -> str:
    """The marker as a comment, which nothing in it can end."""
    return f"<!-- {marker.replace('--', '- -').replace('>', '')} -->"


def from_plain(text: str) -> str:
    """A mail's text as paragraphs and lines; quoted lines stay as they are."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    paragraphs = [one.strip("\n").split("\n") for one in whole.split("\n\n") if one.strip()]
    return "\n".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in paragraphs)


def portable(html: str, base_url: str, pictures: Mapping[str, str]) -> str:
    """The same content with absolute URLs; `cid:` pictures get theirs from `pictures`, styles and scripts go."""
    rewriter = _Rewriter(lambda url: _absolute(url, base_url, pictures), links=_LINKS, drops=lambda tag, _: tag == "head")
    return rewriter.rewritten(html)


def _absolute(url: str, base_url: str, pictures: Mapping[str, str]) -> str:
    if url[:4].lower() == "cid:":
        return pictures.get(url[4:], "")
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


class _Rewriter(Rewriter):
    """A mail's head ends where it says so, whatever was left open in it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.dropping:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.dropping or tag == "head":
            super().handle_endtag(tag)
