"""Who we are in a mailbox and what it lets us do."""

from collections.abc import Mapping

from powerup.integrations.errors import IntegrationError
from powerup.integrations.forums.base import Check, Feature
from powerup.integrations.forums.email import marks, smtp
from powerup.integrations.forums.email.shelf import Shelf
from powerup.integrations.http import HttpPolicy

_UNVERIFIED = (
    "From addresses are not verified: anybody can write as a customer, or as one of your colleagues. "
    "Enter the name that your server writes into Authentication-Results."
)
_UNKNOWN = "Not known until the connection works."


def check(shelf: Shelf, policy: HttpPolicy, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows: signs in at both servers, opens every folder, sends and changes nothing."""
    address, problems, missing = shelf.mailbox.address, list[str](), dict(cannot)
    try:
        # PERMANENTFLAGS of a folder that is opened for reading are empty: opened as if to write.
        opened = [shelf.open(place, write=True) for place in range(len(shelf.names))]
        for place in range(len(shelf.names)):
            shelf.imap.refresh(shelf.names[place])
    except IntegrationError as error:
        return broken(address, error.detail)
    if any(not marks.keeps_keywords(folder.permanent) for folder in opened):
        missing[Feature.tag] = marks.NO_KEYWORDS
        if any(
            marks.RESOLVED.lower() not in {flag.lower() for flag in folder.permanent} for folder in opened if "\\*" not in folder.permanent
        ):
            missing[Feature.resolve] = marks.NO_KEYWORDS
    if why := _no_replies(shelf, policy, problems):
        missing[Feature.reply] = why
    warnings = () if shelf.mailbox.authserv_id else (_UNVERIFIED,)
    return Check(address, address, frozenset(Feature) - missing.keys(), missing, tuple(problems), warnings)


def broken(site: str, problem: str) -> Check:
    """What is shown when nothing can be asked."""
    return Check(site, None, frozenset(), dict.fromkeys(Feature, _UNKNOWN), (problem,))


def _no_replies(shelf: Shelf, policy: HttpPolicy, problems: list[str]) -> str:
    if shelf.mailbox.smtp is None:
        return "We only read here: enter an SMTP server to answer."
    if shelf.sent is None and not shelf.mailbox.server_keeps_copies:
        why = "The mailbox has no folder of sent mails that we can find: name it in the forum's settings."
        problems.append(why)
        return why
    try:
        smtp.try_out(shelf.mailbox, policy)
    except IntegrationError as error:
        problems.append(error.detail)
        return error.detail
    return ""
