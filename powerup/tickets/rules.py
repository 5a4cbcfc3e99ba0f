"""What follows from a thread's messages. No I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from powerup.threads import Message, Role, Thread, ThreadState, Visibility

RESTING = (ThreadState.resolved, ThreadState.closed, ThreadState.deleted)
"""States in which nobody waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has to speak next, and since when: the time of the first message that nobody has answered yet."""

    on: str | None
    """`us`, `customer`, or None when nobody waits."""
    since: datetime | None


def waiting(state: ThreadState, messages: Iterable[Message], *, answer_number: int | None = None) -> Waiting:
    """The last public message decides: a customer's waits on us, a staff member's on the customer.

    "Since" is the first of the unbroken run of messages from that side, so that a customer who writes three times in a
    row has waited since the first. Internal notes, system lines and deleted messages do not count. In a thread that rests
    nobody waits, but for a customer who wrote again after the marked answer: "resolved" must not hide "it still fails".
    """
    if state in RESTING:
        later = [message for message in messages if answer_number is not None and message.number > answer_number]
        again = waiting(ThreadState.open, later) if state is ThreadState.resolved else Waiting(None, None)
        return again if again.on == "us" else Waiting(None, None)
    side: Role | None = None
    since: datetime | None = None
    for message in sorted(messages, key=lambda each: (each.number, each.created_at)):
        if message.deleted or message.system or message.visibility is Visibility.internal:
            continue
        if message.author.role is not side:
            side, since = message.author.role, message.created_at
    if side is None:
        return Waiting(None, None)
    return Waiting("us" if side is Role.customer else "customer", since)


def waiting_in(thread: Thread) -> Waiting:
    """The same for a whole thread; in one that staff opened nobody waits until somebody else has spoken."""
    found = waiting(thread.state, thread.messages, answer_number=thread.answer_number)
    spoke = {each.author.external_id for each in counted(thread.messages) if each.visibility is Visibility.public}
    return Waiting(None, None) if thread.opened_by_staff and spoke <= {thread.customer.external_id} else found


def spoken_at(messages: Iterable[Message], role: Role) -> list[datetime]:
    """When that side said something in public."""
    said = (each for each in counted(messages) if each.visibility is Visibility.public)
    return [each.created_at for each in said if each.author.role is role]


def counted(messages: Iterable[Message]) -> list[Message]:
    """Messages of people that are still there."""
    return [message for message in messages if not message.deleted and not message.system]
