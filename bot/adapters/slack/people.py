"""Who the members are: their names, languages and time zones, and whether they manage the workspace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.slack.api import Api, Json
from bot.core.ports import Refused, Unavailable

FRESH = 600.0
"""Seconds for which an answer of Slack is good."""

STALE = 30.0
"""Seconds until Slack is asked again after it did not answer."""

PATIENCE = 1.0
"""Seconds to wait for an answer: a form has to be shown within three, and a receipt matters more than a name."""

ENGLISH = "en"

MOST = 10_000
"""People remembered at a time."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member as Slack knows them now."""

    name: str
    manages: bool
    language: str
    timezone: str
    until: float


class People:
    """The members of a workspace, each asked for once in ten minutes."""

    def __init__(self, api: Api, workspace: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._workspace = workspace
        self._clock = clock
        self._known: dict[str, Person] = {}

    async def person(self, user: str, handle: str) -> Person:
        """A member. Where Slack does not tell, the last name known or the handle has to do, and nobody manages."""
        known = self._known.get(user)
        if known and self._clock() < known.until:
            return known if known.name else replace(known, name=handle)
        try:
            async with asyncio.timeout(PATIENCE):
                profile = await self._api.user(user)
            person = self._told(profile, handle)
        except (TimeoutError, Unavailable, Refused):
            last = known or Person(handle, manages=False, language=ENGLISH, timezone="UTC", until=0)
            person = replace(last, name=last.name or handle, manages=False, until=self._clock() + STALE)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[user] = person
        return person

    def language(self, user: str) -> str:
        """A member's language, as far as it is known without asking."""
        known = self._known.get(user)
        return known.language if known else ENGLISH

    def _told(self, user: Json, handle: str) -> Person:
        """Where two workspaces share a channel, whoever comes from the other one manages nothing here."""
        return Person(
            name=_name(user) or handle,
            manages=_manages(user) and user.get("team_id", self._workspace) == self._workspace,
            language=str(user.get("locale") or ENGLISH).partition("-")[0],  # de for de-DE
            timezone=_zone(str(user.get("tz") or "UTC")),
            until=self._clock() + FRESH,
        )


def _name(user: Json) -> str:
    """The name that Slack shows: the display name, else the real name."""
    profile = user.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or user.get("name") or "")


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def _manages(user: Json) -> bool:
    return any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
