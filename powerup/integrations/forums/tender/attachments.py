"""Files in comments.

Of `assets` only `filename` and `download_path` are known, from a public client that uses the latter as a link. Whether it is signed,
and for how long it is good, is not: so a reference names the comment and the place in its list, and the link is asked for anew when the
file is. No link from the database is ever called.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError, IntegrationError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import Attachment, File
from powerup.integrations.forums.downloads import download
from powerup.integrations.forums.files import file_name, inline_images
from powerup.integrations.forums.tender.comments import comment, number_of
from powerup.integrations.forums.tender.finding import Finder
from powerup.integrations.forums.tender.markup import absolute
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.http import Answer, HttpClient, each, maybe

Json = dict[str, Any]

_SIGN_IN = "Tender gives this file only to people who are signed in there: open it on the site."
_REFERENCE = re.compile(r"([1-9][0-9]{0,17})#([1-9][0-9]{0,8})/([0-9]{1,4})")


def attachments_of(base_url: str, thread_number: str, row: Json, html: str) -> tuple[Attachment, ...]:
    """A comment's files; one whose link its HTML shows as a picture says so."""
    found = dict[str, Attachment]()
    for place, asset in enumerate(_assets(row)):
        url = _url(base_url, asset)
        if not url:
            continue
        name = file_name(maybe(asset, "filename", str, vendor=VENDOR) or urlsplit(url).path)
        kind, size = asset.get("content_type"), asset.get("size")
        is_size = isinstance(size, int) and not isinstance(size, bool) and size >= 0
        reference = f"{thread_number}#{number_of(row)}/{place}"
        found[url] = Attachment(reference, name, kind if isinstance(kind, str) else None, size if is_size else None)
    shown = {image.shown_as for image in inline_images(html, lambda src: found[src].reference if src in found else None)}
    return tuple(
        Attachment(one.reference, one.name, one.content_type, one.size, url if url in shown else None) for url, one in found.items()
    )


def fetch(site: Site, finder: Finder, reference: str) -> File:
    """The bytes of a file. Our token goes to Tender's own two hosts alone; a link elsewhere must be https."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise GoneError("No file of Tender has such an address.", permanent=True, sent=False)
    row = comment(site, finder.api_id(match[1]), int(match[2]))
    assets = _assets(row) if row else []
    url = _url(site.base_url, assets[int(match[3])]) if int(match[3]) < len(assets) else ""
    if not url:
        raise GoneError("Tender has this file no more.", permanent=True)
    file = _download(site, url)
    name = maybe(assets[int(match[3])], "filename", str, vendor=VENDOR)
    name = file_name(name) if name else file.name
    if file.content_type == "text/html" and not name.lower().endswith((".html", ".htm")):
        raise NotPermittedError(_SIGN_IN, permanent=True)
    return File(name, file.content_type, file.content)


def _download(site: Site, url: str) -> File:
    here, ours = _origin(url), (_origin(site.base_url), _origin(site.api_url))
    if here not in ours and here[0] != "https":
        raise RejectedError("Tender keeps this file at an address that is not encrypted.", permanent=True)
    if here == _origin(site.api_url) or (here in ours and here[0] == "https"):
        return download(site.http, site.policy, url, vendor=VENDOR, classify=_refusal)
    with HttpClient(site.policy, vendor=VENDOR, hide_paths=True) as bare:
        return download(bare, site.policy, url, vendor=VENDOR, classify=_refusal)


def _refusal(answer: Answer) -> IntegrationError | None:
    """Links are for browsers: that our token does not open one says nothing of the token."""
    return NotPermittedError(_SIGN_IN, permanent=True, http_status=answer.status) if answer.status in (401, 403) else None


def _assets(row: Json) -> list[Json]:
    return each(row, "assets", vendor=VENDOR) if maybe(row, "assets", list, vendor=VENDOR) else []


def _url(base_url: str, asset: Json) -> str:
    """The absolute link; "" for none, and for anything but a plain web address."""
    url = absolute(base_url, maybe(asset, "download_path", str, vendor=VENDOR) or "")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
        return url if usable and url != f"{base_url}/" else ""
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
