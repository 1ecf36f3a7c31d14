"""How long clicks waited before the bot came to them."""

from __future__ import annotations

import pytest

from bot.adapters.discord.delay import Delay


class Clocks:
    """The bot's clock, and a sender's that shows another time."""

    def __init__(self, apart: float) -> None:
        self.now = 1000.0
        self.apart = apart
        self.delay = Delay(lambda: self.now)

    def arrives(self, after: float) -> float:
        """The delay that is told of something that took so long."""
        return self.delay.of(self.now + self.apart - after)


@pytest.mark.parametrize("apart", [0.0, -3600.0, 1.7e9])
def test_the_clocks_need_not_agree(apart: float) -> None:
    """What takes longer than the quickest is late by the difference, whatever time the sender's clock shows."""
    clocks = Clocks(apart)
    assert clocks.arrives(0.1) == pytest.approx(0.0)
    clocks.now += 1
    assert clocks.arrives(2.1) == pytest.approx(2.0, abs=0.01)
    assert clocks.arrives(0.05) == pytest.approx(0.0)


def test_the_clocks_may_drift() -> None:
    """A clock that goes wrong by seconds a day makes nobody late."""
    clocks = Clocks(0.0)
    late = []
    for _ in range(100):
        clocks.now += 3600
        clocks.apart -= 3600 * 0.0001
        late.append(clocks.arrives(0.1))
    assert max(late) < 0.01
