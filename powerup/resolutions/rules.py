"""What a resolution may be. No I/O."""

from enum import StrEnum
from urllib.parse import urlsplit

from powerup.errors import InvalidError


class Type(StrEnum):
    """How the cause was removed for all future customers."""

    code_fix = "code_fix"
    ui_change = "ui_change"
    docs = "docs"


WORDS = {Type.code_fix: "Code fix", Type.ui_change: "UI change", Type.docs: "Docs"}
"""As people read them."""

TAGS = {Type.code_fix: "code-fix", Type.ui_change: "ui-change", Type.docs: "docs"}
"""As forums tag them: short, for some forums cut what is longer than 15 characters."""


class State(StrEnum):
    """How far the loop is closed."""

    marked = "marked"
    """The owner said how; customers are not told yet."""
    shipped = "shipped"
    """The evidence shows that it is out."""
    customers_told = "customers_told"
    """Every linked customer has got the message."""
    came_back = "came_back"
    """Somebody has the problem again."""


def evidence(url: str | None) -> str | None:
    """The evidence's address, tidied; None when there is none; raises InvalidError for anything but http(s)."""
    if url is None or not url.strip():
        return None
    tidy = url.strip()
    try:
        parts = urlsplit(tidy)
    except ValueError:
        parts = urlsplit("")
    odd = any(char.isspace() or not char.isprintable() for char in tidy)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(tidy) > 2000 or odd:
        problem = {"field": "evidence_url", "message": "must be a full web address, such as https://github.com/you/app/pull/7"}
        raise InvalidError("The evidence is not a web address.", errors=[problem])
    return tidy
