"""Search. Source: src/controllers/search.js and src/search.js: the answer is posts, each with a summary of its topic, at most 100."""

from collections.abc import Sequence

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import ThreadStub
from powerup.integrations.forums.nodebb.reading import stub_of
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import VENDOR, Site, flag, ident
from powerup.integrations.http import each, maybe, need

_MOST = 100


def search(site: Site, scope: Scope, query: str, limit: int) -> Sequence[ThreadStub]:
    """Threads with a matching title or message, best first. When they were last active is not said: the matching message stands in."""
    try:
        data = site.read("/search", {"term": query, "in": "titlesposts", "itemsPerPage": _MOST})
    except GoneError:
        why = "This NodeBB has no search: an admin activates a search plug-in, such as nodebb-plugin-dbsearch."
        raise NotPermittedError(why, permanent=True, http_status=404) from None
    found: dict[str, ThreadStub] = {}
    for post in each(data, "posts", vendor=VENDOR):
        topic = need(post, "topic", dict, vendor=VENDOR)
        if scope.holds(topic) and not flag(topic, "deleted") and not flag(topic, "scheduled"):
            matched_at = maybe(post, "timestamp", int, vendor=VENDOR)
            found.setdefault(ident(topic, "tid"), stub_of(site, scope, {"lastposttime": matched_at, **topic}))
    return list(found.values())[:limit]
