"""A mail's head: what its header says, read so that nothing a sender writes there can break us.

Automatic mails are told by RFC 3834 §2 and §5 (Auto-Submitted, Precedence, the null sender), RFC 2919 (List-Id), RFC 3464 (reports)
and Microsoft's X-Auto-Response-Suppress ([MS-OXCMAIL] 2.2.3.2.14).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from functools import cached_property

from powerup.integrations.forums.email import ids
from powerup.integrations.forums.email.answers import Value
from powerup.integrations.forums.email.charsets import header_text

FIELDS = (
    "Message-ID In-Reply-To References Subject From Reply-To To Cc Date Auto-Submitted Precedence X-Auto-Response-Suppress List-Id "
    "X-Autoreply X-Autorespond Return-Path Content-Type Authentication-Results"
)

_ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|maildaemon)@", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x20\x7f]{1,64}@[^\s<>()\[\],;:\\\"@\x00-\x20\x7f]{1,255}")
_BULK = frozenset({"bulk", "junk", "list"})
_COMMENT = re.compile(r"\([^()]*\)")
_REPLY = re.compile(
    r"^(?:\s*(?:re|aw|antw|antwort|sv|vs|ref|rif|odp|r|ynt|fw|fwd|wg|tr|回复|答复|转发|返信)\s*(?:\[[0-9]{1,3}\]|\([0-9]{1,3}\))?\s*[:：])+\s*",
    re.IGNORECASE,
)
_FOLDS = re.compile(r"[\r\n]+")
_LONGEST = 64_000
_MOST_ADDRESSES = 200


@dataclass(frozen=True)
class Address:
    """Somebody in From, To or Cc. `email` is in lower case."""

    name: str
    email: str


@dataclass(frozen=True)
class Head:
    """A mail in a folder, before its text was read. `folder` is an index into those that are read; `sent`: that of sent mails."""

    folder: int
    validity: int
    uid: int
    sent: bool
    at: datetime
    """When the server got it, to the second."""
    flags: frozenset[str]
    raw: bytes
    size: int = 0
    structure: Value = None
    embedded_id: str = ""
    """Of a report without references: the Message-ID of the mail that it is about."""

    @cached_property
    def fields(self) -> Sequence[tuple[str, str]]:
        """Names in lower case and raw values, in order."""
        parsed = BytesHeaderParser(policy=compat32).parsebytes(self.raw[:_LONGEST])
        # compat32's own __getitem__ wraps bytes beyond ASCII into objects; `raw_items` leaves them as surrogates.
        return [(str(name).lower(), _FOLDS.sub("", str(value))) for name, value in parsed.raw_items()]

    def values(self, name: str) -> list[str]:
        """Every value of a field, from the top."""
        return [value for given, value in self.fields if given == name]

    def value(self, name: str) -> str:
        """The first value of a field, or ""."""
        return next(iter(self.values(name)), "")

    @cached_property
    def message_id(self) -> str:
        """Without brackets; "" where there is none."""
        found = ids.message_id_in(self.value("message-id"))
        return found if found.isascii() else ""

    @cached_property
    def key(self) -> str:
        """By which the mail is known to us."""
        return ids.key_of(self.message_id) if self.message_id else ids.key_of_place(self.folder, self.validity, self.uid)

    @cached_property
    def node(self) -> str:
        """What other mails' references mean: the Message-ID, else the key."""
        return self.message_id or self.key

    @cached_property
    def references(self) -> Sequence[str]:
        """The mails that it says to follow, oldest first; In-Reply-To where References is missing (RFC 5322 §3.6.4)."""
        found = ids.message_ids_in(" ".join(self.values("references")))
        answered = ids.message_ids_in(self.value("in-reply-to"))[:1]
        both = [*found, *(one for one in answered if one not in found)] or ([self.embedded_id] if self.embedded_id else [])
        return [one for one in both if one != self.message_id and one.isascii()]

    @cached_property
    def subject(self) -> str:
        """On one line."""
        return header_text(self.value("subject"))[:500]

    @cached_property
    def bare_subject(self) -> str:
        """Without "Re:" and its like in the languages that mail programs speak."""
        return _REPLY.sub("", self.subject).strip() or self.subject

    @cached_property
    def sender(self) -> Address:
        """The author; where From holds no address, one that stands for nobody."""
        return next(iter(addresses(self.value("from"))), Address("Unknown sender", ""))

    @cached_property
    def reply_to(self) -> Sequence[Address]:
        """Where answers are wanted."""
        return addresses(self.value("reply-to"))

    @cached_property
    def recipients(self) -> Sequence[Address]:
        """To and Cc."""
        return addresses(", ".join([*self.values("to"), *self.values("cc")]))

    @cached_property
    def is_report(self) -> bool:
        """A bounce, a receipt or another report of a mail server."""
        return self.value("content-type").strip().lower().startswith("multipart/report")

    @cached_property
    def automatic(self) -> bool:
        """Nobody typed this: it is not a customer's word, and nobody answers it."""
        submitted = _COMMENT.sub("", self.value("auto-submitted")).split(";")[0].strip().lower()
        precedence = self.value("precedence").strip().lower()
        named = any(self.values(name) for name in ("list-id", "x-auto-response-suppress", "x-autoreply", "x-autorespond"))
        robot = self.value("return-path").strip() == "<>" or bool(_ROBOTS.match(self.sender.email))
        return bool(submitted and submitted != "no") or precedence in _BULK or named or robot or self.is_report


def addresses(raw: str) -> list[Address]:
    """The addresses in a header, each once. Not by the library's parser, which finds an address in `a@x.example)b@y.example`."""
    found: dict[str, Address] = {}
    for part in _parts(raw[:20_000]):
        name, bracket, rest = part.rpartition("<")
        email = (rest.partition(">")[0] if bracket else part).strip()
        if _ADDRESS.fullmatch(email) and len(found) < _MOST_ADDRESSES:
            shown = header_text(name.strip().strip('"').replace('\\"', '"')) if bracket else ""
            found.setdefault(email.lower(), Address(shown[:200], email.lower()))
    return list(found.values())


def is_robot(email: str) -> bool:
    """Whether nobody reads what is sent there."""
    return bool(_ROBOTS.match(email)) or not _ADDRESS.fullmatch(email)


def _parts(raw: str) -> list[str]:
    """Cut at commas and semicolons that stand in no quotes, brackets or comments; comments go."""
    parts, current, quoted, comment, angle, escaped = list[str](), list[str](), False, 0, False, False
    for sign in raw:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == '"' and not comment:
            quoted = not quoted
        elif not quoted and sign == "(":
            comment += 1
        elif not quoted and sign == ")" and comment:
            comment -= 1
            continue
        elif not quoted and not comment and sign in "<>":
            angle = sign == "<"
        elif sign in ",;" and not quoted and not comment and not angle:
            parts.append("".join(current))
            current = []
            continue
        if not comment:
            current.append(sign)
    # Quotes, comments or brackets that never end: cut at each comma, and what is no address is none.
    return raw.split(",") if quoted or comment or angle else [*parts, "".join(current)]
