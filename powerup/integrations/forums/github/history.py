"""History: all threads back to a day, the most recently active first, one page a call.

With a token both lists come by GraphQL, whose cursors hold the place in the order of time whatever moves meanwhile, and which knows how
many there are. Without one, issues come by REST and `walk`, whose page numbers end at 10,000 rows (see `powerup.integrations.github`).
Of two lists, the one whose next page is the newer goes on.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from powerup import clock
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.github import discussions, queries
from powerup.integrations.forums.github.ids import ISSUE, Which
from powerup.integrations.forums.github.listing import PULL, listing_params, row_of_issue
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.forums.sweep import Row
from powerup.integrations.forums.walk import walk
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import each, maybe, moment, need

Json = dict[str, Any]
_VERSION = 1
_BEGINNING: Json = {"after": None, "low": None, "done": False, "total": None}


def history(client: GitHub, settings: Settings, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """The next page; a cursor that is not ours begins anew."""
    # GitHub's times are whole seconds, cut off.
    since = since.replace(microsecond=0)
    ours = cursor is not None and cursor.get("v") == _VERSION and isinstance(cursor.get("lists"), dict)
    kept: Json = dict(cursor) if cursor and ours else {"lists": {}}
    if not client.signed_in and settings.issues and not settings.discussions:
        return _walked(client, kept, since)
    names = [name for name, wanted in (("issues", settings.issues), ("discussions", settings.discussions)) if wanted]
    lists = {name: dict(kept["lists"].get(name) or _BEGINNING) for name in names}
    waiting = [name for name in names if not lists[name]["done"]]
    stubs: list[ThreadStub] = []
    if waiting:
        name = max(waiting, key=lambda one: lists[one]["low"] or "9")
        lists[name], stubs = _page(client, name, lists[name], since)
    totals = [state["total"] for state in lists.values()]
    total = None if None in totals else sum(totals)
    more = not all(state["done"] for state in lists.values())
    return Page(tuple(stubs), {"v": _VERSION, "lists": lists}, more, total)


def _page(client: GitHub, name: str, state: Json, since: datetime) -> tuple[Json, list[ThreadStub]]:
    query = queries.ISSUES if name == "issues" else queries.DISCUSSIONS
    stub: Callable[[Json], ThreadStub] = _issue_stub if name == "issues" else discussions.stub_of
    variables = {"owner": client.repository.owner, "name": client.repository.name, "after": state["after"]}
    found = maybe(client.graphql(query, variables), f"repository.{name}", dict, vendor=VENDOR)
    if found is None:
        raise GoneError("GitHub says that this repository does not exist, or hides it from us.", permanent=True)
    stubs = [stub(node) for node in each(found, "nodes", vendor=VENDOR)]
    recent = [one for one in stubs if one.changed_at >= since]
    done = len(recent) < len(stubs) or maybe(found, "pageInfo.hasNextPage", bool, vendor=VENDOR) is not True
    low = clock.iso(min((one.changed_at for one in stubs), default=since))
    after = None if done else need(found, "pageInfo.endCursor", str, vendor=VENDOR)
    return {"after": after, "low": low, "done": done, "total": need(found, "totalCount", int, vendor=VENDOR)}, recent


def _issue_stub(issue: Json) -> ThreadStub:
    return ThreadStub(
        external_id=Which(ISSUE, need(issue, "number", int, vendor=VENDOR)).thread_id,
        url=need(issue, "url", str, vendor=VENDOR),
        subject=need(issue, "title", str, vendor=VENDOR),
        created_at=moment(issue, "createdAt", vendor=VENDOR),
        changed_at=moment(issue, "updatedAt", vendor=VENDOR),
        message_count=need(issue, "comments.totalCount", int, vendor=VENDOR) + 1,
    )


def _walked(client: GitHub, kept: Json, since: datetime) -> Page:
    def fetch(page: int) -> tuple[list[Row], bool]:
        listed = client.listed(f"{client.repository.path}/issues", listing_params(page))
        return [row_of_issue(issue) for issue in listed.items], listed.next_url is not None

    step = walk(kept["lists"].get("walk"), fetch, since=since)
    stubs = tuple(row.stub for row in step.rows if not row.id.startswith(PULL))
    return Page(stubs, {"v": _VERSION, "lists": {"walk": step.state}}, step.more)
