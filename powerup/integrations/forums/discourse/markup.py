"""A post's HTML made fit to leave its site: absolute links, no site furniture. It is NOT sanitised here."""

from collections.abc import Collection

from powerup.integrations.forums.discourse.urls import absolute
from powerup.integrations.forums.rewriting import DROPPED_ATTRIBUTES, LINKS, Rewriter

_LINKS = LINKS | {"data-download-href", "data-orig-src"}
_WITHOUT = DROPPED_ATTRIBUTES | {"data-base62-sha1", "data-dominant-color"}


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs; `srcset`, image captions of lightboxes and icons go, emoji become their text."""
    rewriter = Rewriter(lambda url: absolute(base_url, url), links=_LINKS, without=_WITHOUT, drops=_is_caption, emoji=True)
    return rewriter.rewritten(html)


def _is_caption(tag: str, classes: Collection[str]) -> bool:
    return tag == "div" and "meta" in classes
