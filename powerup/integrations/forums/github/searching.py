"""Search: issues by REST, discussions by GraphQL.

Source: https://docs.github.com/en/rest/search/search (`repo:` and `is:issue`; at most 256 characters; 30 questions a minute, 10 without a
token). Whoever searches can write qualifiers of their own, so what comes back is looked at again: only threads of this repository leave.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.forums.base import ThreadStub
from powerup.integrations.forums.github import discussions, issues, queries
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import each, maybe, need

_LONGEST = 256
_MOST = 100


def search(client: GitHub, settings: Settings, query: str, *, limit: int) -> Sequence[ThreadStub]:
    """Threads that match, best first; where both lists are tickets, taking turns."""
    wanted = min(max(limit, 1), _MOST)
    found = [_issues(client, query, wanted)] if settings.issues else []
    if settings.discussions:
        found.append(_discussions(client, query, wanted))
    ranked = [(place, stub) for stubs in found for place, stub in enumerate(stubs)]
    return [stub for _, stub in sorted(ranked, key=lambda pair: pair[0])][: max(limit, 0)]


def _issues(client: GitHub, query: str, limit: int) -> list[ThreadStub]:
    asked = _asked(query, f"repo:{client.repository.full_name} is:issue")
    items = client.listed("/search/issues", {"q": asked, "per_page": limit}, member="items").items
    return [issues.stub_of(item) for item in items if item.get("pull_request") is None and _is_ours(client, item)]


def _is_ours(client: GitHub, issue: dict[str, Any]) -> bool:
    there = urlsplit(need(issue, "html_url", str, vendor=VENDOR)).path.strip("/").lower()
    return there.startswith(f"{client.repository.full_name.lower()}/issues/")


def _discussions(client: GitHub, query: str, limit: int) -> list[ThreadStub]:
    name = client.repository.full_name
    data = client.graphql(queries.SEARCH, {"query": _asked(query, f"repo:{name}"), "first": limit})
    nodes = [node for node in each(data, "search.nodes", vendor=VENDOR) if node]
    ours = [node for node in nodes if (maybe(node, "repository.nameWithOwner", str, vendor=VENDOR) or "").lower() == name.lower()]
    return [discussions.stub_of(node) for node in ours]


def _asked(query: str, scope: str) -> str:
    return f"{' '.join(query.split())[: _LONGEST - len(scope) - 1]} {scope}".strip()
