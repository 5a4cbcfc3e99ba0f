"""How far a back-fill has come, in numbers and in words. No I/O."""

from dataclasses import dataclass
from datetime import datetime

from powerup.forums.models import Backfill

_ENOUGH = 0.02
"""From this share of the time span on, what was found in it says how much there is in all."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a progress bar shows."""

    done: int
    """Threads dealt with: read, or known already."""
    about: int | None
    """How many there will be, roughly; None while nothing is known."""
    share: float | None
    """From 0 to 1; None while nothing is known."""
    seconds_left: float | None
    reached_at: datetime | None
    """Everything active since then is here."""


def progress(backfill: Backfill) -> Progress:
    """How far it is: by the forum's own count where there is one, by the time span that is covered, by whichever is nearer the end."""
    done = backfill.read + backfill.skipped
    if backfill.state == "done":
        return Progress(done, done, 1.0, 0.0, backfill.since)
    covered = _covered(backfill)
    guesses = [max(backfill.total, done, 1)] if backfill.total is not None else []
    if covered >= _ENOUGH and done:
        guesses.append(max(round(done / covered), done))
    about = max(min(guesses), backfill.found) if guesses else None
    share = min(done / about, 0.99) if about else None
    left = (about - done) * backfill.seconds_each if about is not None and backfill.seconds_each is not None else None
    return Progress(done, about, share, left, backfill.reached_at)


def words(backfill: Backfill) -> str:
    """One line, such as "1,204 of about 9,800 threads, back to March 2024, about 12 minutes left"."""
    found = progress(backfill)
    if backfill.state == "done":
        return f"all {found.done:,} threads since {backfill.since:%d %B %Y} are here"
    parts = [f"{found.done:,} of about {found.about:,} threads" if found.about is not None else f"{found.done:,} threads"]
    if found.reached_at is not None:
        parts.append(f"back to {found.reached_at:%B %Y}")
    if backfill.state == "paused":
        parts.append("paused")
    elif backfill.state == "failed":
        parts.append(f"stopped: {backfill.error}")
    elif backfill.error:
        parts.append(f"tried again soon: {backfill.error}")
    elif found.seconds_left is not None:
        parts.append(f"{_span(found.seconds_left)} left")
    return ", ".join(parts)


def _covered(backfill: Backfill) -> float:
    """The part of the wanted time span that was gone through."""
    if backfill.reached_at is None:
        return 0.0
    whole = (backfill.started_at - backfill.since).total_seconds()
    gone = (backfill.started_at - backfill.reached_at).total_seconds()
    return min(max(gone / whole, 0.0), 1.0) if whole > 0 else 1.0


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute{'s' if minutes != 1 else ''}"
    hours = round(seconds / 3600)
    return f"about {hours} hours" if hours < 48 else f"about {round(hours / 24)} days"
