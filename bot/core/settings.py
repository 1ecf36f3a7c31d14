"""What admins set for a channel, and what everyone may see of it: setup, status, pause, resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import Enum, auto
from typing import Any

from bot.core import schedule
from bot.core.messages import Form, Message, Refusal, refusal
from bot.core.messages import settings as wording
from bot.core.model import Channel, Difficulty, Feedback, Schedule, Settings, Wish
from bot.core.ports import Quiz
from bot.core.teams import Visit


class NoReveal(Enum):
    """Says that answers come with the next question."""

    NO_REVEAL = auto()


NO_REVEAL = NoReveal.NO_REVEAL


LAST_RULINGS = 5
"""How many lines of the audit ``status`` shows."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What ``setup`` is to change; None leaves a setting as it is, an empty tuple means all of them."""

    post: time | None = None
    timezone: str | None = None
    days: frozenset[int] | None = None
    reveal: time | NoReveal | None = None
    topics: tuple[str, ...] | None = None
    difficulty: tuple[Difficulty, ...] | None = None
    feedback: Feedback | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything to change."""
        return any(getattr(self, name) is not None for name in self.__slots__)

    def only(self, *names: str) -> dict[str, Any]:
        """Those of these settings that are to change."""
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


async def setup(quiz: Quiz, visit: Visit, changes: Changes) -> Message:
    """Make the caller's channel a daily channel, or change what it is asked."""
    channel = visit.channel
    if channel.declared:
        raise Refusal(refusal.declared())
    known = channel.settings.schedule
    if known is None and changes.post is None:
        raise Refusal(refusal.time_missing())
    plan = replace(
        known or Schedule(visit.team.timezone, changes.post or time(9)), **changes.only("post", "timezone", "days")
    )
    if changes.reveal is not None:
        plan = replace(plan, reveal=None if isinstance(changes.reveal, NoReveal) else changes.reveal)
    settings = replace(channel.settings, schedule=plan, **changes.only("topics", "difficulty", "feedback"))
    wish = Wish(settings.topics, settings.difficulty)
    if not any(map(wish.fits, quiz.bank().questions.values())):
        raise Refusal(refusal.nothing_fits())
    following = await _upcoming(quiz, channel, plan)
    await quiz.store.change_settings(channel.id, settings, following)
    if visit.team.timezone == "UTC":  # nobody has said yet where the team lives: its periods follow its first channel
        await quiz.store.change_zone(visit.team.id, plan.timezone)
    return wording.set_up(_shown(quiz, settings), following, paused=bool(channel.paused))


def form(quiz: Quiz, visit: Visit) -> Form:
    """The form of ``setup``, filled with what is set."""
    if visit.channel.declared:
        raise Refusal(refusal.declared())
    topics = tuple((topic, shown.name) for topic, shown in quiz.bank().topics.items())
    return wording.form(visit.channel.settings, visit.team.timezone, topics)


async def _upcoming(quiz: Quiz, channel: Channel, plan: Schedule) -> datetime | None:
    """The next post from now whose day has not had its question yet."""
    for at in schedule.posts_after(plan, quiz.now()):
        if await quiz.store.daily_on(channel.id, schedule.slot(plan, at)) is None:
            return at
    return None


async def status(quiz: Quiz, visit: Visit) -> Message:
    """What is set here, when the next question comes, and whether a round is open."""
    rnd = await quiz.store.open_round(visit.channel.id)
    rulings = await quiz.store.audit(visit.team.id, LAST_RULINGS) if visit.admin else []
    waiting = len(await quiz.store.open_appeals(visit.team.id)) if visit.admin else 0
    blind = visit.channel.address.platform in quiz.blind
    shown = _shown(quiz, visit.channel.settings)
    return wording.status(visit.channel, shown, rnd, rulings, waiting, blind=blind)


def _shown(quiz: Quiz, settings: Settings) -> Mapping[str, str]:
    """The settings in words: label to value."""
    topics = [quiz.bank().topic_name(topic) for topic in settings.topics]
    return wording.described(settings, topics)


async def pause(quiz: Quiz, visit: Visit) -> Message:
    """Stop the daily question without losing its schedule."""
    if visit.channel.settings.schedule is None:
        raise Refusal(refusal.no_schedule())
    await quiz.store.pause(visit.channel.id, wording.BY_ADMIN)
    return wording.paused()


async def resume(quiz: Quiz, visit: Visit) -> Message:
    """Start the daily question again; what was missed meanwhile is not caught up."""
    plan = visit.channel.settings.schedule
    if plan is None:
        raise Refusal(refusal.no_schedule())
    if not visit.channel.paused:
        raise Refusal(refusal.not_paused())
    following = await _upcoming(quiz, visit.channel, plan)
    await quiz.store.schedule(visit.channel.id, following)
    await quiz.store.pause(visit.channel.id, "")
    return wording.resumed(following)
