"""One NodeBB over HTTP: address, token, and what its refusals mean.

NodeBB has two interfaces. The read API is the JSON behind each page, below `/api`; the write API, below `/api/v3`, wraps what it says
in `{"status": {"code", "message"}, "response"}` (https://docs.nodebb.org/api/read/ and /api/write/). Recorded from NodeBB 4.11.0:

* A token that is wrong is 401 with the JSON text "not-authorized" from the read API, and from the write API 403 with the very body of
  a lack of permission; so a refused write asks the read API who we are.
* A master token (made for the user number 0) acts as whoever `_uid` names, in the query of a GET and in the body of anything else;
  without it the answer is 400 (write API) or an error page's JSON.
* 503 with a web page and no Retry-After means that the server is busy for a moment (`middleware.busyCheck`): nothing was carried out.
* Posting too quickly is 400 with a sentence (`too-many-posts` in public/language/en-GB/error.json); `lang` asks for it in English.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import File, ForumConfig
from powerup.integrations.forums.downloads import download
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, maybe, need, retry_after
from powerup.integrations.http_shape import clean

VENDOR = "NodeBB"
Json = dict[str, Any]

_LONGEST_ID = 200
_LONGEST_REASON = 300
_BUSY_WAIT = 10.0
"""Seconds to leave a busy server alone when it does not say how long."""
_LONGEST_WAIT = 3600.0
_SLOW_DOWN = re.compile(r"once every (\d{1,6}) (second|minute)", re.IGNORECASE)


class Site:
    """Calls one site; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        self._policy = policy
        token = config.credentials.get("token", "").strip()
        self.signed_in = bool(token)
        uid = config.credentials.get("uid", "").strip()
        self._acting = {"_uid": int(uid)} if self.signed_in and re.fullmatch(r"[1-9][0-9]{0,17}", uid) else {}
        self._http = HttpClient(policy, vendor=VENDOR, headers={"Authorization": f"Bearer {token}"} if token else {})

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def read(self, path: str, params: Mapping[str, Any] | list[tuple[str, str]] | None = None) -> Any:
        """The JSON behind a page, such as `/recent`."""
        return self._get(f"/api{path}", params).json()

    def fetch(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What the write API answers to a GET, unwrapped."""
        try:
            answer = self._get(f"/api/v3{path}", params)
        except NotPermittedError:
            self._ensure_welcome()
            raise
        return _unwrapped(answer)

    def write(self, method: str, path: str, fields: Mapping[str, Any]) -> Any:
        """Write something; PUT may be tried again, POST and PATCH never. A refusal for a bad token is told from a lack of permission."""
        url = f"{self.base_url}/api/v3{path}"
        body = {**fields, **self._acting}
        try:
            answer = self._http.request(
                method, url, params={"lang": "en-GB"}, json=body, classify=refusal, idempotent=method in ("PUT", "DELETE")
            )
        except NotPermittedError:
            self._ensure_welcome()
            raise
        return _unwrapped(answer)

    def download(self, url: str) -> File:
        """An upload; the caller has made sure that the address is this site's own."""
        try:
            return download(self._http, self._policy, url, vendor=VENDOR, classify=refusal)
        except NotPermittedError as error:
            # `middleware.privateUploads` knows sessions only: a token does not help there.
            why = "This NodeBB gives uploads only to people who are signed in to its pages, and a token does not count as that."
            mend = "Switch off “Make uploaded files private” under Admin → Settings → Uploads."
            raise NotPermittedError(f"{why} {mend}", permanent=True, http_status=error.http_status) from None

    def _get(self, path: str, params: Mapping[str, Any] | list[tuple[str, str]] | None) -> Answer:
        given = list(params.items()) if isinstance(params, Mapping) else list(params or [])
        query = [(name, str(value)) for name, value in [*given, *self._acting.items()]]
        return self._http.request("GET", self.base_url + path, params=query, classify=refusal, follow_redirects=True)

    def _ensure_welcome(self) -> None:
        """Raise CredentialsRefusedError when the token is not (or no longer) accepted; whatever else goes wrong says nothing of it."""
        try:
            if self.signed_in:
                self.read("/self")
        except CredentialsRefusedError:
            raise
        except IntegrationError:
            return


def segment(name: object) -> str:
    """A name as one segment of a path."""
    return quote(str(name), safe="")


def ident(obj: object, name: str) -> str:
    """An id: a number of this site's own, or a text (posts and people of other servers have addresses for ids, remote threads UUIDs)."""
    found = maybe_ident(obj, name)
    if found is None:
        raise VendorBrokenError(f"{VENDOR} answered without the field “{name}”.")
    return found


def maybe_ident(obj: object, name: str) -> str | None:
    """Like `ident`; None for what is absent, null, empty or 0, which is how NodeBB says "none"."""
    value = obj.get(name) if isinstance(obj, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = clean(str(value)).strip()
    if len(text) > _LONGEST_ID:
        # Another server's post may have an address of any length; nothing of ours is ever asked for by one.
        return f"long:{hashlib.sha256(text.encode()).hexdigest()[:40]}"
    return text if text not in ("", "0") else None


def flag(obj: object, name: str) -> bool:
    """A flag, which is true, 1 or "1" depending on who wrote it down."""
    value = obj.get(name) if isinstance(obj, Mapping) else None
    return value in (True, 1, "1")


def refusal(answer: Answer) -> IntegrationError | None:
    """What NodeBB means by a status; None leaves it to the common mapping."""
    status, host = answer.status, urlsplit(answer.url).hostname
    if 200 <= status < 300:
        return None
    reason = _reason(answer)
    if "master-token-no-uid" in reason or "master token" in reason.lower():
        why = "This is a master token: enter the number of the user too, in whose name we act."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    match status:
        case 400:
            return _waiting(reason, host) or RejectedError(f"NodeBB ({host}) refused this{_said(reason)}", permanent=True, http_status=400)
        case 401:
            why = f"NodeBB ({host}) shows this only to people who are signed in, or does not accept our token. Enter a token again."
            return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=401)
        case 403:
            why = f"NodeBB ({host}) does not allow this{_said(reason)}"
            return NotPermittedError(why, permanent=True, http_status=403)
        case 404 if answer.is_html:
            return GoneError(f"There is no such page at {host}. Is this the address of a NodeBB?", permanent=True, http_status=404)
        case 503 if answer.is_html:
            wait = retry_after(answer.headers)
            return RateLimitedError(
                f"NodeBB ({host}) is too busy for the moment.", retry_after=_BUSY_WAIT if wait is None else wait, http_status=503
            )
    return None


def _waiting(reason: str, host: str | None) -> IntegrationError | None:
    """The refusals that pass by themselves: writing too often, and two writes of one account at the same moment."""
    if found := _SLOW_DOWN.search(reason):
        wait = min(float(found[1]) * (60 if found[2].lower() == "minute" else 1), _LONGEST_WAIT)
        return RateLimitedError(
            f"NodeBB ({host}) lets our account write only once every {wait:.0f} seconds.", retry_after=wait, http_status=400
        )
    if "already posting" in reason.lower():
        return RateLimitedError(f"NodeBB ({host}) is still busy with our last message.", retry_after=_BUSY_WAIT, http_status=400)
    return None


def _unwrapped(answer: Answer) -> Any:
    data = answer.json()
    code = need(data, "status.code", str, vendor=VENDOR)
    if code not in ("ok", "accepted"):
        raise VendorBrokenError(f"{VENDOR} answered “{code}” with a status that means success.", http_status=answer.status)
    return data.get("response")


def _reason(answer: Answer) -> str:
    """The site's own words: `status.message` of the write API, `error` of the read API. A refusal must never fail to be read."""
    try:
        data = answer.json()
        words = maybe(data, "status.message", str) or maybe(data, "error", str) or ""
    except IntegrationError:
        return ""
    return " ".join(words.split())[:_LONGEST_REASON]


def _said(reason: str) -> str:
    return f": “{reason.rstrip('.')}”." if reason and not reason.startswith("[[") else "."
