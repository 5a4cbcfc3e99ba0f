"""Files in messages: which of a message's HTML are the forum's own, and the safe way to fetch one. For every adapter."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.html_reader import HtmlReader
from powerup.integrations.http_shape import clean

_LONGEST_REFERENCE = 1_000
_LONGEST_NAME = 200


def inline_images(html: str, is_ours: Callable[[str], str | None]) -> tuple[Attachment, ...]:
    """The pictures that a message's HTML shows and the forum itself keeps, each once, in order.

    :param html: with absolute URLs, as it will be in `Message.html`.
    :param is_ours: an `src` -> the reference by which `Forum.file` fetches it, or None: somebody else's picture, an emoji, an avatar.
    """
    found: dict[str, Attachment] = {}
    for tag, attributes in _elements(html):
        src = attributes.get("src", "")
        reference = is_ours(src) if tag == "img" and src else None
        if reference and len(reference) <= _LONGEST_REFERENCE and src not in found:
            name = file_name(attributes.get("alt", "") if "." in attributes.get("alt", "") else urlsplit(src).path)
            found[src] = Attachment(reference, name, shown_as=src)
    return tuple(found.values())


def linked_files(html: str, is_ours: Callable[[str, str], str | None]) -> tuple[Attachment, ...]:
    """The files that a message's HTML links to (`is_ours` is asked with `href` and `class`), each once, in order."""
    found: dict[str, Attachment] = {}
    for tag, attributes, text in _texts(html):
        href = attributes.get("href", "")
        reference = is_ours(href, attributes.get("class", "")) if tag == "a" and href else None
        if reference and len(reference) <= _LONGEST_REFERENCE and reference not in found:
            found[reference] = Attachment(reference, file_name(text or urlsplit(href).path))
    return tuple(found.values())


def file_name(given: str) -> str:
    """A name fit to be shown and saved: no path, no control characters, never empty."""
    name = re.split(r"[/\\]", clean(unquote(given)).strip())[-1]
    name = "".join(char for char in name if char.isprintable()).strip(". ")
    return name[-_LONGEST_NAME:] or "file"


def within(base_url: str, reference: str, prefixes: tuple[str, ...]) -> str:
    """The absolute URL of a reference that is a path below one of `prefixes` of the forum; raises GoneError before anything is sent.

    A reference comes back from our own database, and it once came from a stranger's message: other hosts, other schemes, `..`,
    user names in addresses and encoded slashes are all refused.
    """
    gone = GoneError("No file of this forum has such an address.", permanent=True, sent=False)
    if not reference or len(reference) > _LONGEST_REFERENCE or not reference.isprintable() or "\\" in reference:
        raise gone
    try:
        base, target = urlsplit(base_url), urlsplit(urljoin(f"{base_url.rstrip('/')}/", reference))
        same = (target.scheme, target.hostname, target.port) == (base.scheme, base.hostname, base.port)
    except ValueError:
        raise gone from None
    plain = unquote(unquote(target.path))
    inside = any(target.path.startswith(base.path.rstrip("/") + prefix) for prefix in prefixes)
    if not same or "@" in target.netloc or not inside or ".." in plain.split("/") or "\\" in plain or "//" in plain:
        raise gone
    return target._replace(fragment="").geturl()


def _elements(html: str) -> list[tuple[str, dict[str, str]]]:
    return [(tag, attributes) for tag, attributes, _ in _texts(html)]


def _texts(html: str) -> list[tuple[str, dict[str, str], str]]:
    reader = _Reader()
    reader.feed(html)
    return [(tag, attributes, " ".join("".join(words).split())) for tag, attributes, words in reader.found]


class _Reader(HtmlReader):
    """Every `img` and `a`, and what text stands in the latter."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._link: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "a"):
            words: list[str] = []
            self.found.append((tag, {name: value or "" for name, value in attrs}, words))
            self._link = words if tag == "a" else self._link

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link.append(data)
