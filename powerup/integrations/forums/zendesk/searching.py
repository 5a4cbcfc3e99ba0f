"""Search, as an agent's search box does it.

Source: https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/ (`type:ticket` and words; results of other types
are told apart by `result_type`; by relevance unless sorted). The index lags a few minutes behind
(https://support.zendesk.com/hc/en-us/articles/4408886879258).
"""

from collections.abc import Sequence

from powerup.integrations.forums.base import ThreadStub
from powerup.integrations.forums.zendesk.site import PAGE_SIZE, VENDOR, Site
from powerup.integrations.forums.zendesk.tickets import stub_of
from powerup.integrations.http import each

_LONGEST = 500


def search(site: Site, query: str, *, limit: int) -> Sequence[ThreadStub]:
    """Tickets with these words. The words are words: what Zendesk would take for an operator (`type:user`) loses its colon."""
    words = " ".join(query.replace(":", " ").replace("<", " ").replace(">", " ").split())[:_LONGEST]
    if not words or limit < 1:
        return []
    params = {"query": f"type:ticket {words}", "per_page": str(min(limit, PAGE_SIZE))}
    results = each(site.get("/search.json", params), "results", vendor=VENDOR)
    tickets = [item for item in results if item.get("result_type", "ticket") == "ticket"]
    return [stub_of(site, item) for item in tickets[:limit]]
