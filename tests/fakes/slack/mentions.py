"""Which texts would have notified somebody."""

import re
from collections.abc import Iterator

from .blocks import Json, texts

# Mentions are written <@U…>, <!here>, <!channel>, <!everyone> and <!subteam^S…>; an escaped &lt; never is one.
# https://docs.slack.dev/messaging/formatting-message-text
_MARKUP = re.compile(r"<(@[UW]\w+|!here|!channel|!everyone|!subteam\^\w+)(?:\|[^>]*)?>")
# With parse=full or link_names Slack also reads the bare words.
_WORDS = re.compile(r"(?<!\w)(@[\w.-]+)")


def pinged(text: str, blocks: list[Json], loose: bool) -> Iterator[str]:
    """Whom a message would notify: its text, its mrkdwn (never its plain_text), and mentions in rich text."""
    readings = [text] + [node["text"] for node in texts(blocks) if node["type"] == "mrkdwn"]
    for reading in readings:
        yield from _MARKUP.findall(reading)
        if loose:
            yield from _WORDS.findall(reading)
    yield from _rich(blocks)


def _rich(node: object) -> Iterator[str]:
    """The mention elements of rich text: user, usergroup, broadcast."""
    if isinstance(node, list):
        for item in node:
            yield from _rich(item)
    elif isinstance(node, dict):
        if node.get("type") == "user":
            yield f"@{node.get('user_id')}"
        elif node.get("type") == "usergroup":
            yield f"!subteam^{node.get('usergroup_id')}"
        elif node.get("type") == "broadcast":
            yield f"!{node.get('range')}"
        for value in node.values():
            yield from _rich(value)
