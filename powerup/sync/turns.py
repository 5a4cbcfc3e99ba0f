"""What both pollers of forums are told, for changes and for history: whose work it is, when to stop and how to wait."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from powerup.services import Services
from powerup.sync.todo import Wait, patient


class TakesTurns:
    """Takes turns at forums. For one thread; several may run anywhere, a lease keeps them apart.

    :param stop: asked between two threads; when it says yes, the rest is left for later and nothing is lost.
    :param wait: how pauses between two threads are waited for.
    :param only: ids of the forums that it is about; None: all.
    """

    def __init__(
        self,
        services: Services,
        worker: str,
        *,
        stop: Callable[[], bool] = lambda: False,
        wait: Wait | None = None,
        only: Sequence[int] | None = None,
    ) -> None:
        self._services = services
        self._worker = worker
        self._stop = stop
        self._wait = wait or patient()
        self._only = only
        self._tries: dict[int, Counter[str]] = defaultdict(Counter)
        """By forum and thread: how often it was tried in vain."""
