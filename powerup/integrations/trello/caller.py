"""One call to Trello's REST API: credentials, identifier, allowance, errors."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from powerup.integrations.errors import IntegrationError, RateLimitedError, RejectedError
from powerup.integrations.http import HttpClient, each
from powerup.integrations.trello.errors import classify, in_trellos_name
from powerup.integrations.trello.limits import RateBudget
from powerup.integrations.trello.models import VENDOR

IDENTIFIER = "closeloop"
"""Trello repeats this to the webhooks that our own writes cause (guides/rest-api/webhooks)."""

T = TypeVar("T")

_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class Caller:
    """What the parts of the client share. For one thread, as `http` is."""

    def __init__(self, http: HttpClient, api_url: str, api_key: str, token: str, budget: RateBudget | None = None) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._token = token
        self.budget = budget or RateBudget()
        # In a header, never in the address: addresses end up in logs. Encoded (RFC 5849, 3.5.1), for anybody may offer a token: a
        # quotation mark in it could name another app's key beside ours, and that app's token would pass for one of ours.
        self._headers = {
            "Authorization": f'OAuth oauth_consumer_key="{quote(api_key, safe="")}", oauth_token="{quote(token, safe="")}"',
            "X-Trello-Client-Identifier": IDENTIFIER,
        }

    def _call(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> T:
        """Ask, and read the JSON answer; every failure is an IntegrationError with one of Trello's codes.

        A POST goes out once: Trello has no idempotency key, and whoever repeats one must look first whether it was carried out.
        """
        try:
            if wait := self.budget.wait(write=method != "GET"):
                why = "Trello's allowance for this account is used up for the moment."
                raise RateLimitedError(why, retry_after=wait, sent=False)
            answer = self._http.request(
                method,
                f"{self._api_url}{path}",
                params=params,
                json=body,
                headers=self._headers,
                idempotent=method != "POST",
                classify=classify,
            )
            self.budget.note(answer.headers)
            return read(answer.json())
        except IntegrationError as error:
            raise in_trellos_name(error) from None

    def _all(self, path: str, read: Callable[[Any], T], params: Mapping[str, str | int] | None = None) -> tuple[T, ...]:
        return self._call("GET", path, lambda answer: tuple(read(item) for item in each(answer, "", vendor=VENDOR)), params=params)


def part(value: str) -> str:
    """An id as a piece of a path; raises RejectedError for anything that is no id and could lead elsewhere."""
    if not _ID.fullmatch(value):
        raise in_trellos_name(RejectedError("This is no Trello id.", permanent=True, sent=False))
    return value


def nothing(_: object) -> None:
    """Reads an answer that says no more than that it was done."""
