"""What happens on Discord, and which use case it asks for."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

from bot.adapters.discord import faults, gateway, slash
from bot.adapters.discord.delay import Delay
from bot.adapters.discord.pace import paced
from bot.adapters.discord.render import action_of
from bot.adapters.discord.replies import Interaction, Said, reply
from bot.core import commands, teams
from bot.core.crowd import Room
from bot.core.messages import Message, say, speaking
from bot.core.messages.help import welcome
from bot.core.meter import Doing, Failure
from bot.core.model import Address, Caller, Identity, Workspace
from bot.core.ports import Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

PLATFORM = "discord"

DELIVERIES = 1000
"""How many interactions are remembered, so that one which is delivered twice is answered once."""

CONNECT = 60.0
"""Seconds for the first connection; the library would try for ever. A process whose turn to identify has not come by
then begins anew."""

SETTLED = 0.5
"""Seconds without news of another server after which all are there; the library would wait for two."""

NAMES = 10
"""How many servers the log names."""


def _in_a_line(record: logging.LogRecord) -> bool:
    """What goes wrong with a connection comes with a traceback through all of the library; the error itself will do."""
    if record.exc_info:
        record.msg, record.args = f"{record.getMessage()} ({record.exc_info[1]!r})", None
        record.exc_info = None
    return True


logging.getLogger("discord.shard").addFilter(_in_a_line)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody here wants to speak

IDENTIFYING = 5.0
"""Seconds between two identifications of a bot: https://docs.discord.com/developers/events/gateway#rate-limiting"""

DOING = {
    discord.InteractionType.application_command: Doing.COMMAND,
    discord.InteractionType.component: Doing.BUTTON,
    discord.InteractionType.modal_submit: Doing.FORM,
    discord.InteractionType.autocomplete: Doing.SUGGESTION,
}

Use = Callable[[Caller], Coroutine[Any, Any, Said]]


@dataclass(frozen=True, slots=True)
class Shards:
    """Which shards this process has (all where None), of how many (as many as Discord wants where None)."""

    ids: Sequence[int] | None = None
    count: int | None = None

    @property
    def part(self) -> float:
        """How much of what Discord allows to the bot as a whole is this process's."""
        return len(self.ids) / self.count if self.ids and self.count else 1.0

    @property
    def lead(self) -> bool:
        """Whether what one process has to do for all is to be done here."""
        return self.ids is None or 0 in self.ids


class Client(discord.AutoShardedClient):
    """The connection to Discord; it asks for no privileged intent, and mentions nobody.

    The plain ``discord.Client`` does not survive a first connection that fails; this one does, and it shards.
    """

    def __init__(self, quiz: Quiz, shards: Shards, calls: float) -> None:
        super().__init__(
            shard_ids=shards.ids and list(shards.ids),  # type: ignore[arg-type]  # None is all of them
            shard_count=shards.count,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=SETTLED,
        )
        self.quiz = quiz
        self._shards = shards
        self._calls = calls
        self._seen: dict[int, None] = {}
        self._delay = Delay()
        self._lost: set[int] = set()
        """The shards whose connection is lost and not there again."""
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def login(self, token: str) -> None:
        """Everything but answers to interactions goes by ``http.request``; the library takes no limit of ours."""
        calls = self._calls * self._shards.part
        self.http.request = paced(self.http.request, calls)  # type: ignore[assignment, method-assign]  # as above
        await super().login(token)

    async def setup_hook(self) -> None:
        """The library asks the API where the gateway is for its first connection alone; later ones take the default."""
        _, address, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        gateway.install()
        if self._shards.lead:
            await slash.register(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the next identification.

        Discord refuses those of several processes that come at once, and the library tries again. Processes that waited
        equally long would go on colliding, and one with many shards would keep the others out.
        """
        if not initial:
            await asyncio.sleep(
                IDENTIFYING if self._shards.ids is None else random.uniform(IDENTIFYING, 2 * IDENTIFYING)
            )

    async def serve(self, token: str) -> None:
        """Be connected until closed. Raises ``TimeoutError`` where Discord does not let the bot in."""
        async with asyncio.timeout(CONNECT) as self._connecting:
            await self.start(token)

    async def on_shard_connect(self, shard: int) -> None:
        self._connecting.reschedule(None)
        self._is_back(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        self._is_back(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Until it is back, part of the servers are not served."""
        self._lost.add(shard)
        self.quiz.connected.discard(PLATFORM)

    def _is_back(self, shard: int) -> None:
        self._lost.discard(shard)
        if not self._lost and self.is_ready():
            self.quiz.connected.add(PLATFORM)

    async def on_ready(self) -> None:
        names = ", ".join(guild.name for guild in self.guilds[:NAMES])
        log.info("Discord: connected as %s, servers: %d (%s)", self.user, len(self.guilds), names)
        try:
            await teams.arrive(self.quiz, PLATFORM)
        except Unavailable as error:
            log.warning("the database does not answer: %s", error)
        if self._lost:  # meanwhile
            self.quiz.connected.discard(PLATFORM)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The first words in a server; those that the bot is in when it starts are no news."""
        places = (guild.system_channel, *guild.text_channels)
        channel = next((place for place in places if place is not None and _may_speak(place)), None)
        if channel is None:
            log.info("server %s: there is no channel that the welcome can go to", guild.id)
            return
        try:
            with self._speaking(guild.preferred_locale):
                await self.quiz.chats[PLATFORM].post(_address(channel.id), welcome(), f"w{guild.id}")
        except (Refused, Unavailable) as error:
            log.warning("server %s: the welcome is left out: %s", guild.id, error)

    # --- interactions

    async def on_interaction(self, interaction: Interaction) -> None:
        """Presses, commands, suggestions and filled forms.

        The library's own way to a button rebuilds all of the message's first, for each press.
        """
        data: Any = interaction.data
        match interaction.type:
            case discord.InteractionType.component:
                pressed = action_of(data["custom_id"])
                await self._answer(interaction, pressed, lambda who: commands.press(self.quiz, who, pressed))
            case discord.InteractionType.application_command:
                name, raw = slash.call_of(data)
                public = raw.get("public") == "true"
                await self._answer(interaction, "", lambda who: commands.call(self.quiz, who, name, raw), public=public)
            case discord.InteractionType.modal_submit:
                action, filled_in = data["custom_id"], _filled_in(data)
                await self._answer(interaction, action, lambda who: commands.submit(self.quiz, who, action, filled_in))
            case discord.InteractionType.autocomplete:
                await self._suggest(interaction, data)

    async def _answer(self, interaction: Interaction, action: str, use: Use, *, public: bool = False) -> None:
        """``action`` is the button's or form's."""
        arrived = perf_counter()
        if not self._first_delivery(interaction):
            return
        waited = self._delay.of(_sent(interaction.id))
        with self.working(), self._speaking(interaction.locale), self.quiz.crowd.joined(waited) as room:
            match room:
                case Room.WORK:
                    caller = _caller(interaction)
                    await reply(interaction, use(caller) if caller else _said(_elsewhere()), public=public)
                    self._replied(interaction, arrived)
                case Room.WORD:
                    await reply(interaction, _said(commands.turned_away(self.quiz, action)))
                case Room.NOTHING:
                    self.quiz.meter.failed(Failure.CROWDED)

    def _replied(self, interaction: Interaction, arrived: float) -> None:
        self.quiz.meter.replied(PLATFORM, DOING[interaction.type], perf_counter() - arrived)

    def _speaking(self, locale: discord.Locale) -> AbstractContextManager[None]:
        return speaking(self.quiz.languages.get(_language(locale)))

    def _first_delivery(self, interaction: Interaction) -> bool:
        if interaction.id in self._seen:
            return False
        self._seen[interaction.id] = None
        if len(self._seen) > DELIVERIES:
            del self._seen[next(iter(self._seen))]
        return True

    async def _suggest(self, interaction: Interaction, data: Any) -> None:
        arrived = perf_counter()
        offered = slash.suggestions(self.quiz.bank(), data)
        choices = [app_commands.Choice(name=name, value=value) for value, name in offered]
        try:
            await interaction.response.autocomplete(choices)
        except (discord.HTTPException, *faults.NETWORK) as error:
            log.debug("suggestions came too late: %r", error)  # the member has typed on
        self._replied(interaction, arrived)

    # --- stopping

    @contextmanager
    def working(self) -> Iterator[None]:
        """Something is under way that the client should not be closed on."""
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def finish(self, patience: float) -> None:
        """Hear of nothing new, and let what is under way be finished."""
        try:
            async with asyncio.timeout(patience):
                await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()))
                await self._idle.wait()
        except TimeoutError:
            log.warning("Discord: %d calls were not finished in %.0f seconds", self._under_way, patience)


def _sent(snowflake: int) -> float:
    """Discord's time in seconds when it made an id, since 2015: what the library says of it costs a click dearly.

    https://discord.com/developers/docs/reference#snowflakes
    """
    return (snowflake >> 22) / 1000


async def _said(said: Said) -> Said:
    """It needs no work."""
    return said


def _elsewhere() -> Message:
    return Message((say("I ask my questions in the channels of a server. Please use /quiz there."),))


def _address(channel_id: int) -> Address:
    return Address(PLATFORM, str(channel_id))


def _language(locale: discord.Locale) -> str:
    """``en`` of ``en-US``."""
    return locale.value.partition("-")[0]


def _caller(interaction: Interaction) -> Caller | None:
    """Who did something, and where; None outside of servers."""
    guild, channel_id, may = interaction.guild, interaction.channel_id, interaction.permissions
    if guild is None or channel_id is None:
        return None
    return Caller(
        identity=Identity(PLATFORM, str(guild.id), str(interaction.user.id)),
        name=interaction.user.display_name,
        address=_address(channel_id),
        workspace=Workspace(PLATFORM, str(guild.id), guild.name),
        manages=may.manage_guild or may.administrator,
        delivery=str(interaction.id),
        language=_language(interaction.locale),
    )


def _filled_in(data: Any) -> dict[str, str]:
    """What a form was filled in with, by field; fields stand under a label or, in older forms, in a row."""
    fields = (field for row in data["components"] for field in (row.get("component"), *row.get("components", ())))
    return {str(field["custom_id"]): _entered(field) for field in fields if field}


def _entered(field: Any) -> str:
    """A text, or chosen values with commas between them."""
    return ", ".join(field["values"]) if "values" in field else str(field.get("value") or "")


def _may_speak(channel: discord.TextChannel) -> bool:
    may = channel.permissions_for(channel.guild.me)
    return may.view_channel and may.send_messages
