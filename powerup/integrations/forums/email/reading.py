"""A whole thread: its mails' texts and files, in Closeloop's words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import unquote

from powerup.integrations.errors import GoneError, RejectedError, TooLargeError
from powerup.integrations.forums.base import Attachment, Author, File, Message, Role, Thread, ThreadState, Visibility
from powerup.integrations.forums.email import answers
from powerup.integrations.forums.email.charsets import text_of, unpacked
from powerup.integrations.forums.email.finding import Found, mail_of, thread_of
from powerup.integrations.forums.email.heads import Address, Head
from powerup.integrations.forums.email.ids import thread_url
from powerup.integrations.forums.email.marks import is_resolved, tags_in
from powerup.integrations.forums.email.parts import Content, Part, content_of, leaves
from powerup.integrations.forums.email.people import People
from powerup.integrations.forums.email.quotes import fold_html, plain_to_html
from powerup.integrations.forums.email.shelf import Shelf

PICTURES = "https://cid.invalid/"
"""Before an attachment's reference: the address under which a mail's HTML shows its own picture. `.invalid` is nobody's (RFC 2606)."""

_LONGEST_TEXT = 300_000
"""Octets of one part of text that are fetched; a customer's own words are a few thousand."""
_BUNDLE = 3_000_000
"""Octets of text that one question asks for."""
_WHOLE_THREAD = 60_000_000
_PART = re.compile(r"[1-9][0-9]{0,3}(?:\.[1-9][0-9]{0,3}){0,19}")
_MORE = "<p><em>This mail is longer than what is shown here. The mailbox has all of it.</em></p>"
_EMPTY = "<p><em>This mail has no text.</em></p>"

Texts = Mapping[tuple[int, int, str], bytes]
"""By folder, UID and part."""


def read(shelf: Shelf, people: People, thread_id: str) -> Thread:
    """The thread in which the mail `thread_id` is; where that belongs to another thread (now), that one."""
    found = thread_of(shelf, thread_id)
    return thread_in(shelf, people, found)


def thread_in(shelf: Shelf, people: People, found: Found) -> Thread:
    """A thread of the mails that were found."""
    contents = _contents(shelf, found.mails)
    texts = _texts(shelf, contents)
    first = opener(people, found)
    customer = _customer(people, first)
    mails = [(head, contents[head.folder, head.uid]) for head in found.mails]
    messages = tuple(
        _message(people, found.key(head), place, head, content, texts, customer.external_id)
        for place, (head, content) in enumerate(mails, 1)
    )
    mailbox = shelf.mailbox
    return Thread(
        external_id=found.id,
        url=thread_url(mailbox.home, mailbox.address, found.id, link=mailbox.link),
        subject=first.bare_subject or "(no subject)",
        state=ThreadState.resolved if is_resolved(people, found) else ThreadState.open,
        customer=customer,
        created_at=found.mails[0].at,
        changed_at=max(head.at for head in found.mails),
        messages=messages,
        tags=tags_in(found.mails),
        private=mailbox.private,
        opened_by_staff=people.author(first).role is Role.staff,
    )


def opener(people: People, found: Found) -> Head:
    """The first mail that a person wrote, else the first."""
    return next((head for head in found.mails if not is_system(people, head)), found.mails[0])


def is_system(people: People, head: Head) -> bool:
    """Whether nobody's word: an automatic mail, or one in our name that we did not send."""
    return not head.sent and (head.automatic or people.is_echo(head))


def file(shelf: Shelf, reference: str, *, most: int) -> File:
    """A part of a mail; `most` octets of it at most."""
    mail_id, slash, path = reference.partition("/")
    if not slash or not _PART.fullmatch(path):
        raise GoneError("No file of a mailbox has such an address.", permanent=True, sent=False)
    head = mail_of(shelf, mail_id)
    structure = shelf.structures(head.folder, [head.uid]).get(head.uid)
    part = next((one for one in leaves(structure) if one.path == path), None)
    if part is None:
        raise GoneError("The mail has no such file.", permanent=True)
    too_large = RejectedError(f"The file is larger than the {most:,} bytes that are read.", permanent=True)
    if part.octets > most:
        raise too_large
    try:
        shelf.open(head.folder)
        items = shelf.imap.fetch([head.uid], f"(UID BODY.PEEK[{path}]<0.{most + 1}>)")
    except TooLargeError:
        raise too_large from None
    raw = next((given for item in items if (given := answers.section(item, path)) is not None), None)
    if raw is None:
        raise GoneError("There is no such mail in the mailbox (any more).", permanent=True)
    if len(raw) > most:
        raise too_large
    return File(part.name, part.type, unpacked(raw, part.encoding))


def _customer(people: People, first: Head) -> Author:
    """Who opened the thread; where we wrote first, to whom."""
    author = people.author(first)
    if not first.sent:
        return replace(author, role=Role.customer)
    to = next((one for one in first.recipients if not people.is_us(one.email)), Address("Nobody", ""))
    return people.named(to, Role.customer)


def _message(people: People, key: str, number: int, head: Head, content: Content, texts: Texts, customer_id: str) -> Message:
    shown: dict[str, str] = {}
    pictures = {part.content_id: f"{key}/{part.path}" for part in content.files if part.content_id and part.type.startswith("image/")}

    def picture(cid: str) -> str | None:
        reference = pictures.get(unquote(cid)) or pictures.get(cid)
        if reference:
            shown[reference] = f"{PICTURES}{reference}"
        return f"{PICTURES}{reference}" if reference else None

    html = "".join(_shown(head, part, texts, picture) for part in content.texts)
    files = [
        Attachment(reference, part.name, part.type, _size(part), shown.get(reference))
        for part in content.files
        if (reference := f"{key}/{part.path}")
    ]
    author = people.author(head)
    return Message(
        external_id=key,
        number=number,
        author=replace(author, role=Role.customer) if author.external_id == customer_id else author,
        visibility=Visibility.public,
        html=html or _EMPTY,
        created_at=head.at,
        system=is_system(people, head),
        attachments=tuple(files),
    )


def _shown(head: Head, part: Part, texts: Texts, picture: Callable[[str], str | None]) -> str:
    raw = texts.get((head.folder, head.uid, part.path))
    if raw is None:
        return _MORE if part.octets else ""
    text = text_of(unpacked(raw, part.encoding), part.charset)
    html = fold_html(text, picture) if part.type == "text/html" else plain_to_html(text)
    return html + (_MORE if part.octets > _LONGEST_TEXT and len(raw) >= _LONGEST_TEXT else "")


def _size(part: Part) -> int | None:
    """In bytes, where nothing is packed; otherwise only its packed length is known."""
    return part.octets if part.encoding in ("7bit", "8bit", "binary", "") and not part.type.startswith("text/") else None


def _contents(shelf: Shelf, mails: Sequence[Head]) -> dict[tuple[int, int], Content]:
    found: dict[tuple[int, int], Content] = {}
    for folder in sorted({head.folder for head in mails}):
        uids = [head.uid for head in mails if head.folder == folder]
        structures = shelf.structures(folder, uids)
        found.update({(folder, uid): content_of(structures.get(uid)) for uid in uids})
    return found


def _texts(shelf: Shelf, contents: Mapping[tuple[int, int], Content]) -> Texts:
    """The text parts of all mails. Mails that are made alike are asked for together: thousands of plain ones in a few questions."""
    found: dict[tuple[int, int, str], bytes] = {}
    room = _WHOLE_THREAD
    alike = sorted(
        ((folder, tuple(part.path for part in content.texts)), uid) for (folder, uid), content in contents.items() if content.texts
    )
    for (folder, paths), group in groupby(alike, key=lambda one: one[0]):
        shelf.open(folder)
        items = "(UID " + " ".join(f"BODY.PEEK[{path}]<0.{_LONGEST_TEXT}>" for path in paths) + ")"
        bundle, octets = list[int](), 0
        for uid in [*(uid for _, uid in group), 0]:
            size = sum(min(part.octets, _LONGEST_TEXT) for part in contents[folder, uid].texts) if uid else 0
            if bundle and (not uid or octets + size > _BUNDLE or len(bundle) >= 500):
                for item in shelf.tolerantly(bundle, items, at_once=500):
                    found.update({(folder, shelf.imap.uid(item), path): answers.section(item, path) or b"" for path in paths})
                bundle, octets = [], 0
            room -= size
            if uid and room > 0:
                bundle.append(uid)
                octets += size
    return found
