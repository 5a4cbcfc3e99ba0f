"""Fetching an attachment's bytes. For every adapter that speaks HTTP."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from powerup.integrations.errors import IntegrationError, RejectedError, TooLargeError, VendorBrokenError
from powerup.integrations.forums.base import File
from powerup.integrations.forums.files import file_name
from powerup.integrations.http import Answer, Classify, HttpClient, HttpPolicy

_ANYTHING = {"Accept": "*/*"}


class _ElsewhereError(IntegrationError):
    """The file lies on another host."""

    def __init__(self, target: str) -> None:
        super().__init__("The file lies elsewhere.")
        self.target = target


def download(client: HttpClient, policy: HttpPolicy, url: str, *, vendor: str, classify: Classify | None = None) -> File:
    """The file at `url`, which the caller has checked to be the forum's own (`files.within`).

    `client` carries the forum's credentials, and they stay on its host: a redirect to storage elsewhere is followed by a client
    without any, never from https down to http, and private addresses are refused as everywhere. Raises RejectedError for a file
    that is larger than one answer may be (`HttpPolicy.max_bytes`).
    """

    def judge(answer: Answer) -> IntegrationError | None:
        target = _target(answer)
        return _ElsewhereError(target) if target else classify(answer) if classify else None

    try:
        try:
            answer = client.request("GET", url, headers=_ANYTHING, classify=judge, follow_redirects=True)
        except _ElsewhereError as error:
            answer = _from_storage(policy, url, error.target, vendor)
    except TooLargeError as error:
        raise RejectedError(error.detail, permanent=True) from None
    return File(_name_of(answer, url), answer.headers.get("content-type", "").split(";")[0].strip().lower(), answer.body)


def _from_storage(policy: HttpPolicy, url: str, target: str, vendor: str) -> Answer:
    if urlsplit(target).scheme != "https" and urlsplit(target).scheme != urlsplit(url).scheme:
        raise RejectedError(f"{vendor} keeps this file at an address that is not encrypted.", permanent=True)
    with HttpClient(policy, vendor=f"The storage of {vendor}", hide_paths=True) as bare:
        try:
            return bare.request("GET", target, headers=_ANYTHING, follow_redirects=True)
        except IntegrationError as error:
            if error.reconnect:
                # A link to storage that expired says 401 or 403: our credentials were not even asked for.
                raise VendorBrokenError(f"The storage of {vendor} does not give the file out.") from None
            raise


def _target(answer: Answer) -> str | None:
    location = answer.headers.get("location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        target = urljoin(answer.url, location)
        there, here = urlsplit(target), urlsplit(answer.url)
        other = (there.hostname, there.port) != (here.hostname, here.port) and there.scheme in ("http", "https")
        # http to https on the same host is the client's own affair.
        same_host = there.hostname == here.hostname and there.port is None and here.port is None
        return target if other and not same_host and "@" not in there.netloc else None
    except ValueError:
        return None


def _name_of(answer: Answer, url: str) -> str:
    """The name in Content-Disposition (RFC 6266), else the last part of the address."""
    given = answer.headers.get("content-disposition", "")
    if found := re.search(r"filename\*\s*=\s*(?:UTF-8|utf-8)''([^;]+)", given):
        return file_name(found[1])
    if found := re.search(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', given):
        return file_name((found[1] or found[2] or "").replace('\\"', '"'))
    return file_name(unquote(urlsplit(url).path))
