"""A reply as a mail: RFC 5322 header, the Markdown as plain text and as HTML.

`Auto-Submitted` is left out: a person wrote the words, and RFC 3834 §5 wants the field on messages that nobody typed; its absence says
the same as `no` (https://www.iana.org/assignments/auto-submitted-keywords).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markdown_it import MarkdownIt

from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.email.heads import Address

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_POLICY = SMTP.clone(cte_type="7bit")
_KEPT = 12
"""References that are written: the first and the last ones. RFC 5322 §3.6.4 asks for all, and a header has an end."""
_LONGEST = 900


@dataclass(frozen=True, slots=True)
class Reply:
    """What is needed to write one. Message-IDs are without brackets."""

    message_id: str
    sender: Address
    to: Address
    cc: Sequence[Address]
    subject: str
    answered: str
    references: Sequence[str]
    text: str
    at: datetime


def composed(reply: Reply) -> bytes:
    """The mail, CRLF at the end of lines and nothing but ASCII in it."""
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = _address(reply.sender)
        mail["To"] = _address(reply.to)
        if reply.cc:
            mail["Cc"] = tuple(_address(one) for one in reply.cc)
        mail["Subject"] = _line(reply.subject if reply.subject.lower().startswith("re:") else f"Re: {reply.subject}")
        mail["Date"] = format_datetime(reply.at)
        mail.set_content(reply.text.rstrip() + "\n")
        mail.add_alternative(f'<!doctype html><html><body dir="auto">\n{_MARKDOWN.render(reply.text)}</body></html>\n', subtype="html")
        content = mail.as_bytes()
    except (ValueError, LookupError, AttributeError, IndexError):
        raise RejectedError(
            "No mail can be made of this: an address is not one that can be written to.", permanent=True, sent=False
        ) from None
    # By hand, because the library breaks long Message-IDs up into coded words, which no program can follow.
    head = [f"Message-ID: <{reply.message_id}>"]
    if _is_sound(reply.answered):
        head.append(f"In-Reply-To: <{reply.answered}>")
    if kept := _kept(reply.references):
        head.append("References: " + "\r\n ".join(f"<{one}>" for one in kept))
    return "".join(f"{line}\r\n" for line in head).encode("ascii") + content


def _kept(references: Sequence[str]) -> list[str]:
    sound = [one for one in dict.fromkeys(references) if _is_sound(one)]
    return sound if len(sound) <= _KEPT else [sound[0], *sound[1 - _KEPT :]]


def _is_sound(message_id: str) -> bool:
    """Whether it can stand in a header as it is: a line break or a bracket would end it and begin something else."""
    return 0 < len(message_id) <= _LONGEST and message_id.isascii() and message_id.isprintable() and not set(message_id) & set("<> ")


def _address(address: Address) -> HeaderAddress:
    return HeaderAddress(display_name=_line(address.name), addr_spec=address.email)


def _line(text: str) -> str:
    """On one line: a line break would begin a header of somebody else's choice."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
