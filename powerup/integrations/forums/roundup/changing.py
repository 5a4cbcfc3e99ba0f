"""Changing an issue so that nobody else's change is lost: read it with its ETag, change that very state, and begin anew after a 412."""

from collections.abc import Callable, Mapping
from typing import Any

from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.roundup.reading import FIELDS
from powerup.integrations.forums.roundup.site import VENDOR, Json, Site, number
from powerup.integrations.http import need

_TRIES = 4
Decide = Callable[[Json], Mapping[str, Any] | None]
"""The issue as it stands -> what to change, or None: it is so already."""


def change(site: Site, thread_id: str, decide: Decide) -> None:
    """Change an issue; raises RejectedError when it does not come out as wanted.

    The caller has seen by `issue_json` that it is there: asked by its number, as here, a retired one is still given out.
    """
    path = f"/issue/{number(thread_id)}"
    for last in (False,) * (_TRIES - 1) + (True,):
        data = site.get(path, [("@fields", ",".join(FIELDS)), ("@verbose", "0")])
        wanted = decide(need(data, "attributes", dict, vendor=VENDOR))
        if wanted is None:
            return
        try:
            _ensure(site.patch(path, wanted, etag=need(data, "@etag", str, vendor=VENDOR)), wanted)
            return
        except RejectedError as error:
            if error.http_status != 412 or last:
                raise


def _ensure(changed: Json, wanted: Mapping[str, Any]) -> None:
    """A tracker's own rules (detectors) may turn a change into another one, with a 200."""
    for name, value in wanted.items():
        now = changed.get(name)
        same = sorted(map(str, now)) == sorted(value) if isinstance(now, list) else (now or "") == value
        if not same:
            why = f"Roundup took the change of “{name}” and made something else of it: the tracker has rules of its own for that."
            raise RejectedError(why, permanent=True, http_status=200)
