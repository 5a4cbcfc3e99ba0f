"""When a team stands up: `09:15 Mon-Fri Europe/Berlin`. No I/O."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"^([01]?\d|2[0-3])[:.]([0-5]\d)$")


class StandUpError(ValueError):
    """The line cannot be read; the text says what would be right."""


def read_stand_up(text: str) -> dict[str, Any] | None:
    """`{"at", "days", "time_zone"}` as `Team.stand_up` keeps it; None for "none" or nothing. Raises StandUpError."""
    words = text.replace(",", " ").replace("–", "-").split()
    if not words or words[0].lower() in ("none", "no", "off"):
        return None
    clock = _TIME.match(words[0])
    if clock is None:
        raise StandUpError(f"“{words[0]}” is no time of day. Write the stand-up like “09:15 Mon-Fri Europe/Berlin”.")
    days: set[int] = set()
    zone = None
    for word in words[1:]:
        if "/" in word or word.upper() in ("UTC", "GMT"):
            zone = time_zone(word)
        else:
            days |= _days(word)
    return {"at": f"{int(clock[1]):02}:{clock[2]}", "days": sorted(days) or [0, 1, 2, 3, 4], "time_zone": zone}


def time_zone(name: str) -> str:
    """The name of a time zone that exists; raises StandUpError."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise StandUpError(f"“{name}” is no time zone. Write it like “Europe/Berlin” or “America/New_York”.") from None


def _days(word: str) -> set[int]:
    ends = [part[:3].lower() for part in word.split("-")]
    if len(ends) > 2 or any(end not in DAYS for end in ends):
        raise StandUpError(f"“{word}” is no weekday. Write the stand-up like “09:15 Mon-Fri Europe/Berlin”.")
    first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
    return {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
