"""Addresses of one Request Tracker: which ticket a URL means, and the reverse. No I/O."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

_ID = re.compile(r"[1-9][0-9]{0,17}")
_PAGES = re.compile(r"/(?:Ticket|SelfService)/[A-Za-z]+\.html|/m/ticket/[a-z]+", re.ASCII)
"""`/Ticket/Display.html?id=7`, its neighbours (History, Update …), the customers' own pages and those for telephones."""
_TAILS = ("/REST/2.0", "/REST/1.0", "/index.html", "/SelfService/index.html")


def thread_url(base_url: str, thread_id: str) -> str:
    """Where people read a ticket."""
    return f"{base_url}/Ticket/Display.html?id={thread_id}"


def message_url(base_url: str, thread_id: str, transaction_id: str) -> str:
    """Where people read one message of it."""
    return f"{thread_url(base_url, thread_id)}#txn-{transaction_id}"


def file_url(base_url: str, transaction_id: str, attachment_id: str, name: str) -> str:
    """Where RT itself shows a file to people who are signed in."""
    return f"{base_url}/Ticket/Attachment/{transaction_id}/{attachment_id}/{quote(name, safe='')}"


def site_address(given: str) -> str:
    """The site's own address for what an admin entered: also for that of its REST interface or of its first page."""
    address = given.strip().split("#")[0].split("?")[0].rstrip("/")
    for tail in _TAILS:
        if address.lower().endswith(tail.lower()):
            return address[: -len(tail)].rstrip("/")
    return address


def thread_id_in(base_url: str, url: str) -> str | None:
    """The ticket's number in one of this very site's addresses, else None. http and https are the same site; another port is not."""
    try:
        site, given = urlsplit(base_url), urlsplit(url.strip())
        if given.scheme not in ("http", "https") or "@" in given.netloc or _place(site) != _place(given):
            return None
    except ValueError:
        return None
    root, path = site.path.rstrip("/"), unquote(given.path)
    if not path.startswith(root) or not _PAGES.fullmatch(path[len(root) :]):
        return None
    # "…?id=7?x=1" is what becomes of an address to which somebody appended something.
    ids = [value.split("?")[0] for name, value in parse_qsl(given.query) if name == "id"]
    return ids[0] if len(ids) == 1 and _ID.fullmatch(ids[0]) else None


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip("."), port
