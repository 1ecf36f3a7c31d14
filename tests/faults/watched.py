"""The bot with its clock set and its event loop watched: ``python -m tests.faults.watched INSTANT run``.

Once a second ``watched.json`` in the working folder has the times for which the loop did not come round: when, for how
many seconds of its thread's processor time (what a busy machine takes away from it is not its own) and where it was
then; and how much memory the process had at most.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from typing import Any

import bot.run
from bot.__main__ import main
from tests.e2e import clockwork

BEAT = 0.005
"""Seconds between two signs of life of the loop."""

LONG = 0.03
"""Seconds from which on a time is noted."""


class Watch:
    """A heart that beats in the loop, and a thread that listens to it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._loop_thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._loop_thread)
        self._beaten = (time.monotonic(), time.clock_gettime(self._clock))
        self._blocks: deque[dict[str, object]] = deque(maxlen=1000)

    def start(self) -> None:
        """Begin, in the loop's own thread."""
        self._beat()
        threading.Thread(target=self._listen, daemon=True).start()

    def _beat(self) -> None:
        self._beaten = (time.monotonic(), time.clock_gettime(self._clock))
        asyncio.get_running_loop().call_later(BEAT, self._beat)

    def _listen(self) -> None:
        written = 0.0
        while True:
            time.sleep(BEAT)
            began, cpu = self._beaten
            busy = time.clock_gettime(self._clock) - cpu
            if busy > LONG:
                if self._blocks and self._blocks[-1]["began"] == began:
                    self._blocks.pop()
                self._blocks.append({"began": began, "seconds": busy, "where": self._stack()})
            if time.perf_counter() - written > 1:
                self._write()
                written = time.perf_counter()

    def _stack(self) -> list[str]:
        frame = sys._current_frames().get(self._loop_thread)
        return [line.strip() for line in traceback.format_stack(frame)[-6:]]

    def _write(self) -> None:
        seen = {"blocks": list(self._blocks), "kilobytes": _peak()}
        arriving = self._file.with_suffix(".new")
        arriving.write_text(json.dumps(seen))
        os.replace(arriving, self._file)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def _watched(*args: Any) -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(3, Watch(Path("watched.json")).start)  # what happens at the start holds nobody up
    await _serve(*args)


if __name__ == "__main__":
    _serve = bot.run.serve
    bot.run.serve = _watched
    bot.run.now = clockwork.now
    main(sys.argv[2:])
