"""A support mailbox as a forum."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from powerup.integrations.errors import IntegrationError
from powerup.integrations.forums.base import (
    Adapter,
    Check,
    CredentialField,
    Draft,
    Feature,
    File,
    ForumConfig,
    Page,
    Posted,
    Thread,
    ThreadStub,
    impossible,
)
from powerup.integrations.forums.email import abilities, ids, listing, marks, reading, settings, writing
from powerup.integrations.forums.email.people import People
from powerup.integrations.forums.email.shelf import Shelf
from powerup.integrations.http import HttpPolicy


class Email(Adapter):
    """One mailbox, read by IMAP and answered by SMTP. A thread is a correspondence, told by Message-ID, References and In-Reply-To."""

    kind: ClassVar[str] = "email"
    label: ClassVar[str] = "E-mail"
    confidential: ClassVar[bool] = True
    address_help: ClassVar[str] = "The mailbox's address, such as support@example.org."
    credential_fields: ClassVar[tuple[CredentialField, ...]] = settings.FIELDS
    cannot: ClassVar[Mapping[Feature, str]] = {
        Feature.internal_note: "A mailbox has no internal notes: whatever is written in a thread goes to the customer.",
        Feature.assign_person: "A mailbox does not know who on the team has a mail in hand. Closeloop keeps that itself.",
        Feature.assign_team: "A mailbox does not know which team has a mail in hand. Closeloop keeps that itself.",
        Feature.webhook: "Mail servers call nobody, so the mailbox is looked into at regular times.",
        Feature.signed_webhook: "Mail servers call nobody, so there is nothing to sign.",
    }

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self._config, self._policy = config, policy
        self._opened: tuple[Shelf, People] | None = None

    def close(self) -> None:
        """Let the connection go."""
        if self._opened:
            self._opened[0].imap.close()

    @classmethod
    def address(cls, given: str) -> str:
        """`mailto:` and the address in lower case."""
        return settings.stored_address(given)

    def check(self) -> Check:
        """Sign in at both servers and look what can be marked."""
        try:
            shelf, _ = self._mailbox()
        except IntegrationError as error:
            return abilities.broken(self._config.base_url.removeprefix("mailto:"), error.detail)
        return abilities.check(shelf, self._policy, self.cannot)

    def changed_since(self, cursor: Mapping[str, object] | None) -> Page:
        """Threads with new mails, or mails that were marked; how, is told in `listing`."""
        return listing.changed_since(*self._mailbox(), cursor)

    def history(self, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
        """Threads of older mails, the newest first."""
        return listing.history(*self._mailbox(), cursor, since=since)

    def read(self, thread_id: str) -> Thread:
        """A whole correspondence, what we sent included."""
        return reading.read(*self._mailbox(), thread_id)

    def thread_id_of(self, url: str) -> str | None:
        """The thread that one of this mailbox's own addresses means."""
        try:
            mailbox = self._mailbox()[0].mailbox
        except IntegrationError:
            return None
        return ids.thread_key_in(mailbox.home, mailbox.address, url, link=mailbox.link)

    def post(self, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
        """Answer the customer by mail. Notes are refused: there is nobody but the customer to read them."""
        if draft.internal:
            raise impossible(self, Feature.internal_note)
        shelf, people = self._mailbox()
        return writing.post(shelf, people, self._policy, thread_id, draft, look_first=look_first)

    def assign(self, thread_id: str, *, person: str | None, team: str | None) -> None:
        """Refused: a mailbox has no owners."""
        raise impossible(self, Feature.assign_team if team and not person else Feature.assign_person)

    def resolve(self, thread_id: str, *, message_id: str | None) -> None:
        """Set the keyword `$Resolved`; a later mail of the customer, which lacks it, opens the thread again."""
        marks.resolve(self._mailbox()[0], thread_id)

    def acknowledge(self, thread_id: str) -> None:
        """Mark the thread's mails as read."""
        marks.acknowledge(self._mailbox()[0], thread_id)

    def tag(self, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Tags are IMAP keywords."""
        marks.tag(self._mailbox()[0], thread_id, add=add, remove=remove)

    def file(self, reference: str) -> File:
        """One part of a mail."""
        return reading.file(self._mailbox()[0], reference, most=self._policy.max_bytes - 10_000)

    def search(self, query: str, *, limit: int) -> Sequence[ThreadStub]:
        """Threads with a mail that holds every word."""
        return listing.search(*self._mailbox(), query, limit=limit)

    def _mailbox(self) -> tuple[Shelf, People]:
        """The settings are read when they are first needed: a wrong one is an answer of `check`, not a failure to begin."""
        if self._opened is None:
            mailbox = settings.Mailbox.of(self._config)
            self._opened = Shelf(mailbox, self._policy), People(mailbox, self._config)
        self._opened[0].imap.look_again()
        return self._opened
