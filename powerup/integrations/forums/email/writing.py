"""Replies that go out once.

A mail cannot be taken back and a lost answer tells nothing, so a copy goes first into the folder of sent mails, marked as a draft;
then the mail goes out; then the mark goes. Its Message-ID is made of the draft's marker, so a later try finds the copy:

* without the mark it was sent, and nothing is done;
* with the mark nobody knows. It is sent (again) byte for byte with the same Message-ID, by which mail systems tell that it is the
  same mail (RFC 5322 §3.6.4; RFC 5321 §4.5.3.2.6 and RFC 1047 on why a sender cannot do better).

Only the folder of sent mails is searched: a customer can put any Message-ID into the other ones.
"""

import contextlib
from collections.abc import Sequence

from powerup import clock
from powerup.integrations.errors import IntegrationError, OvertakenError, RejectedError
from powerup.integrations.forums.base import Draft, Posted
from powerup.integrations.forums.email import answers, marks, smtp
from powerup.integrations.forums.email.composing import Reply, composed
from powerup.integrations.forums.email.finding import Found, thread_of
from powerup.integrations.forums.email.grouping import by_node
from powerup.integrations.forums.email.heads import Address, Head, is_robot
from powerup.integrations.forums.email.ids import key_of, our_message_id, thread_url
from powerup.integrations.forums.email.people import People
from powerup.integrations.forums.email.reading import is_system, opener
from powerup.integrations.forums.email.shelf import Shelf
from powerup.integrations.http import HttpPolicy

_MOST_COPIES = 20
_DRAFT = "\\Draft"


def post(shelf: Shelf, people: People, policy: HttpPolicy, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Answer the customer of the thread."""
    found = thread_of(shelf, thread_id)
    message_id = our_message_id(draft.marker, shelf.mailbox.address)
    earlier = _copy(shelf, message_id) if look_first else None
    if earlier and _DRAFT not in earlier.flags:
        return _posted(shelf, found, message_id, found_again=True)
    if earlier is None:
        _refuse_overtaken(people, found, draft)
    answered = _answered(people, found)
    to, copies = recipients(people, found)
    if earlier is None:
        content = composed(_reply(shelf, people, found, draft, answered, message_id, to, copies))
    else:
        content = _content(shelf, earlier)
    _send(shelf, policy, content, message_id, to, copies, earlier)
    if answered is not None:
        marks.answered(shelf, answered)
    return _posted(shelf, found, message_id, found_again=earlier is not None)


def recipients(people: People, found: Found) -> tuple[Address, list[Address]]:
    """To whom an answer goes: to the customer of the thread (their Reply-To is honoured), and to those whom they had in Cc.

    Not to whoever wrote into the thread last: it takes no more than a Message-ID to do that, and no more than the customer's address
    to do it in their name. So what a later mail says of answers counts only where our server proved it to be the customer's.
    """
    first = opener(people, found)
    if is_system(people, first):
        why = "This mail was not written by a person (a bounce, a newsletter or an automatic answer), so it is not answered."
        raise RejectedError(why, permanent=True, sent=False)
    if first.sent:
        wanted, others = list(first.recipients), list[Address]()
    else:
        customer = people.writer(first)
        theirs = [head for head in found.mails if head is first or _is_later_word_of(people, customer, head)]
        believed = next((head for head in reversed(theirs) if not people.is_forged(head)), None)
        wanted = [*(believed.reply_to if believed else ()), customer]
        others = list(believed.recipients) if believed else []
    sound = [one for one in wanted if not people.is_us(one.email) and not is_robot(one.email)]
    if not sound:
        raise RejectedError("There is nobody to answer: the mail names no address but our own or a machine's.", permanent=True, sent=False)
    to = sound[0]
    others = [*(sound[1:] if first.sent else []), *others]
    copies = {one.email: one for one in others if one.email != to.email and not people.is_us(one.email) and not is_robot(one.email)}
    # Somebody who puts a hundred strangers into Cc makes us write to them all.
    return to, list(copies.values()) if len(copies) <= _MOST_COPIES else []


def _is_later_word_of(people: People, customer: Address, head: Head) -> bool:
    return not head.sent and not is_system(people, head) and people.writer(head).email == customer.email and people.is_proven(head)


def _refuse_overtaken(people: People, found: Found, draft: Draft) -> None:
    if draft.after is None:
        return
    keys = [found.key(head) for head in found.mails]
    later = found.mails[keys.index(draft.after) + 1 :] if draft.after in keys else found.mails
    if any(not head.sent and not is_system(people, head) for head in later):
        raise OvertakenError("Somebody else has written in this thread meanwhile.", permanent=True, sent=False)


def _answered(people: People, found: Found) -> Head | None:
    """The mail that the reply follows: the newest of a person that is not ours, else the newest of all."""
    heard = [head for head in found.mails if not head.sent and not is_system(people, head)]
    return (heard or found.mails)[-1]


def _reply(
    shelf: Shelf, people: People, found: Found, draft: Draft, answered: Head | None, message_id: str, to: Address, copies: Sequence[Address]
) -> Reply:
    mailbox = shelf.mailbox
    before = [*answered.references, answered.message_id] if answered else []
    root = [] if found.root in {head.key for head in found.mails if not head.message_id} else [found.root]
    return Reply(
        message_id=message_id,
        sender=Address(mailbox.from_name, mailbox.address),
        to=to,
        cc=copies,
        subject=opener(people, found).bare_subject or "Your mail",
        answered=answered.message_id if answered else "",
        references=[one for one in dict.fromkeys([*root, *before]) if one],
        text=draft.text,
        at=clock.now().replace(microsecond=0),
    )


def _send(
    shelf: Shelf, policy: HttpPolicy, content: bytes, message_id: str, to: Address, copies: Sequence[Address], earlier: Head | None
) -> None:
    mailbox = shelf.mailbox
    cc = [one.email for one in copies]
    if mailbox.smtp is None:
        raise RejectedError("No SMTP server is entered for this mailbox, so nothing can be sent.", permanent=True, sent=False)
    if mailbox.server_keeps_copies:
        smtp.send(mailbox, policy, content, to=to.email, cc=cc)
        return
    if shelf.sent is None:
        why = "The mailbox has no folder of sent mails that we can find: name it in the forum's settings."
        raise RejectedError(why, permanent=True, sent=False)
    name = shelf.names[shelf.sent]
    uid = earlier.uid if earlier else shelf.imap.append(name, f"({_DRAFT} \\Seen)", clock.now(), content)
    try:
        smtp.send(mailbox, policy, content, to=to.email, cc=cc)
    except IntegrationError as error:
        if not error.sent:
            _take_back(shelf, message_id, uid)
        raise
    # It is out: whatever happens now must not make anybody send it again.
    with contextlib.suppress(IntegrationError):
        if uid := uid or _uid(shelf, message_id):
            shelf.open(shelf.sent, write=True)
            shelf.imap.store([uid], "-", [_DRAFT])


def _take_back(shelf: Shelf, message_id: str, uid: int | None) -> None:
    """The copy of a mail that certainly did not go out."""
    with contextlib.suppress(IntegrationError):
        if shelf.sent is not None and (uid := uid or _uid(shelf, message_id)):
            shelf.open(shelf.sent, write=True)
            shelf.imap.expunge(uid)


def _copy(shelf: Shelf, message_id: str) -> Head | None:
    """Our mail among the sent ones; a copy that was sent before one that is still a draft."""
    if shelf.sent is None:
        return None
    shelf.imap.refresh(shelf.names[shelf.sent])
    found = [head for head in shelf.find_in(shelf.sent, [message_id], "MESSAGE-ID") if head.message_id == message_id]
    return by_node([head for head in found if _DRAFT not in head.flags] or found).get(message_id)


def _uid(shelf: Shelf, message_id: str) -> int | None:
    head = _copy(shelf, message_id)
    return head.uid if head else None


def _content(shelf: Shelf, earlier: Head) -> bytes:
    shelf.open(earlier.folder)
    items = shelf.imap.fetch([earlier.uid], "(UID BODY.PEEK[])")
    content = next((given for item in items if (given := answers.section(item, "")) is not None), None)
    if content is None:
        raise RejectedError("The copy of this reply vanished from the folder of sent mails.", sent=False)
    return content


def _posted(shelf: Shelf, found: Found, message_id: str, *, found_again: bool) -> Posted:
    mailbox, key = shelf.mailbox, key_of(message_id)
    url = thread_url(mailbox.home, mailbox.address, found.id, link=mailbox.link)
    return Posted(key, f"{url}#{key}" if not mailbox.link else url, found_again=found_again)
