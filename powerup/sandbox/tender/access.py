"""Who calls: tokens of accounts, and the Accept header that Tender insists on.

Sources: https://help.tenderapp.com/kb/api/introduction and …/authentication. The words of a 401 for a token that never was are a guess.
"""

from typing import TYPE_CHECKING

from flask import Response, request

from powerup.sandbox.desk.models import Person
from powerup.sandbox.tender.answers import TYPE, answer, text

if TYPE_CHECKING:
    from powerup.sandbox.tender.double import TenderDouble

_EXPIRED = "API token has expired. Please generate a new token from your account settings."


class Access:
    """Knows the tokens; `expired` ones are refused in their own words, `revoked` ones like any stranger's."""

    def __init__(self, double: "TenderDouble") -> None:
        self._double = double
        self.expired: set[str] = set()
        self.revoked: set[str] = set()

    def token(self, username: str) -> str:
        """The account's API token."""
        return f"token-of-{username.lower()}"

    def caller(self) -> Person | None:
        """The account whose token the present request carries."""
        token = request.headers.get("X-Tender-Auth") or request.args.get("auth", "")
        if token in self.revoked or token in self.expired:
            return None
        return next((person for person in self._double.store.people.values() if self.token(person.username) == token), None)

    def refusal(self) -> Response | None:
        """What the present request is answered when it may not go on."""
        accept = request.headers.get("Accept", "*/*")
        if TYPE not in accept and "application/json" not in accept:
            return text(f"Invalid Accepts Header: {accept}, should be: application/json and {TYPE}", 406)
        if request.headers.get("X-Tender-Auth", "") in self.expired:
            return answer({"error": _EXPIRED}, 401)
        return None if self.caller() else text("Access denied.", 401)
