"""From the number that people see to the one that the API wants.

The API has no look-up by number. Listings name both, so whatever was listed is known; of the rest, a thread that was just changed is on
the first page of those, and any other is found in a listing by creation, in which numbers fall, by guessing its page and looking
again nearer: 2 to 4 requests among 14,000 discussions.
"""

from typing import Any

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.forums.tender.urls import api_id_in, is_number, last_segment
from powerup.integrations.http import need

_MOST_STEPS = 40
_GUESSES = 8
"""Steps that guess by proportion; then halving, which cannot be led astray."""
_LOOKS = 2
"""A new discussion pushes the others on while we look: only what was not found twice is gone."""


class Finder:
    """Remembers what it met. One lives as long as an adapter."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[str, str] = {}

    def learn(self, discussion: dict[str, Any]) -> str:
        """Note a discussion's two numbers; returns ours. A missing or odd `href` is VendorBrokenError."""
        number = str(need(discussion, "number", int, vendor=VENDOR))
        api_id = last_segment(need(discussion, "href", str, vendor=VENDOR))
        if api_id is None:
            raise VendorBrokenError("Tender answered with something that is no address in the field “href”.")
        self._known[number] = api_id
        return number

    def api_id(self, thread_id: str) -> str:
        """The API's number of a thread; raises GoneError when no listing has it."""
        if given := api_id_in(thread_id):
            return given
        if not is_number(thread_id):
            raise GoneError("No thread of Tender has such an id.", permanent=True, sent=False)
        if thread_id not in self._known:
            self._page({"sort": "updated"}, 1)
        for _ in range(_LOOKS):
            if thread_id not in self._known:
                self._search(int(thread_id))
        if thread_id not in self._known:
            raise GoneError(f"Tender lists no discussion {thread_id}: it was deleted, or is hidden from us.", permanent=True)
        return self._known[thread_id]

    def _search(self, number: int) -> None:
        numbers, pages = self._page({"sort": "created"}, 1)
        low, high = 2, pages
        top, bottom = (numbers[-1] - 1 if numbers else 0), 1
        if not numbers or number >= numbers[-1]:
            return
        for step in range(_MOST_STEPS):
            if low > high or str(number) in self._known:
                return
            guess = (low + high) // 2
            if step < _GUESSES:
                guess = low + (top - number) * (high - low + 1) // max(top - bottom + 1, 1)
            guess = min(max(guess, low), high)
            numbers, _ = self._page({"sort": "created"}, guess)
            if not numbers or number > max(numbers):
                high, bottom = guess - 1, (max(numbers) + 1 if numbers else bottom)
            elif number < min(numbers):
                low, top = guess + 1, min(numbers) - 1
            else:
                return

    def _page(self, params: dict[str, str], page: int) -> tuple[list[int], int]:
        batch = self._site.page("/discussions", "discussions", page, params)
        numbers = [int(self.learn(row)) for row in batch.rows]
        if params["sort"] == "created" and len(numbers) > 2 and numbers[0] < numbers[-1]:
            raise VendorBrokenError("Tender lists its oldest discussions first, so a thread cannot be found by its number.")
        return numbers, -(-(batch.total or len(numbers)) // batch.per_page)
