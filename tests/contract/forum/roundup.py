"""The Roundup adapter against the sandbox's."""

from collections.abc import Mapping
from typing import Any, ClassVar

from powerup.sandbox.roundup.double import RoundupDouble
from tests.contract.forum.case import Act
from tests.contract.forum.desk import DeskCase


class RoundupCase(DeskCase):
    """A tracker on which Ada is an administrator (who alone sees others' roles), and "Support" a role that Ben has."""

    kind = "roundup"
    page = 100
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.read_anonymously: "in the template “classic” nobody uses the REST interface without an account",
        Act.reply_internally: "Roundup has no notes that only staff see",
        Act.edit: "no page of Roundup edits a message",
        Act.edit_is_listed: "the same",
        Act.merge: "an issue can be superseded by another, and keeps its messages",
        Act.html: "every message is shown as plain text",
        Act.inline_image: "the same",
        Act.private: "who can see one issue sees all of them, unless a tracker's own schema says otherwise",
        Act.hook: "Roundup sends no webhooks",
        Act.sign_hook: "the same",
        Act.verify_email: "Roundup believes the address of a mail",
    }

    @classmethod
    def make(cls) -> RoundupDouble:
        return RoundupDouble(acting_as="ada")

    def wrong_credentials(self) -> dict[str, str]:
        return {"username": "ada", "password": "wrong"}

    def revoke(self) -> None:
        """The account is retired."""
        assert isinstance(self.double, RoundupDouble)
        self.double.revoked.add("ada")

    def refusal(self) -> dict[str, Any]:
        words = "Api rate limits exceeded. Please wait: 7 seconds."
        return {"status": 429, "retry_after": 7, "answer": {"error": {"status": 429, "msg": words, "source": "ApiRateLimiter"}}}
