"""Markdown to HTML as Discourse does it: HTML allowed but filtered, comments gone, newlines kept, `lang-` on code."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True, "langPrefix": "lang-"}).enable(["table", "strikethrough"])
_TAGS = {
    "a", "abbr", "aside", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "class"},
    "aside": {"class"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class"},
    "img": {"src", "alt", "width", "height", "class"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align"},
}


_SCHEME = re.compile(r"(?:^|[^a-z0-9])(https?)$", re.IGNORECASE)
_ADDRESS = re.compile(r"://[^\s<>\"`]+")
_BEHIND = ".,;:!?'*_~"
"""Signs that end a sentence or an emphasis rather than an address."""


def _bare_address(state: StateInline, silent: bool) -> bool:
    """A markdown-it rule: an address in the text becomes a link, as on Discourse; not in code, not in a link. Begins at `://`."""
    scheme = _SCHEME.search(state.pending)
    found = _ADDRESS.match(state.src, state.pos, state.posMax)
    if state.linkLevel > 0 or scheme is None or found is None:
        return False
    name, rest = scheme[1], _trimmed(found[0])
    href = state.md.normalizeLink(name + rest)
    if len(rest) <= len("://") or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(name)]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = name + rest
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True


def _trimmed(address: str) -> str:
    """Without what belongs to the sentence around it: "(see https://a.test/x)."."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while end and (address[end - 1] in _BEHIND or (address[end - 1] == ")" and unopened > 0)):
        end -= 1
        unopened -= address[end] == ")"
    return address[:end]


_MARKDOWN.inline.ruler.after("text", "bare_address", _bare_address)


def cook(raw: str) -> str:
    """The HTML of a post. A comment in `raw` (a marker, say) does not survive here; it stays in `raw` only."""
    return clean(_MARKDOWN.render(raw)).strip()


def clean(html: str) -> str:
    """HTML that is safe on the forum's pages, whoever wrote it."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener nofollow ugc")


def plain(html: str) -> str:
    """The words of `html`, for excerpts and search."""
    spaced = html.replace("<", " <")
    return " ".join(nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"}).split())
