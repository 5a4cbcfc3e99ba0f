"""What RT is asked for: TicketSQL for tickets, JSON for everything else. Pure.

TicketSQL (`RT::SQL` of 5.0.3) takes a backslash as the escape of any character between quotes. Two traps beside it: a quoted value that
begins with `CF.` is taken for the name of a column after all and goes into the database's query as it stands; and `%` and `_` are
wildcards of LIKE that cannot be escaped. And a date is read in the time zone of the account that asks, to the second; so we put no
dates into queries, but read newest first and compare for ourselves.
"""

import json
import re
from collections.abc import Sequence

TICKETS = "Type = 'ticket' AND id > 0"
"""Every ticket that we may see: no reminders and approvals; merged and deleted ones are never listed."""
Condition = tuple[str, str, str | int | Sequence[str]]
"""Field, operator, value."""

_MOST_WORDS = 8
_COLUMN = re.compile(r"cf\.", re.IGNORECASE)


def quoted(value: str) -> str:
    """A text as a value of TicketSQL that cannot end early or become a column."""
    kept = "".join(char for char in value if char.isprintable())
    while _COLUMN.match(kept):
        kept = kept[1:]
    return "'" + kept.replace("\\", "\\\\").replace("'", "\\'") + "'"


def matching(words: str) -> str | None:
    """Tickets with all of these words in their subject or a message (or of this number); None when there is nothing to look for.

    A site without full-text search finds nothing in messages (`RT::Tickets::_TransContentLimit`), and subjects all the same.
    """
    kept = [plain for word in words.split()[:_MOST_WORDS] if (plain := word.replace("%", ""))]
    if not kept:
        return None
    parts = [f"(Subject LIKE {quoted(word)} OR Content LIKE {quoted(word)})" for word in kept]
    match = " AND ".join(parts)
    if len(kept) == 1 and kept[0].lstrip("#").isdigit() and kept[0].isascii():
        match = f"({match} OR id = {kept[0].lstrip('#')[:18]})"
    return f"{TICKETS} AND {match}"


def where(*conditions: Condition) -> str:
    """Conditions on the rows of any other collection; all must hold.

    Without `entry_aggregator` two conditions on the same field are alternatives (seen on 5.0.3: `id > 0` and `id < 9` were every row).
    """
    written = [{"field": field, "operator": operator, "value": value, "entry_aggregator": "AND"} for field, operator, value in conditions]
    return json.dumps(written)
