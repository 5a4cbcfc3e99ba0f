"""Uploads: how Discourse names them, and what it makes of them in a post.

Source: `Upload#short_url` (`upload://` and the base-62 of the SHA-1), `UploadsController#show_short`; a link `[name|attachment](upload://…)`
is cooked to `<a class="attachment" href="/uploads/short-url/…">` (`upload-protocol.js`, `discourse-markdown-it`).
"""

import hashlib
import re
from html import escape
from pathlib import PurePath

from powerup.sandbox.common.cooking import cook

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FILE = re.compile(r"\[([^\]|]*)\|attachment\]\(upload://([A-Za-z0-9.]+)\)")
_PICTURE = re.compile(r"!\[([^\]|]*)(?:\|[0-9x]+)?\]\(upload://([A-Za-z0-9.]+)\)")


def short_name(name: str, body: bytes) -> str:
    """The part of a short URL that names the file: base-62 of its SHA-1, and its extension."""
    number, digits = int(hashlib.sha1(name.encode() + body, usedforsecurity=False).hexdigest(), 16), ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    return digits + (suffix if suffix[1:].isalnum() and suffix.isascii() else "")


def cooked(raw: str) -> str:
    """The HTML of a post, with its uploads."""
    raw = _PICTURE.sub(lambda found: f'<img src="/uploads/short-url/{found[2]}" alt="{escape(found[1])}">', raw)
    return cook(_FILE.sub(lambda found: f'<a class="attachment" href="/uploads/short-url/{found[2]}">{escape(found[1])}</a>', raw))
