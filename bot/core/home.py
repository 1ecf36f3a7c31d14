"""Somebody's own page: today's questions, the week's board, their statistics, and for admins the settings."""

from __future__ import annotations

from dataclasses import replace

from bot.core import boards, rounds, schedule, settings, statistics
from bot.core.messages import Message, Refusal
from bot.core.messages import home as wording
from bot.core.messages import settings as channel_wording
from bot.core.messages.home import Home, Part
from bot.core.model import Channel, Period, Round, RoundKind, State
from bot.core.ports import Quiz
from bot.core.teams import Visit

CHANNELS = 10
"""How many channels are shown."""

STATE = 2
"""Lines of a channel's status that say what comes next and what is open; settings follow."""

ANSWER_LINES = 2
"""Lines of one's own answer: what was given and its verdict; "My answer" tells all of it."""


async def of(quiz: Quiz, visit: Visit) -> Home:
    """The caller's own page."""
    here = [channel for channel in await quiz.store.scheduled(visit.team.id) if _is_here(visit, channel)]
    dailies = [await _daily(quiz, visit, channel) for channel in here[:CHANNELS]]
    board = Part(await boards.leaderboard(quiz, visit, Period.WEEK))
    own = Part(await _statistics(quiz, visit))
    first = dailies or [Part(wording.welcome(admin=visit.admin))]
    return Home((*first, board, own), wording.choose() if visit.admin else "")


def _is_here(visit: Visit, channel: Channel) -> bool:
    """Whether a channel of the team is in the caller's own workspace; a team may play in several."""
    place = visit.caller.workspace
    return channel.address.platform == place.platform and channel.workspace in ("", place.id)


async def _daily(quiz: Quiz, visit: Visit, channel: Channel) -> Part:
    there = replace(visit, channel=channel)
    rnd = await _todays(quiz, channel)
    stands = await (settings.status(quiz, there) if visit.admin else _outlook(quiz, channel))
    answer = (await rounds.own_answer(quiz, there, rnd.id)).body[:ANSWER_LINES] if rnd else ()
    closed = [wording.over()] if rnd and not rnd.accepting else []
    return Part(
        Message(
            (*stands.body[:STATE], *closed, *answer, *stands.body[STATE:]),
            buttons=wording.buttons(rnd, channel.address.id, changeable=visit.admin and not channel.declared),
        ),
        channel.address,
    )


async def _outlook(quiz: Quiz, channel: Channel) -> Message:
    """What comes next in a channel, and what is open; without its settings."""
    return channel_wording.status(channel, {}, await quiz.store.open_round(channel.id), (), 0)


async def _todays(quiz: Quiz, channel: Channel) -> Round | None:
    """The daily round that is open, else the one of today."""
    plan = channel.settings.schedule
    if plan is None:
        return None
    rnd = await quiz.store.open_round(channel.id, RoundKind.DAILY)
    rnd = rnd or await quiz.store.daily_on(channel.id, schedule.slot(plan, quiz.now()))
    return rnd if rnd and rnd.state is not State.VOID else None


async def _statistics(quiz: Quiz, visit: Visit) -> Message:
    try:
        return await statistics.of(quiz, visit, None)
    except Refusal as error:
        return wording.your_statistics(error.text)
