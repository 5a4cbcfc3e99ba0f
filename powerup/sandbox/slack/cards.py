"""Adaptive Cards: checked as far as a workflow checks them, and made ready to show (https://adaptivecards.io/explorer/)."""

import re
from typing import Any

from markupsafe import Markup, escape

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
_ELEMENTS = ("TextBlock", "FactSet", "Container", "ColumnSet", "Image", "RichTextBlock", "ActionSet")
_COLOURS = ("attention", "good", "warning", "accent")
# One after another: an escaped mark, a link, bold, italic, the end of a line.
_MARKDOWN = re.compile(r"\\([\\`*_\[\]~\-+#>.)])|\[([^\]\n]*)\]\((https?://[^)\s]+)\)|\*\*([^*\n]+)\*\*|(?<!\w)_([^_\n]+)_(?!\w)|(\n+)")
Card = dict[str, Any]


class CardError(Exception):
    """Becomes a 400 with these words."""


def check_card(body: object) -> Card:
    """The first card of a message."""
    attachments = body.get("attachments") if isinstance(body, dict) and body.get("type") == "message" else None
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    if not isinstance(first, dict) or first.get("contentType") != CONTENT_TYPE or "contentUrl" not in first:
        raise CardError("A message has attachments with contentType, contentUrl and content.")
    card = first.get("content")
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or not isinstance(card.get("version"), str):
        raise CardError("The content is not an AdaptiveCard with a version.")
    elements, actions = card.get("body"), card.get("actions", [])
    known = isinstance(elements, list) and all(isinstance(one, dict) and one.get("type") in _ELEMENTS for one in elements)
    titled = isinstance(actions, list) and all(isinstance(one, dict) and isinstance(one.get("title"), str) for one in actions)
    if not known or not titled:
        raise CardError("The card has an element that is not known.")
    return card


def shown_card(card: Card) -> list[Card]:
    """A flat list of `{"kind": "text" | "facts" | "buttons", ...}`."""
    shapes = [shape for element in card.get("body", []) if (shape := _shape(element))]
    # Of the buttons of a webhook's card only those work that open an address.
    links = [one for one in card.get("actions", []) if one.get("type") == "Action.OpenUrl"]
    buttons = [{"text": one["title"], "url": str(one.get("url", ""))} for one in links if re.match(r"https?://", str(one.get("url", "")))]
    return [*shapes, {"kind": "buttons", "buttons": buttons}] if buttons else shapes


def markdown(text: str) -> Markup:
    """The Markdown that Teams reads, as safe HTML: everything is escaped but the marks that are known."""
    parts, at = [Markup()], 0
    for found in _MARKDOWN.finditer(text):
        parts += [escape(text[at : found.start()]), _marked(found)]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def _marked(found: re.Match[str]) -> Markup:
    escaped, words, url, bold, italic, end = found.groups()
    if escaped:
        return escape(escaped)
    if url:
        return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, words or url)
    if bold:
        return Markup("<strong>{}</strong>").format(bold)
    return Markup("<em>{}</em>").format(italic) if italic else Markup("<br>") * (1 if end else 0)


def _shape(element: Card) -> Card | None:
    if element["type"] == "FactSet":
        facts = [(markdown(str(one.get("title", ""))), markdown(str(one.get("value", "")))) for one in element.get("facts", [])]
        return {"kind": "facts", "facts": facts}
    if element["type"] != "TextBlock":
        return None
    colour = str(element.get("color", "")).lower()
    look = ["title" if element.get("size") == "Large" else "", "subtle" if element.get("isSubtle") else ""]
    look.append(colour if colour in _COLOURS else "")
    return {"kind": "text", "html": markdown(str(element.get("text", ""))), "look": " ".join(filter(None, look))}
