"""What Discord's errors mean to the core."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.core.ports import Refused, Unavailable

NETWORK = (OSError, aiohttp.ClientError, TimeoutError)
"""What discord.py lets through when a connection fails; on Linux it repeats nothing after a reset."""

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_MESSAGE, ALREADY_ANSWERED = 10008, 40060

# .../opcodes-and-status-codes#gateway-gateway-close-event-codes
AUTHENTICATION_FAILED = 4004

REASONS = {
    10003: "the channel was deleted",
    10004: "I am no longer in this server",
    50001: "I am missing the permission View Channel",
    50007: "direct messages are turned off",
    50008: "messages cannot be posted in a channel of this kind",
    50013: "I am missing the permission Send Messages",
    50083: "the thread is archived",
    160005: "the thread is locked",
}
"""What an admin can mend, by Discord's error code."""

NO_REASON = "Discord refuses it"
"""Any other reason: Discord's own words stand behind it in parentheses."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ``Unavailable`` or ``Refused`` in place of the library's errors."""
    try:
        yield
    except discord.HTTPException as error:
        raise meaning(error) from error
    except discord.DiscordException as error:
        raise Refused(f"{NO_REASON} ({error})") from error
    except NETWORK as error:
        raise Unavailable(f"Discord cannot be reached: {error!r}") from error


def meaning(error: discord.HTTPException) -> Unavailable | Refused:
    """A rate limit, a fault of Discord's and a token that was just revoked pass; anything else somebody has to mend.

    None of them says that nothing was done: the library had repeated the call by itself, and told of its last try.

    A post is unknown where the message that its nonce stands for was deleted meanwhile: the nonce is soon forgotten.
    """
    if error.status in (401, 429) or error.status >= 500 or error.code == UNKNOWN_MESSAGE:
        return Unavailable(f"Discord answers {error.status}: {error.text}")
    return Refused(REASONS.get(error.code, f"{NO_REASON} ({error.text})"))


def is_bad_token(error: Exception) -> bool:
    """Whether Discord does not accept the token, be it over the API or the gateway."""
    if isinstance(error, discord.ConnectionClosed):
        return error.code == AUTHENTICATION_FAILED
    return isinstance(error, discord.LoginFailure) or (isinstance(error, discord.HTTPException) and error.status == 401)
