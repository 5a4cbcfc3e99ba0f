"""Reading foreign JSON strictly: a field that is missing or of the wrong kind is named, never a KeyError upstairs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from powerup import clock
from powerup.integrations.errors import VendorBrokenError

T = TypeVar("T", str, int, float, bool, dict[str, Any], list[Any])

_BIGGEST = 2**63 - 1
"""What a database integer holds; no vendor's id or count is larger."""


def need(obj: object, path: str, kind: type[T], *, vendor: str = "The other service") -> T:
    """The value at `path` ("a.b.0.c"; "" is `obj` itself); raises VendorBrokenError naming the field unless it is of `kind`.

    Strings come back without NUL and lone surrogates: JSON may carry both, a database takes neither.
    """
    value = _at(obj, path)
    if value is None:
        raise VendorBrokenError(f"{vendor} answered without the field “{path}”.")
    return _checked(value, path, kind, vendor)


def maybe(obj: object, path: str, kind: type[T], *, vendor: str = "The other service") -> T | None:
    """Like `need`, but None where the field is absent or null; a wrong kind is still an error."""
    value = _at(obj, path)
    return None if value is None else _checked(value, path, kind, vendor)


def each(obj: object, path: str, *, vendor: str = "The other service") -> list[dict[str, Any]]:
    """The list of objects at `path`; every member must be an object."""
    return [_checked(item, f"{path}.{index}", dict, vendor) for index, item in enumerate(need(obj, path, list, vendor=vendor))]


def moment(obj: object, path: str, *, vendor: str = "The other service") -> datetime:
    """The ISO 8601 time at `path`, as aware UTC."""
    try:
        return clock.parse(need(obj, path, str, vendor=vendor))
    except (ValueError, OverflowError):
        raise VendorBrokenError(f"{vendor} answered with something that is no time in the field “{path}”.") from None


def maybe_moment(obj: object, path: str, *, vendor: str = "The other service") -> datetime | None:
    """Like `moment`, but None where the field is absent, null or empty."""
    return moment(obj, path, vendor=vendor) if _at(obj, path) not in (None, "") else None


def clean(text: str) -> str:
    """The text without what no database takes: NUL goes, a lone surrogate becomes U+FFFD."""
    return text.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _at(obj: object, path: str) -> object:
    for step in path.split(".") if path else ():
        if isinstance(obj, Mapping):
            obj = obj.get(step)
        elif isinstance(obj, list) and step.isdigit() and int(step) < len(obj):
            obj = obj[int(step)]
        else:
            return None
    return obj


def _checked(value: object, path: str, kind: type[T], vendor: str) -> T:
    # bool is an int to Python and not to JSON; a whole number may stand where a fraction is expected.
    fits = isinstance(value, (int, float) if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if not fits or (isinstance(value, int) and abs(value) > _BIGGEST):
        raise VendorBrokenError(f"{vendor} answered with the wrong kind of value in the field “{path or 'answer'}”.")
    if isinstance(value, str):
        value = clean(value)
    return cast(T, float(cast(float, value)) if kind is float else value)
