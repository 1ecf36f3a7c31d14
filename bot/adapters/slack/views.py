"""What is shown outside of channels: a message in a window, and somebody's own page
(https://docs.slack.dev/surfaces)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.adapters.slack.render import Json, blocks, plain_text
from bot.core.messages import Message
from bot.core.messages import home as wording
from bot.core.messages.home import Home, Part

TITLE = 24
BLOCKS = 100
PLACEHOLDER = 150


def window(message: Message) -> Json:
    """A message as a window of its own."""
    return {
        "type": "modal",
        "title": plain_text(wording.window(), TITLE),
        "close": plain_text(wording.close(), TITLE),
        "blocks": blocks(message),
    }


def home(page: Home) -> Json:
    """Somebody's own page. Admins may choose a channel, which they then set up."""
    chooser = [_chooser(page.choose)] if page.choose else []
    shown = [block for part in page.parts for block in _part(part)]
    return {"type": "home", "blocks": shown[: BLOCKS - len(chooser)] + chooser}


def _part(part: Part) -> Iterator[Json]:
    if part.channel:
        # Slack shows the name to whoever may see the channel, and that it is a private one to all others.
        yield {"type": "section", "text": {"type": "mrkdwn", "text": f"*<#{part.channel.id}>*"}}
    yield from blocks(part.message)
    yield {"type": "divider"}


def _chooser(invitation: str) -> Json:
    """A field in which the channels stand that its reader can see; the bot needs to see none of them."""
    chooser = {
        "type": "conversations_select",
        "action_id": "setup",
        "placeholder": plain_text(invitation, PLACEHOLDER),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {"type": "actions", "elements": [chooser]}
