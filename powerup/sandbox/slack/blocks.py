"""Slack's message payload: checked as Slack checks it, and made ready to show.

Limits from https://docs.slack.dev/reference/block-kit/blocks/; only the blocks that an alert needs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

_LINK = re.compile(r"&lt;(https?://[^|&\s]+(?:&amp;[^|&\s]+)*)(?:\|([^&]*(?:&(?!gt;)[^&]*)*))?&gt;")
_STYLES = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
    (re.compile(r"&lt;!(channel|here|everyone)&gt;"), r'<mark class="mention">@\1</mark>'),
)
_USER = re.compile(r"&lt;@([UW][A-Z0-9]+)&gt;")
_MAX_BLOCKS, _MAX_TEXT = 50, 3000
_MAX_ACTION_ID, _MAX_VALUE = 255, 2000
Block = dict[str, Any]
Names = Mapping[str, str]
_NOBODY: Names = {}


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


def html(mrkdwn: str, names: Names = _NOBODY) -> str:
    """Slack's mark-up as safe HTML: everything is escaped first, then bold, italic, code, links and mentions are put in."""
    parts, at, safe = [], 0, str(escape(mrkdwn))
    for match in _LINK.finditer(safe):
        parts.append(_styled(safe[at : match.start()], names))
        parts.append(f'<a href="{match[1]}" target="_blank" rel="noopener noreferrer">{_styled(match[2] or match[1], names)}</a>')
        at = match.end()
    parts.append(_styled(safe[at:], names))
    return Markup(_unescaped("".join(parts)))  # noqa: S704 - escaped above


def shown(message: dict[str, Any], names: Names = _NOBODY) -> list[Block]:
    """What the channel page draws: a flat list of `{"kind", "html", "lines", "buttons"}`; `names` are those of the users by id."""
    blocks = [_shown(block, number, names) for number, block in enumerate(message["blocks"])]
    return blocks or [{"kind": "section", "html": html(message["text"], names)}]


def places(blocks: list[Block]) -> Iterator[tuple[str, Block]]:
    """Each element that can be clicked, with its place: "<block>.<element>"."""
    for number, block in enumerate(blocks):
        elements = block.get("elements", []) if block["type"] == "actions" else [block.get("accessory")]
        for place, element in enumerate(elements):
            if isinstance(element, dict) and element.get("type") == "button":
                yield f"{number}.{place}", element


def element_at(blocks: list[Block], at: str) -> Block | None:
    """The element at a place."""
    return next((element for place, element in places(blocks) if place == at), None)


def _unescaped(safe: str) -> str:
    """What was escaped for Slack already (`&amp;lt;`) is one character to its readers, and stays an entity to ours."""
    return re.sub(r"&amp;(amp|lt|gt);", r"&\1;", safe)


def _styled(safe: str, names: Names) -> str:
    for pattern, tag in _STYLES:
        safe = pattern.sub(tag, safe)
    safe = _USER.sub(lambda found: f'<mark class="mention">@{escape(names.get(found[1], found[1]))}</mark>', safe)
    return safe.replace("\n", "<br>")


def _text(value: object, names: Names) -> str:
    """A text object's words as HTML."""
    if not isinstance(value, dict):
        return ""
    words = str(value.get("text", ""))
    return html(words, names) if value.get("type") == "mrkdwn" else _unescaped(str(escape(words))).replace("\n", "<br>")


def _shown(block: Block, number: int, names: Names) -> Block:
    kind = block["type"]
    if kind == "divider":
        return {"kind": kind}
    if kind == "context":
        return {"kind": kind, "lines": [_text(one, names) for one in block["elements"] if one.get("type") != "image"]}
    buttons = [_button(element, at) for at, element in places([block])]
    # places() counted this block as the only one.
    buttons = [button | {"at": f"{number}.{button['at'].partition('.')[2]}"} for button in buttons]
    if kind == "actions":
        return {"kind": kind, "buttons": buttons}
    shape: Block = {"kind": kind, "html": _text(block.get("text"), names)}
    if kind == "section":
        shape["lines"] = [_text(one, names) for one in block.get("fields", [])]
        if buttons:
            shape["buttons"] = buttons
    return shape


def _button(element: Block, at: str) -> Block:
    url = str(element.get("url", ""))
    style = element.get("style") if element.get("style") in ("primary", "danger") else ""
    words = Markup(_unescaped(str(escape(element["text"]["text"]))))  # noqa: S704 - escaped
    return {"text": words, "url": url if re.match(r"https?://", url) else "", "style": style, "at": at}


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
        good = isinstance(elements, list) and 1 <= len(elements) <= most and all(check_one(one) for one in elements)
        ids = [one["action_id"] for one in elements if "action_id" in one] if good and isinstance(elements, list) else []
        return good and len(set(ids)) == len(ids)
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
    limits = (("url", 3000), ("action_id", _MAX_ACTION_ID), ("value", _MAX_VALUE))
    short = all(isinstance(value.get(key, ""), str) and len(value.get(key, "")) <= most for key, most in limits)
    styled = value.get("style") in (None, "primary", "danger")
    return value.get("type") == "button" and _is_text(value.get("text"), 75, ("plain_text",)) and short and styled
