"""Addresses of one Tender site: which thread a URL means, and the reverse. No I/O.

A discussion has two numbers, as recorded answers show (`html_href` …/discussions/problems/52064, `href` …/discussions/15805962): one in
the addresses that people see, counted within the site, and one in the addresses of the API. Ours is the first: it is what people
paste, so an address is recognised without asking. `finding` knows the other one.
"""

import re
from urllib.parse import SplitResult, unquote, urlsplit

HOME = "tenderapp.com"
API = f"https://api.{HOME}"

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_SITE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.IGNORECASE)
_BY_API_ID = "id:"


def public_address(given: str) -> str:
    """The site's address for whatever an admin entered: its own name, `name.tenderapp.com`, a page of it, or that of the API."""
    text = given.strip().split("#")[0].split("?")[0].rstrip("/")
    if _SITE.fullmatch(text.removesuffix(f".{HOME}")):
        return f"https://{text.lower().removesuffix(f'.{HOME}')}.{HOME}"
    try:
        parts = urlsplit(text)
        host, first = parts.hostname or "", parts.path.strip("/").split("/")[0]
    except ValueError:
        return text
    if host == f"api.{HOME}" and _SITE.fullmatch(first):
        return f"https://{first.lower()}.{HOME}"
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and host else text


def site_name(base_url: str) -> str:
    """The name in `https://name.tenderapp.com`; "" for a site at an address of its own."""
    host = _host(base_url)
    name = host.removesuffix(f".{HOME}")
    return name if name != host and "." not in name and name != "api" else ""


def thread_id_in(base_url: str, api_url: str, site: str, url: str) -> str | None:
    """The thread's id in `/discussions/category/number-title` of this very site, or in an address of the API; else None.

    The site answers at its own name and at `site.tenderapp.com`; the API writes its port out (`:443`, recorded). An API address holds
    the other number, so what comes back then is an alias that `read` understands.
    """
    try:
        given, api = urlsplit(url.strip()), urlsplit(api_url)
        if given.scheme not in ("http", "https") or "@" in given.netloc:
            return None
        place, own = _place(given), {_place(urlsplit(base_url)), (f"{site}.{HOME}", None)}
        api_place = _place(api)
    except ValueError:
        return None
    if place == api_place and (number := _after(given.path.lower(), f"{api.path.rstrip('/')}/{site}/discussions/".lower())):
        return f"{_BY_API_ID}{number}"
    return _public_id(given.path) if place in own else None


def thread_url(base_url: str, html_href: str, number: str) -> str:
    """Where people read a discussion: the path that Tender names, at the address that the admin entered.

    A title at its end is left out: the address stands on cards and in channels, where a private thread's subject must not.
    """
    try:
        path = urlsplit(html_href).path
    except ValueError:
        path = ""
    category = path.split("/")[2] if _public_id(path) == number else ""
    return f"{base_url}/discussions/{category}/{number}" if category else f"{base_url}/discussions/{number}"


def last_segment(href: str) -> str | None:
    """The id at the end of one of the API's addresses, which is the only place that has it; "" and templates give None."""
    try:
        found = urlsplit(href.split("{")[0]).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return None
    return found if _NUMBER.fullmatch(found) else None


def api_id_in(thread_id: str) -> str | None:
    """The API's number in an alias of `thread_id_in`."""
    number = thread_id.removeprefix(_BY_API_ID)
    return number if number != thread_id and _NUMBER.fullmatch(number) else None


def is_number(thread_id: str) -> bool:
    """Whether this can be a discussion's number."""
    return bool(_NUMBER.fullmatch(thread_id))


def _public_id(path: str) -> str | None:
    parts = [unquote(part) for part in path.rstrip("/").split("/")]
    if len(parts) not in (3, 4) or parts[1] != "discussions" or any(part in (".", "..") for part in parts):
        return None
    # A category may be called "2024-plans": only behind a category may a title follow the number.
    number = parts[-1].partition("-")[0] if len(parts) == 4 else parts[-1]
    return number if _NUMBER.fullmatch(number) and all(parts[1:]) else None


def _after(path: str, start: str) -> str | None:
    number = path.removeprefix(start).split("/")[0]
    return number if path.startswith(start) and _NUMBER.fullmatch(number) else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip("."), port
