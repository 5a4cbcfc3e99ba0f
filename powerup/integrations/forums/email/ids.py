"""Message-IDs, the keys that we make of them, and threads' addresses. No I/O.

A key is safe in URLs, at most 160 characters, and leads back to the mail on the server:

* `m` + base64url of the Message-ID;
* `p` + base64url of its first 60 bytes + `.` + a hash, when it is long: the server finds the beginning, the hash says which it is;
* `u` + folder number `.` UIDVALIDITY `.` UID, for a mail that has no Message-ID;
* any of these + `~` + a hash, for a second, different mail with the same Message-ID.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_LOOSE = re.compile(r"[^<>\s]{1,900}")
_KEY = re.compile(
    r"(?:m([A-Za-z0-9_-]{1,120})|p([A-Za-z0-9_-]{80})\.([0-9a-f]{20})|u([0-9]{1,3})\.([0-9]{1,10})\.([0-9]{1,10}))(?:~([0-9a-f]{12}))?"
)
_LONGEST = 90
_BEGINNING = 60
_MOST_REFERENCES = 200


@dataclass(frozen=True, slots=True)
class Key:
    """What a key says: the whole Message-ID or its beginning and hash, or a place; `twin` tells mails of one Message-ID apart."""

    message_id: str = ""
    beginning: str = ""
    hash: str = ""
    place: tuple[int, int, int] | None = None
    twin: str = ""

    def means(self, message_id: str) -> bool:
        """Whether this is the Message-ID that was meant."""
        return message_id == self.message_id if self.message_id else bool(self.hash) and _hash(message_id, 20) == self.hash

    @property
    def sought(self) -> str:
        """What to ask the server for."""
        return self.message_id or self.beginning


def key_of(message_id: str) -> str:
    """The key of a mail with this Message-ID (without its brackets)."""
    raw = message_id.encode()
    if len(raw) <= _LONGEST:
        return f"m{_coded(raw)}"
    return f"p{_coded(raw[:_BEGINNING])}.{_hash(message_id, 20)}"


def key_of_place(folder: int, validity: int, uid: int) -> str:
    """The key of a mail without a Message-ID."""
    return f"u{folder}.{validity}.{uid}"


def read_key(key: str) -> Key | None:
    """What a key says, or None for what is none."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    whole, beginning, digest, folder, validity, uid, twin = match.groups()
    if folder is not None:
        return Key(place=(int(folder), int(validity), int(uid)), twin=twin or "")
    text = _decoded(whole or beginning)
    if text is None or re.search(r"[\s<>\x00-\x1f\x7f]", text):
        return None
    return Key(message_id=text, twin=twin or "") if whole else Key(beginning=text, hash=digest, twin=twin or "")


def twin_of(*parts: str) -> str:
    """What tells two mails apart that carry the same Message-ID."""
    return _hash("\n".join(parts), 12)


def message_id_in(value: str) -> str:
    """The Message-ID in a header, "" where there is none; brackets may be missing, as broken programs do."""
    found = _MESSAGE_ID.search(value) or _LOOSE.fullmatch(value.strip())
    return found[found.lastindex or 0] if found else ""


def message_ids_in(value: str) -> list[str]:
    """The Message-IDs in References or In-Reply-To, in order, each once; of very many the first and the last ones."""
    found = list(dict.fromkeys(_MESSAGE_ID.findall(value)))
    return found if len(found) <= _MOST_REFERENCES else [found[0], *found[1 - _MOST_REFERENCES :]]


def our_message_id(marker: str, address: str) -> str:
    """The Message-ID of what we write for a marker: the same for every try, so that a lost answer is found again."""
    return f"closeloop.{hashlib.sha256(marker.encode()).hexdigest()[:40]}@{address.partition('@')[2]}"


def thread_url(home: str, address: str, key: str, *, link: str = "") -> str:
    """Where people read a thread: `link` with the Message-ID in it, else our own page."""
    said = read_key(key)
    if "{message_id}" in link and said and said.message_id:
        return link.replace("{message_id}", quote(said.message_id, safe=""))
    return f"{home}/mail/{quote(address, safe='@')}/{key}"


def thread_key_in(home: str, address: str, url: str, *, link: str = "") -> str | None:
    """The thread that one of this mailbox's addresses means, queries and fragments aside; else None."""
    try:
        given, ours = urlsplit(url.strip()), urlsplit(home)
        same = given.scheme in ("http", "https") and (given.hostname, given.port) == (ours.hostname, ours.port) and "@" not in given.netloc
    except ValueError:
        return None
    before, placeholder, after = link.partition("{message_id}")
    if placeholder and url.startswith(before):
        rest = url[len(before) :]
        found = rest.removesuffix(after) if after and rest.endswith(after) else rest if after else re.split(r"[?#&]", rest)[0]
        message_id = unquote(found).strip("<>")
        key = key_of(message_id) if message_id else ""
        return key if read_key(key) else None
    prefix = f"{ours.path.rstrip('/')}/mail/"
    if not same or not given.path.startswith(prefix):
        return None
    parts = given.path[len(prefix) :].rstrip("/").split("/")
    if len(parts) != 2 or unquote(parts[0]).lower() != address or not read_key(unquote(parts[1])):
        return None
    return unquote(parts[1])


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(coded: str) -> str | None:
    try:
        raw = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    except ValueError:
        return None
    # A beginning may end within a letter; what is not the one way to write these bytes is no key.
    return raw.decode("utf-8", "ignore") if _coded(raw) == coded and raw else None


def _hash(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
