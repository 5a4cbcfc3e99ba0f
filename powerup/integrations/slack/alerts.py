"""An alert as a Slack message."""

from itertools import islice

from powerup.integrations.alerts import Alert
from powerup.integrations.slack import blocks
from powerup.integrations.slack.blocks import Block, Button, Message

MOST_LINES = 20
MOST_FACTS = 30


def slack_message(alert: Alert, *, buttons: bool) -> Message:
    """Title, paragraphs, facts, links and actions, small print: in this order, cut to Slack's limits.

    :param buttons: an app answers clicks. Without one, links are words in the text and actions are left out: whoever clicked a
        button would be shown a warning, even where it only opens an address (slackapi/node-slack-sdk#869).
    """
    parts: list[Block] = [blocks.header(alert.title), *_paragraphs(alert), *_facts(alert)]
    if buttons:
        parts += _buttons(alert)
    elif alert.links:
        parts.append(blocks.section(raw="  ·  ".join(blocks.link(url, text) for text, url in islice(alert.links, blocks.MOST_ACTIONS))))
    if alert.footer:
        parts.append(blocks.context(alert.footer))
    return Message(alert.title, parts)


def _paragraphs(alert: Alert) -> list[Block]:
    lines = [line for line in alert.lines if line.strip()]
    left_out = len(lines) - MOST_LINES
    lines = [*lines[:MOST_LINES], f"… and {left_out} more."] if left_out > 0 else lines
    if not alert.urgent:
        return [blocks.section(line) for line in lines]
    # The mention is not in the title: a header is plain text, in which it would notify nobody.
    first = f"{blocks.mention_channel()} {blocks.escape(lines[0], blocks.LONGEST_SECTION - 20)}" if lines else blocks.mention_channel()
    return [blocks.section(raw=first), *(blocks.section(line) for line in lines[1:])]


def _facts(alert: Alert) -> list[Block]:
    """Ten a block, which is what one holds."""
    pairs = list(alert.facts[:MOST_FACTS])
    return [blocks.facts(pairs[at : at + blocks.MOST_FIELDS]) for at in range(0, len(pairs), blocks.MOST_FIELDS)]


def _buttons(alert: Alert) -> list[Block]:
    shown = [Button(each.text, action_id=each.action_id, value=each.value or None, style=each.style or None) for each in alert.actions]
    shown += [Button(text, url=url) for text, url in alert.links if blocks.is_web(url)]
    return [blocks.actions(*shown)] if shown else []
