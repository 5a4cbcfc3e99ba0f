"""Slack's message payload: checked as Slack checks it, and made ready to show.

Limits from https://docs.slack.dev/reference/block-kit/blocks/; only the blocks that an alert needs.
"""

import re
from typing import Any

from markupsafe import Markup, escape

_LINK = re.compile(r"&lt;(https?://[^|&\s]+(?:&amp;[^|&\s]+)*)(?:\|([^&]*(?:&(?!gt;)[^&]*)*))?&gt;")
_STYLES = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
)
_MAX_BLOCKS, _MAX_TEXT = 50, 3000
Block = dict[str, Any]


class PayloadError(Exception):
    """Becomes a 400 with this word, as from Slack."""


def check(payload: object) -> dict[str, Any]:
    """The message, when Slack would take it."""
    if not isinstance(payload, dict):
        raise PayloadError("invalid_payload")
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not isinstance(text, str) or not isinstance(blocks, list):
        raise PayloadError("invalid_payload")
    if not text.strip() and not blocks:
        raise PayloadError("no_text")
    if len(blocks) > _MAX_BLOCKS or any(not _is_good(block) for block in blocks):
        raise PayloadError("invalid_blocks")
    return {"text": text[:40_000], "blocks": blocks}


def html(mrkdwn: str) -> str:
    """Slack's mark-up as safe HTML: everything is escaped first, then bold, italic, code and links are put in."""
    parts, at, safe = [], 0, str(escape(mrkdwn))
    for match in _LINK.finditer(safe):
        parts.append(_styled(safe[at : match.start()]))
        parts.append(f'<a href="{match[1]}" target="_blank" rel="noopener noreferrer">{_styled(match[2] or match[1])}</a>')
        at = match.end()
    parts.append(_styled(safe[at:]))
    return Markup("".join(parts))  # noqa: S704 - escaped above


def shown(message: dict[str, Any]) -> list[Block]:
    """What the channel page draws: a flat list of `{"kind", "html", "lines", "buttons"}`."""
    blocks = [_shown(block) for block in message["blocks"]] or [{"kind": "section", "html": html(message["text"])}]
    return [block for block in blocks if block]


def _styled(safe: str) -> str:
    for pattern, tag in _STYLES:
        safe = pattern.sub(tag, safe)
    return safe.replace("\n", "<br>")


def _text(value: object) -> str:
    """A text object's words as HTML."""
    if not isinstance(value, dict):
        return ""
    words = str(value.get("text", ""))
    return html(words) if value.get("type") == "mrkdwn" else str(escape(words)).replace("\n", "<br>")


def _shown(block: Block) -> Block:
    kind = block["type"]
    if kind == "divider":
        return {"kind": kind}
    if kind == "context":
        return {"kind": kind, "lines": [_text(one) for one in block["elements"] if one.get("type") != "image"]}
    if kind == "actions":
        return {"kind": kind, "buttons": [_button(one) for one in block["elements"]]}
    shape: Block = {"kind": kind, "html": _text(block.get("text"))}
    if kind == "section":
        shape["lines"] = [_text(one) for one in block.get("fields", [])]
        if block.get("accessory", {}).get("type") == "button":
            shape["buttons"] = [_button(block["accessory"])]
    return shape


def _button(element: Block) -> Block:
    url = str(element.get("url", ""))
    style = element.get("style") if element.get("style") in ("primary", "danger") else ""
    return {"text": element["text"]["text"], "url": url if re.match(r"https?://", url) else "", "style": style}


def _is_good(block: object) -> bool:
    if not isinstance(block, dict):
        return False
    kind = block.get("type")
    if kind == "divider":
        return True
    if kind == "header":
        return _is_text(block.get("text"), 150, ("plain_text",))
    if kind == "section":
        fields = block.get("fields", [])
        accessory = block.get("accessory")
        has_words = _is_text(block.get("text"), _MAX_TEXT) or (not block.get("text") and bool(fields))
        good_fields = isinstance(fields, list) and len(fields) <= 10 and all(_is_text(one, 2000) for one in fields)
        return has_words and good_fields and (accessory is None or (isinstance(accessory, dict) and _is_element(accessory)))
    if kind in ("context", "actions"):
        most = 10 if kind == "context" else 25
        elements = block.get("elements")
        check_one = _is_context_element if kind == "context" else _is_element
        return isinstance(elements, list) and 1 <= len(elements) <= most and all(check_one(one) for one in elements)
    return False


def _is_text(value: object, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        return False
    words = value.get("text")
    return isinstance(words, str) and 1 <= len(words) <= most


def _is_context_element(value: object) -> bool:
    is_image = isinstance(value, dict) and value.get("type") == "image" and bool(value.get("image_url")) and bool(value.get("alt_text"))
    return is_image or _is_text(value, _MAX_TEXT)


def _is_element(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if value.get("type") == "image":
        return bool(value.get("image_url")) and bool(value.get("alt_text"))
    url = value.get("url", "")
    return value.get("type") == "button" and _is_text(value.get("text"), 75, ("plain_text",)) and isinstance(url, str) and len(url) <= 3000
