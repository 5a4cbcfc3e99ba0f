"""Finding the thread of a mail and the mails of a thread on the server, in few questions however long the thread is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.email.grouping import by_node, depths, parent_of, root_of
from powerup.integrations.forums.email.heads import Head
from powerup.integrations.forums.email.ids import Key, key_of, read_key, twin_of
from powerup.integrations.forums.email.shelf import Shelf, day

_MOST_ROUNDS = 12
_ASKED_ONE_BY_ONE = 60
"""Mails whose answers are searched for by name; in a longer thread all later mails are looked through instead."""
_LOOKED_THROUGH = 5_000
"""Mails of the mailbox, in each folder, that are looked through for one long thread."""
_MOST_ANCESTORS = 400
_MOST_REPORTS = 50


@dataclass(slots=True)
class Found:
    """A thread: its root (a Message-ID or a key), and its mails in order, each once."""

    root: str
    mails: list[Head]
    twins: frozenset[tuple[int, int]] = frozenset()
    """Folder and UID of those whose Message-ID another mail had before."""

    def key(self, head: Head) -> str:
        """By which one of the mails is known to us."""
        return f"{head.key}~{twin(head)}" if (head.folder, head.uid) in self.twins else head.key

    @property
    def id(self) -> str:
        """The thread's id."""
        return self.root if read_key(self.root) and self.root in {head.key for head in self.mails} else key_of(self.root)


@dataclass(slots=True)
class _Known:
    heads: dict[tuple[int, int], Head] = field(default_factory=dict)

    def add(self, heads: Sequence[Head]) -> list[Head]:
        """Take them in; returns those that were not known."""
        fresh = [head for head in heads if (head.folder, head.uid) not in self.heads]
        self.heads.update({(head.folder, head.uid): head for head in fresh})
        return fresh


def thread_of(shelf: Shelf, thread_id: str) -> Found:
    """Every mail of the thread; raises GoneError when none is there (any more)."""
    gone = GoneError("There is no such mail in the mailbox (any more).", permanent=True)
    key = read_key(thread_id)
    if key is None:
        raise GoneError("No thread of a mailbox has such an id.", permanent=True, sent=False)
    known = _Known()
    start = _start(shelf, key, known)
    if start is None:
        raise gone
    _gather(shelf, start, known)
    heads = by_node(known.heads.values())
    roots: dict[str, str] = {}
    root = root_of(start, heads, roots)
    mails = [head for head in known.heads.values() if _root(head, heads, roots) == root and "\\Draft" not in head.flags]
    if not mails:
        raise gone
    kept = _once(_ordered(mails, depths(heads)), heads)
    return Found(root, kept, frozenset((head.folder, head.uid) for head in kept if heads.get(head.node) is not head))


def mail_of(shelf: Shelf, mail_id: str) -> Head:
    """One mail by its key; raises GoneError when it is not there."""
    gone = GoneError("There is no such mail in the mailbox (any more).", permanent=True)
    key, known = read_key(mail_id), _Known()
    if key is None:
        raise GoneError("No mail has such an id.", permanent=True, sent=False)
    start = _start(shelf, key, known)
    same = [head for head in known.heads.values() if head.node == start]
    chosen = by_node(same).get(start or "")
    found = next((head for head in same if twin(head) == key.twin), None) if key.twin else chosen
    if found is None:
        raise gone
    return found


def twin(head: Head) -> str:
    """What tells mails with one Message-ID apart."""
    return twin_of(head.sender.email, head.value("date").strip(), head.subject)


def roots_of(shelf: Shelf, mails: Sequence[Head]) -> list[tuple[str, Head | None]]:
    """The root of each mail and its head where it is there: by the mails that it refers to, without reading whole threads."""
    known = {head.node: head for head in mails}
    absent: set[str] = set()
    at: list[Head] = list(mails)
    ended: list[str | None] = [None] * len(mails)
    for _ in range(_MOST_ROUNDS):
        open_ones = [place for place, root in enumerate(ended) if root is None]
        if not open_ones:
            break
        _learn(shelf, [one for place in open_ones for one in (*at[place].references[:1], *at[place].references[-1:])], known, absent)
        orphans = [at[place] for place in open_ones if at[place].references and parent_of(at[place], known) is None]
        _learn(shelf, [one for head in orphans for one in head.references], known, absent)
        for place in open_ones:
            ended[place], at[place] = _step(at[place], known)
    return [(root or head.node, known.get(root or head.node)) for root, head in zip(ended, at, strict=True)]


def _step(head: Head, known: dict[str, Head]) -> tuple[str | None, Head]:
    """The root, if it is clear from here, else the next mail to look at."""
    parent = known.get(parent_of(head, known) or "")
    if parent is None:
        return (head.references[0] if head.references else head.node), head
    first = head.references[0]
    if parent.references[:1] == [first] and first not in known:
        # A chain that agrees on its beginning need not be walked mail by mail.
        return first, parent
    if parent.references[:1] == [first]:
        return (None, known[first]) if known[first].references else (first, known[first])
    return (None, parent) if parent.references else (parent.node, parent)


def _learn(shelf: Shelf, ids: Sequence[str], known: dict[str, Head], absent: set[str]) -> None:
    asked = [one for one in dict.fromkeys(ids) if one not in known and one not in absent][:_MOST_ANCESTORS]
    for node, head in by_node(shelf.find(asked, "MESSAGE-ID")).items() if asked else ():
        known.setdefault(node, head)
    absent.update(one for one in asked if one not in known)


def _start(shelf: Shelf, key: Key, known: _Known) -> str | None:
    """The Message-ID that a key means (or the key of a mail that has none), with what is found on the way."""
    if key.place:
        folder, validity, uid = key.place
        if folder >= len(shelf.names) or uid == 0 or shelf.open(folder).validity != validity:
            return None
        return next((head.node for head in known.add(shelf.heads(folder, [uid])) if not head.message_id), None)
    found = known.add(shelf.find([key.sought], "MESSAGE-ID", "REFERENCES", "IN-REPLY-TO"))
    if key.message_id:
        return key.message_id
    named = {one for head in found for one in (head.message_id, *head.references)}
    return next((one for one in sorted(named) if key.means(one)), None)


def _gather(shelf: Shelf, start: str, known: _Known) -> None:
    """Take in whatever refers to the thread or is referred to by it, until nothing new comes."""
    asked_of, asked_for = {start}, {start}
    fresh = list(known.heads.values())
    if not fresh:
        return
    for _ in range(_MOST_ROUNDS):
        present = {head.node for head in known.heads.values()}
        above = [one for head in fresh for one in head.references if one not in present and one not in asked_for]
        above = list(dict.fromkeys(above))[:_MOST_ANCESTORS]
        below = [head.message_id for head in fresh if head.message_id and head.message_id not in asked_of]
        asked_for.update(above)
        asked_of.update(below)
        found = shelf.find(above, "MESSAGE-ID") if above else []
        if len(below) > _ASKED_ONE_BY_ONE:
            found += _looked_through(shelf, known)
        elif below:
            found += shelf.find(below, "REFERENCES", "IN-REPLY-TO")
        fresh = known.add(found)
        if not fresh:
            break
    known.add(_bounced(shelf, known))


def _bounced(shelf: Shelf, known: _Known) -> list[Head]:
    """Reports on what we sent: most name the mail only in a part of theirs, where no search for references finds them."""
    sent = [head.at for head in known.heads.values() if head.sent]
    reports: list[Head] = []
    for folder in range(len(shelf.names)) if sent else ():
        if folder != shelf.sent:
            shelf.open(folder)
            uids = shelf.imap.search('HEADER CONTENT-TYPE "multipart/report"', f"SINCE {day(min(sent) - timedelta(days=1))}")
            reports += shelf.heads(folder, uids[-_MOST_REPORTS:])
    present = {head.node for head in known.heads.values()}
    return [head for head in reports if not present.isdisjoint(head.references)]


def _looked_through(shelf: Shelf, known: _Known) -> list[Head]:
    """All mails since the thread began that are not known yet, where they are not too many."""
    since = min(head.at for head in known.heads.values()) - timedelta(days=1)
    found: list[Head] = []
    for folder in range(len(shelf.names)):
        opened = shelf.open(folder)
        uids = shelf.newest(folder, opened.next_uid, 2 * _LOOKED_THROUGH, f"SINCE {day(since)}")
        unknown = [uid for uid in uids if (folder, uid) not in known.heads]
        if len(unknown) <= _LOOKED_THROUGH:
            members = {head.node for head in known.heads.values()}
            found += [head for head in shelf.heads(folder, unknown) if not members.isdisjoint(head.references)]
    return found


def _ordered(mails: Sequence[Head], depth: Mapping[str, int]) -> list[Head]:
    """By time. Within one second by UID in each folder; where folders meet, an answer comes after what it answers."""
    ordered: list[Head] = []
    for _, same in groupby(sorted(mails, key=lambda head: head.at), key=lambda head: head.at):
        queues: dict[int, list[Head]] = {}
        for head in sorted(same, key=lambda head: -head.uid):
            queues.setdefault(head.folder, []).append(head)
        while queues:
            folder = min(queues, key=lambda one: (depth.get(queues[one][-1].node, 0), one))
            ordered.append(queues[folder].pop())
            if not queues[folder]:
                del queues[folder]
    return ordered


def _root(head: Head, heads: dict[str, Head], roots: dict[str, str]) -> str:
    if heads.get(head.node) is head:
        return root_of(head.node, heads, roots)
    # A second mail with the same Message-ID goes where its own references lead.
    parent = parent_of(head, heads)
    return root_of(parent, heads, roots) if parent else head.references[0] if head.references else root_of(head.node, heads, roots)


def _once(mails: Sequence[Head], heads: dict[str, Head]) -> list[Head]:
    """Without the second copies of the same mail (in INBOX and among the sent ones, say); another mail with its Message-ID stays."""
    kept: list[Head] = []
    seen: set[tuple[str, str, str, str]] = set()
    for head in sorted(mails, key=lambda one: heads.get(one.node) is not one):
        same = (head.node, head.sender.email, head.value("date").strip(), head.subject)
        if same not in seen:
            seen.add(same)
            kept.append(head)
    order = {id(head): place for place, head in enumerate(mails)}
    return sorted(kept, key=lambda head: order[id(head)])
