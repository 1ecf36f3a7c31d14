"""Answering interactions: within three seconds or with a deferral first, and never twice.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import discord

from bot.adapters.discord import faults
from bot.adapters.discord.render import attached, buttons, contents, files, modal
from bot.core.messages import Form, Message, _, refusal

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
    deferral = _Deferral(interaction, ephemeral=not public)
    try:
        said = await work
        deferred = await deferral.over()
        if isinstance(said, Form) and not deferred:
            await _send(lambda: _open(interaction, said))
        else:
            await _tell(interaction, _message(said), public if deferred else None)
    except (discord.HTTPException, *faults.NETWORK) as error:
        about = {"interaction": interaction.id, "channel": f"discord:{interaction.channel_id}"}
        log.warning("the member was not told: %r", error, extra=about)


class _Deferral:
    """Tells Discord to wait, as soon as an answer takes longer than ``PATIENCE``."""

    def __init__(self, interaction: Interaction, *, ephemeral: bool) -> None:
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._sending: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self._begin)

    def _begin(self) -> None:
        response = self._interaction.response
        self._sending = asyncio.create_task(_send(lambda: response.defer(ephemeral=self._ephemeral, thinking=True)))

    async def over(self) -> bool:
        """The answer is there: whether Discord was told to wait. Raises what telling it raised."""
        self._timer.cancel()
        if self._sending is None:
            return False
        await self._sending
        return True


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


def _message(said: Said) -> Message:
    """A form can be a first response only."""
    return said if isinstance(said, Message) else Message((refusal.failed(_("the database")),))


async def _open(interaction: Interaction, form: Form) -> None:
    await interaction.response.send_modal(modal(form, interaction.client.quiz.now()))


async def _tell(interaction: Interaction, said: Message, deferred: bool | None) -> None:
    """Say it, in as many messages as it takes; ``deferred`` says who was promised an answer, everybody or one."""
    first, *more = _parts(interaction, said)
    if deferred is None:
        await _send(lambda: _answer(interaction, said, *first))
    else:
        await _follow(interaction, said, *first, public=deferred)
    for part in more:
        await _add(interaction, said, *part)


async def _answer(interaction: Interaction, said: Message, text: str, view: discord.ui.View | None) -> None:
    """The first response."""
    response, private = interaction.response, not said.public
    if _is_page(interaction, said):
        await response.edit_message(content=text, view=view)
    else:
        more = attached(view, files(said))
        await response.send_message(text, ephemeral=private, suppress_embeds=True, **more)


def _is_page(interaction: Interaction, said: Message) -> bool:
    """Whether a private message is turned over like a page: what comes offers the kind of button that was pressed.

    A board does. What follows a practice question comes below it, so that one can read what was asked and explained.
    """
    on = interaction.message
    if interaction.type is not discord.InteractionType.component or on is None or not on.flags.ephemeral:
        return False
    data: Any = interaction.data
    return any(_kind(button.action) == _kind(data["custom_id"]) for row in said.buttons for button in row)


def _kind(action: str) -> str:
    return action.partition(":")[0]


async def _follow(
    interaction: Interaction, said: Message, text: str, view: discord.ui.View | None, *, public: bool
) -> None:
    """What follows a deferral, which has settled who sees it."""
    if said.public == public:
        await _send(lambda: interaction.edit_original_response(content=text, view=view, attachments=files(said)))
    else:
        await interaction.delete_original_response()
        await _add(interaction, said, text, view, files(said))


async def _add(
    interaction: Interaction,
    said: Message,
    text: str,
    view: discord.ui.View | None,
    its: Sequence[discord.File] = (),
) -> None:
    """One more message."""
    private = not said.public
    await interaction.followup.send(text, ephemeral=private, suppress_embeds=True, **attached(view, its))


def _parts(interaction: Interaction, said: Message) -> list[tuple[str, discord.ui.View | None]]:
    """The messages that it takes to say something; the buttons stand under the last one."""
    texts = contents(said, interaction.client.quiz.now())
    return [*((text, None) for text in texts[:-1]), (texts[-1], buttons(said))]
