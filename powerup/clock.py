"""The one place that reads the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return datetime.now(UTC)


def parse(text: str) -> datetime:
    """Read an ISO 8601 moment (`2026-11-23T08:30:00Z`) as aware UTC; raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """Write a moment as the API does: `2026-11-23T08:30:00.000Z`, milliseconds, always UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
