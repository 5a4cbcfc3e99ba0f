"""The Request Tracker adapter against the sandbox's."""

from collections.abc import Mapping
from typing import ClassVar

from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.rt.double import RtDouble
from tests.contract.forum.case import Act, Fault, Upload
from tests.contract.forum.desk import DeskCase

CANNOT: Mapping[Act, str] = {
    Act.read_anonymously: "RT answers nobody without an account",
    Act.edit: "what was written in a ticket cannot be changed",
    Act.edit_is_listed: "the same",
    Act.delete_message: "what was written in a ticket cannot be taken back (only shredded, below RT)",
    Act.private: "every ticket is between its requestors and staff; none is more private than another",
    Act.hook: "RT sends no webhooks",
    Act.sign_hook: "the same",
    Act.verify_email: "RT believes every address that a mail comes from",
}


class RtCase(DeskCase):
    """A site on which Ada is a privileged user, and "support" a queue and a group."""

    kind = "rt"
    # A hundred rows at once, and two lists for each message: one of transactions, one of texts.
    page = 50
    listed = 100
    double: RtDouble
    cannot: ClassVar[Mapping[Act, str]] = CANNOT
    no_fault: ClassVar[Mapping[Fault, str]] = {}

    @classmethod
    def make(cls) -> RtDouble:
        return RtDouble(acting_as="ada")

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "token": "wrong"}

    def revoke(self) -> None:
        self.double.revoked.add(self.credentials()["token"])

    def picture(self, thread_id: str, file: Upload) -> str:
        stored = self.store.add_file(file.name, file.content_type, file.body)
        html = f'<p>See <img src="{self.double.file_path(stored)}" alt="{file.name}"> here.</p>'
        post = self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "x", html=html, file_ids=(stored.id,)))
        return self.double.post_key(post)
