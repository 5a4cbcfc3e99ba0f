"""What may stay of a customer's HTML: one list of elements and one rule for each attribute, used by both passes."""

import re
from urllib.parse import urlsplit

HELD_IMAGE = "held-image"
"""Class of the placeholder that stands where a remote image was; a page turns it into the image on a click."""


def named(names: str) -> frozenset[str]:
    """The names in a line of them."""
    return frozenset(names.split())


BLOCKS = named(
    "p div blockquote pre h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table figure figcaption details summary hr caption thead tbody tfoot tr td th"
)
"""Elements that begin on a line of their own."""

INLINE = named("a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup u var br wbr")
TAGS = BLOCKS | INLINE
VOID = frozenset({"br", "hr", "wbr"})

RENAMED = {
    **dict.fromkeys(named("article aside section header footer main nav form fieldset center address dialog menu hgroup legend"), "div"),
    "strike": "s",
    "tt": "code",
    "acronym": "abbr",
}
"""Elements that we show as another."""

SPOKEN = named("p h1 h2 h3 h4 h5 h6 ul ol li blockquote td th dt dd figcaption summary")
"""Elements whose direction follows their own words unless the post says otherwise: Hebrew and English may share a thread."""

ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "code": frozenset({"class"}),
    "pre": frozenset({"class"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
    "ol": frozenset({"start"}),
    "details": frozenset({"open"}),
    "span": frozenset({"class", "data-src", "data-alt"}),
    "*": frozenset({"dir"}),
}
LINK_SCHEMES = frozenset({"http", "https", "mailto"})

_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_CODE_LANGUAGE = re.compile(r"lang(?:uage)?-[a-z0-9][a-z0-9+#._-]{0,30}", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"[0-9]{1,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAILTO = re.compile(r"mailto:[^\s<>\"]{3,320}", re.IGNORECASE)
_LONGEST_URL = 4096
_LONGEST_WORDS = 500


def attribute(tag: str, name: str, value: str) -> str | None:
    """The value that this attribute may have on this element, or None when it must go."""
    if name not in ATTRIBUTES.get(tag, frozenset()) and name not in ATTRIBUTES["*"]:
        return None
    match name:
        case "href":
            return web_address(value) or mail_address(value)
        case "data-src":
            return web_address(value)
        case "title" | "data-alt":
            return " ".join(value.split())[:_LONGEST_WORDS]
        case "dir":
            return value.strip().lower() if value.strip().lower() in _DIRECTIONS else None
        case "class" if tag == "span":
            return HELD_IMAGE if HELD_IMAGE in value.split() else None
        case "class":
            return next((word.lower() for word in value.split() if _CODE_LANGUAGE.fullmatch(word)), None)
        case "open":
            return ""
        case _:
            return value.strip() if _SMALL_NUMBER.fullmatch(value.strip()) else None


def web_address(value: str) -> str | None:
    """The absolute http or https address that a browser would make of this, or None; `//host/x` becomes https."""
    url = _CONTROL.sub("", value).strip().replace(" ", "%20")
    url = f"https:{url}" if url.startswith("//") else url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in url and len(url) <= _LONGEST_URL
        _ = parts.port
    except ValueError:
        return None
    return url if usable else None


def mail_address(value: str) -> str | None:
    """The `mailto:` address, or None."""
    url = _CONTROL.sub("", value).strip()
    return url if _MAILTO.fullmatch(url) else None
