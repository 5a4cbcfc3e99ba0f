"""Bytes to text, whatever a mail claims about them. Takes anything and never fails.

Labels are read as browsers read them (https://encoding.spec.whatwg.org/#names-and-labels: latin-1 means windows-1252, gb2312 means
gb18030 …), and a label that lies is recognised by what cannot be in such a text.
"""

import base64
import binascii
import codecs
import quopri
import re
from email.errors import HeaderParseError
from email.header import decode_header

_MEANT = {
    "ascii": "utf-8", "iso8859-1": "cp1252", "latin_1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "utf-7": "utf-8",
}  # fmt: skip
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "utf-16", "utf-32"})
_CODED_WORDS = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_NO_TEXT_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_of(raw: bytes, charset: str = "") -> str:
    """The text: as labelled if that can be, else UTF-8, else windows-1252."""
    claimed = _codec(charset)
    # Eight-bit sets fit everything: bytes that happen to be good UTF-8 are UTF-8, whatever the label says of them.
    eight_bit = claimed is None or claimed.startswith(("cp125", "iso8859", "koi8", "mac"))
    for codec in ("utf-8", claimed, "cp1252") if eight_bit else (claimed, "utf-8", "cp1252"):
        try:
            return clean(raw.decode(codec or "utf-8"))
        except (ValueError, LookupError):
            continue
    return clean(raw.decode(claimed or "utf-8", "replace"))


def clean(text: str) -> str:
    """Without control signs and lone surrogates, with one kind of line end."""
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return _NO_TEXT_SIGNS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))


def unpacked(raw: bytes, encoding: str) -> bytes:
    """Without Content-Transfer-Encoding; what is broken or cut off is read as far as it goes."""
    match encoding.strip().lower():
        case "base64":
            coded = _NO_BASE64.sub(b"", raw.split(b"=")[0] if raw.count(b"=") <= 2 else raw)
            try:
                return base64.b64decode(coded[: len(coded) - (len(coded) % 4 == 1)] + b"=" * (-len(coded) % 4 % 3))
            except (ValueError, binascii.Error):
                return b""
        case "quoted-printable":
            return quopri.decodestring(raw)
        case _:
            return raw


def header_text(raw: str) -> str:
    """A header's text on one line, RFC 2047 words decoded; `raw` may hold undecoded bytes as surrogates, as the parser leaves them."""
    if not _CODED_WORDS.search(raw):
        return _one_line(_undecoded(raw))
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError, binascii.Error):
        return _one_line(_undecoded(raw))
    merged: list[tuple[bytes, str]] = []
    for piece, charset in pieces:
        data = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
        if merged and charset and merged[-1][1].lower() == charset.lower():
            # A letter may be cut in two by the border of two coded words, against the rules.
            merged[-1] = (merged[-1][0] + data, charset)
        else:
            merged.append((data, charset or ""))
    return _one_line("".join(text_of(data, charset) for data, charset in merged))


def _undecoded(raw: str) -> str:
    return text_of(raw.encode("utf-8", "surrogateescape")) if not raw.isascii() else raw


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _codec(charset: str) -> str | None:
    """Python's name for a label; None for what is unknown or no encoding of text."""
    name = charset.strip().strip("\"'").lower()
    if not name or not name.isascii() or len(name) > 40:
        return None
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if known.name in _NO_TEXT or not getattr(known, "_is_text_encoding", True):
        return None
    return _MEANT.get(known.name, known.name)
