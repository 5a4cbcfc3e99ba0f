"""The GitHub adapter against the sandbox's repository."""

from collections.abc import Mapping
from typing import Any, ClassVar

from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.github.double import GithubDouble
from tests.contract.forum.case import Act, Fault, Upload
from tests.contract.forum.desk import DeskCase


class GithubCase(DeskCase):
    """A public repository's issues; discussions are tested in tests/integrations/github."""

    kind = "github"
    page = 100
    double: GithubDouble
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.reply_internally: "GitHub has no internal notes",
        Act.private: "a whole repository is private, no single issue; tested in tests/integrations/github",
        Act.merge: "GitHub merges no issues; one that is converted to a discussion is tested in tests/integrations/github",
        Act.verify_email: "GitHub tells nobody's address",
    }
    no_fault: ClassVar[Mapping[Fault, str]] = {}

    @classmethod
    def make(cls) -> GithubDouble:
        return GithubDouble(acting_as="ada")

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "token": "wrong"}

    def revoke(self) -> None:
        self.double.revoked.add("ada")

    def picture(self, thread_id: str, file: Upload) -> str:
        stored = self.store.add_file(file.name, file.content_type, file.body)
        html = f'<p>See <img src="{self.double.file_path(stored)}" alt="{file.name}"> here.</p>'
        post = self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "x", html=html, file_ids=(stored.id,)))
        return self.double.post_key(post)

    def refusal(self) -> dict[str, Any]:
        """The secondary limit: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        return {"status": 403, "retry_after": 7, "answer": {"message": message}}
