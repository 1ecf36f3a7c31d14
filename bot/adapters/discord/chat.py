"""Discord as the core sees it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import discord
from discord.http import Route

from bot.adapters.discord import faults
from bot.adapters.discord.client import PLATFORM, Client, Shards
from bot.adapters.discord.examination import examine
from bot.adapters.discord.pace import ALLOWED
from bot.adapters.discord.render import attached, buttons, content, has_mark
from bot.core.messages import Message
from bot.core.model import Address, Identity, Workspace
from bot.core.ports import BadToken, CannotLook, Finding, NotDone, Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

TOKEN = "DISCORD_TOKEN"  # noqa: S105  # the variable's name

NO_CHANNEL, NO_SERVER = "Discord has no channel with this id", "the channel is not in a server"

FINISH = 8.0
"""Seconds for what is under way when the bot stops; a container is killed after ten."""


class Discord:
    """The servers that the bot is a member of.

    Of ``shard_count`` shards this process is told what happens on those in ``shard_ids``, all where they are left out;
    Discord says how many there should be where the count is left out. Over the API it reaches every server, and takes
    its part of the ``calls`` a second that Discord allows to all processes together.
    """

    platform = PLATFORM

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://discord.com/api/v10",
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
        calls: float = ALLOWED,
    ) -> None:
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._shards = Shards(shard_ids, shard_count)
        self._calls = calls
        self._client: Client | None = None

    # --- connecting

    async def run(self, quiz: Quiz, stopping: asyncio.Event) -> None:
        """Serve until ``stopping``. Raises ``BadToken``, and ``Unavailable`` where a connection cannot be had."""
        Route.BASE = self._api_url  # of every call that the library makes, those of interactions included
        async with Client(quiz, self._shards, self._calls) as client:
            self._client = client
            serving = asyncio.create_task(self._serve(client))
            stop = asyncio.create_task(stopping.wait())
            try:
                await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
                if not serving.done():
                    await client.finish(FINISH)
            finally:
                self._client = None
                stop.cancel()
                serving.cancel()
                await asyncio.wait({serving})
        if not serving.cancelled():
            serving.result()

    async def _serve(self, client: Client) -> None:
        try:
            await client.serve(self._token)
        except (discord.DiscordException, *faults.NETWORK) as error:
            if faults.is_bad_token(error):
                raise BadToken(TOKEN) from error
            raise Unavailable(f"{self._api_url}: {error!r}") from error
        except Exception as error:
            log.exception("Discord: the connection failed in a way of its own")
            raise Unavailable(f"{self._api_url}: {error!r}") from error

    @contextmanager
    def _calling(self) -> Iterator[Client]:
        """The client for one call, which is not closed before that is over."""
        client = self._client
        if client is None or client.user is None:
            raise NotDone("Discord is not connected")
        with client.working(), faults.translated():
            yield client

    # --- what the core asks for

    async def workspace(self, address: Address) -> Workspace | None:
        """The server of a channel, which may be on another process's shard."""
        with self._calling() as client:
            try:
                channel = await _channel(client, address)
            except (discord.NotFound, discord.InvalidData):
                return None
            return Workspace(PLATFORM, str(channel.guild.id), channel.guild.name)

    async def post(self, address: Address, message: Message, mark: str) -> str:
        """Discord gives the message that is there where one with this nonce was posted within some minutes."""
        with self._calling() as client:
            channel = client.get_partial_messageable(_number(address))
            sent = await channel.send(
                content(message, client.quiz.now()),
                nonce=mark,
                suppress_embeds=True,
                **attached(buttons(message, mark)),
            )
            return str(sent.id)

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        """Without the permission to read a channel's history Discord gives an empty one, and no error."""
        with self._calling() as client:
            channel = await _channel(client, address)
            if not (await _permissions(client, channel)).read_message_history:
                raise CannotLook("I am missing the permission Read Message History")
            history = client.get_partial_messageable(channel.id).history(after=since, limit=None)
            async for message in history:
                if message.created_at > until:  # the library would read on
                    break
                if message.author == client.user and has_mark(message, mark):
                    return str(message.id)
            return None

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        """Over the bot's own token, as an interaction's lives for a quarter of an hour."""
        with self._calling() as client:
            posted = client.get_partial_messageable(_number(address)).get_partial_message(int(ref))
            try:
                await posted.edit(content=content(message, client.quiz.now()), view=buttons(message))
            except discord.NotFound as error:
                if error.code != faults.UNKNOWN_MESSAGE:
                    raise

    async def tell(self, identity: Identity, message: Message) -> None:
        """In a direct message, which somebody may have turned off."""
        with self._calling() as client:
            user = await client.fetch_user(int(identity.user))
            await user.send(content(message, client.quiz.now()), suppress_embeds=True, **attached(buttons(message)))

    def examine(self, channels: Sequence[Address]) -> AsyncIterator[Finding]:
        """What the operator should mend before the members notice."""
        return examine(self._token, self._api_url, channels)


def _number(address: Address) -> int:
    if not address.id.isdecimal():
        raise Refused(f"{NO_CHANNEL} ({address.id})")
    return int(address.id)


async def _channel(client: Client, address: Address) -> discord.abc.GuildChannel | discord.Thread:
    """A channel of a server, from what the gateway told or from the API."""
    number = _number(address)
    channel = client.get_channel(number) or await client.fetch_channel(number)
    if isinstance(channel, discord.abc.PrivateChannel):
        raise Refused(NO_SERVER)
    return channel


async def _permissions(client: Client, channel: discord.abc.GuildChannel | discord.Thread) -> discord.Permissions:
    """What the bot may do in a channel; of a server that the gateway tells nothing of (it is on another process's
    shard, or not there yet) the API knows as much."""
    if channel.guild.me is not None:
        return channel.permissions_for(channel.guild.me)
    assert client.user is not None  # connected
    guild = await client.fetch_guild(channel.guild.id)
    me = await guild.fetch_member(client.user.id)
    place = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return (await guild.fetch_channel(place)).permissions_for(me)
