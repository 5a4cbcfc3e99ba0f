"""Readable text out of HTML, for excerpts and search."""

import re
import unicodedata
from collections.abc import Mapping

from powerup.render.policy import BLOCKS, HELD_IMAGE, RENAMED
from powerup.render.tokens import decoded, tokens

_SPACES = re.compile(r"\s+")
_SPACE = re.compile(r"[^\S\n]+")
_SPACED_LINE_END = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")
_PARAGRAPHS = BLOCKS - {"li", "tr", "td", "th", "dt", "dd", "thead", "tbody", "tfoot", "summary"}
_JOINERS = "\u200d\ufe0e\ufe0f"


def plain_text(html: str) -> str:
    """What a person reads of it: paragraphs apart, list items on their own lines, images as their words; takes raw and clean HTML."""
    out: list[str] = []
    verbatim = 0
    for token in tokens(decoded(html)):
        tag = RENAMED.get(token.name, token.name)
        if token.kind == "text":
            out.append(token.text if verbatim else _SPACES.sub(" ", token.text))
            continue
        if tag == "pre":
            verbatim = max(verbatim + (1 if token.kind == "start" else -1), 0)
        out.append(_mark(tag, token.kind))
        if token.kind == "start":
            out.append(_words(tag, token.attributes))
    text = _SPACED_LINE_END.sub("\n", _SPACE.sub(" ", "".join(out)))
    return _BLANK_LINES.sub("\n\n", text).strip()


def excerpt(text: str, length: int = 200) -> str:
    """The beginning of a text on one line, at most `length` characters, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = max(length - 1, 0)
    # Not within a letter that is made of several characters: accents, joined emoji.
    while cut > 0 and (unicodedata.combining(line[cut]) or line[cut] in _JOINERS or line[cut - 1] == "\u200d"):
        cut -= 1
    head = line[:cut]
    space = head.rfind(" ")
    if line[cut] != " " and space >= cut * 2 // 3:
        head = head[:space]
    return head.rstrip(" ,;:.") + "…" if length > 0 else ""


def _mark(tag: str, kind: str) -> str:
    """What stands for a tag."""
    if tag == "br":
        return "\n"
    if tag == "li" and kind == "start":
        return "\n- "
    if tag in ("td", "th"):
        return " " if kind == "end" else ""
    if tag in _PARAGRAPHS:
        return "\n\n"
    # Items and rows begin a line; their end begins none, or there would be an empty one before the next.
    return "\n" if tag in BLOCKS and (kind == "start" or tag == "summary") else ""


def _words(tag: str, attributes: Mapping[str, str]) -> str:
    """What an image, held back or not, says of itself."""
    held = tag == "span" and HELD_IMAGE in attributes.get("class", "").split()
    said = attributes.get("alt" if tag == "img" else "data-alt", "") if held or tag == "img" else ""
    return f" {said} " if said else ""
