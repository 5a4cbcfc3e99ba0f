"""Addresses of one NodeBB: which thread a URL means, and the reverse. No I/O.

Source: `setupPageRoute(app, '/topic/:topic_id/:slug?{/:post_index}')` in src/routes/index.js. A thread's `slug` begins with its id.
"""

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ID = re.compile(rf"[1-9][0-9]{{0,17}}|{_UUID}", re.IGNORECASE)


def is_thread_id(text: str) -> bool:
    """Whether a thread can have such an id: a number, or a UUID for threads that came from other servers."""
    return bool(_ID.fullmatch(text))


def thread_url(base_url: str, thread_id: str, slug: str = "", number: int | None = None) -> str:
    """Where people read a thread, or one message of it by its place (from 1). `slug` is NodeBB's: "26/my-step-fails"."""
    readable = slug if re.fullmatch(rf"{re.escape(thread_id)}/[^/?#\s]+", slug) else thread_id
    place = f"/{number}" if number is not None and "/" in readable else ""
    return f"{base_url}/topic/{readable}{place}"


def thread_id_in(base_url: str, url: str) -> str | None:
    """The thread's id in `/topic/id`, `/topic/id/slug` or `/topic/id/slug/place` of this very site, also below `/api`; else None.

    http and https are the same site, and so is `www.` before the same name. Another port is another site; a site under a sub-path
    owns only what lies below it. `/post/92` names a message, whose thread only the site knows.
    """
    try:
        site, given = urlsplit(base_url), urlsplit(url.strip())
        if given.scheme not in ("http", "https") or "@" in given.netloc or _place(site) != _place(given):
            return None
    except ValueError:
        return None
    root = site.path.rstrip("/")
    if not given.path.startswith(f"{root}/"):
        return None
    path = given.path[len(root) :].removeprefix("/api")
    match [unquote(part) for part in path.rstrip("/").split("/")]:
        case ["", "topic", thread, *rest] if _ID.fullmatch(thread) and len(rest) <= 2 and not {".", ".."} & set(rest):
            return thread
    return None


def absolute(base_url: str, url: str) -> str:
    """A link as it stands in a post, made absolute. Nonsense becomes ""."""
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip(".").removeprefix("www."), port
