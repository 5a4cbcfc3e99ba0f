"""A comment's HTML made fit to leave its site: absolute links. It is NOT sanitised here."""

from html import escape
from urllib.parse import urljoin

from powerup.integrations.forums.rewriting import LINKS, Rewriter

_LINKS = LINKS | {"background"}
_WITHOUT = frozenset({"srcset", "style"})


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs."""
    return Rewriter(lambda url: absolute(base_url, url), links=_LINKS, without=_WITHOUT).rewritten(html)


def absolute(base_url: str, url: str) -> str:
    """A link made absolute; nonsense becomes ""."""
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


def from_text(text: str) -> str:
    """HTML for a comment that has only text."""
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>" if text else ""
