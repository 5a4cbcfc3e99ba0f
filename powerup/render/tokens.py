"""HTML as a stream of tags and text, in one pass whatever the input: no malformed post can make this take longer than its length.

Neither the standard library's parser (quadratic on unclosed comments) nor nh3's (quadratic on deep nesting: 500 kB of `<div>` take it
a minute) may see a customer's bytes first. This is no judge of safety: all it yields is written anew, escaped, and then goes through nh3.
"""

import html as entities
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from powerup.render.policy import named

UNSEEN = named("script style iframe noembed noframes noscript xmp textarea title template svg math select object applet canvas")
"""Elements that go with all they contain: it is code, raw text, or markup of another language."""

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][^\s/>]*+)|(!--)|[!?/])", re.ASCII)
_COMMENT_END = re.compile(r"--!?>")
_TAG_END = re.compile(r"[\s/]*+>", re.ASCII)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\s>]*+)))?""",
    re.ASCII,
)
_UNSEEN_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.ASCII | re.IGNORECASE) for name in UNSEEN}
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8}[0-9]*+|[xX][0-9a-fA-F]{7}[0-9a-fA-F]*+);?")

_SURROGATE = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """One piece: text (unescaped), a start tag or an end tag (names in lower case)."""

    kind: str
    name: str
    attributes: Mapping[str, str] = {}

    @property
    def text(self) -> str:
        """What a text token says."""
        return self.name


def tokens(html: str) -> Iterator[Token]:
    """Yield text and tags as a browser would see them; comments, declarations and `UNSEEN` elements are left out."""
    position, size = 0, len(html)
    while position < size and (match := _TAG.search(html, position)):
        if match.start() > position:
            yield Token("text", unescape(html[position : match.start()]))
        closing, name, comment = match.groups()
        if name is None:
            position = _after_comment(html, match.start()) if comment else html.find(">", match.end()) + 1
            if position <= 0:
                return  # unclosed to the end: a browser, too, shows nothing of it
            continue
        name = name.lower()
        attributes, position = _attributes(html, match.end())
        if position < 0:
            return
        yield Token("end" if closing else "start", name, {} if closing else attributes)
        if not closing and name in UNSEEN and not (name in ("svg", "math") and html[position - 2] == "/"):
            end = _UNSEEN_END[name].search(html, position)
            if end is None:
                return
            position = end.start()
    if position < size:
        yield Token("text", unescape(html[position:]))


def unescape(text: str) -> str:
    """Character references turned into characters; a number beyond Unicode becomes U+FFFD, however long it is."""
    # Python refuses to read numbers of more than 4,300 digits.
    return entities.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def decoded(html: str) -> str:
    """Without NUL, with U+FFFD for lone surrogates (JSON may carry both, a database takes neither), and one kind of line end."""
    return _SURROGATE.sub("\ufffd", html.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n"))


def _after_comment(html: str, start: int) -> int:
    # From the dashes on: `<!-->` is a whole comment.
    end = _COMMENT_END.search(html, start + 2)
    return end.end() if end else -1


def _attributes(html: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes from here to the tag's end, and where that is (-1: the tag never ends). The first of a name counts."""
    found: dict[str, str] = {}
    while not (end := _TAG_END.match(html, position)):
        match = _ATTRIBUTE.match(html, position)
        if match is None:
            return found, -1
        name, *values = match.groups()
        found.setdefault(name.lower(), next((value for value in values if value is not None), ""))
        position = match.end()
    return {name: unescape(value) for name, value in found.items()}, end.end()
