"""The parts of a ticket's messages: texts, and files at their foot.

`/ticket/{id}/attachments` lists every part of every mail, also of those that RT sent (`EmailRecord`, written by the account with the
number 1, `RT_System`). Only the texts are fetched with their content, a hundred at once: there it is text, and in `/attachment/{id}`
base64. `Parent` cannot be asked for (a 500 on 5.0.3), so which text of a mail stands for which is told by their kinds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from powerup.integrations.errors import TooLargeError
from powerup.integrations.forums.rt.query import Condition, where
from powerup.integrations.forums.rt.site import PAGE, VENDOR, Json, Site, id_of
from powerup.integrations.forums.rt.transactions import Transaction
from powerup.integrations.http import maybe

_TEXT_FIELDS = "ContentType,TransactionId,Content,Creator"
_FILE_FIELDS = "ContentType,TransactionId,Filename,ContentLength,Headers"
_MOST_PAGES = 1_000
_MOST_EMPTY = 2
"""Pages in a row that hold nothing for us, after which there is nothing more."""
_MOST_ASKED_ONE_BY_ONE = 50
_SMALLER = (10, 1)
"""Rows at once where a page of texts is longer than one answer may be."""
_SYSTEM_ID = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message. `content` is the text of a text that has no file name, else ""."""

    id: str
    transaction_id: str
    content_type: str
    name: str = ""
    size: int | None = None
    content: str = ""
    content_id: str = ""
    """By which the message's HTML shows it (`cid:…`)."""
    creator: str = ""
    """The account that wrote it, where it was asked for."""

    @property
    def is_container(self) -> bool:
        """Whether it only holds others."""
        return self.content_type.startswith(("multipart/", "message/rfc822"))

    @property
    def is_body(self) -> bool:
        """Whether it is what was written, and no file."""
        return self.content_type in ("text/plain", "text/html") and not self.name


def parts_of(site: Site, thread_id: str, rows: Sequence[Transaction]) -> dict[str, list[Part]]:
    """The parts of each message by its transaction's id, in order."""
    messages = {row.id: row for row in rows if row.is_message and row.attachment_ids}
    expected = {part_id for row in messages.values() for part_id in row.attachment_ids}
    found: dict[str, Part] = {}
    texts: tuple[Condition, ...] = (("ContentType", "STARTSWITH", "text/"), ("Filename", "IS", "NULL"), ("Creator", "!=", _SYSTEM_ID))
    for part in _listed(site, thread_id, texts, _TEXT_FIELDS, expected):
        found[part.id] = part
    if expected - found.keys():
        # Containers and files; where everything is one plain text, as mostly, there is nothing left to ask for.
        others: tuple[Condition, ...] = (("Creator", "!=", _SYSTEM_ID),)
        oldest = min(int(part_id) for part_id in expected - found.keys())
        for part in _listed(site, thread_id, others, _FILE_FIELDS, expected - found.keys(), begin=oldest - 1):
            found.setdefault(part.id, part)
    asked = [row for row in messages.values() if not any(part_id in found for part_id in row.attachment_ids)]
    for row in asked[:_MOST_ASKED_ONE_BY_ONE]:
        # What a scrip wrote in RT's own name.
        found.update({part.id: part for part in _of_one(site, row)})
    grouped: dict[str, list[Part]] = {}
    for part in sorted(found.values(), key=lambda part: int(part.id)):
        if part.transaction_id in messages:
            grouped.setdefault(part.transaction_id, []).append(part)
    return grouped


def newest_texts(site: Site, thread_id: str) -> list[Part]:
    """The texts of the newest messages, newest first, one page of them."""
    conditions = (("ContentType", "STARTSWITH", "text/"), ("Creator", "!=", _SYSTEM_ID))
    params = {"query": where(*conditions), "fields": _TEXT_FIELDS, "orderby": "id", "order": "DESC"}
    path = f"/ticket/{thread_id}/attachments"
    try:
        rows = site.rows(path, {**params, "per_page": PAGE})
    except TooLargeError:
        rows = site.rows(path, {**params, "per_page": _SMALLER[0]})
    return [_part(row) for row in rows]


def _listed(
    site: Site, thread_id: str, conditions: Sequence[Condition], fields: str, wanted: set[str], *, begin: int = 0
) -> Iterator[Part]:
    """Parts in order, page by page, until all that is wanted was there or there are no more."""
    last, page, per_page, missing = begin, 1, PAGE, set(wanted)
    for _ in range(_MOST_PAGES):
        query = where(*conditions, *([("id", ">", last)] if last else []))
        params = {"query": query, "fields": fields, "orderby": "id", "order": "ASC", "per_page": per_page, "page": page}
        try:
            rows = site.rows(f"/ticket/{thread_id}/attachments", params)
        except TooLargeError:
            if per_page == _SMALLER[-1]:
                # One text alone is too long: pass it by.
                page += 1
                continue
            per_page = next(size for size in _SMALLER if size < per_page)
            continue
        parts = [part for row in rows if int((part := _part(row)).id) > last]
        yield from parts
        missing -= {part.id for part in parts}
        ahead = [int(part_id) for part_id in missing if int(part_id) > max([last, *(int(part.id) for part in parts)])]
        if not ahead or (not parts and page >= _MOST_EMPTY):
            return
        # A page may be full of what is hidden from us; what is wanted can be gone to directly.
        reached = max([min(ahead) - 1, *(int(part.id) for part in parts)])
        last, page = (reached, 1) if reached > last else (last, page + 1)


def _of_one(site: Site, row: Transaction) -> list[Part]:
    params = {"fields": f"{_FILE_FIELDS},Content", "orderby": "id", "per_page": PAGE}
    try:
        return [_part(item) for item in site.rows(f"/transaction/{row.id}/attachments", params)]
    except TooLargeError:
        return [_part(item) for item in site.rows(f"/transaction/{row.id}/attachments", {**params, "fields": _FILE_FIELDS})]


def _part(row: Json) -> Part:
    name = maybe(row, "Filename", str, vendor=VENDOR) or ""
    kind = (maybe(row, "ContentType", str, vendor=VENDOR) or "").lower()
    size = row.get("ContentLength")
    content = row.get("Content")
    return Part(
        id=id_of(row),
        transaction_id=id_of(row, "TransactionId"),
        content_type=kind,
        name=name,
        size=int(size) if isinstance(size, (int, str)) and str(size).isascii() and str(size).isdigit() else None,
        content=content if isinstance(content, str) and kind.startswith("text/") and not name else "",
        creator=id_of(row, "Creator.id") if isinstance(row.get("Creator"), dict) else "",
        content_id=_content_id(maybe(row, "Headers", str, vendor=VENDOR) or ""),
    )


def _content_id(headers: str) -> str:
    for line in headers.splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-id":
            return value.strip().strip("<>")
    return ""
