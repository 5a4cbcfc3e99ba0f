"""GitHub over HTTP: one repository, REST and GraphQL, with or without a token.

Sources: https://docs.github.com/en/rest/using-the-rest-api (media types, paging by the Link header: page numbers end at 10,000 rows with
a 422, https://github.com/google/go-github/issues/3565, the `after` in the Link header does not; a 304 to a conditional request with a
token is free of charge); https://docs.github.com/en/graphql/guides/forming-calls-with-graphql (always with a token).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urljoin, urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, NotPermittedError, VendorBrokenError
from powerup.integrations.github.addresses import Repository
from powerup.integrations.github.refusals import MovedError, NotModifiedError, graphql_refusal, refusal
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, each, need

VENDOR = "GitHub"
PER_PAGE = 100
_MOST_PAGES = 200
_MOST_HOPS = 5
_VERSION = "2022-11-28"
_FULL, _SOURCE = "application/vnd.github.full+json", "application/vnd.github.raw+json"
"""Texts as source and as HTML, or as source alone: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api."""
_LINK = re.compile(r"\s*+<([^<>]++)>([^,<]*+)")
_NEXT = re.compile(r';\s*+rel="next"')

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list. `etag` makes the next question conditional; `unchanged`: the answer was 304, and there are no items."""

    items: tuple[Json, ...]
    next_url: str | None = None
    etag: str = ""
    unchanged: bool = False


class GitHub:
    """Calls GitHub; every failure is an IntegrationError that says in plain words what to mend. For one thread; close it."""

    def __init__(self, repository: Repository, token: str, policy: HttpPolicy) -> None:
        self.repository = repository
        self.signed_in = bool(token)
        headers = {"Accept": _FULL, "X-GitHub-Api-Version": _VERSION}
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = HttpClient(policy, vendor=VENDOR, headers={**headers, **signed})
        self._policy = policy
        self._login: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    # ---- REST

    def answer(self, path: str, params: Mapping[str, Any] | None = None, *, etag: str = "", rendered: bool = True) -> Answer:
        """GET a path below the API's root (or an absolute URL of it); redirects (a renamed repository) are followed on the same host."""
        url = path if path.startswith(("http://", "https://")) else self.repository.rest + path
        headers = {**({"If-None-Match": etag} if etag else {}), **({} if rendered else {"Accept": _SOURCE})}
        return self._http.request("GET", url, params=params, headers=headers, classify=refusal, follow_redirects=True)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at a path."""
        return self.answer(path, params).json()

    def listed(
        self, path: str, params: Mapping[str, Any] | None = None, *, etag: str = "", member: str = "", rendered: bool = False
    ) -> Listed:
        """One page of a list; `path` may be an earlier page's `next_url`. `member` names the list within an object (search).

        :param rendered: with HTML. Its signed addresses differ in every answer, so it goes ill with `etag`.
        """
        try:
            answer = self.answer(path, params, etag=etag, rendered=rendered)
        except NotModifiedError:
            return Listed((), unchanged=True)
        items = tuple(each(answer.json(), member, vendor=VENDOR))
        return Listed(items, self._next(answer), answer.headers.get("etag", ""))

    def all(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Json]:
        """Every item of a list, page after page, with HTML."""
        page = self.listed(path, {"per_page": PER_PAGE, **(params or {})}, rendered=True)
        yield from page.items
        for _ in range(_MOST_PAGES):
            if not page.next_url:
                return
            page = self.listed(page.next_url, rendered=True)
            yield from page.items
        raise VendorBrokenError("GitHub answered with a list that does not come to an end.")

    def send(self, method: str, path: str, fields: object = None) -> Any:
        """Write something; PUT, PATCH and DELETE may be tried again, POST never. An empty answer is an empty object."""
        answer = self._http.request(
            method, self.repository.rest + path, json=fields, classify=refusal, idempotent=method in ("PUT", "PATCH", "DELETE")
        )
        return answer.json() if answer.body.strip() else {}

    def login(self) -> str:
        """Who the token belongs to. An app's installation has no user to ask for by REST, so GraphQL is asked then."""
        if self._login is None:
            try:
                self._login = need(self.get("/user"), "login", str, vendor=VENDOR)
            except NotPermittedError:
                self._login = need(self.graphql("query Viewer { viewer { login } }", {}), "viewer.login", str, vendor=VENDOR)
        return self._login

    # ---- GraphQL

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Json:
        """The `data` of a query or mutation; raises whatever its `errors` mean."""
        if not self.signed_in:
            why = "GitHub shows discussions only to those who are signed in: enter a token."
            raise CredentialsRefusedError(why, permanent=True, reconnect=True, sent=False)
        body = {"query": query, "variables": dict(variables)}
        answer = self._http.request("POST", self.repository.graphql, json=body, classify=refusal)
        data = answer.json()
        if error := graphql_refusal(answer, data):
            raise error
        return need(data, "data", dict, vendor=VENDOR)

    # ---- files

    def download(self, url: str) -> Answer:
        """The bytes at an address; the token goes to the repository's own site alone, and everything else must be https.

        Redirects to storage elsewhere are followed without credentials.
        """
        for _ in range(_MOST_HOPS):
            at, site = urlsplit(url), urlsplit(self.repository.site)
            ours = (at.scheme, at.netloc.lower()) == (site.scheme, site.netloc.lower())
            if not ours and at.scheme != "https":
                raise GoneError("GitHub keeps this file at an address that is not safe to call.", permanent=True, sent=False)
            try:
                return self._bytes(url, ours=ours)
            except MovedError as moved:
                url = moved.target
        raise GoneError("GitHub sends us round in circles for this file.", permanent=True)

    def _bytes(self, url: str, *, ours: bool) -> Answer:
        headers = {"Accept": "*/*"}
        if ours:
            return self._http.request("GET", url, headers=headers, classify=_moved)
        with HttpClient(self._policy, vendor=VENDOR, headers=headers, hide_paths=True) as stranger:
            return stranger.request("GET", url, classify=_moved)

    def _next(self, answer: Answer) -> str | None:
        """The next page's address, if it is one of the same API: it carries our token."""
        links = (_LINK.match(part) for part in re.split(r",(?=\s*+<)", answer.headers.get("link", "")))
        target = next((found[1] for found in links if found and _NEXT.search(found[2])), None)
        if target and not target.startswith(f"{self.repository.rest}/"):
            raise VendorBrokenError("GitHub's list goes on at another address than its API's.")
        return target


def segment(name: object) -> str:
    """A name as one segment of a path."""
    return quote(str(name), safe="")


def _moved(answer: Answer) -> IntegrationError | None:
    target = answer.headers.get("location", "")
    if answer.status in (301, 302, 303, 307, 308) and target:
        try:
            return MovedError(urljoin(answer.url, target), answer.status)
        except ValueError:
            return None
    return refusal(answer)
