"""What a mail is made of, from the server's BODYSTRUCTURE (RFC 3501 §7.4.2): which parts are its text and which are files.

Nothing is fetched to know this, so a mail with 30 MB of pictures is read as quickly as one without.
"""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import collapse_rfc2231_value, decode_params
from typing import Self

from powerup.integrations.forums.email.answers import Value
from powerup.integrations.forums.email.charsets import header_text
from powerup.integrations.forums.files import file_name

_DEEPEST = 20
_MOST = 200
_TOKEN = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_UNSHOWN = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "message/delivery-status"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf. `path` is IMAP's number of it ("2.1"); `octets` are counted as sent."""

    path: str
    type: str
    charset: str = ""
    content_id: str = ""
    encoding: str = "7bit"
    octets: int = 0
    disposition: str = ""
    name: str = ""
    given_name: bool = False

    @property
    def is_text(self) -> bool:
        """Whether this is to be read rather than saved."""
        saved = self.disposition == "attachment" or (self.disposition == "inline" and self.given_name)
        return self.type in ("text/plain", "text/html") and not saved


@dataclass(slots=True)
class Content:
    """The parts that make up the text, in order, and the files."""

    texts: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)

    def add(self, other: Self) -> None:
        """Take the other's parts behind these."""
        self.texts += other.texts
        self.files += other.files


def content_of(structure: Value) -> Content:
    """What to show of a mail. A structure that is none is taken for one plain text: every mail has a first part."""
    if not isinstance(structure, list) or not structure:
        return Content([Part("1", "text/plain", name="text")])
    single = not isinstance(structure[0], list)
    content = _content(structure, "1" if single else "", 0)
    return Content(content.texts[:_MOST], content.files[:_MOST])


def leaves(structure: Value) -> list[Part]:
    """Every leaf, whatever it is."""
    if not isinstance(structure, list) or not structure:
        return []
    return _leaves(structure, "" if isinstance(structure[0], list) else "1", 0)


def _content(node: Sequence[Value], path: str, depth: int) -> Content:
    children = [child for child in node if isinstance(child, list)] if node and isinstance(node[0], list) else []
    if not children:
        part = _leaf(node, path)
        return Content([part]) if part.is_text else Content(files=[] if part.type in _UNSHOWN else [part])
    if depth > _DEEPEST:
        return Content()
    children = _leading_lists(node)[:_MOST]
    subtype = _word(node[len(children)] if len(node) > len(children) else "")
    inside = [_content(child, f"{path}.{place}" if path else str(place), depth + 1) for place, child in enumerate(children, 1)]
    if subtype == "alternative":
        return _best(inside)
    if subtype == "related":
        # What follows the root is there to be shown within it.
        rest = [part for one in inside[1:] for part in [*one.texts, *one.files]]
        return Content(inside[0].texts, [*inside[0].files, *rest])
    if subtype == "report":
        return Content(inside[0].texts, [part for one in inside for part in one.files])
    whole = Content()
    for one in inside:
        whole.add(one)
    return whole


def _best(inside: Sequence[Content]) -> Content:
    """Of alternatives the last one with HTML, else the last one with text; the files of all."""
    rich = [one for one in inside if any(part.type == "text/html" for part in one.texts)]
    plain = [one for one in inside if one.texts]
    texts = (rich or plain or [Content()])[-1].texts
    return Content(texts, [part for one in inside for part in one.files])


def _leaves(node: Sequence[Value], path: str, depth: int) -> list[Part]:
    children = _leading_lists(node)
    if not children:
        return [_leaf(node, path)]
    if depth > _DEEPEST:
        return []
    inner = enumerate(children[:_MOST], 1)
    return [part for place, child in inner for part in _leaves(child, f"{path}.{place}" if path else str(place), depth + 1)]


def _leading_lists(node: Sequence[Value]) -> list[list[Value]]:
    found: list[list[Value]] = []
    for child in node:
        if not isinstance(child, list):
            break
        found.append(child)
    return found


def _leaf(node: Sequence[Value], path: str) -> Part:
    """type subtype (parameters) id description encoding octets …; md5, disposition, language and location come at the end."""
    fields = [*node, *[None] * 12]
    kind = f"{_word(fields[0])}/{_word(fields[1])}"
    parameters = _parameters(fields[2])
    tail = 8 if kind.startswith("text/") else 10 if kind in ("message/rfc822", "message/global") else 7
    disposition = fields[tail + 1]
    shown, more = "", dict[str, str]()
    if isinstance(disposition, list) and disposition:
        shown, more = _word(disposition[0]), _parameters(disposition[1] if len(disposition) > 1 else None)
    given = more.get("filename") or parameters.get("name") or ""
    octets = fields[6]
    return Part(
        path=path,
        type=kind if all(_TOKEN.fullmatch(word) for word in kind.split("/")) else "application/octet-stream",
        charset=parameters.get("charset", ""),
        content_id=_text(fields[3]).strip().strip("<>"),
        encoding=_text(fields[5]).strip().lower(),
        octets=int(octets) if isinstance(octets, str) and octets.isascii() and octets.isdigit() and len(octets) < 12 else 0,
        disposition=shown,
        name=file_name(given) if given else _made_up(kind, path, fields),
        given_name=bool(given),
    )


def _made_up(kind: str, path: str, fields: Sequence[Value]) -> str:
    """A name for a file that has none; a mail within the mail is called by its subject."""
    if kind in ("message/rfc822", "message/global"):
        envelope = fields[7]
        subject = header_text(_text(envelope[1])) if isinstance(envelope, list) and len(envelope) > 1 else ""
        return file_name(f"{subject.replace('/', ' ')[:80] or 'mail'}.eml")
    ending = ".ics" if kind == "text/calendar" else mimetypes.guess_extension(kind) or ""
    return f"{'invitation' if kind == 'text/calendar' else kind.partition('/')[0] or 'file'}-{path}{ending}"


def _parameters(value: Value) -> dict[str, str]:
    """Names in lower case -> values, RFC 2231's pieces put together and RFC 2047's words read (against the rules, and everywhere)."""
    if not isinstance(value, list):
        return {}
    pairs = list(zip(value[::2], value[1::2], strict=False))[:50]
    given = [(_text(name).lower(), _text(said)) for name, said in pairs]
    try:
        decoded = decode_params([("", ""), *((name, f'"{said}"') for name, said in given)])[1:]
        read = {name: collapse_rfc2231_value(said) for name, said in decoded}
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        read = dict(given)
    return {name: header_text(str(said).strip('"')) for name, said in read.items()}


def _word(value: Value) -> str:
    return _text(value).strip().lower()


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else ""
