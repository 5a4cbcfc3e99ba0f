"""The Tender adapter against the sandbox's site."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from powerup.integrations.forums.base import ForumConfig
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.tender.double import TenderDouble
from tests.contract.forum.case import Act, Fault, Upload
from tests.contract.forum.desk import DeskCase


class TenderCase(DeskCase):
    """A site of which Ada is a supporter. Carla is staff by her address: names may be anybody's."""

    kind = "tender"
    page = 30
    double: TenderDouble
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.read_anonymously: "the API answers nobody without a token",
        Act.edit: "a comment's JSON has no time of its last change",
        Act.edit_is_listed: "the same",
        Act.merge: "merging is documented nowhere; what seems to be left of it is tested in tests/integrations/tender",
        Act.sign_hook: "Tender signs nothing",
        Act.verify_email: "mail that comes in is not checked",
    }
    no_fault: ClassVar[Mapping[Fault, str]] = {}

    @classmethod
    def make(cls) -> TenderDouble:
        return TenderDouble(acting_as="ada")

    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        return replace(super().config(credentials), staff_usernames=frozenset({"Carla@customers.example"}))

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "api_token": "wrong"}

    def revoke(self) -> None:
        self.double.access.revoked.add(self.credentials()["api_token"])

    def known_as(self, username: str) -> str:
        person = self.store.person(username)
        return person.name if person else username

    def picture(self, thread_id: str, file: Upload) -> str:
        stored = self.store.add_file(file.name, file.content_type, file.body)
        html = f'<p>See <img src="{self.double.file_path(stored)}" alt="{file.name}"> here.</p>'
        post = self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "x", html=html, file_ids=(stored.id,)))
        return self.double.post_key(post)
