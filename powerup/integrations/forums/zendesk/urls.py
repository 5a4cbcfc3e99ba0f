"""Addresses of one Zendesk: what an admin enters, which ticket a URL means, and the reverse. No I/O."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from powerup.errors import InvalidError

_ID = r"(?P<id>[1-9][0-9]{0,17})"
_PATHS = (
    # As agents see it (with a tab or a panel behind it), the older address with a hash, and through a view.
    re.compile(rf"/agent/(?:\#/)?tickets/{_ID}(?:/.*)?"),
    re.compile(rf"/agent/(?:\#/)?filters/[0-9]+/tickets/{_ID}(?:/.*)?"),
    # As customers see it, in any language, and the short ones that redirect to either.
    re.compile(rf"/hc/(?:[a-zA-Z-]+/)?requests/{_ID}/?"),
    re.compile(rf"/(?:requests|tickets)/{_ID}/?"),
    re.compile(rf"/api/v2/tickets/{_ID}(?:\.json)?"),
)
_HOST = re.compile(r"[\w.-]+(?::[0-9]+)?|\[[0-9a-f:]+\](?::[0-9]+)?", re.IGNORECASE)
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def site_address(given: str) -> str:
    """`https://acme.zendesk.com` for that, for `acme`, for `acme.zendesk.com` and for any page of it; raises InvalidError for the rest."""
    text = given.strip()
    if _SUBDOMAIN.fullmatch(text):
        return f"https://{text.lower()}.zendesk.com"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        usable = parts.scheme in ("http", "https") and bool(_HOST.fullmatch(parts.netloc)) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or " " in text:
        message = "must be your Zendesk's address, such as https://acme.zendesk.com"
        raise InvalidError("This is no address of a Zendesk.", errors=[{"field": "base_url", "message": message}])
    return f"{parts.scheme}://{parts.netloc.lower()}"


def thread_url(base_url: str, thread_id: str) -> str:
    """Where staff read a ticket."""
    return f"{base_url}/agent/tickets/{thread_id}"


def thread_id_in(base_url: str, url: str) -> str | None:
    """The number of the ticket in one of this site's own addresses, for agents or customers; else None."""
    try:
        site, given = urlsplit(base_url), urlsplit(url.strip())
        if given.scheme not in ("http", "https") or "@" in given.netloc or _place(site) != _place(given):
            return None
    except ValueError:
        return None
    path = f"{given.path}#{given.fragment}" if given.fragment.startswith("/") else given.path
    return next((found["id"] for pattern in _PATHS if (found := pattern.fullmatch(path))), None)


def is_own(base_url: str, url: str) -> bool:
    """Whether an address lies on the site's own host, so that our credentials may go there."""
    try:
        site, given = urlsplit(base_url), urlsplit(url)
        same = (site.scheme, site.hostname, site.port) == (given.scheme, given.hostname, given.port)
    except ValueError:
        return False
    return same and "@" not in given.netloc


def absolute(base_url: str, url: str) -> str:
    """A link made absolute; nonsense becomes ""."""
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip("."), port
