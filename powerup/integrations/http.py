"""The only way out: one policy for timeouts, retries, sizes, addresses, redirects and errors of every vendor call."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, LocationValueError

from powerup.integrations.errors import (
    AddressRefusedError,
    IntegrationError,
    RejectedError,
    TooLargeError,
    UnreachableError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.http_answer import Answer, error_in, retry_after
from powerup.integrations.http_shape import each, maybe, maybe_moment, moment, need
from powerup.integrations.http_wire import REFUSED, Watch, open_session
from powerup.log import logger
from powerup.settings import Settings

__all__ = ["Answer", "Classify", "HttpClient", "HttpPolicy", "each", "error_in", "maybe", "maybe_moment", "moment", "need", "retry_after"]

log = logger(__name__)

Classify = Callable[[Answer], IntegrationError | None]
"""An adapter's better knowledge of an answer (asked for 2xx too); None leaves the default mapping to decide."""

_TRIES = 3
_WORTH_A_RETRY = frozenset({502, 503, 504})
_MOST_REDIRECTS = 5
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class HttpPolicy:
    """How far we go for an answer: never longer than `connect_timeout` + `read_timeout`, retries and pauses included."""

    connect_timeout: float
    read_timeout: float
    private_hosts: tuple[str, ...]
    max_bytes: int = 8_000_000
    user_agent: str = "Closeloop"
    retry_pause: float = 0.3

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The policy of this installation."""
        return cls(
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            private_hosts=settings.private_hosts,
            user_agent=f"Closeloop (+{settings.base_url})",
        )


class HttpClient:
    """One vendor's connection: keep-alive, no cookies, private addresses refused. For one thread; close it.

    :param vendor: how error texts name the other side ("Discourse", "Trello").
    :param headers: sent with every request, credentials among them; they never leave for another host.
    :param hide_paths: log no paths, for vendors whose paths are secrets (Slack's incoming webhooks).
    """

    def __init__(self, policy: HttpPolicy, *, vendor: str, headers: Mapping[str, str] | None = None, hide_paths: bool = False) -> None:
        self._policy = policy
        self._vendor = vendor
        self._hide_paths = hide_paths
        self._session = open_session(frozenset(host.lower() for host in policy.private_hosts))
        self._headers = {"User-Agent": policy.user_agent, "Accept": "application/json", **(headers or {})}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | list[tuple[str, str]] | None = None,
        json: object = None,
        data: Any = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        idempotent: bool | None = None,
        classify: Classify | None = None,
        follow_redirects: bool = False,
    ) -> Answer:
        """Send and read to the end; returns a 2xx answer or raises an IntegrationError.

        GET and HEAD (and what is called `idempotent`, but never POST) are tried again at once, twice, when no connection came
        about or the answer was 502, 503 or 504. Redirects are followed for GET on the same host only, so credentials stay there.

        :param timeout: seconds for everything together, instead of the policy's two added up.
        """
        method = method.upper()
        _check_url(url, self._vendor)
        request = requests.Request(method, url, params=params, json=json, data=data, files=files, headers=self._merged(headers))
        again = method in ("GET", "HEAD") if idempotent is None else idempotent and method != "POST"
        with Watch(timeout or self._policy.connect_timeout + self._policy.read_timeout) as watch:
            answer = self._persist(request, watch, tries=_TRIES if again else 1)
            hops = 0
            while follow_redirects and (target := _redirect(answer, method)):
                hops += 1
                if hops > _MOST_REDIRECTS:
                    raise RejectedError(f"{self._vendor} sends us round in circles.", permanent=True, http_status=answer.status)
                request = requests.Request(method, target, headers=self._merged(headers))
                answer = self._persist(request, watch, tries=_TRIES if again else 1)
        error = (classify(answer) if classify else None) or error_in(answer)
        if error:
            raise error
        return answer

    def _persist(self, request: requests.Request, watch: Watch, *, tries: int) -> Answer:
        """One answer, whatever its status, after at most `tries` attempts within the deadline."""
        for attempt in range(1, tries + 1):
            last = attempt == tries
            pause = self._policy.retry_pause * attempt * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
            out_of_time = watch.deadline - time.monotonic() <= pause
            try:
                answer = self._once(request, watch)
            except UnreachableError:
                if last or out_of_time:
                    raise
            else:
                asked = retry_after(answer.headers) or 0.0
                if last or out_of_time or answer.status not in _WORTH_A_RETRY or asked > pause:
                    return answer
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, request: requests.Request, watch: Watch) -> Answer:
        started, status, failure = time.monotonic(), 0, ""
        watch.sent = False
        try:
            answer = self._exchange(request, watch)
            status = answer.status
            return answer
        except IntegrationError as error:
            failure = type(error).__name__
            raise
        finally:
            at = urlsplit(request.url)
            took = round((time.monotonic() - started) * 1000)
            path = "(hidden)" if self._hide_paths else at.path
            call = {"vendor": self._vendor, "method": request.method, "host": at.hostname, "path": path}
            log.info("vendor call", **call, status=status, ms=took, failure=failure)

    def _exchange(self, request: requests.Request, watch: Watch) -> Answer:
        """Send once and read all of it; every exception of the libraries becomes one of ours, without its text (URLs hold keys)."""
        host = urlsplit(request.url).hostname
        try:
            prepared = self._session.prepare_request(request)
            waits = (min(self._policy.connect_timeout, watch.left), watch.left)
            # verify is spelt out: with trust_env off it is certifi's list, whatever the environment says.
            with self._session.send(prepared, stream=True, timeout=waits, allow_redirects=False, verify=True) as response:
                body = self._read(response, watch)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, body, str(request.url), self._vendor)
        except REFUSED:
            raise _refused(f"{host} is a private address, which is not called. CLOSELOOP_PRIVATE_HOSTS can list exceptions.") from None
        except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
            why = "The credentials hold characters that cannot be sent. Enter them again."
            raise RejectedError(why, permanent=True, sent=False) from None
        except (requests.exceptions.InvalidURL, LocationValueError, UnicodeError):
            raise _refused(f"{host} is no address that can be called.") from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._meaning(error, str(host), watch) from None

    def _read(self, response: requests.Response, watch: Watch) -> bytes:
        most, body = self._policy.max_bytes, bytearray()
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > most:
            raise self._too_large()
        # urllib3 unpacks at most a chunk at a time: a gzip bomb meets the cap like any other long answer.
        for piece in response.raw.stream(_CHUNK, decode_content=True):
            body += piece
            if len(body) > most:
                raise self._too_large()
            if watch.over:
                raise TimeoutError("deadline passed while reading the body")
        if watch.fired:
            raise TimeoutError("deadline passed while reading the body")
        return bytes(body)

    def _too_large(self) -> TooLargeError:
        return TooLargeError(f"{self._vendor} sent more than {self._policy.max_bytes:,} bytes in one answer, which is not read.")

    def _meaning(self, error: Exception, host: str, watch: Watch) -> IntegrationError:
        who = f"{self._vendor} ({host})"
        if not watch.sent:
            why = "its certificate is not accepted" if isinstance(error, requests.exceptions.SSLError) else "there is no connection"
            return UnreachableError(f"{who} cannot be reached: {why}. Is the address right, and is the site up?", sent=False)
        if watch.over or isinstance(error, (requests.Timeout, TimeoutError)):
            return VendorTimeoutError(f"{who} took too long to answer.")
        if isinstance(error, (requests.exceptions.ConnectionError, OSError)) and not isinstance(error, HTTPError):
            return UnreachableError(f"{who} broke the connection off.")
        return VendorBrokenError(f"{who} sent an answer that broke off or cannot be unpacked.")

    def _merged(self, headers: Mapping[str, str] | None) -> dict[str, str | bytes]:
        """Names may be in any script; the wire is Latin-1 unless the value is bytes already."""
        return {name: value.strip().encode() for name, value in {**self._headers, **(headers or {})}.items()}


def _refused(why: str) -> AddressRefusedError:
    return AddressRefusedError(why, permanent=True, sent=False)


def _check_url(url: str, vendor: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise _refused(f"The address of {vendor} is not a plain web address such as https://forum.example.org.")


def _redirect(answer: Answer, method: str) -> str | None:
    """Where to go next: same host and port (or the same host from http to https on the standard ports), else None."""
    location = answer.headers.get("location")
    if answer.status not in (301, 302, 303, 307, 308) or method not in ("GET", "HEAD") or not location:
        return None
    try:
        here, there = urlsplit(answer.url), urlsplit(urljoin(answer.url, location))
        same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
        upgrade = (here.scheme, there.scheme, here.port, there.port) == ("http", "https", None, None) and here.hostname == there.hostname
    except ValueError:
        return None
    return there.geturl() if (same or upgrade) and "@" not in there.netloc else None
