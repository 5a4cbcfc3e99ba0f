"""Fetching a file: `/file/7/binary_content` gives its bytes to whoever accepts any type (as JSON it is Python's notation of them)."""

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import File
from powerup.integrations.forums.files import file_name
from powerup.integrations.forums.roundup.site import VENDOR, Site, ident, number, numbered
from powerup.integrations.http import maybe


def fetch(site: Site, reference: str) -> File:
    """The attachment of that number; raises GoneError when it was retired, is hidden from us, or was never there."""
    params = [*numbered([number(reference)]), ("@fields", "name"), ("@verbose", "1")]
    row = next((row for row in site.rows("/file", params) if ident(row, "id") == reference), None)
    if row is None:
        raise GoneError("Roundup has no such file, or does not show it to our account (any more).", permanent=True)
    file = site.content(reference)
    return File(file_name(maybe(row, "name", str, vendor=VENDOR) or ""), file.content_type, file.content)
