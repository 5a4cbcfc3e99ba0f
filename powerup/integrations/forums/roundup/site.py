"""One Roundup tracker over its REST interface: address, credentials, rows, and what its refusals mean.

Sources: https://www.roundup-tracker.org/docs/rest.html (paths, `@fields`, `@verbose`, `@page_size`, `If-Match`); the rest was seen on a
real 2.6.0 (`roundup/rest.py`, `roundup/cgi/client.py`):

* Every write wants `X-Requested-With` and an `Origin` that is the tracker's own; without them it is a 400. A foreign `Origin` is a 400 for
  reading too, so we send ours with each request: a wrong address then shows in "Test connection".
* A change wants the ETag of what is changed (`If-Match`), else 412. It stands in the body (`@etag`) as well, where no proxy can alter it.
* **What was retired (deleted) is still given out by its number**; only a collection leaves it out. So we ask collections: `?id=7&id=9`.
* A parameter that begins with `@` and is not known is ignored (`@search_text`!); an unknown property is a 400.
* The last piece of a path behind a dot is a format: `/user/ann.smith` is a 406. So names are asked for as parameters.
* A refused login is 401 and plain text; four of them in ten minutes are 429 with Retry-After, then for the right password too.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import File, ForumConfig
from powerup.integrations.forums.downloads import download
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, each, maybe, need

Json = dict[str, Any]
Params = Sequence[tuple[str, str]]

VENDOR = "Roundup"
_LONGEST_REASON = 300
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d\d:\d\d:\d\d)(\.\d+)?")


class Site:
    """Calls one tracker; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        given = {name: value.strip() for name, value in config.credentials.items()}
        self.username = given.get("username", "")
        self.resolved = given.get("resolved", "") or "resolved"
        headers = {"X-Requested-With": "Closeloop", "Origin": _origin(self.base_url)}
        if self.username:
            headers["Authorization"] = "Basic " + b64encode(f"{self.username}:{given.get('password', '')}".encode()).decode()
        self._policy = policy
        self._http = HttpClient(policy, vendor=VENDOR, headers=headers)
        self._me: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def get(self, path: str, params: Params = ()) -> Json:
        """What the REST interface says at a path, without its envelope."""
        url = f"{self.base_url}/rest/data{path}"
        answer = self._http.request("GET", url, params=list(params), classify=refusal, follow_redirects=True)
        return need(answer.json(), "data", dict, vendor=VENDOR)

    def rows(self, path: str, params: Params) -> list[Json]:
        """The rows of a collection; what was retired and what we may not see is not among them."""
        return each(self.get(path, params), "collection", vendor=VENDOR)

    def create(self, path: str, fields: Mapping[str, Any]) -> str:
        """Make something and return its number; never tried again by itself."""
        answer = self._http.request("POST", f"{self.base_url}/rest/data{path}", json=dict(fields), classify=refusal)
        return need(answer.json(), "data.id", str, vendor=VENDOR)

    def patch(self, path: str, fields: Mapping[str, Any], *, etag: str) -> Json:
        """Change something that is still as `etag` says; returns what changed. Otherwise a RejectedError with 412."""
        url, headers = f"{self.base_url}/rest/data{path}", {"If-Match": etag}
        answer = self._http.request("PATCH", url, json=dict(fields), headers=headers, classify=refusal, idempotent=True)
        return need(answer.json(), "data.attribute", dict, vendor=VENDOR)

    def retire(self, path: str, *, etag: str) -> None:
        """Delete something, as far as Roundup deletes."""
        self._http.request("DELETE", f"{self.base_url}/rest/data{path}", headers={"If-Match": etag}, classify=refusal, idempotent=True)

    def content(self, number: str) -> File:
        """The bytes of a file; its name is told elsewhere."""
        url = f"{self.base_url}/rest/data/file/{number}/binary_content"
        return download(self._http, self._policy, url, vendor=VENDOR, classify=refusal)

    def me(self) -> str:
        """The number of our own account."""
        if self._me is None:
            self._me = ident(self.account(), "id")
        return self._me

    def account(self) -> Json:
        """Our own account, with its roles: everybody sees their own."""
        params = [("username:", self.username), ("@fields", "username,roles"), ("@verbose", "1")]
        rows = [row for row in self.rows("/user", params) if row.get("username") == self.username] if self.username else []
        if not rows:
            why = "Enter the user name and the password of an account on Roundup." if not self.username else _UNSEEN.format(self.username)
            raise CredentialsRefusedError(why, permanent=True, reconnect=True, sent=bool(self.username))
        return rows[0]


_UNSEEN = "Roundup does not show “{}” its own account. Is the user name written as on Roundup, in the same case?"


def number(given: str) -> str:
    """An issue's or a file's number, fit for a path; raises GoneError for anything else before it is sent."""
    if not (given.isascii() and _NUMBER.fullmatch(given)):
        raise GoneError("Nothing on Roundup has such a number.", permanent=True, sent=False)
    return given


def ident(obj: object, name: str) -> str:
    """A number in a field: itself, or in a reference (`@verbose` above 0)."""
    found = maybe_ident(obj, name)
    if found is None:
        raise VendorBrokenError(f"{VENDOR} answered without the field “{name}”.")
    return found


def maybe_ident(obj: object, name: str) -> str | None:
    """The same, where there may be none."""
    value = obj.get(name) if isinstance(obj, Mapping) else None
    return None if value is None else _id_in(value, name)


def idents(obj: object, name: str) -> list[str]:
    """The numbers in a field that holds several, in the order of the numbers: they grow with time."""
    found = [_id_in(value, name) for value in maybe(obj, name, list, vendor=VENDOR) or []]
    return sorted(set(found), key=int)


def date(obj: object, name: str) -> datetime:
    """A time as Roundup writes it (`2026-11-23.19:28:57`): whole seconds, UTC."""
    found = _DATE.fullmatch(need(obj, name, str, vendor=VENDOR))
    try:
        if found:
            return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise VendorBrokenError(f"{VENDOR} answered with something that is no time in the field “{name}”.")


def numbered(ids: Sequence[str]) -> list[tuple[str, str]]:
    """The parameters that ask for these rows of a collection."""
    return [("id", one) for one in ids]


def refusal(answer: Answer) -> IntegrationError | None:
    """What Roundup means by a status; None leaves it to the common mapping."""
    status = answer.status
    if 200 <= status < 400 or status >= 500:
        return None
    host, reason = urlsplit(answer.url).hostname, _reason(answer)
    match status:
        case 401:
            why = f"Roundup ({host}) does not accept the user name with this password. Enter them again."
            return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
        case 403 if reason == "Forbidden.":
            why = f"Roundup ({host}) does not let our account use its REST interface: its role needs the permission “Rest Access”."
            return NotPermittedError(why, permanent=True, http_status=status)
        case 403:
            why = f"Roundup ({host}) does not allow our account this{_quoted(reason)} Its role may lack a permission."
            return NotPermittedError(why, permanent=True, http_status=status)
        case 404 if answer.is_html:
            why = f"There is no Roundup with its REST interface at {host}. Is the address right, and is enable_rest on?"
            return GoneError(why, permanent=True, http_status=status)
        case 400 if "not allowed to use Rest" in reason:
            why = f"Roundup ({host}) knows itself by another address. Enter the one that its config.ini has under [tracker] web."
            return RejectedError(why, permanent=True, http_status=status)
        case 400 | 405 | 406 | 409 | 412:
            return RejectedError(f"Roundup ({host}) refused this{_quoted(reason)}", permanent=True, http_status=status)
        case _:
            return None


def _id_in(value: object, name: str) -> str:
    found = need(value, "id", str, vendor=VENDOR) if isinstance(value, dict) else need({name: value}, name, str, vendor=VENDOR)
    if not (found.isascii() and found.isdigit()):
        raise VendorBrokenError(f"{VENDOR} answered with something that is no number in the field “{name}”.")
    return found


def _origin(base_url: str) -> str:
    """Scheme and host of an address; "" for what is no address: the client refuses to call it."""
    try:
        parts = urlsplit(base_url)
        return f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return ""


def _reason(answer: Answer) -> str:
    """Roundup's own words: `{"error": {"status": 404, "msg": "…"}}`."""
    try:
        return " ".join((maybe(answer.json(), "error.msg", str, vendor=VENDOR) or "").split())[:_LONGEST_REASON]
    except IntegrationError:
        return ""


def _quoted(reason: str) -> str:
    return f": “{reason}”" if reason else "."
