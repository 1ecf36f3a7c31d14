"""Answering interactions: within three seconds or with a deferral first, and never twice.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import discord

from bot.adapters.discord import faults
from bot.adapters.discord.render import buttons, content, modal
from bot.core.messages import Form, Message, refusal

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
Said = Message | Form

PATIENCE = 1.5
"""Seconds before an answer is deferred: Discord waits for three, and the way there may take one."""

PAUSES = (0.1, 0.3)
"""Seconds before an answer is sent again whose connection was lost."""


async def reply(interaction: Interaction, work: Coroutine[Any, Any, Said], *, public: bool = False) -> None:
    """Let the work be done, and tell the member what came of it; ``public`` says that everybody is to see it.

    What was recorded stays recorded where the member cannot be told: then the log is.
    """
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if done:
            await _send(lambda: _answer(interaction, task.result()))
        else:
            await _send(lambda: interaction.response.defer(ephemeral=not public, thinking=True))
            await _follow(interaction, await task, public)
    except (discord.HTTPException, *faults.NETWORK) as error:
        log.warning("interaction %d: its member was not told: %r", interaction.id, error)
    finally:
        await asyncio.wait({task})


async def _send(send: Callable[[], Awaitable[object]]) -> None:
    """Send something that may be sent again; a first answer that was given already came from an earlier try, whose
    own answer was lost."""
    for pause in (*PAUSES, None):
        try:
            await send()
        except discord.HTTPException as error:
            if error.code != faults.ALREADY_ANSWERED:
                raise
        except faults.NETWORK:
            if pause is None:
                raise
            await asyncio.sleep(pause)
            continue
        return


async def _answer(interaction: Interaction, said: Said) -> None:
    """The first response. A private message that offers more, such as a board, is turned over like a page."""
    response = interaction.response
    if isinstance(said, Form):
        await response.send_modal(modal(said))
        return
    text, view = _rendered(interaction, said)
    if said.buttons and interaction.message is not None and interaction.message.flags.ephemeral:
        await response.edit_message(content=text, view=view)
    else:
        await response.send_message(text, view=view, ephemeral=not said.public, suppress_embeds=True)


async def _follow(interaction: Interaction, said: Said, public: bool) -> None:
    """What follows a deferral, which has settled who sees it; a form can be a first response only."""
    if isinstance(said, Form):
        said = Message((refusal.failed("the database"),))
    text, view = _rendered(interaction, said)
    if said.public == public:
        await _send(lambda: interaction.edit_original_response(content=text, view=view))
    else:
        await interaction.delete_original_response()
        await interaction.followup.send(text, view=view, ephemeral=not said.public, suppress_embeds=True)


def _rendered(interaction: Interaction, said: Message) -> tuple[str, discord.ui.View]:
    return content(said, interaction.client.quiz.now()), buttons(said)
