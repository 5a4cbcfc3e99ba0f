"""Addresses of one tracker: which issue a URL means, and the reverse. No I/O."""

import re
from urllib.parse import SplitResult, urlsplit

_ISSUE = re.compile(r"/issue([1-9][0-9]{0,17})/?", re.ASCII)
_TAIL = re.compile(r"(/rest(/.*)?|/(issue|msg|file|user|keyword|query)[0-9]*|/(home|index)(\.html)?)$", re.ASCII)


def thread_url(base_url: str, thread_id: str) -> str:
    """Where people read an issue."""
    return f"{base_url}/issue{thread_id}"


def message_url(base_url: str, thread_id: str, message_id: str) -> str:
    """Where people read one message of it. Roundup's page has no place for each; its name in the address harms nothing."""
    return f"{thread_url(base_url, thread_id)}#msg{message_id}"


def site_address(given: str) -> str:
    """The tracker's own address for what an admin entered: also for that of its REST interface or of an issue."""
    return _TAIL.sub("", given.strip().split("#")[0].split("?")[0].rstrip("/")).rstrip("/")


def thread_id_in(base_url: str, url: str) -> str | None:
    """The issue's number in one of this very site's addresses, else None. http and https are the same site; another port is not."""
    try:
        site, given = urlsplit(base_url), urlsplit(url.strip())
        if given.scheme not in ("http", "https") or "@" in given.netloc or _place(site) != _place(given):
            return None
    except ValueError:
        return None
    root = site.path.rstrip("/")
    found = _ISSUE.fullmatch(given.path[len(root) :]) if given.path.startswith(root) else None
    return found[1] if found else None


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip("."), port
