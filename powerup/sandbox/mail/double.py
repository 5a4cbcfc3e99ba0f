"""A support mailbox on three ports: pages for people, IMAP, SMTP.

A customer's message in the store is a mail in INBOX, the account's own one in Sent; a mail that comes by SMTP is a message in the store.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any, ClassVar

from flask import Blueprint

from powerup import clock
from powerup.integrations.forums.email.ids import key_of
from powerup.sandbox.common.cooking import clean, cook
from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.desk.store import Event, NewPost
from powerup.sandbox.mail.imap_server import ImapServer
from powerup.sandbox.mail.mailbox import AUTHSERV, Mailbox
from powerup.sandbox.mail.serving import LineServer
from powerup.sandbox.mail.smtp_server import Delivery, SmtpServer
from powerup.sandbox.mail.trouble import Trouble


class MailDouble(DeskDouble):
    """`mailbox` holds the mails, `deliveries` all that SMTP took, `trouble` what goes wrong on both wires."""

    kind: ClassVar[str] = "email"
    label: ClassVar[str] = "E-mail"
    api_paths: ClassVar[tuple[str, ...]] = ("/no-mail-goes-over-http/",)
    page_rule: ClassVar[str] = "/mail/<int:number>"
    has_notes: ClassVar[bool] = False
    has_private: ClassVar[bool] = False
    has_persons: ClassVar[bool] = False

    def __init__(self, *, acting_as: str = "northwind", now: Callable[[], datetime] = clock.now) -> None:
        super().__init__(acting_as=acting_as, now=now)
        self.password = "sandbox-mail-password"  # noqa: S105 - of a mailbox that is not one
        self.trouble = Trouble()
        self.mailbox = Mailbox(self.store, acting_as, self.file_path)
        self.imap = ImapServer(self.mailbox, self.trouble, lambda: self.password)
        self.smtp = SmtpServer(self.trouble, lambda: self.mailbox.address, lambda: self.password, self._take)
        self.deliveries: list[Delivery] = []
        self._ports: tuple[LineServer, ...] = ()

    def blueprints(self) -> Sequence[Blueprint]:
        """None: mail servers speak no HTTP."""
        return ()

    def base_url(self) -> str:
        """As an admin's entry is stored."""
        return f"mailto:{self.mailbox.address}"

    def credentials(self, username: str | None = None) -> dict[str, str]:
        """Those of the one account; `username` plays no part."""
        imap, smtp = self._ports
        return {
            "imap_host": "127.0.0.1", "imap_port": str(imap.port), "imap_security": "plain", "smtp_host": "127.0.0.1",
            "smtp_port": str(smtp.port), "smtp_security": "plain", "password": self.password, "words": "shown",
            "authserv_id": AUTHSERV, "from_name": self.store.people[self.acting_as.lower()].name,
        }  # fmt: skip

    def page_path(self, thread: Thread) -> str:
        """A page of the sandbox's: a mailbox has none."""
        return f"/mail/{thread.id}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        """None: mail servers call nobody."""
        return None

    def thread_key(self, thread_id: int) -> str:
        """By the Message-ID of its first mail."""
        return self.post_key(self.store.posts[self.store.threads[thread_id].post_ids[0]])

    def thread_id(self, key: str) -> int:
        """The reverse."""
        return next(number for message_id, number in self.mailbox.threads.items() if key_of(message_id) == key)

    def post_key(self, post: Post) -> str:
        """By its Message-ID."""
        return key_of(str(post.extra["message_id"]))

    def address_of(self, thread_id: int, home: str) -> str:
        """Closeloop's own page: a mail has no address on the web."""
        return f"{home}/mail/{self.mailbox.address}/{self.thread_key(thread_id)}"

    def servers(self) -> Sequence[str]:
        """Where mail is read and sent."""
        imap, smtp = self._ports
        return (f"imap://127.0.0.1:{imap.port}", f"smtp://127.0.0.1:{smtp.port}")

    def revoke(self) -> None:
        """Change the password: who is signed in is sent away."""
        self.password = "another-sandbox-password"  # noqa: S105 - as above

    def receive(self, raw: bytes) -> None:
        """A mail from outside, as if by SMTP."""
        self._take(Delivery("", (self.mailbox.address,), raw, False))

    def _started(self, url: str) -> None:
        super()._started(url)
        self._ports = (LineServer(self.imap.talk, "imap"), LineServer(self.smtp.talk, "smtp"))
        for server in self._ports:
            server.start()

    def _stopping(self) -> None:
        self.trouble.clear()
        for server in self._ports:
            server.stop()
        super()._stopping()

    # ---- mails that arrive

    def _take(self, delivery: Delivery) -> None:
        with self.store.lock:
            self.deliveries.append(delivery)
            mail = message_from_bytes(delivery.raw, policy=default)
            message_id = _ids(mail["message-id"])[:1]
            if message_id and message_id[0] in self.mailbox.threads:
                # The same mail once more: mail programs show it once.
                return
            author = self._author(mail)
            ours = delivery.signed_in and author.username == self.acting_as
            raw = delivery.raw if ours else self._received(delivery)
            text, html = _words(mail)
            system = bool(mail["auto-submitted"]) and str(mail["auto-submitted"]).lower() != "no"
            new = NewPost(author.username, text, html=html, system=system, extra={"raw": raw})
            known = [
                self.mailbox.threads[one] for one in (*_ids(mail["references"]), *_ids(mail["in-reply-to"])) if one in self.mailbox.threads
            ]
            if known:
                self.store.add_post(known[-1], new)
            else:
                self.store.open_thread(str(mail["subject"] or "(no subject)"), new)

    def _author(self, mail: EmailMessage) -> Person:
        name, email = parseaddr(str(mail["from"] or ""))
        email = email.lower() or "nobody@customers.example"
        known = next((one for one in self.store.people.values() if one.email.lower() == email), None)
        return known or self.store.add_person(re.sub(r"[^a-z0-9._-]", "-", email), name, email=email, email_verified=False)

    def _received(self, delivery: Delivery) -> bytes:
        """What the receiving server puts on top."""
        verdict = f"Authentication-Results: {AUTHSERV};\r\n dmarc=none\r\n"
        return f"Return-Path: <{delivery.sender}>\r\n{verdict}Received: from somewhere by {AUTHSERV}\r\n".encode() + delivery.raw


def _ids(value: Any) -> list[str]:
    return re.findall(r"<([^<>\s]+)>", str(value or ""))


def _words(mail: EmailMessage) -> tuple[str, str]:
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    try:
        text = str(plain.get_content()).rstrip("\n") if plain is not None else ""
        html = clean(str(rich.get_content())) if rich is not None else cook(text)
    except (LookupError, ValueError, KeyError):
        return "(unreadable)", "<p>(unreadable)</p>"
    return text, html
