"""The Zendesk adapter against the sandbox's Zendesk."""

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Any, ClassVar

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.contract.forum.case import Act, Upload
from tests.contract.forum.desk import DeskCase


class ZendeskCase(DeskCase):
    """Its export is not held back, and asked as often as the tests like."""

    kind = "zendesk"
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.read_anonymously: "only agents may use the API for tickets",
        Act.edit: "a comment can be redacted, never edited",
        Act.edit_is_listed: "a comment can be redacted, never edited",
        Act.delete_message: "a comment can be redacted, never deleted",
        Act.private: "no ticket is public",
    }
    page = 100
    double: ZendeskDouble

    @classmethod
    def make(cls) -> DeskDouble:
        double = ZendeskDouble(acting_as="ada")
        double.export_lag, double.export_limit, double.most_comments = timedelta(0), None, 100_000
        return double

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "api_token": "wrong"}

    def revoke(self) -> None:
        self.double.revoked = True

    def picture(self, thread_id: str, file: Upload) -> str:
        stored = self.store.add_file(file.name, file.content_type, file.body)
        html = f'<p>See <img src="{escape(self.double.content_url(stored))}" alt=""> here.</p>'
        post = self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "See here.", html=html, file_ids=(stored.id,)))
        return self.double.post_key(post)

    def refusal(self) -> dict[str, Any]:
        answer = {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded"}
        return {"status": 429, "retry_after": 7, "answer": answer}
