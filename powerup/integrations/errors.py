"""What can go wrong outside, said so that a worker knows what to do next and a person knows what to mend."""

from powerup.errors import CloseloopError, Code


class IntegrationError(CloseloopError):
    """A vendor did not do what we asked.

    :param detail: a plain sentence for a person; no token, no body, no customer text.
    :param permanent: trying again changes nothing (401, 403, 404, 410, 422).
    :param retry_after: seconds that the vendor asked us to wait, or None.
    :param reconnect: the credentials are refused; somebody must connect again.
    :param sent: False when the request certainly never reached the vendor; True when it may have been carried out.
    :param http_status: the vendor's status, or None when there was no answer.
    """

    code, status, title = Code.forum_unavailable, 502, "Another service did not answer"

    def __init__(
        self,
        detail: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        reconnect: bool = False,
        sent: bool = True,
        http_status: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.permanent = permanent
        self.retry_after = retry_after
        self.reconnect = reconnect
        self.sent = sent
        self.http_status = http_status
        if retry_after is not None:
            self.extra["retry_after"] = retry_after


class UnreachableError(IntegrationError):
    """No connection: DNS, refused, TLS. Worth trying again."""

    title = "Another service cannot be reached"


class VendorTimeoutError(IntegrationError):
    """The answer took too long; a write may have been carried out."""

    status, title = 504, "Another service took too long"


class AddressRefusedError(IntegrationError):
    """The address is private or otherwise not one we call (`CLOSELOOP_PRIVATE_HOSTS` lists exceptions)."""

    status, code, title = 422, Code.invalid, "We do not call this address"


class RateLimitedError(IntegrationError):
    """The vendor said 429 or its like."""

    status, title = 503, "Another service asks us to wait"


class CredentialsRefusedError(IntegrationError):
    """401, or a 403 that means that the key is bad."""

    code, title = Code.forum_refused, "Another service does not accept our credentials"


class NotPermittedError(IntegrationError):
    """403: the credentials are good and not allowed to do this."""

    code, title = Code.forum_refused, "Another service does not allow this"


class GoneError(IntegrationError):
    """404 or 410: deleted, hidden from us, or never there."""

    code, status, title = Code.thread_gone, 404, "It is not there any more"


class RejectedError(IntegrationError):
    """The vendor read the request and will not do it (400, 409, 422); the detail has its reason."""

    code, status, title = Code.forum_refused, 422, "Another service will not do this"


class OvertakenError(RejectedError):
    """Somebody else wrote in the thread after the message that our writer had seen; nothing was written."""

    code, title = Code.overtaken, "Someone else has commented"


class VendorBrokenError(IntegrationError):
    """5xx, HTML instead of JSON, truncated or oversized answers, missing fields."""

    title = "Another service answered nonsense"


class TooLargeError(VendorBrokenError):
    """More bytes than are read of one answer."""
