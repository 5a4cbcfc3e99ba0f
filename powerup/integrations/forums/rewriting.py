"""A message's HTML written anew so that it can leave its site: absolute links, no site furniture. For every adapter.

It is NOT sanitised here.
"""

from collections.abc import Callable, Collection
from html import escape

from powerup.integrations.forums.html_reader import HtmlReader

LINKS = frozenset({"href", "src", "cite", "poster"})
"""Attributes that hold a URL."""
DROPPED_ATTRIBUTES = frozenset({"srcset", "sizes", "style", "loading"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Rewriter(HtmlReader):
    """Writes one text anew: `Rewriter(…).rewritten(html)`.

    :param absolute: makes a link of the text absolute; "" for nonsense.
    :param links: the attributes that hold one.
    :param without: the attributes that go.
    :param drops: whether an element (its name and its classes) goes with all it holds.
    :param emoji: whether pictures of the class `emoji` become their text.
    """

    def __init__(
        self,
        absolute: Callable[[str], str],
        *,
        links: Collection[str] = LINKS,
        without: Collection[str] = DROPPED_ATTRIBUTES,
        drops: Callable[[str, Collection[str]], bool] = lambda _tag, _classes: False,
        emoji: bool = False,
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.dropping = 0
        """How many elements deep we are in one that goes with all it holds."""
        self._absolute = absolute
        self._links = links
        self._without = without
        self._drops = drops
        self._emoji = emoji

    def rewritten(self, html: str) -> str:
        """The text as it may leave its site."""
        self.feed(html)
        return "".join(self.out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Written with what is kept of its attributes, or dropped."""
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if self.dropping or self._drops(tag, classes):
            self.dropping += tag not in _VOID
        elif self._emoji and tag == "img" and "emoji" in classes:
            self.out.append(escape(given.get("alt", "")))
        else:
            kept = (self._attribute(name, value) for name, value in given.items() if name not in self._without)
            self.out.append(f"<{tag}{''.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        """Written unless its element is dropped, or has no end."""
        if tag in _VOID:
            return
        if self.dropping:
            self.dropping -= 1
        else:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Written unless it stands in what is dropped."""
        if not self.dropping:
            self.out.append(data)

    def _attribute(self, name: str, value: str) -> str:
        return f' {name}="{escape(self._absolute(value) if name in self._links else value)}"'
