"""What a click costs: the figures of both platforms, from a bot and a floor that are both connected."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from bench.load.clicks import Burst, Press, Side, at_once, at_rate, changes, firsts
from bench.measure import Figure, Part, percentile

MEMBERS = 500
CHANNELS = 41
"""One in which members change their answers, and forty in which they answer for the first time."""

IN_FLIGHT = 50


@dataclass(frozen=True)
class Bounds:
    """What must hold, and the aim, of the rate of answers."""

    must: float
    aim: float


@dataclass(frozen=True)
class Effort:
    """How long and how often."""

    rounds: int
    seconds: float

    @classmethod
    def of(cls, quick: bool) -> Effort:
        return cls(2, 1.0) if quick else cls(5, 3.0)


class Clicking:
    """Measures one bot against one floor; ``answered`` counts what the bot told members.

    Where members are told only once their answer is durable, ``durable`` is a floor that does so too: beside the bare
    one it shows what of the wait is the disk's.
    """

    def __init__(self, product: Side, floor: Side, effort: Effort, durable: Side | None = None) -> None:
        self._product, self._floor, self._effort, self._durable = product, floor, effort, durable
        self._mine, self._theirs = changes(0, MEMBERS), changes(0, MEMBERS)
        self.answered = 0

    async def part(self, name: str, bounds: Bounds) -> Part:
        """All figures."""
        for side, presses in ((self._product, self._mine), (self._floor, self._theirs)):
            await self._burst(side, itertools.islice(presses, 2 * MEMBERS), seconds=60.0)
        tops = [await self._top() for _ in range(self._effort.rounds)]
        first = await self._firsts()
        rate = min(min(mine.rate, theirs.rate) for mine, theirs in tops) / 2
        paced = [await self._paced(rate) for _ in range(self._effort.rounds)]
        at = f"acknowledged at {rate:.0f} clicks a second"
        figures = [
            figure("clicks", "a second", tops, "rate", bounds.must, bounds.aim, more=True),
            figure("first answers", "a second", first, "rate", bounds.must, bounds.aim, more=True),
            figure("a click", "ms of CPU", tops, "cost", 2, 1.3),
            figure("a first answer", "ms of CPU", first, "cost", 2, 1.3),
            p99(at, [(mine, bare) for mine, bare, _ in paced], 1.5, 1.1),
        ]
        if self._durable:
            figures.append(p99("beside a floor that commits each click", [(mine, its) for mine, _, its in paced]))
        return Part(name, figures, [_own(tops), f"{MEMBERS} members, {IN_FLIGHT} clicks under way"])

    async def _top(self) -> tuple[Burst, Burst]:
        mine = await self._burst(self._product, self._mine)
        return mine, await self._burst(self._floor, self._theirs)

    async def _firsts(self) -> list[tuple[Burst, Burst]]:
        """In a third of the channels at a time, or as far as the time goes; clicks are the same to the floor."""
        share = (CHANNELS - 1) // 3 if self._effort.rounds > 2 else 2
        found = []
        for start in range(1, 1 + 3 * share, share):
            supply = firsts(range(start, start + share), MEMBERS)
            mine = await self._burst(self._product, supply, 2 * self._effort.seconds)
            found.append((mine, await self._burst(self._floor, self._theirs)))
        return found

    async def _paced(self, rate: float) -> tuple[Burst, Burst, Burst]:
        mine = await at_rate(self._product, self._mine, rate, self._effort.seconds)
        self.answered += self._checked(mine).answers
        floors = (self._floor, self._durable or self._floor)
        bare, durable = [await at_rate(side, self._theirs, rate, self._effort.seconds) for side in floors]
        return mine, self._checked(bare), self._checked(durable)

    async def _burst(self, side: Side, presses: Iterator[Press], seconds: float = 0.0) -> Burst:
        burst = self._checked(await at_once(side, presses, IN_FLIGHT, seconds or self._effort.seconds))
        if side is self._product:
            self.answered += burst.all
        return burst

    def _checked(self, burst: Burst) -> Burst:
        if burst.wrong:
            raise RuntimeError(f"{len(burst.wrong)} clicks got no receipt but, for example, {burst.wrong[0]!r}")
        return burst


def figure(
    what: str, unit: str, pairs: list[tuple[Burst, Burst]], value: str, must: float, aim: float, *, more: bool = False
) -> Figure:
    """A property of both sides' bursts."""
    mine, theirs = ([getattr(burst, value) for burst in side] for side in zip(*pairs, strict=True))
    return Figure(what, unit, mine, theirs, must, aim, more)


def p99(what: str, pairs: list[tuple[Burst, Burst]], must: float | None = None, aim: float | None = None) -> Figure:
    """How long all clicks but one in a hundred wait for their acknowledgement."""
    mine, theirs = ([1000 * percentile(burst.acks, 0.99) for burst in side] for side in zip(*pairs, strict=True))
    return Figure(what, "p99 in ms", mine, theirs, must, aim)


def _own(tops: list[tuple[Burst, Burst]]) -> str:
    """What the load itself takes: where it is not much less than the floor, the ratio means little."""
    mine, theirs = tops[len(tops) // 2]
    return (
        f"the load's own processor time: {mine.load_cost:.3f} ms a click with the product, "
        f"{theirs.load_cost:.3f} ms with the floor, which takes {theirs.cost:.3f} ms itself"
    )
