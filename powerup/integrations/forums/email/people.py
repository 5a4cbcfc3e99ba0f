"""Who stands on which side in a mailbox."""

from dataclasses import replace

from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.forums.email.heads import Address, Head
from powerup.integrations.forums.email.ids import twin_of
from powerup.integrations.forums.email.proof import is_forged, proven_sender
from powerup.integrations.forums.email.settings import Mailbox

_LONGEST = 200
_UNPROVEN = "unproven:"
"""Before the id of somebody whose address a server could have proved and did not."""


class People:
    """Makes authors of addresses. Staff: the mailbox itself, the addresses among the staff names, the domains among the staff groups."""

    def __init__(self, mailbox: Mailbox, config: ForumConfig) -> None:
        self._mailbox = mailbox
        self._names = frozenset(name.strip().lower() for name in config.staff_usernames)
        self._domains = frozenset(group.strip().lower().removeprefix("@") for group in config.staff_groups)

    def author(self, head: Head) -> Author:
        """Who wrote a mail. A web form writes from our own address and names the customer in Reply-To."""
        address = self.writer(head)
        if head.sent:
            return self.named(address, Role.staff)
        proven = self.is_proven(head)
        # Without a server's word From is all there is; with it, nobody answers in a colleague's name by merely writing it.
        believed = proven or not self._mailbox.authserv_id
        role = Role.staff if believed and self._is_staff(address) else Role.customer
        author = self.named(address, role, verified=address.email if proven and role is Role.customer else None)
        # Whoever only says to be somebody must not share what is known of them, nor take their proof away.
        return author if believed else replace(author, external_id=f"{_UNPROVEN}{author.external_id}")

    def named(self, address: Address, role: Role, *, verified: str | None = None) -> Author:
        """An author of an address that is believed."""
        email = address.email or "unknown"
        known = email if len(email) <= _LONGEST else f"long:{twin_of(email)}"
        return Author(known, known, address.name or email.partition("@")[0], role, verified_email=verified)

    def is_proven(self, head: Head) -> bool:
        """Whether our server proved that the mail is its writer's."""
        proven = proven_sender(head, self._mailbox.authserv_id)
        return proven is not None and proven == self.writer(head).email

    def is_forged(self, head: Head) -> bool:
        """Whether our server says that it is not."""
        return not head.sent and is_forged(head, self._mailbox.authserv_id)

    def writer(self, head: Head) -> Address:
        """The address whose words a mail holds."""
        if not head.sent and self.is_us(head.sender.email) and (other := self._not_us(head)):
            return other
        return head.sender

    def is_us(self, email: str) -> bool:
        """Whether an address is this mailbox."""
        return email in self._mailbox.aliases

    def is_echo(self, head: Head) -> bool:
        """A mail from ourselves that is not among those that we sent: a copy of ours, a loop, or a stranger in our name."""
        return not head.sent and self.is_us(self.writer(head).email)

    def _is_staff(self, address: Address) -> bool:
        return self.is_us(address.email) or address.email in self._names or address.email.partition("@")[2] in self._domains

    def _not_us(self, head: Head) -> Address | None:
        return next((one for one in head.reply_to if not self.is_us(one.email)), None)
