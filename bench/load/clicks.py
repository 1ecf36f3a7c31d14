"""Clicks of many members: so many under way at once, or so many a second."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

DRAIN = 20.0
"""Seconds for the last answers to come."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a click is on: which of the channels, who of the members, and the letter of the button."""

    channel: int
    member: int
    letter: int


class Click:
    """A click under way, which the platform tells what became of it; it is over with both."""

    __slots__ = ("_begun", "_left", "_run", "_wrong")

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._left = 2
        self._wrong = ""
        self._begun = time.perf_counter()

    def acknowledged(self) -> None:
        """The bot let the platform know that it has heard."""
        self._run.acks.append(time.perf_counter() - self._begun)
        self._over()

    def told(self, wrong: str = "") -> None:
        """The member was told something: what, where it is no receipt."""
        self._wrong = wrong
        self._over()

    def _over(self) -> None:
        self._left -= 1
        if not self._left:
            self._run.answered(self._wrong)


class Side(Protocol):
    """A bot, as its platform reaches it."""

    def press(self, press: Press, click: Click) -> None:
        """Let a member click."""

    def cpu(self) -> float:
        """Seconds of processor time that the bot has taken so far."""


@dataclass
class Burst:
    """What came of clicks on one side: how many were answered, in which time, at which cost, and what was wrong."""

    answers: int
    seconds: float
    acks: list[float]
    cpu: float
    load_cpu: float
    wrong: list[str]
    all: int
    """With those that were answered when the time was over."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of the bot's processor time for each click."""
        return 1000 * self.cpu / self.answers

    @property
    def load_cost(self) -> float:
        """The same of the load's own."""
        return 1000 * self.load_cpu / self.answers


@dataclass
class _Run:
    side: Side
    presses: Iterator[Press]
    again: bool
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    under_way: int = 0
    acks: list[float] = field(default_factory=list)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def press(self) -> None:
        press = next(self.presses, None)
        if press is not None:
            self.under_way += 1
            self.idle.clear()
            self.side.press(press, Click(self))

    def answered(self, wrong: str) -> None:
        self.answers += 1
        if wrong:
            self.wrong.append(wrong)
        self.under_way -= 1
        if self.again:
            self.press()
        if not self.under_way:
            self.idle.set()

    async def measured(self, work: Awaitable[None]) -> Burst:
        cpu, own, begun = self.side.cpu(), time.process_time(), time.perf_counter()
        await work
        seconds, cpu, own = time.perf_counter() - begun, self.side.cpu() - cpu, time.process_time() - own
        answers, acks = self.answers, list(self.acks)
        self.again = False
        async with asyncio.timeout(DRAIN):
            await self.idle.wait()
        return Burst(answers, seconds, acks, cpu, own, self.wrong, self.answers)


async def at_once(side: Side, presses: Iterator[Press], in_flight: int, seconds: float) -> Burst:
    """Keep so many clicks under way for a time, or until there is no more to click."""
    run = _Run(side, presses, again=True)

    async def work() -> None:
        for _ in range(in_flight):
            run.press()
        try:
            async with asyncio.timeout(seconds):
                await run.idle.wait()
        except TimeoutError:
            pass

    return await run.measured(work())


async def at_rate(side: Side, presses: Iterator[Press], rate: float, seconds: float) -> Burst:
    """Click at a rate, whether or not the earlier ones were answered."""
    run = _Run(side, presses, again=False)
    loop = asyncio.get_running_loop()

    async def work() -> None:
        begun = loop.time()
        for number in range(max(1, int(rate * seconds))):
            pause = begun + number / rate - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            run.press()
        await run.idle.wait()

    return await run.measured(work())


def changes(channel: int, members: int) -> Iterator[Press]:
    """Everybody chooses A, then everybody B, and so on: each click is another answer than the one before it."""
    for turn in itertools.count():
        for member in range(members):
            yield Press(channel, member, turn % 2)


def firsts(channels: range, members: int) -> Iterator[Press]:
    """Everybody answers once in each channel."""
    for channel in channels:
        for member in range(members):
            yield Press(channel, member, member % 2)
