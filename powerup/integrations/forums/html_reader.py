"""Reading the HTML of messages, in time that grows with its length and no faster. For every adapter.

The standard library's parser has the same methods and takes a minute for 50 kB of `<a <a <a`, and it fails for `<![`
(https://github.com/python/cpython/issues/135661 and its neighbours); whoever writes on a forum could stop the reading of it so.
"""

from html import escape

from powerup.render.tokens import UNSEEN, decoded, tokens


class HtmlReader:
    """Calls `handle_starttag`, `handle_endtag` and `handle_data` in order; takes anything and never fails.

    What no reader of a page sees is left out: comments, declarations, and scripts, drawings and their like with all they contain.

    :param convert_charrefs: whether `handle_data` gets plain text; else it is escaped, fit to be written into HTML again.
    """

    def __init__(self, *, convert_charrefs: bool = True) -> None:
        self._is_plain = convert_charrefs

    def feed(self, html: str) -> None:
        """Read a whole text."""
        for token in tokens(decoded(html)):
            if token.kind == "text":
                self.handle_data(token.text if self._is_plain else escape(token.text, quote=False))
            elif token.name in UNSEEN:
                continue
            elif token.kind == "start":
                self.handle_starttag(token.name, list(token.attributes.items()))
            else:
                self.handle_endtag(token.name)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins; names are in lower case, and of two attributes with one name the first counts."""

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""

    def handle_data(self, data: str) -> None:
        """A run of text."""
