"""What is new in the mailbox, and what was there before.

The cursor holds, for each folder, its UIDVALIDITY, the last UID seen and, where the server has CONDSTORE (RFC 7162), the last
modification sequence, so that marks set in other mail programs are noticed too. New mails have higher UIDs than all before (RFC 3501
§2.3.1.1); times play no part, so that no clock has to be right. When UIDVALIDITY changes, all is new: the folder is begun anew.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.email import answers
from powerup.integrations.forums.email.finding import roots_of
from powerup.integrations.forums.email.heads import Head
from powerup.integrations.forums.email.ids import key_of, read_key, thread_url
from powerup.integrations.forums.email.people import People
from powerup.integrations.forums.email.reading import is_system
from powerup.integrations.forums.email.shelf import Shelf, day

_VERSION = 1
_FIRST = 50
_STEP = 100
_HISTORY = 60
_MOST_WINDOWS = 50
_WINDOW = 20_000
_REMEMBERED = 5_000
_MOST_WORDS = 10

State = dict[str, Any]


def changed_since(shelf: Shelf, people: People, cursor: Mapping[str, object] | None) -> Page:
    """See Forum.changed_since."""
    folders = _states(cursor)
    if folders is None:
        return _begin(shelf, people)
    heads: list[Head] = []
    states: dict[str, State] = {}
    left, more = _STEP, False
    for place, name in enumerate(shelf.names):
        opened = shelf.imap.refresh(name)
        state = folders.get(name)
        if not _fits(state, opened.validity):
            uids = shelf.newest(place, opened.next_uid, _FIRST)
            heads += shelf.heads(place, uids)
            states[name] = _state(opened.validity, opened.next_uid - 1, opened.modseq)
            continue
        states[name], uids, rest = _news(shelf, place, dict(state or {}), left)
        left, more = left - len(uids), more or rest
        heads += shelf.heads(place, uids)
    return Page(_stubs(shelf, people, heads), {"v": _VERSION, "folders": states}, more)


def history(shelf: Shelf, people: People, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """See Forum.history."""
    known = cursor if cursor and cursor.get("v") == _VERSION and isinstance(cursor.get("below"), dict) else {}
    below: dict[str, Any] = dict(known.get("below") or {})  # type: ignore[call-overload]
    told = [one for one in known.get("told") or () if isinstance(one, str)]  # type: ignore[attr-defined]
    rows: list[list[Head]] = []
    for place, name in enumerate(shelf.names):
        opened = shelf.open(place)
        if not isinstance(below.get(name), list) or below[name][:1] != [opened.validity]:
            below[name] = [opened.validity, opened.next_uid]
        uids = shelf.newest(place, int(below[name][1]), _HISTORY, f"SINCE {day(since - timedelta(days=1))}")
        rows.append(sorted(shelf.heads(place, uids), key=lambda head: -head.uid))
        if not rows[-1]:
            # None left, or only such as are marked as deleted.
            below[name] = [opened.validity, min(uids, default=0)]
    taken = _newest_first(rows)
    for head in taken:
        below[shelf.names[head.folder]] = [head.validity, head.uid]
    recent = [head for head in taken if head.at >= since]
    stubs = [stub for stub in reversed(_stubs(shelf, people, recent)) if _print(stub.external_id) not in told]
    told = [*told, *(_print(stub.external_id) for stub in stubs)][-_REMEMBERED:]
    more = any(int(below[name][1]) > 1 for name in shelf.names)
    return Page(tuple(stubs), {"v": _VERSION, "below": {name: below[name] for name in shelf.names}, "told": told}, more)


def search(shelf: Shelf, people: People, query: str, *, limit: int) -> Sequence[ThreadStub]:
    """Threads with a mail that holds every word, the newest first."""
    words = [word for word in query.replace('"', " ").replace("\x00", "").split() if word.isprintable()][:_MOST_WORDS]
    if not words or limit < 1:
        return []
    heads: list[Head] = []
    plain = [f'TEXT "{word}"' for word in words if word.isascii() and "\\" not in word]
    other = " ".join(word for word in words if not word.isascii()).encode()
    for place in range(len(shelf.names)):
        shelf.open(place)
        # One literal a command: several words that are not ASCII are looked for as they stand together.
        criteria = [*(["CHARSET UTF-8"] if other else []), *plain, *(["TEXT"] if other else [])] or ["ALL"]
        uids = shelf.imap.search(*criteria, literal=other or None) if plain or other else []
        heads += shelf.heads(place, sorted(uids, reverse=True)[: 5 * limit])
    return list(reversed(_stubs(shelf, people, heads)))[:limit]


def _begin(shelf: Shelf, people: People) -> Page:
    heads: list[Head] = []
    states: dict[str, State] = {}
    for place, name in enumerate(shelf.names):
        opened = shelf.imap.refresh(name)
        states[name] = _state(opened.validity, opened.next_uid - 1, opened.modseq)
        heads += shelf.heads(place, shelf.newest(place, opened.next_uid, _FIRST))
    newest = sorted(heads, key=lambda head: head.at)[-_FIRST:]
    return Page(_stubs(shelf, people, newest), {"v": _VERSION, "folders": states}, False)


def _news(shelf: Shelf, folder: int, state: State, left: int) -> tuple[State, list[int], bool]:
    """The next state, at most `left` UIDs that are new or changed, and whether there are more."""
    opened = shelf.open(folder)
    if opened.modseq is None or state["modseq"] is None:
        uids = (
            [uid for uid in shelf.imap.search(f"UID {state['uid'] + 1}:*") if uid > state["uid"]]
            if opened.next_uid > state["uid"] + 1
            else []
        )
        taken = sorted(uids)[: max(left, 0)]
        last = taken[-1] if taken else state["uid"]
        rest = len(uids) > len(taken)
        return _state(opened.validity, last if rest else max(last, opened.next_uid - 1), opened.modseq), taken, rest
    if opened.modseq == state["modseq"]:
        return state, [], False
    passed = tuple(state.get("passed") or (0, 0))
    width = max(_WINDOW, opened.next_uid // _MOST_WINDOWS + 1)
    found: list[tuple[int, int]] = []
    for first in range(1, opened.next_uid, width):
        for item in shelf.imap.changed(first, first + width - 1, state["modseq"]):
            value = item["MODSEQ"]
            sequence = answers.number(value[0] if isinstance(value, list) and value else value, who=shelf.imap.who)
            found.append((sequence, shelf.imap.uid(item)))
    pending = sorted(one for one in set(found) if one > passed and one[0] > state["modseq"])
    part = pending[: max(left, 0)]
    if len(pending) > len(part):
        return {**state, "passed": list(part[-1] if part else passed)}, [uid for _, uid in part], True
    return _state(opened.validity, opened.next_uid - 1, opened.modseq), [uid for _, uid in part], False


def _stubs(shelf: Shelf, people: People, heads: Sequence[Head]) -> tuple[ThreadStub, ...]:
    """A stub for each thread that these mails are in, the oldest change first.

    A mail that nobody typed opens no thread: a newsletter, or a bounce of a mail that is not here, is left out.
    """
    mailbox, threads = shelf.mailbox, dict[str, list[Head]]()
    roots: dict[str, Head | None] = {}
    for head, (root, first) in zip(heads, roots_of(shelf, heads), strict=True):
        if is_system(people, head) and (first is None or first is head or is_system(people, first)):
            continue
        threads.setdefault(root, []).append(head)
        roots[root] = first
    stubs = []
    for root, mails in threads.items():
        oldest, newest = min(mails, key=lambda one: one.at), max(mails, key=lambda one: one.at)
        first = roots[root] or oldest
        thread_id = first.key if first.node == root else root if read_key(root) and root == oldest.key else key_of(root)
        url = thread_url(mailbox.home, mailbox.address, thread_id, link=mailbox.link)
        subject = first.bare_subject or "(no subject)"
        stubs.append(ThreadStub(thread_id, url, subject, min(first.at, oldest.at), newest.at, len({head.node for head in [first, *mails]})))
    return tuple(sorted(stubs, key=lambda stub: stub.changed_at))


def _newest_first(rows: Sequence[list[Head]]) -> list[Head]:
    """Up to a page of mails from several folders, each in the order of its UIDs, by time where they meet."""
    taken: list[Head] = []
    places = [0] * len(rows)
    while len(taken) < _HISTORY:
        ahead = [(row[place].at, -number) for number, (row, place) in enumerate(zip(rows, places, strict=True)) if place < len(row)]
        if not ahead:
            break
        number = -max(ahead)[1]
        taken.append(rows[number][places[number]])
        places[number] += 1
    return taken


def _states(cursor: Mapping[str, object] | None) -> dict[str, Any] | None:
    folders = cursor.get("folders") if cursor and cursor.get("v") == _VERSION else None
    return folders if isinstance(folders, dict) else None


def _fits(state: object, validity: int) -> bool:
    if not isinstance(state, dict) or state.get("validity") != validity or not isinstance(state.get("uid"), int):
        return False
    return state.get("modseq") is None or isinstance(state.get("modseq"), int)


def _state(validity: int, uid: int, modseq: int | None) -> State:
    return {"validity": validity, "uid": uid, "modseq": modseq}


def _print(thread_id: str) -> str:
    return hashlib.sha256(thread_id.encode()).hexdigest()[:10]
