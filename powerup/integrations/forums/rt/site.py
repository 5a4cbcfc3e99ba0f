"""One Request Tracker over its REST interface, version 2: address, credentials, pages, and what its refusals mean.

Sources: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html (paths, `Authorization: token …` or Basic, `query`, `fields`, `per_page` of
at most 100); the rest was seen on a real 5.0.3:

* `total` and `pages` are null for whoever may not see everything, `pages` may be the number 0.0, and there is no `next_page` then.
* Rows that we may not see are taken out of a page *after* it was cut: a short or even an empty page need not be the last one.
* `fields=Parent` of attachments is a 500; a file that never was is a 500 too.
* A change that fails is a 200 with a list of messages (in the account's language); `[]` means that nothing was changed.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self
from urllib.parse import quote, urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, each, maybe, need

Json = dict[str, Any]
Params = Mapping[str, Any] | list[tuple[str, str]]

VENDOR = "Request Tracker"
PAGE = 100
"""RT gives no more rows at once, whatever it is asked."""
_LONGEST_REASON = 300
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_TOKEN = re.compile(r"\d+-(\d+)-.+")
_PERL = re.compile(r"\s+at /\S+ line \d+\.?\s*$")


class Site:
    """Calls one site; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        given = {name: value.strip() for name, value in config.credentials.items()}
        self.intake, self.tag_field = given.get("intake", ""), given.get("tag_field", "")
        self._username, password, token = given.get("username", ""), given.get("password", ""), given.get("token", "")
        self._owner = found[1] if (found := _TOKEN.fullmatch(token)) else ""
        headers = {"Authorization": f"token {token}" if token else _basic(self._username, password)} if token or password else {}
        # Paths hide: an account is asked for by its name, which may be an e-mail address.
        self._http = HttpClient(policy, vendor=VENDOR, headers=headers, hide_paths=True)
        # Base64 is a third longer than what it carries.
        self._files = HttpClient(
            replace(policy, max_bytes=policy.max_bytes * 7 // 5 + 65_536), vendor=VENDOR, headers=headers, hide_paths=True
        )
        self.largest_file = policy.max_bytes
        self._me: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()
        self._files.close()

    def answer(self, path: str, params: Params | None = None, *, large: bool = False) -> Answer:
        """GET a path of the REST interface."""
        client = self._files if large else self._http
        url = f"{self.base_url}/REST/2.0{path}"
        return client.request("GET", url, params=params, classify=refusal, follow_redirects=True)

    def get(self, path: str, params: Params | None = None) -> Json:
        """The JSON object at a path."""
        return need(self.answer(path, params).json(), "", dict, vendor=VENDOR)

    def rows(self, path: str, params: Params) -> list[Json]:
        """The rows of one page of a collection."""
        return each(self.get(path, params), "items", vendor=VENDOR)

    def put(self, path: str, fields: Mapping[str, Any], *, etag: str = "") -> str:
        """Change something; returns what RT says of it, which need not be success: look. A wrong `etag` is a RejectedError with 412."""
        headers = {"If-Match": etag} if etag else {}
        url = f"{self.base_url}/REST/2.0{path}"
        answer = self._http.request("PUT", url, json=dict(fields), headers=headers, classify=refusal, idempotent=True)
        return said(answer.json())

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        """Write something new; never tried again by itself."""
        return self._http.request("POST", f"{self.base_url}/REST/2.0{path}", json=dict(fields), classify=refusal)

    def me(self) -> Json:
        """Our own account, as RT tells everybody of their own. A token (`1-40-…`) holds its owner's number (`RT::AuthToken`)."""
        name = self._owner or self._username
        if not name:
            why = "This is no token of Request Tracker (it looks like 1-40-…). Enter it again."
            raise CredentialsRefusedError(why, permanent=True, reconnect=True, sent=False)
        return self.get(f"/user/{segment(name)}")

    def my_name(self) -> str:
        """The name of our account."""
        if self._me is None:
            self._me = need(self.me(), "Name", str, vendor=VENDOR)
        return self._me


def segment(name: object) -> str:
    """A name as one segment of a path."""
    return quote(str(name), safe="")


def number(thread_id: str) -> str:
    """A ticket's number, fit for a path; raises GoneError for anything else before it is sent."""
    if not (thread_id.isascii() and _NUMBER.fullmatch(thread_id)):
        raise GoneError("No ticket of Request Tracker has such a number.", permanent=True, sent=False)
    return thread_id


def id_of(obj: object, path: str = "id") -> str:
    """An id, which RT writes as a text in lists and as a number in single answers."""
    value = obj
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return need({"id": value}, "id", str, vendor=VENDOR)


def said(messages: object) -> str:
    """RT's messages as one text without its own file names; "" when it says nothing."""
    words = [item for item in messages if isinstance(item, str)] if isinstance(messages, list) else []
    return _tidy(" ".join(words))


def refusal(answer: Answer) -> IntegrationError | None:
    """What RT means by a status; None leaves it to the common mapping."""
    status = answer.status
    if 200 <= status < 400 or status >= 500:
        return None
    host, reason = urlsplit(answer.url).hostname, _reason(answer)
    match status:
        case 401:
            why = f"Request Tracker ({host}) does not accept the token, or the user name with this password. Enter them again."
            return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
        case 403:
            why = f"Request Tracker ({host}) does not allow our account this{_quoted(reason)} It may lack a right on the queue."
            return NotPermittedError(why, permanent=True, http_status=status)
        case 404 if answer.is_html:
            why = f"There is no Request Tracker 5 with its REST interface at {host}. Is the address right?"
            return GoneError(why, permanent=True, http_status=status)
        case 400 | 409 | 412 | 422:
            return RejectedError(f"Request Tracker ({host}) refused this{_quoted(reason)}", permanent=True, http_status=status)
        case _:
            return None


def _basic(username: str, password: str) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def _reason(answer: Answer) -> str:
    try:
        return _tidy(maybe(answer.json(), "message", str, vendor=VENDOR) or "")
    except IntegrationError:
        return ""


def _tidy(text: str) -> str:
    return _PERL.sub("", " ".join(text.split()))[:_LONGEST_REASON]


def _quoted(reason: str) -> str:
    return f": “{reason}”" if reason else "."
