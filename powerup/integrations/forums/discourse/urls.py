"""Addresses of one Discourse: which thread a URL means, and the reverse. No I/O."""

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

_ID = re.compile(r"[1-9][0-9]{0,17}")


def thread_url(base_url: str, thread_id: str, slug: str = "") -> str:
    """Where people read a thread."""
    return f"{base_url}/t/{slug}/{thread_id}" if slug else f"{base_url}/t/{thread_id}"


def message_url(base_url: str, thread_id: str, slug: str, number: int) -> str:
    """Where people read one message (its slug may be anything, "-" when unknown)."""
    return f"{base_url}/t/{slug or '-'}/{thread_id}/{number}"


def thread_id_in(base_url: str, url: str) -> str | None:
    """The thread's id in `/t/slug/id`, `/t/id`, either with a message number or `.json`, of this very site; else None.

    http and https are the same site, and so is `www.` before the same name: nobody runs two forums there. Another port is another
    site. Slugs are whatever they are (encoded or not, even digits); a site under a sub-path owns only what lies below it.
    """
    try:
        site, given = urlsplit(base_url), urlsplit(url.strip())
        if given.scheme not in ("http", "https") or "@" in given.netloc or _place(site) != _place(given):
            return None
    except ValueError:
        return None
    root = site.path.rstrip("/")
    if not given.path.startswith(f"{root}/t/"):
        return None
    parts = [unquote(part) for part in given.path[len(root) + 3 :].rstrip("/").split("/")]
    if parts and parts[-1].endswith((".json", ".rss")):
        parts[-1] = parts[-1].rpartition(".")[0]
    return _id_of(parts)


def absolute(base_url: str, url: str) -> str:
    """A link as it stands in a post, made absolute; also `//host/…` and `#anchor`. Nonsense becomes ""."""
    try:
        return urljoin(f"{base_url}/", url.strip())
    except ValueError:
        return ""


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip(".").removeprefix("www."), port


def _id_of(parts: list[str]) -> str | None:
    """Discourse's routes: t/:slug/:id(/:number), t/:id(/:number). A slug of digits alone does not exist (`Slug.for`)."""
    if any(part in (".", "..") for part in parts):
        return None
    match parts:
        case [thread] if _ID.fullmatch(thread):
            return thread
        case [thread, number] if _ID.fullmatch(thread) and _ID.fullmatch(number):
            return thread
        case [_, thread] if _ID.fullmatch(thread):
            return thread
        case [slug, thread, number] if slug and _ID.fullmatch(thread) and (number in ("", "last", "print", "summary") or number.isdigit()):
            return thread
    return None
