"""What can go wrong on the wire of a mail server, on demand."""

import socket
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["", "server_error", "rate_limited", "forbidden", "gone", "truncated", "cut_off", "lost_answer", "silent", "drip"]

IMAP_REFUSALS: dict[str, bytes] = {
    "server_error": b"NO [UNAVAILABLE] The mail store is being mended",
    "rate_limited": b"NO [LIMIT] Too many requests, try again in 7 seconds",
    "forbidden": b"NO [NOPERM] Access denied",
    "gone": b"NO [NONEXISTENT] No such thing",
}
"""As RFC 5530 has them."""
SMTP_REFUSALS: dict[str, bytes] = {
    "server_error": b"451 4.3.0 The queue is being mended",
    "rate_limited": b"450 4.7.1 Too many mails, try again in 7 seconds",
    "forbidden": b"550 5.7.1 Not allowed",
    "gone": b"550 5.1.1 No such user",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes wrong. `protocol`: only there; `writes_only`: only what changes something."""

    kind: Kind = ""
    writes_only: bool = False
    protocol: Literal["", "imap", "smtp"] = ""


class Trouble:
    """The plan in force; thread-safe. Whoever waits under an old plan goes on at once under a new one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan = Plan()
        self._released = threading.Event()

    def set(self, plan: Plan) -> None:
        """Begin with a new plan."""
        with self._lock:
            self._released.set()
            self._plan, self._released = plan, threading.Event()

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.set(Plan())

    def now(self, protocol: str, *, write: bool) -> tuple[str, threading.Event]:
        """What happens to this command, and the event that ends any waiting for it."""
        with self._lock:
            plan = self._plan
            hit = plan.protocol in ("", protocol) and (write or not plan.writes_only)
            return plan.kind if hit else "", self._released


def give(sock: socket.socket, kind: str, answer: bytes, released: threading.Event) -> bool:
    """Send an answer as the trouble has it; False when the connection is to be ended."""
    if kind == "silent":
        released.wait(30)
    if kind == "lost_answer":
        return False
    if kind == "cut_off":
        sock.sendall(answer[: len(answer) // 2])
        return False
    if kind != "drip":
        sock.sendall(answer)
        return True
    for at in range(len(answer)):
        if released.is_set():
            sock.sendall(answer[at:])
            return True
        sock.sendall(answer[at : at + 1])
        released.wait(0.5)
    return True
