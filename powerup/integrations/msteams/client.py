"""Posting into a Microsoft Teams channel through the webhook of a workflow ("Send webhook alerts to a channel").

The workflow's trigger "When a Teams webhook request is received" answers 202 Accepted as soon as it has the request; whether the
workflow then posts is not told to us and stands in its run history (learn.microsoft.com/connectors/teams). Its address holds its
permission (`sig=`) and is a secret. Hosts: https://<environment>.environment.api.powerplatform.com/powerautomate/automations/direct/
workflows/…/triggers/manual/paths/invoke?…&sig=… and, older, https://<region>.logic.azure.com/workflows/… (databrickslabs/dqx and public
repositories that hold such addresses). The incoming webhooks of Office 365 connectors (*.webhook.office.com) were retired in May 2026
(devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams). Refusals are those of Azure
Logic Apps, `{"error": {"code": …}}`: 400 WorkflowTriggerIsNotEnabled once it is switched off or deleted, 401
DirectApiAuthorizationRequired while not "Anyone" may trigger it (both from reports in public repositories), 404, 413, 429. A lost
answer may lead to the same alert twice.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qs, urlsplit

from powerup.errors import Code
from powerup.integrations.alerts import Alert
from powerup.integrations.errors import (
    AddressRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.http import Answer, HttpClient, retry_after
from powerup.integrations.http_wire import is_exempt
from powerup.integrations.msteams.cards import envelope, teams_card

HOSTS = (".environment.api.powerplatform.com", ".logic.azure.com")
RETIRED = (".webhook.office.com", "outlook.office.com", "outlook.office365.com")
LEAST_WAIT = 1.0
"""Seconds; Teams throttles more than four requests a second (learn.microsoft.com, "Create Incoming Webhooks")."""

_RECONNECT = "Open the workflow in Teams, copy its address again and enter it in the settings."
_OFF = f"The workflow is switched off or was removed. {_RECONNECT}"
_RETIRED = (
    "Microsoft has retired this kind of webhook (Office 365 connectors). Make a workflow in Teams: “Send webhook alerts to a channel”."
)
_LOOKS = "https://….environment.api.powerplatform.com/…/workflows/…?…&sig=…"


class TeamsWebhook:
    """Posts alerts; raises only IntegrationErrors. For one thread, as `http` is.

    :param http: made with `hide_paths=True`, for a webhook's address is a secret.
    :param private_hosts: hosts beside Microsoft's own that may be posted to (`CLOSELOOP_PRIVATE_HOSTS`).
    """

    def __init__(self, http: HttpClient, private_hosts: Sequence[str] = ()) -> None:
        self._http = http
        self._private_hosts = frozenset(host.lower() for host in private_hosts)

    def post(self, url: str, alert: Alert) -> None:
        """Hand the alert to the workflow."""
        self.check_address(url)
        try:
            self._http.request("POST", url, json=envelope(teams_card(alert)), classify=_classify)
        except IntegrationError as error:
            # The codes of forums would send the reader to the wrong settings.
            error.code = error.code if isinstance(error, AddressRefusedError) else Code.unavailable
            raise

    def check_address(self, url: str) -> None:
        """Raises AddressRefusedError unless this is the address of a Teams workflow, or of a listed private host."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            parts, host, port = urlsplit(""), "", 0
        if host.endswith(RETIRED):
            raise AddressRefusedError(_RETIRED, permanent=True, sent=False)
        listed = parts.scheme in ("http", "https") and bool(host) and is_exempt(host, port, self._private_hosts)
        if "@" in parts.netloc or not (_is_workflow(parts, host, port) or (listed and len(parts.path) > 1)):
            why = f"This is not the address of a Teams workflow; it looks like {_LOOKS}"
            raise AddressRefusedError(why, permanent=True, sent=False)


def _is_workflow(parts: SplitResult, host: str, port: int) -> bool:
    signed = bool(parse_qs(parts.query).get("sig"))
    return parts.scheme == "https" and port == 443 and host.endswith(HOSTS) and "/workflows/" in parts.path and signed


def _classify(answer: Answer) -> IntegrationError | None:
    status = answer.status
    if 200 <= status < 300:
        why = "Teams answered with a web page. Is the address of the workflow right?"
        return VendorBrokenError(why, http_status=status) if answer.is_html and answer.body.strip() else None
    match status:
        case 429:
            wait = max(retry_after(answer.headers) or LEAST_WAIT, LEAST_WAIT)
            return RateLimitedError("Teams asks us to slow down.", retry_after=wait, http_status=status)
        case 401 | 403:
            why = f"The workflow does not let us in. Set “Who can trigger the flow?” of its trigger to “Anyone”. {_RECONNECT}"
            return NotPermittedError(why, permanent=True, reconnect=True, http_status=status)
        case 404 | 410:
            return GoneError(_OFF, permanent=True, reconnect=True, http_status=status)
        case 413:
            return RejectedError("The message is too long for Teams.", permanent=True, http_status=status)
        case 400 | 409 | 422:
            return _refused(answer)
    return None


def _refused(answer: Answer) -> IntegrationError:
    """A workflow that is switched off says so with 400; the rest is about the message."""
    said = answer.text()[:2000]
    if "WorkflowTriggerIsNotEnabled" in said or "WorkflowNotFound" in said:
        return GoneError(_OFF, permanent=True, reconnect=True, http_status=answer.status)
    return RejectedError("Teams cannot read the message that we sent.", permanent=True, http_status=answer.status)
