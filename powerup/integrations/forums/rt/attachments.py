"""Fetching a file: RT gives it as base64 inside JSON, and says 500 to the number of one that never was."""

from base64 import b64decode
from binascii import Error

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError, TooLargeError, VendorBrokenError
from powerup.integrations.forums.base import File
from powerup.integrations.forums.files import file_name
from powerup.integrations.forums.rt.query import where
from powerup.integrations.forums.rt.site import VENDOR, Site, number
from powerup.integrations.http import maybe, need


def file(site: Site, reference: str) -> File:
    """The attachment of that number; raises GoneError, or RejectedError when it is too large to be read."""
    path = f"/attachment/{number(reference)}"
    try:
        data = need(site.answer(path, large=True).json(), "", dict, vendor=VENDOR)
    except TooLargeError as error:
        raise RejectedError(error.detail, permanent=True) from None
    except NotPermittedError as error:
        why = "Request Tracker does not show us this file (any more)."
        raise GoneError(why, permanent=True, http_status=error.http_status) from None
    except VendorBrokenError as error:
        if error.http_status != 500 or _exists(site, reference):
            raise
        raise GoneError("Request Tracker has no such file (any more).", permanent=True, http_status=500) from None
    try:
        content = b64decode(maybe(data, "Content", str, vendor=VENDOR) or "", validate=False)
    except (Error, ValueError):
        raise VendorBrokenError("Request Tracker sent a file that cannot be unpacked.") from None
    if len(content) > site.largest_file:
        raise RejectedError(f"The file has more than {site.largest_file:,} bytes and is not read.", permanent=True)
    name = file_name(maybe(data, "Filename", str, vendor=VENDOR) or "")
    return File(name, (maybe(data, "ContentType", str, vendor=VENDOR) or "").split(";")[0].strip().lower(), content)


def _exists(site: Site, reference: str) -> bool:
    return bool(site.rows("/attachments", {"query": where(("id", "=", reference)), "fields": "ContentType"}))
