"""A post's HTML made fit to leave its site: absolute links, no site furniture. It is NOT sanitised here.

Uploads lie below `/assets/uploads/files` (`upload_url` in `/api/config`; `/uploads/files` on old sites), linked or shown from the text;
a post has no other list of them (its `uploads` and `attachments` are empty in the recordings, the latter holds those of other servers).
"""

from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.files import inline_images, linked_files, within
from powerup.integrations.forums.nodebb.urls import absolute
from powerup.integrations.forums.rewriting import DROPPED_ATTRIBUTES, Rewriter

UPLOADS = ("/assets/uploads/files/", "/uploads/files/")
"""What the paths of uploads begin with, below the site's address."""
_WITHOUT = DROPPED_ATTRIBUTES | {"component"}


def portable(html: str, base_url: str) -> str:
    """The same content with absolute URLs; emoji pictures become their text."""
    return Rewriter(lambda url: absolute(base_url, url), without=_WITHOUT, emoji=True).rewritten(html)


def attachments(html: str, base_url: str) -> tuple[Attachment, ...]:
    """The site's own files in a message's HTML (with absolute URLs): pictures where they are shown, the rest as links."""
    if "/uploads/" not in html:
        return ()

    def reference(url: str) -> str | None:
        try:
            within(base_url, url, UPLOADS)
        except GoneError:
            return None
        parts = urlsplit(url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    pictures = inline_images(html, reference)
    shown = {picture.reference for picture in pictures}
    # A picture is often a link to itself: once is enough.
    linked = linked_files(html, lambda href, _: reference(href))
    return pictures + tuple(file for file in linked if file.reference not in shown)
