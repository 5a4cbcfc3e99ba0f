"""Files of comments: which there are, and their bytes.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/ (`content_url` "may be hosted externally so
take care not to inadvertently send Zendesk authentication credentials"; `inline`, `deleted`, `malware_scan_result`),
…/documentation/ticketing/managing-tickets/working-with-url-properties/ and …/accessing-end-user-uploaded-attachments/ (what end users
uploaded needs credentials, and is then a 302 to a temporary address of the storage).

A reference is the attachment's number: `content_url` holds a secret token, and is asked for anew each time.
"""

from html import unescape
from re import compile as pattern
from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import Attachment, File
from powerup.integrations.forums.downloads import download
from powerup.integrations.forums.files import file_name
from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site, refusal
from powerup.integrations.forums.zendesk.urls import is_own
from powerup.integrations.http import HttpClient, each, maybe, need

_REFERENCE = pattern(r"[1-9][0-9]{0,17}")
_PICTURE = pattern(r'<img\b[^>]*?\ssrc="([^"]*)"')


def attachments_of(comment: Json, html: str) -> tuple[Attachment, ...]:
    """The files of a comment whose HTML, with absolute URLs, is `html`; redacted ones are left out."""
    if comment.get("attachments") is None:
        return ()
    shown = {_key(src): src for src in (unescape(found) for found in _PICTURE.findall(html))}
    files = [item for item in each(comment, "attachments", vendor=VENDOR) if item.get("deleted") is not True]
    return tuple(_attachment(item, shown) for item in files)


def fetch(site: Site, reference: str) -> File:
    """The bytes; raises GoneError, RejectedError for malware and for what is too large."""
    if not _REFERENCE.fullmatch(reference):
        raise GoneError("No file of Zendesk has such a number.", permanent=True, sent=False)
    item = need(site.get(f"/attachments/{reference}.json"), "attachment", dict, vendor=VENDOR)
    _refuse(site, item)
    url = need(item, "content_url", str, vendor=VENDOR)
    if is_own(site.base_url, url):
        found = download(site.http, site.policy, url, vendor=VENDOR, classify=refusal)
    elif url.lower().startswith("https://"):
        # Another brand's address, or storage: whoever it is, they get no credentials of ours.
        with HttpClient(site.policy, vendor=f"The storage of {VENDOR}", hide_paths=True) as bare:
            found = download(bare, site.policy, url, vendor=VENDOR)
    else:
        raise RejectedError("Zendesk keeps this file at an address that is not encrypted.", permanent=True)
    kind = maybe(item, "content_type", str, vendor=VENDOR) or found.content_type
    if found.content_type == "text/html" and "html" not in kind:
        # A page to sign in, with status 200.
        raise NotPermittedError("Zendesk does not give this file out to our agent, who may not see private attachments.", permanent=True)
    name = maybe(item, "file_name", str, vendor=VENDOR)
    return File(file_name(name) if name else found.name, kind.lower(), found.content)


def _refuse(site: Site, item: Json) -> None:
    if item.get("deleted") is True:
        raise GoneError("This file was redacted in Zendesk.", permanent=True)
    if item.get("malware_scan_result") == "malware_found" and item.get("malware_access_override") is not True:
        raise RejectedError("Zendesk found malware in this file and does not give it out.", permanent=True)
    size = maybe(item, "size", int, vendor=VENDOR)
    if size is not None and size > site.policy.max_bytes:
        raise RejectedError(f"This file has {size:,} bytes: more than are read.", permanent=True)


def _attachment(item: Json, shown: dict[str, str]) -> Attachment:
    urls = [maybe(item, name, str, vendor=VENDOR) or "" for name in ("content_url", "mapped_content_url")]
    return Attachment(
        reference=str(need(item, "id", int, vendor=VENDOR)),
        name=file_name(maybe(item, "file_name", str, vendor=VENDOR) or "file"),
        content_type=maybe(item, "content_type", str, vendor=VENDOR),
        size=maybe(item, "size", int, vendor=VENDOR),
        shown_as=next((shown[_key(url)] for url in urls if url and _key(url) in shown), None),
    )


def _key(url: str) -> str:
    """What is the same in all addresses of a file: its path, which holds its token. Host names vary by brand."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return url
