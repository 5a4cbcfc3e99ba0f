"""A mailbox of the sandbox for tests, and mails as strangers write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from powerup.integrations.forums.base import ForumConfig, Thread
from powerup.integrations.forums.email import Email
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.mail.double import MailDouble

US = "support@northwind.example"
HOME = "https://closeloop.example.org"


@dataclass
class Box:
    """A running mail server and how to open it."""

    double: MailDouble
    patience: float = 15.0

    def open(self, **more: str) -> Email:
        """The adapter, which waits `patience` seconds for an answer; Ben's domain and Carla's address are staff."""
        given = {**self.double.credentials(), **more}
        config = ForumConfig(f"mailto:{US}", given, frozenset({"Carla@customers.example"}), frozenset({"@northwind.example"}), "", HOME)
        return Email(config, HttpPolicy(self.patience / 3, self.patience * 2 / 3, ("127.0.0.1",)))

    def receive(self, *mails: bytes) -> None:
        """Mails from outside; unlike the sandbox's own way in, nothing is made of them but mails in INBOX."""
        for raw in mails:
            self.double.mailbox.inbox.add(raw, self.double.store.now())

    def read(self, message_id: str, **more: str) -> Thread:
        """The thread of a Message-ID."""
        with self.open(**more) as forum:
            return forum.read(key_of(message_id))


@contextmanager
def running() -> Iterator[Box]:
    """A mailbox that nobody has written to."""
    with MailDouble() as double:
        yield Box(double)


def mail(message_id: str = "a@c", text: str = "Text.", *, follows: str = "", **headers: str) -> bytes:
    """A plain mail of Mei's. `follows`: Message-IDs for References, the last one for In-Reply-To too; `_` in a header's name is `-`."""
    fields = {"From": "Mei Lin <mei@customers.example>", "To": US, "Subject": "Help", "Date": "Mon, 02 Nov 2026 12:00:00 +0000"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    if message_id:
        fields["Message-ID"] = f"<{message_id}>"
    if follows:
        fields["References"] = " ".join(f"<{one}>" for one in follows.split())
        fields["In-Reply-To"] = f"<{follows.split()[-1]}>"
    if "Content-Type" not in fields:
        fields["Content-Type"] = "text/plain; charset=utf-8"
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{text}\r\n".replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape")
