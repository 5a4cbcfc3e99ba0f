"""The e-mail adapter against the sandbox's mail server, over real IMAP and SMTP."""

from collections.abc import Mapping
from typing import ClassVar, Self

from powerup.integrations.forums.base import ForumConfig
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.mail.double import MailDouble
from powerup.sandbox.mail.trouble import Kind, Plan
from tests.contract.forum.case import HOOK_SECRET, Act, Fault, Upload
from tests.contract.forum.desk import DeskCase

HOME = "https://closeloop.example.org"
DOMAIN = "northwind.example"


class EmailCase(DeskCase):
    """Ada is the mailbox; Ben writes from an address of its domain, Carla from one that is named; `known_as` says how they are known."""

    kind = "email"
    double: MailDouble
    page = 100
    listed = 30
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.read_anonymously: "A mailbox has a password.",
        Act.reply_internally: "A mail goes to the customer.",
        Act.edit: "A mail that was sent cannot be changed.",
        Act.edit_is_listed: "A mail that was sent cannot be changed.",
        Act.merge: "Mails belong together by what they refer to; nobody can say otherwise.",
        Act.html: "A mail has no address that links in it could be relative to.",
        Act.staff_opens: "Who writes first from the mailbox writes to a customer, whose thread it is.",
        Act.private: "All mails are private or none, as an admin says.",
        Act.hook: "Mail servers call nobody.",
        Act.sign_hook: "Mail servers call nobody.",
    }
    no_fault: ClassVar[Mapping[Fault, str]] = {
        Fault.html: "Nothing stands between us and a mail server that could answer with a web page.",
        Fault.gone: "IMAP says only of folders that they are not there, and that is a wrong setting; a mail is simply not found.",
        Fault.removed: "IMAP says only of folders that they are not there, and that is a wrong setting; a mail is simply not found.",
        Fault.redirected: "IMAP and SMTP send nobody elsewhere.",
    }

    @classmethod
    def make(cls) -> MailDouble:
        return MailDouble(acting_as="ada")

    def __enter__(self) -> Self:
        super().__enter__()
        self.store.people["ben"].email = f"ben@{DOMAIN}"
        return self

    def config(self, credentials: Mapping[str, str]) -> ForumConfig:
        staff, groups = frozenset({"Carla@customers.example"}), frozenset({DOMAIN})
        return ForumConfig(self.double.base_url(), credentials, staff, groups, HOOK_SECRET, HOME)

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "password": "wrong"}

    def revoke(self) -> None:
        self.double.revoke()

    def thread_url(self, thread_id: str) -> str:
        return self.double.address_of(self.double.thread_id(thread_id), HOME)

    def known_as(self, username: str) -> str:
        person = self.store.person(username)
        return person.email if person else username

    def picture(self, thread_id: str, file: Upload) -> str:
        (number,) = self._stored(file)
        html = f'<p>See <img src="{self.double.file_path(self.store.files[number])}" alt="{file.name}"> there.</p>'
        post = self.store.add_post(self.double.thread_id(thread_id), NewPost("mei", "See there.", html=html, file_ids=[number]))
        return self.double.post_key(post)

    def fault(self, fault: Fault, *, writes_only: bool = False) -> None:
        kinds: dict[Fault, Kind] = {
            Fault.server_error: "server_error", Fault.truncated: "truncated", Fault.cut_off: "cut_off", Fault.lost_answer: "lost_answer",
            Fault.silent: "silent", Fault.drip: "drip", Fault.rate_limited: "rate_limited", Fault.forbidden: "forbidden",
        }  # fmt: skip
        self.double.trouble.set(Plan(kinds[fault], writes_only))

    def well(self) -> None:
        self.double.trouble.clear()

    def requests(self) -> int | None:
        return len(self.double.imap.commands) + len(self.double.smtp.commands)
