"""Markdown to HTML as Discourse does it: HTML allowed but filtered, comments gone, newlines kept, `lang-` on code."""

import nh3
from markdown_it import MarkdownIt

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
