"""What ``quizbot doctor`` looks at on Discord. It reads over the API alone: a running bot keeps its connection."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord.http import Route

from bot.adapters.discord import faults
from bot.core.model import Address
from bot.core.ports import Finding

DRIFT = 2.0
"""Seconds by which this machine's clock may differ: a daily question comes at its minute."""

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History, to see after a crash whether a message was posted",
}


async def examine(token: str, api_url: str, channels: Sequence[Address]) -> AsyncIterator[Finding]:
    """Address, clock, token, and what the bot may do in these channels."""
    try:
        drift = await _drift(api_url)
    except faults.NETWORK as error:
        yield Finding(False, f"{api_url} cannot be reached: {error}", "see DISCORD_API_URL and the network")
        return
    within = abs(drift) <= DRIFT
    yield Finding(within, f"this machine's clock differs by {drift:+.1f} s", "let it be set by NTP")
    Route.BASE = api_url
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            yield Finding(False, "the token is not accepted", "copy it anew from the developer portal: DISCORD_TOKEN")
            return
        except (discord.HTTPException, *faults.NETWORK) as error:
            yield Finding(False, f"the token cannot be tried: {error!r}", "try again later")
            return
        yield Finding(True, f"the token is that of {client.user}")
        for address in channels:
            yield await _channel(client, address)


async def _drift(api_url: str) -> float:
    """Seconds by which this machine's clock is ahead of Discord's, which tells whole seconds."""
    async with aiohttp.ClientSession() as session, session.get(f"{api_url}/gateway") as response:
        told = parsedate_to_datetime(response.headers["Date"]).timestamp()
    return time.time() - told - 0.5


async def _channel(client: discord.Client, address: Address) -> Finding:
    what = f"channel {address}"
    if not address.id.isdecimal():
        return Finding(False, f"{what}: the id is no number", "copy it with Discord's developer mode")
    try:
        missing = await _missing(client, int(address.id))
    except discord.HTTPException as error:
        return Finding(False, f"{what}: {faults.meaning(error)}", "invite the bot, or mend the id in quizbot.yaml")
    except (discord.InvalidData, *faults.NETWORK) as error:
        return Finding(False, f"{what}: {error}", "invite the bot, or mend the id in quizbot.yaml")
    if missing:
        return Finding(False, f"{what}: I am missing {'; '.join(missing)}", "give it to the bot's role in the channel")
    return Finding(True, f"{what}: I can post there")


async def _missing(client: discord.Client, channel_id: int) -> list[str]:
    """The permissions that the bot needs in a channel and does not have."""
    assert client.user is not None  # logged in
    partial = await client.fetch_channel(channel_id)
    if isinstance(partial, discord.abc.PrivateChannel):
        return ["a server: this is a private conversation"]
    guild = await client.fetch_guild(partial.guild.id)
    me = await guild.fetch_member(client.user.id)
    channel = next((one for one in await guild.fetch_channels() if one.id == channel_id), None)
    may = channel.permissions_for(me) if channel else discord.Permissions.none()
    return [name for permission, name in NEEDED.items() if not getattr(may, permission)]
