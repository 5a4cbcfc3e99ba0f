"""Turning texts into HTML and back: a mail's plain text, a mail's HTML, and our own Markdown. Nothing here is sanitised."""

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import urljoin

from markdown_it import MarkdownIt

from powerup.integrations.forums.html_reader import HtmlReader

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_LINKS = frozenset({"href", "src", "cite", "poster", "background"})
_DROPPED = frozenset({"srcset", "sizes", "loading", "style"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_SILENT = frozenset({"script", "style", "head", "title"})


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
    rewriter = _Rewriter(lambda url: _absolute(url, base_url, pictures))
    rewriter.feed(html)
    return "".join(rewriter.out)


def _absolute(url: str, base_url: str, pictures: Mapping[str, str]) -> str:
    if url[:4].lower() == "cid:":
        return pictures.get(url[4:], "")
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


class _Rewriter(HtmlReader):
    def __init__(self, absolute: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._absolute = absolute
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            return
        if tag in _SILENT:
            self._silent = tag
            return
        self.out.append(f"<{tag}{''.join(self._attribute(name, value or '') for name, value in attrs if name not in _DROPPED)}>")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = "" if tag == self._silent else self._silent
        elif tag not in _VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def _keep(self, text: str) -> None:
        if not self._silent:
            self.out.append(text)

    def _attribute(self, name: str, value: str) -> str:
        return f' {name}="{escape(self._absolute(value) if name in _LINKS else value)}"'
