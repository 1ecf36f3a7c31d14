"""Discord, spoken with discord.py."""

from bot.adapters.discord.chat import Discord

__all__ = ["Discord"]
