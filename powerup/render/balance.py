"""Writes a stream of tags anew: allowed ones only, properly nested, never deep, images held back."""

from collections import Counter
from collections.abc import Mapping
from html import escape

from powerup.render.policy import BLOCKS, HELD_IMAGE, RENAMED, SPOKEN, TAGS, VOID, attribute, named, web_address
from powerup.render.tokens import tokens

DEEPEST = 40
"""Elements within one another; of what lies deeper, the text is kept. A quote of a quote of a quote … costs no more than this."""

_CELLS = frozenset({"td", "th", "caption"})
_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
_HEADINGS = named("h1 h2 h3 h4 h5 h6")
_WORDS_ONLY = named("emoji emojione emoticon emojify smiley smilie twemoji joypixels avatar gravatar")

# Opening the first ends what is open of the second, as far up as the third: `<li>a<li>b` are two items.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", *_CELLS})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", *_CELLS})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", *_CELLS})),
    "a": (frozenset({"a"}), _CELLS),
    **dict.fromkeys(("td", "th"), (frozenset({"td", "th", "caption"}), frozenset({"table"}))),
    "tr": (frozenset({"tr", "caption"}), frozenset({"table"})),
    **dict.fromkeys(("thead", "tbody", "tfoot", "caption"), (named("thead tbody tfoot tr caption"), frozenset({"table"}))),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, frozenset({"blockquote", "li", *_CELLS}))),
}


def balance(html: str) -> str:
    """The same content in well-formed HTML that uses nothing but what the policy allows."""
    writer = _Writer()
    for token in tokens(html):
        if token.kind == "text":
            writer.text(token.text)
        elif token.kind == "start":
            writer.start(token.name, token.attributes)
        else:
            writer.end(RENAMED.get(token.name, token.name))
    return writer.finish()


class _Writer:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._flattened: Counter[str] = Counter()
        self._fresh_pre = False

    def text(self, text: str) -> None:
        # A parser drops the first newline of a <pre>, once for each time that it reads it.
        text = text.lstrip("\n") if self._fresh_pre else text
        if text:
            self._out.append(escape(text, quote=False))
            self._fresh_pre = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "img":
            self._image(attributes)
            return
        tag = RENAMED.get(name, name)
        kept = {key: value for key, raw in attributes.items() if (value := attribute(tag, key, raw)) is not None}
        if tag == "span":
            self._held_image(kept.get("data-src"), kept.get("data-alt", "")) if "class" in kept else None
        elif tag in TAGS and (tag != "a" or "href" in kept) and (tag not in _TABLE_PARTS or "table" in self._open):
            self._element(tag, kept)

    def end(self, tag: str) -> None:
        if self._flattened[tag]:
            self._flattened[tag] -= 1
            return
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] == tag:
                self._close_down_to(place)
                return
            if self._open[place] in _CELLS and tag not in _TABLE_PARTS and tag != "table":
                return

    def finish(self) -> str:
        self._close_down_to(0)
        return "".join(self._out)

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in BLOCKS and tag not in _TABLE_PARTS:
            self._end_open(frozenset({"p"}), _CELLS)
        if tag in _ENDS:
            self._end_open(*_ENDS[tag])
        if tag in VOID:
            self._out.append(f"<{tag}>")
            return
        if len(self._open) >= DEEPEST:
            self._flattened[tag] += 1
            return
        if tag in SPOKEN:
            attributes.setdefault("dir", "auto")
        self._write(tag, attributes)
        self._open.append(tag)
        self._fresh_pre = tag == "pre"

    def _end_open(self, ended: frozenset[str], boundaries: frozenset[str]) -> None:
        highest = None
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] in ended:
                highest = place
            elif self._open[place] in boundaries:
                break
        if highest is not None:
            self._close_down_to(highest)

    def _close_down_to(self, place: int) -> None:
        for tag in reversed(self._open[place:]):
            self._out.append(f"</{tag}>")
        del self._open[place:]
        self._fresh_pre = False

    def _image(self, attributes: Mapping[str, str]) -> None:
        words = attributes.get("alt") or attributes.get("title") or ""
        url = web_address(attributes.get("src", "")) or web_address(attributes.get("data-src", ""))
        if not _WORDS_ONLY.isdisjoint(attributes.get("class", "").lower().split()) or url is None:
            self.text(words)
        elif not _is_dot(attributes):
            self._held_image(url, words)

    def _held_image(self, url: str | None, words: str) -> None:
        if url is not None:
            self._write("span", {"class": HELD_IMAGE, "data-src": url, "data-alt": attribute("span", "data-alt", words) or ""})
            self._out.append("</span>")
            self._fresh_pre = False

    def _write(self, tag: str, attributes: Mapping[str, str]) -> None:
        written = "".join(f' {name}="{escape(value)}"' for name, value in sorted(attributes.items()))
        self._out.append(f"<{tag}{written}>")


def _is_dot(attributes: Mapping[str, str]) -> bool:
    """Whether this image is there to count readers, not to be looked at."""
    return any(attributes.get(side, "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height"))
