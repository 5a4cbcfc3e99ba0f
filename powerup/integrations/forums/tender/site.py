"""One Tender site over HTTP: address, credentials, and what its answers mean.

Sources: https://help.tenderapp.com/kb/api/introduction (one host for all sites, the Accept header, collections),
…/kb/api/authentication (`X-Tender-Auth`; a token ends after a year with 401 and `error`), and public clients for what is documented
nowhere: success may be a single space, a 404 is plain text, mail that was taken in may not be UTF-8.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from powerup.integrations.errors import (
    CredentialsRefusedError,
    IntegrationError,
    NotPermittedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.forums.tender.urls import API, last_segment, public_address, site_name
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, each, maybe, need

VENDOR = "Tender"
PER_PAGE = 30
_TYPE = "application/vnd.tender-v1+json"
_MOST_PAGES = 2_000
_LONGEST_REASON = 200

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """One page of a collection. `total` is None where the answer does not say."""

    rows: list[Json]
    number: int
    """From 1."""
    total: int | None
    per_page: int

    @property
    def has_more(self) -> bool:
        """Whether a further page is worth asking for. The count decides: past the end the list may be empty or absent."""
        if not self.rows:
            return False
        return len(self.rows) >= self.per_page if self.total is None else self.number * self.per_page < self.total


@dataclass(frozen=True, slots=True)
class Me:
    """The account that we act as."""

    user_id: str | None
    name: str
    supporter: bool


class Site:
    """Calls one site; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        self.policy = policy
        given = config.credentials.get("site", "").strip().lower()
        # Whoever enters a whole address where a name is asked for means its name.
        self.name = site_name(public_address(given)) or given or site_name(self.base_url)
        self.api_url = config.credentials.get("api_address", "").strip().rstrip("/") or API
        self.token = config.credentials.get("api_token", "").strip()
        headers = {"Accept": _TYPE, **({"X-Tender-Auth": self.token} if self.token else {})}
        self.http = HttpClient(policy, vendor=VENDOR, headers=headers)
        self._me: Me | None = None

    def close(self) -> None:
        """Let the connection go."""
        self.http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at a path below the site; undecodable bytes in it become U+FFFD."""
        return read_json(self.http.request("GET", self._url(path), params=params, classify=refusal))

    def send(self, path: str, fields: Mapping[str, Any] | None = None, params: Mapping[str, Any] | None = None) -> Json:
        """POST, never twice. {} where the answer is no JSON object: a space or a plain word is success, too."""
        json = dict(fields) if fields is not None else None
        answer = self.http.request("POST", self._url(path), json=json, params=params, headers=_written_as(json), classify=refusal)
        text = answer.body.lstrip()
        if not text.startswith(b"{"):
            # The type says nothing: Tender calls its single space HTML.
            if text.lower().startswith((b"<!doctype", b"<html")):
                raise VendorBrokenError("Tender answered with a web page instead of doing this. Is the API's address right?")
            return {}
        data = need(read_json(answer), "", dict, vendor=VENDOR)
        if reason := _reason_in(data):
            raise RejectedError(f"Tender refused this: “{reason}”", permanent=True, http_status=answer.status)
        return data

    def page(self, path: str, key: str, page: int, params: Mapping[str, Any] | None = None) -> Batch:
        """Page `page`, from 1, of a collection."""
        data = self.get(path, {**(params or {}), "page": page})
        total = maybe(data, "total", int, vendor=VENDOR)
        is_there = bool(maybe(data, key, list, vendor=VENDOR))
        # Past the end the list may be empty or absent; an answer with neither list nor count is no collection at all.
        rows = each(data, key, vendor=VENDOR) if is_there or (total is None and page == 1) else []
        per_page = max(maybe(data, "per_page", int, vendor=VENDOR) or PER_PAGE, 1)
        return Batch(rows, page, total, per_page)

    def pages(self, path: str, key: str, params: Mapping[str, Any] | None = None) -> Iterator[Batch]:
        """Every page of a collection, one after the other; a site that gives the same page again and again is stopped."""
        before: list[Json] | None = None
        for number in range(1, _MOST_PAGES + 1):
            batch = self.page(path, key, number, params)
            if not batch.rows or batch.rows == before:
                return
            yield batch
            before = batch.rows
            if not batch.has_more:
                return
        raise VendorBrokenError(f"Tender lists {key} without an end.")

    def me(self) -> Me:
        """Our account, asked for once; raises CredentialsRefusedError when the token is wrong."""
        if self._me is None:
            # https://help.tenderapp.com/kb/api/users: states are user, support, disabled and spammer.
            profile = self.get("/profile")
            href = maybe(profile, "href", str, vendor=VENDOR) or ""
            supporter = maybe(profile, "state", str, vendor=VENDOR) == "support"
            self._me = Me(last_segment(href), need(profile, "name", str, vendor=VENDOR), supporter)
        return self._me

    def _url(self, path: str) -> str:
        # Hrefs in answers are never called: only their ids are used, so that no answer leads our token to another host.
        if not self.name:
            why = "The site's name is missing: enter what stands before “.tenderapp.com” in its first address."
            raise RejectedError(why, permanent=True, sent=False)
        if not self.token:
            why = "Tender answers nobody without an API token: enter one."
            raise CredentialsRefusedError(why, permanent=True, reconnect=True, sent=False)
        return f"{self.api_url}/{quote(self.name, safe='')}{path}"


def read_json(answer: Answer) -> Any:
    """The JSON in an answer, whatever bytes a mail brought into it."""
    return replace(answer, body=answer.text().encode("utf-8")).json()


def refusal(answer: Answer) -> IntegrationError | None:
    """What Tender means by a status; None leaves it to the common mapping."""
    status = answer.status
    if status == 401:
        why = "Tender does not accept the API token. Enter it again: it stands at the foot of “Edit profile” on the site."
        if b"expired" in answer.body[:2_000].lower():
            why = "The API token has expired, as Tender's tokens do after a year. Reset it under “Edit profile” and enter the new one."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    if status == 403:
        why = "Tender does not allow this. The account that the token belongs to must be a supporter of this site."
        return NotPermittedError(why, permanent=True, http_status=status)
    if status in (400, 406, 409, 413, 422):
        said = _reason(answer)
        return RejectedError(f"Tender refused this{f': “{said}”' if said else '.'}", permanent=True, http_status=status)
    return None


def _reason(answer: Answer) -> str:
    """The site's own words: JSON with `error` or `errors`, or plain text; never a web page."""
    if answer.is_html:
        return ""
    try:
        data = read_json(answer)
    except IntegrationError:
        return " ".join(answer.text().split())[:_LONGEST_REASON]
    return _reason_in(data) if isinstance(data, dict) else ""


def _reason_in(data: Json) -> str:
    said = data.get("error") or data.get("errors") or ""
    words = said.values() if isinstance(said, dict) else said if isinstance(said, list) else [said]
    return " ".join(" ".join(str(word) for word in words).split())[:_LONGEST_REASON]


def _written_as(json: Json | None) -> dict[str, str]:
    return {} if json is not None else {"Content-Type": "application/json"}
