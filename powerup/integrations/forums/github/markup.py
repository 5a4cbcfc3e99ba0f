"""GitHub's HTML made fit to leave GitHub: absolute links, no site furniture, no short-lived signatures. It is NOT sanitised here.

In private repositories GitHub shows pictures under addresses with a signature that lives for minutes
(`https://private-user-images.githubusercontent.com/…?jwt=…`, https://github.com/octokit/octokit.js/issues/2786 and
https://github.com/josegonzalez/python-github-backup/pull/478). It is cut off here: it is a secret of a kind, and it would make every
reading look like an edit. `files` gets a fresh one when somebody wants to see the picture.
"""

from html import escape
from urllib.parse import parse_qsl, urljoin, urlsplit

from powerup.integrations.forums.html_reader import HtmlReader

_LINKS = frozenset({"href", "src", "cite", "poster"})
_DROPPED_ATTRIBUTES = frozenset({"srcset", "sizes", "style", "loading"})
_DROPPED_ELEMENTS = frozenset({"svg", "clipboard-copy", "button", "template"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_SIGNATURES = frozenset({"jwt", "token", "x-amz-signature", "raw_token"})


def portable(html: str, page: str) -> str:
    """The same content with absolute URLs (`page` is where it stands) and without signatures."""
    rewriter = _Rewriter(page)
    rewriter.feed(html)
    return "".join(rewriter.out)


def unsigned(url: str) -> str:
    """The address without its signature, which changes with each rendering; what is not signed stays whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    signed = any(name.lower() in _SIGNATURES for name, _ in parse_qsl(parts.query))
    return parts._replace(query="", fragment="").geturl() if signed else url


class _Rewriter(HtmlReader):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._page = page
        self._dropping = 0
        """How many elements deep we are in one that goes with all it holds."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropping or tag in _DROPPED_ELEMENTS:
            self._dropping += tag not in _VOID
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
        return f' {name}="{escape(self._absolute(value) if name in _LINKS else value)}"'

    def _absolute(self, url: str) -> str:
        try:
            return unsigned(urljoin(self._page, url.strip()))
        except ValueError:
            return ""
