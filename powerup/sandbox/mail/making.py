"""Mails made of what stands in the store: as customers and staff would have sent them."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from powerup.sandbox.desk.models import Person, Post, StoredFile, Thread

_KEPT = 10
"""References behind the first one; mail programs cut them somewhere."""


def mail_of(
    thread: Thread,
    post: Post,
    *,
    sender: Person,
    recipient: Person,
    message_id: str,
    before: Sequence[str],
    files: Sequence[tuple[StoredFile, str]],
    head: bytes = b"",
) -> bytes:
    """The raw mail. `before`: Message-IDs of the thread so far; `files`: each with its address in the post's HTML; `head` goes on top."""
    kept = [*before[:1], *before[1:][-_KEPT:]]
    follows = f"In-Reply-To: <{before[-1]}>\r\nReferences: {' '.join(f'<{one}>' for one in kept)}\r\n" if before else ""
    top = head + f"Message-ID: <{message_id}>\r\n{follows}".encode()
    subject = f"Re: {thread.subject}" if before else thread.subject
    if not files and post.html in (f"<p>{post.text}</p>", "") and post.text.isascii():
        return top + _plain(subject, post.text, post.created_at, sender, recipient)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = _address(sender), _address(recipient)
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(post.created_at.replace(microsecond=0))
    mail.set_content(post.text)
    html, shown = post.html, list[tuple[StoredFile, str]]()
    for file, path in files:
        if path in html:
            cid = f"file{file.id}@{message_id.partition('@')[2]}"
            html = html.replace(path, f"cid:{cid}")
            shown.append((file, cid))
    mail.add_alternative(html, subtype="html")
    rich = mail.get_body(("html",))
    for file, cid in shown:
        main, _, sub = file.content_type.partition("/")
        if rich is not None:
            rich.add_related(file.body, main, sub or "octet-stream", cid=f"<{cid}>", filename=file.name)
    for file, _ in files:
        if file not in [one for one, _ in shown]:
            main, _, sub = file.content_type.partition("/")
            name = re.sub(r"[\r\n]", " ", file.name)
            mail.add_attachment(file.body, main or "application", sub or "octet-stream", filename=name)
    return top + mail.as_bytes()


def _plain(subject: str, text: str, at: datetime, sender: Person, recipient: Person) -> bytes:
    """The same by hand, for thousands of them."""
    lines = [
        f"From: {_name(sender)} <{sender.email}>",
        f"To: {_name(recipient)} <{recipient.email}>",
        f"Subject: {Header(' '.join(subject.split()), 'utf-8' if not subject.isascii() else None, 900).encode()}",
        f"Date: {format_datetime(at.replace(microsecond=0))}",
        "MIME-Version: 1.0",
        "",
        *text.splitlines(),
        "",
    ]
    return "\r\n".join(lines).encode()


def _name(person: Person) -> str:
    return str(Header(person.name, "utf-8").encode()) if not person.name.isascii() else f'"{person.name}"'


def _address(person: Person) -> Address:
    return Address(display_name=person.name, addr_spec=person.email)
