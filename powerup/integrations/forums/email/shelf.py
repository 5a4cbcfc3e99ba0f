"""The folders of one mailbox, and the heads of the mails in them."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime

from powerup.integrations.errors import TooLargeError
from powerup.integrations.forums.email import answers
from powerup.integrations.forums.email.answers import Item, Value
from powerup.integrations.forums.email.heads import FIELDS, Head
from powerup.integrations.forums.email.ids import message_id_in
from powerup.integrations.forums.email.imap import Folder, Imap
from powerup.integrations.forums.email.names import quoted
from powerup.integrations.forums.email.parts import leaves
from powerup.integrations.forums.email.settings import Mailbox
from powerup.integrations.http import HttpPolicy

_HEAD = f"(UID FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS ({FIELDS})]<0.24000>)"
_AT_ONCE = 500
_IDS_AT_ONCE = 20
_MOST_REPORTS = 50
_SENT_NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "gesendet",
    "gesendete elemente",
    "envoyés",
    "éléments envoyés",
    "enviados",
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Shelf:
    """The folders that are read: those with customers' mails, then that of sent mails, by index."""

    def __init__(self, mailbox: Mailbox, policy: HttpPolicy) -> None:
        self.mailbox = mailbox
        self.imap = Imap(mailbox, policy)
        self._names: tuple[tuple[str, ...], int | None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every folder that is read."""
        return self._found()[0]

    @property
    def sent(self) -> int | None:
        """The index of the folder of sent mails, None where there is none."""
        return self._found()[1]

    def open(self, folder: int, *, write: bool = False) -> Folder:
        """Make a folder the current one."""
        return self.imap.open(self.names[folder], write=write)

    def heads(self, folder: int, uids: Sequence[int]) -> list[Head]:
        """Heads of mails in a folder, without those that are marked as deleted."""
        opened = self.open(folder)
        found = [self._head(folder, opened.validity, item) for item in self.tolerantly(uids, _HEAD, at_once=_AT_ONCE)]
        return self._with_reports([head for head in found if "\\deleted" not in {flag.lower() for flag in head.flags}])

    def find(self, ids: Iterable[str], *fields: str) -> list[Head]:
        """Mails with one of these Message-IDs in one of these fields, in all folders. The server's own search is not believed."""
        wanted = [one for one in dict.fromkeys(ids) if one.isascii() and 0 < len(one) <= 900]
        return [head for folder in range(len(self.names)) for head in self.find_in(folder, wanted, *fields)]

    def find_in(self, folder: int, ids: Sequence[str], *fields: str) -> list[Head]:
        """The same in one folder."""
        uids: set[int] = set()
        for start in range(0, len(ids), _IDS_AT_ONCE):
            self.open(folder)
            tests = [f"HEADER {name} {quoted(one)}" for one in ids[start : start + _IDS_AT_ONCE] for name in fields]
            uids.update(self.imap.search(*[f"OR {test}" for test in tests[:-1]], tests[-1]))
        return self.heads(folder, sorted(uids)) if uids else []

    def newest(self, folder: int, below: int, count: int, *criteria: str) -> list[int]:
        """The highest UIDs below a number that meet the criteria, highest first."""
        found: list[int] = []
        width = 4 * count
        while below > 1 and len(found) < count:
            low = max(below - width, 1)
            self.open(folder)
            part = [uid for uid in self.imap.search(f"UID {low}:{below - 1}", *criteria) if low <= uid < below]
            found += sorted(part, reverse=True)
            below, width = low, width * 8
        return found[:count]

    def structures(self, folder: int, uids: Sequence[int]) -> dict[int, Value]:
        """What the mails are made of. One whose description is larger than an answer may be has none."""
        self.open(folder)
        found = self.tolerantly(uids, "(UID BODYSTRUCTURE)", at_once=_AT_ONCE)
        return {self.imap.uid(item): item.get("BODYSTRUCTURE") for item in found}

    def tolerantly(self, uids: Sequence[int], items: str, *, at_once: int) -> list[Item]:
        """Fetch in smaller and smaller bundles when an answer is too large; what is too large alone is left out."""
        found: list[Item] = []
        for start in range(0, len(uids), at_once):
            bundle = uids[start : start + at_once]
            try:
                found += self.imap.fetch(bundle, items, at_once=at_once)
            except TooLargeError:
                if len(bundle) > 1:
                    found += self.tolerantly(bundle, items, at_once=max(len(bundle) // 4, 1))
        return found

    def _head(self, folder: int, validity: int, item: Item) -> Head:
        who = self.imap.who
        raw = answers.section(item, "HEADER.FIELDS") or b""
        return Head(
            folder, validity, self.imap.uid(item), folder == self.sent, answers.moment_of(item, who=who), answers.flags_of(item), raw
        )

    def _with_reports(self, heads: list[Head]) -> list[Head]:
        """Most bounces name the mail that came back only in a part of theirs: it is their reference."""
        reports = {head.uid: head for head in heads if head.is_report and not head.references}
        uids = sorted(reports)[-_MOST_REPORTS:]
        sections: dict[str, list[int]] = {}
        for uid, structure in self.structures(reports[uids[0]].folder, uids).items() if uids else ():
            part = next((one for one in leaves(structure) if one.type in ("message/rfc822", "text/rfc822-headers")), None)
            if part is not None:
                sections.setdefault(f"{part.path}.HEADER" if part.type == "message/rfc822" else part.path, []).append(uid)
        for section, named in sections.items():
            for item in self.tolerantly(named, f"(UID BODY.PEEK[{section}]<0.24000>)", at_once=_AT_ONCE):
                head = reports[self.imap.uid(item)]
                embedded = dataclasses.replace(head, raw=answers.section(item, section) or b"")
                reports[head.uid] = dataclasses.replace(head, embedded_id=message_id_in(embedded.value("message-id")))
        return [reports.get(head.uid, head) for head in heads]

    def _found(self) -> tuple[tuple[str, ...], int | None]:
        if self._names is None:
            folders, sent = list(self.mailbox.folders), self._sent_name()
            if sent is not None and sent not in folders:
                folders.append(sent)
            self._names = tuple(folders), folders.index(sent) if sent is not None else None
        return self._names

    def _sent_name(self) -> str | None:
        """As the admin says, else as the server says (RFC 6154), else by its usual name."""
        if self.mailbox.sent_folder:
            return self.mailbox.sent_folder
        known = self.imap.folders()
        said = [name for name, attributes in known if "\\sent" in attributes]
        usual = [name for name, _ in known if name.lower().removeprefix("inbox.").removeprefix("inbox/") in _SENT_NAMES]
        return next(iter([*said, *usual]), None)


def day(moment: datetime) -> str:
    """A date as SEARCH takes it."""
    return f"{moment.day}-{_MONTHS[moment.month - 1]}-{moment.year:04}"
