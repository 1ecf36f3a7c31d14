"""When garbage is collected: never while the program is loaded, and seldom afterwards, as it holds up everybody."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (20_000, 10, 100)
"""For ``gc.set_threshold`` while the bot runs."""


@contextmanager
def spared() -> Iterator[None]:
    """Collect nothing while modules are imported here, and pass over them for ever: they stay until the end, and
    looking through them again and again took a third of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def spare_what_stays() -> None:
    """Pass over all that is there now: looking through it took a fifth of a second each time, in which nobody was
    answered."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
