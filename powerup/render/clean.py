"""The way of a customer's HTML onto our pages: written anew, judged by nh3, and stable when it comes by again."""

from html import escape

import nh3

from powerup.render.balance import balance
from powerup.render.policy import ATTRIBUTES, LINK_SCHEMES, TAGS, attribute
from powerup.render.text import plain_text
from powerup.render.tokens import UNSEEN, decoded

LONGEST = 500_000
"""Characters of HTML that are kept of one message; what follows is cut off, and the message says so."""

CUT_NOTE = '<p dir="auto"><em>This message is longer than what is shown here. The forum has all of it.</em></p>'

_MOST_ROUNDS = 5

_SET_BY_US = frozenset({"rel", "target"})


def _judged(tag: str, name: str, value: str) -> str | None:
    # nh3 asks about the attributes that it sets itself, too; an author's own `rel` and `target` do not come this far.
    return value if tag == "a" and name in _SET_BY_US else attribute(tag, name, value)


_JUDGE = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(UNSEEN),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_judged,
    strip_comments=True,
    link_rel="noopener noreferrer nofollow ugc",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
)


def sanitise(html: str) -> str:
    """The HTML without anything that runs, loads, tracks or breaks out; sanitising the result again changes nothing.

    Links open elsewhere and pass nothing on. Each image becomes `<span class="held-image" data-src="https://…" data-alt="…">`, so
    that looking at a message makes no remote request; emoji and avatars become their words. Styles, ids and classes go (but
    `language-…` on code); blocks say `dir="auto"` unless the post says its direction itself.
    """
    html = decoded(html)
    room = len(html)
    while True:
        # Escaping and `dir` make it longer, and a result that is too long would be cut again, elsewhere, when it comes by again.
        # Measured before nh3 works on it: for half a million ampersands that takes seconds.
        clean = balance(html[:room]) if room <= LONGEST else None
        if clean is not None and len(clean) <= LONGEST:
            clean = _settled(clean) + ("" if room == len(html) else CUT_NOTE)
            if len(clean) <= LONGEST:
                return clean
        room = LONGEST if clean is None else int(room * LONGEST / len(clean) * 0.9)


def _settled(html: str) -> str:
    """Both passes until nothing moves: a parser may regroup misnested elements, and mutation attacks live in that difference."""
    for _ in range(_MOST_ROUNDS):
        before, html = html, _JUDGE.clean(balance(html))
        if before == html:
            return html
    lines = "<br>".join(escape(line, quote=False) for line in plain_text(html).splitlines())
    return _JUDGE.clean(balance(f"<p>{lines}</p>"))
