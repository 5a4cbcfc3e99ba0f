"""What all shapes need: fields picked, names in addresses, the store and the origin."""

import re
from collections.abc import Iterable
from typing import Any

from powerup.sandbox.trello.store import Store

Shape = dict[str, Any]
BOARD_DEFAULT = "name,desc,descData,closed,idOrganization,pinned,url,shortUrl,prefs,labelNames"
MEMBER_DEFAULT = "fullName,username,initials,avatarUrl"


def pick(shape: Shape, fields: Iterable[str]) -> Shape:
    """Only these fields; `id` is always among them, `all` means all; unknown names are passed over."""
    wanted = {"id", *fields}
    return shape if "all" in wanted else {name: value for name, value in shape.items() if name in wanted}


def slug(name: str) -> str:
    """A name as part of an address: `Refund twice!` is `refund-twice`."""
    return re.sub(r"\W+", "-", name.casefold())[:60].strip("-")


class ShapeWriter:
    """Needs the store to look things up and the origin to make addresses."""

    def __init__(self, store: Store, plugin_id: str) -> None:
        self.store = store
        self.plugin_id = plugin_id
        self.origin = ""

    def set_origin(self, origin: str) -> None:
        """Where the board pages are, for addresses of cards and boards; the first caller to know it says so."""
        self.origin = self.origin or origin.rstrip("/")
