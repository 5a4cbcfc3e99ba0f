"""An alert as an Adaptive Card.

A workflow posts each attachment of the content type below as a card
(learn.microsoft.com/connectors/teams, "Microsoft Teams Webhook"); version 1.4 is what Teams shows everywhere
(learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference). TextBlock and Fact read a little Markdown and
no HTML (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format). Of the buttons only `Action.OpenUrl` does
anything, because a webhook has no bot to come back to. A message holds 28 kB as Teams counts it after wrapping it: a request of 24,453
bytes was counted as 28,897 and refused (MicrosoftDocs/msteams-docs#11274), others met the end at 21 kB (the gem msteams_hermes), so
we stop well before.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from powerup.integrations.alerts import Alert

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
MOST_BYTES = 18_000
LONGEST_TITLE = 200
LONGEST_LINE = 2000
LONGEST_BUTTON = 60
LONGEST_URL = 2000
MOST_LINES = 20
MOST_FACTS = 20
MOST_BUTTONS = 6

Card = dict[str, Any]

_MARKS = re.compile(r"([\\`*_\[\]~])")
_LINE_MARKS = re.compile(r"^(\s*)(?:([-+#>])|(\d{1,9})([.)]))", re.MULTILINE)


def teams_card(alert: Alert) -> Card:
    """Title, paragraphs, facts, small print, and links as buttons; our own actions are left out. Fits into a message of Teams."""
    length = LONGEST_LINE
    card = _card(alert, length)
    while size(card) > MOST_BYTES and length > 20:
        length //= 2
        card = _card(alert, length)
    return card


def envelope(card: Card) -> dict[str, Any]:
    """The body of the request."""
    return {"type": "message", "attachments": [{"contentType": CONTENT_TYPE, "contentUrl": None, "content": card}]}


def size(card: Card) -> int:
    """Bytes on the wire."""
    return len(json.dumps(envelope(card)).encode())


def plain(text: str, length: int = LONGEST_LINE) -> str:
    """Foreign text that makes no Markdown: no link with other words than its address, no list, no heading."""
    text = text.replace("\r\n", "\n").strip()
    text = text if len(text) <= length else text[: length - 1].rstrip() + "…"
    text = _MARKS.sub(r"\\\1", text)
    # Teams joins lines that a single newline divides (cards-format, "Newlines for Adaptive Cards").
    return _LINE_MARKS.sub(_escaped_line_mark, text).replace("\n", "\n\n") or " "


def _escaped_line_mark(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"


def _card(alert: Alert, length: int) -> Card:
    body = [_title(alert), *_paragraphs(alert, length)]
    if alert.facts:
        pairs = alert.facts[:MOST_FACTS]
        body.append(
            {"type": "FactSet", "facts": [{"title": plain(a, min(length, 100)), "value": plain(b, min(length, 500))} for a, b in pairs]}
        )
    if alert.footer:
        body.append(_text(alert.footer, length, isSubtle=True, size="Small"))
    card: Card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": plain(alert.title, LONGEST_TITLE),
        "msteams": {"width": "Full"},
        "body": body,
    }
    buttons = [_open(text, url) for text, url in alert.links if _is_web(url)][:MOST_BUTTONS]
    return card | {"actions": buttons} if buttons else card


def _title(alert: Alert) -> Mapping[str, Any]:
    colour = {"color": "Attention"} if alert.urgent else {}
    return _text(" ".join(alert.title.split()), LONGEST_TITLE, size="Large", weight="Bolder", style="heading", **colour)


def _paragraphs(alert: Alert, length: int) -> list[Mapping[str, Any]]:
    lines = [line for line in alert.lines if line.strip()]
    shown = [_text(line, length) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(_text(f"… and {len(lines) - MOST_LINES} more.", length))
    return shown


def _text(text: str, length: int, **look: object) -> Mapping[str, Any]:
    return {"type": "TextBlock", "text": plain(text, length), "wrap": True, **look}


def _open(text: str, url: str) -> Mapping[str, Any]:
    # A button's title is shown as it is: Markdown is not read there.
    words = " ".join(text.split()) or "Open"
    return {"type": "Action.OpenUrl", "title": words if len(words) <= LONGEST_BUTTON else words[: LONGEST_BUTTON - 1] + "…", "url": url}


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL and not any(char.isspace() for char in url)
