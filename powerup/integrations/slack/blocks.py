"""Slack messages made of blocks: foreign text is escaped and everything is cut to what Slack takes.

Limits: 50 blocks a message, 150 characters of a header, 3,000 of a section's text, 10 fields of 2,000, 10 elements of a context, 25 of
an actions block, 75 of a button's text, 3,000 of its URL, 255 of its action_id, 2,000 of its value (docs.slack.dev/reference/block-kit,
there: blocks/header-block, section-block, context-block, actions-block, block-elements/button-element). `&`, `<` and `>` are Slack's
control characters and nothing else may be escaped (docs.slack.dev/messaging/formatting-message-text); a message's `text` is cut by
Slack after 40,000 characters, and 4,000 are advised (docs.slack.dev/changelog/2018-truncating-really-long-messages).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

MOST_BLOCKS = 50
LONGEST_HEADER = 150
LONGEST_SECTION = 3000
LONGEST_FIELD = 2000
MOST_FIELDS = 10
MOST_CONTEXT = 10
LONGEST_BUTTON = 75
LONGEST_URL = 3000
LONGEST_ACTION_ID = 255
LONGEST_VALUE = 2000
MOST_ACTIONS = 25
LONGEST_TEXT = 4000
LINK_ACTION = "closeloop.link"
"""How the action_id of each button begins that only opens an address: Slack tells us of its clicks too, and nothing follows."""

Block = Mapping[str, Any]

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Button:
    """Opens `url`, or comes back to us as `action_id` with `value`; a `value` that is too long for Slack is an error, never cut.

    :param style: `primary` (green) or `danger` (red).
    """

    text: str
    url: str | None = None
    action_id: str | None = None
    value: str | None = None
    style: Literal["primary", "danger"] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what notifications and screen readers say; `blocks`, when there are any, are what the channel shows."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    def payload(self) -> dict[str, Any]:
        """The JSON that Slack takes; blocks beyond the fiftieth are replaced by a line that says so."""
        body: dict[str, Any] = {"text": escape(self.text, LONGEST_TEXT)}
        if self.blocks:
            shown = list(self.blocks[:MOST_BLOCKS])
            if len(self.blocks) > MOST_BLOCKS:
                left_out = len(self.blocks) - MOST_BLOCKS + 1
                shown[-1] = context(f"… and {left_out} more.")
            body["blocks"] = shown
        return body


def escape(text: str, length: int = LONGEST_SECTION) -> str:
    """Foreign text that can mention nobody and link nowhere by itself, at most `length` characters as Slack counts them."""
    out: list[str] = []
    room = length
    for char in text:
        piece = _ESCAPES.get(char, char)
        # Beyond the basic plane Slack, being JavaScript, counts two.
        room -= len(piece) + (ord(char) > 0xFFFF)
        if room < 0:
            return _shortened(out, length)
        out.append(piece)
    return "".join(out)


def link(url: str, text: str, length: int = 200) -> str:
    """A link with words of its own, for `raw` text; only the words when the address is no web address."""
    words = escape(" ".join(text.split()).replace("|", "\u00a6"), length) or "link"
    if not is_web(url):
        return words
    address = escape(url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E"), LONGEST_URL * 2)
    return f"<{address}|{words}>"


def header(text: str) -> Block:
    """A large line."""
    return {"type": "header", "text": {"type": "plain_text", "text": _line(text, LONGEST_HEADER), "emoji": False}}


def section(text: str = "", *, raw: str | None = None, fields: Sequence[str] = ()) -> Block:
    """A paragraph of foreign `text`, or of `raw` text that was put together from `escape` and `link`; `fields` stand in two columns."""
    block: dict[str, Any] = {"type": "section"}
    words = _cut(raw) if raw is not None else escape(text)
    if words or not fields:
        block["text"] = _mrkdwn(words)
    if fields:
        block["fields"] = [_mrkdwn(escape(each, LONGEST_FIELD)) for each in fields[:MOST_FIELDS]]
    return block


def context(*texts: str, raw: Sequence[str] = ()) -> Block:
    """Small print: foreign texts, then `raw` ones."""
    elements = [_mrkdwn(escape(text)) for text in texts] + [_mrkdwn(_cut(text)) for text in raw]
    return {"type": "context", "elements": elements[:MOST_CONTEXT]}


def button(text: str, url: str) -> Block:
    """A button that opens an address; needs no app to answer it."""
    label = {"type": "plain_text", "text": _line(text, LONGEST_BUTTON), "emoji": False}
    return {"type": "actions", "elements": [{"type": "button", "text": label, "url": url}]} if len(url) <= LONGEST_URL else section(text)


def actions(*buttons: Button) -> Block:
    """Buttons in a row, the first 25 of them; one that leads nowhere (no web address and no action) is left out.

    A block without elements is refused by Slack, so that no buttons become an empty line.
    """
    elements = [element for number, each in enumerate(buttons) if (element := _element(each, number))][:MOST_ACTIONS]
    if len({element["action_id"] for element in elements}) < len(elements):
        raise ValueError("Slack wants each action_id once within a block")
    return {"type": "actions", "elements": elements} if elements else section()


def facts(pairs: Sequence[tuple[str, str]]) -> Block:
    """Foreign labels and values in two columns, the first ten of them."""
    shown = [f"*{escape(_plain(label), 200)}*\n{escape(value, LONGEST_FIELD - 300) or ' '}" for label, value in pairs[:MOST_FIELDS]]
    return {"type": "section", "fields": [_mrkdwn(each) for each in shown]} if shown else section()


def mention_channel() -> str:
    """`raw` text that notifies everybody in the channel (docs.slack.dev/messaging/formatting-message-text#special-mentions).

    It works in blocks too: `verbatim` switches off what Slack would find by itself, not what is marked.
    """
    return "<!channel>"


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def _cut(raw: str) -> str:
    """Slack's own markup, cut before a link or an escaped character rather than within it."""
    if len(raw) <= LONGEST_SECTION:
        return raw
    head = raw[: LONGEST_SECTION - 1]
    for opening, closing in (("<", ">"), ("&", ";")):
        if head.rfind(opening) > head.rfind(closing):
            head = head[: head.rfind(opening)]
    return head + "…"


def _element(button: Button, number: int) -> dict[str, Any] | None:
    is_link = button.url is not None and is_web(button.url)
    if not is_link and not button.action_id:
        return None
    if len(button.action_id or "") > LONGEST_ACTION_ID or len(button.value or "") > LONGEST_VALUE:
        raise ValueError("an action_id has at most 255 characters and a value 2,000")
    element: dict[str, Any] = {"type": "button", "text": {"type": "plain_text", "text": _line(button.text, LONGEST_BUTTON), "emoji": False}}
    element["action_id"] = button.action_id or f"{LINK_ACTION}.{number}"
    optional = {"url": button.url if is_link else None, "value": button.value, "style": button.style}
    return element | {key: value for key, value in optional.items() if value}


def is_web(url: str) -> bool:
    """Whether Slack would take it as the address of a button or link."""
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL and not any(char.isspace() for char in url)


def _plain(text: str) -> str:
    """A label that cannot end its own bold type."""
    return " ".join(text.replace("*", "\u2217").split()) or " "


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links and mentions of its own out of it. An empty text is refused.
    return {"type": "mrkdwn", "text": text or " ", "verbatim": True}


def _line(text: str, length: int) -> str:
    return escape(" ".join(text.split()), length) or " "


def _shortened(pieces: list[str], length: int) -> str:
    """Pieces with an ellipsis after them, in `length` characters."""
    room = length - 1
    size = sum(len(piece) + (ord(piece[0]) > 0xFFFF) for piece in pieces)
    while pieces and size > room:
        piece = pieces.pop()
        size -= len(piece) + (ord(piece[0]) > 0xFFFF)
    return "".join(pieces) + "…" if length > 0 else ""
