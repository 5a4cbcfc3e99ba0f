"""Files and pictures in posts.

Sources: a file is cooked to `<a class="attachment" href="/uploads/short-url/….pdf">name</a>` (Discourse's markdown-it engine), a picture
to an `<img>` below `/uploads/` (or, on sites whose uploads are secure, `/secure-uploads/`, once `/secure-media-uploads/`).
`UploadsController#show_short` and `#show_secure` send the file or redirect to signed storage elsewhere, where no key of ours may go.
Pictures that a site keeps on a public CDN have the CDN's address and need nobody's help to be seen: they are no attachments.
"""

from urllib.parse import urlsplit

from powerup.integrations.forums.base import Attachment, File
from powerup.integrations.forums.discourse.site import Site
from powerup.integrations.forums.files import inline_images, linked_files, within

PREFIXES = ("/uploads/", "/secure-uploads/", "/secure-media-uploads/")


def attachments_in(html: str, base_url: str) -> tuple[Attachment, ...]:
    """The files and pictures of a post's HTML, which has absolute URLs."""

    def picture(src: str) -> str | None:
        return _path(base_url, src)

    def file(href: str, classes: str) -> str | None:
        return _path(base_url, href) if "attachment" in classes.split() else None

    return (*inline_images(html, picture), *linked_files(html, file))


def fetch(site: Site, reference: str) -> File:
    """The bytes behind a reference; raises GoneError for what is no upload of this site, before anything is sent."""
    return site.file(within(site.base_url, reference, PREFIXES))


def _path(base_url: str, url: str) -> str | None:
    """The path of an upload of this site (the reference), else None."""
    try:
        base, given = urlsplit(base_url), urlsplit(url)
        # A site that moved to https keeps http in old posts.
        ours = given.hostname == base.hostname and (given.port or base.port) == (base.port or given.port)
    except ValueError:
        return None
    path = given.path + (f"?{given.query}" if given.query else "")
    inside = any(given.path.startswith(base.path.rstrip("/") + prefix) for prefix in PREFIXES)
    return path if ours and inside and given.scheme in ("http", "https") else None
