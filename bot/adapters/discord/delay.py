"""How long a click waited before the bot came to it, be it in a full connection."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

CREEP = 0.001
"""How many seconds the two clocks may part in a second; a good clock does by less than a tenth of that."""


class Delay:
    """Tells from when something was sent, by the sender's clock, how much longer it took than the quickest of late.

    The sender's clock and this one need not show the same time: what the quickest took stands for no delay.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._least = math.inf

    def of(self, sent: float) -> float:
        """The delay of what has come now, in seconds."""
        now = self._clock()
        took = now - sent
        self._least = min(took, self._least + (now - self._at) * CREEP)
        self._at = now
        return took - self._least
