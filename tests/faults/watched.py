"""The bot with its clock set and its event loop watched: ``python -m tests.faults.watched INSTANT run``.

Once a second ``watched.json`` in the working folder has the times for which the loop did not come round, the longest
garbage collections, and how much memory the process has and had at most.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
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

LONG = 0.02
"""Seconds from which on a time is noted."""

KEPT = 1000
PAGE = os.sysconf("SC_PAGE_SIZE")


def _peak() -> int:
    """The most kilobytes that this program ever had; ``getrusage`` would count those of the process that began it."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


class Watch:
    """A heart that beats in the loop and takes how long it did not, and a thread that looks where the loop is then.

    What counts is the processor time of the loop's own thread between two beats: time for which a busy machine lets the
    thread wait is not the bot's, and a thread that sleeps in a call is found by ``wall`` on a quiet one. A beat
    measures itself, so that no block is missed, be the listening thread kept out by it as well.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._loop_thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._loop_thread)
        self._beaten = self._times()
        self._where: list[str] = []
        self._blocks: deque[dict[str, object]] = deque(maxlen=KEPT)
        self._collecting = 0.0
        self._collections: deque[dict[str, object]] = deque(maxlen=KEPT)

    def start(self) -> None:
        """Begin, in the loop's own thread."""
        self._beaten = self._times()
        asyncio.get_running_loop().call_later(BEAT, self._beat)
        gc.callbacks.append(self._collected)
        threading.Thread(target=self._listen, daemon=True).start()

    def _times(self) -> tuple[float, float]:
        return time.monotonic(), time.clock_gettime(self._clock)

    def _beat(self) -> None:
        now = self._times()
        wall, busy = (after - before for after, before in zip(now, self._beaten, strict=True))
        if wall > LONG:
            self._blocks.append({"began": self._beaten[0], "seconds": busy, "wall": wall, "where": self._where})
        self._beaten, self._where = now, []
        asyncio.get_running_loop().call_later(BEAT, self._beat)

    def _collected(self, phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.thread_time()
        elif about["generation"] == 2:
            self._collections.append({"at": time.monotonic(), "seconds": time.thread_time() - self._collecting})

    def _listen(self) -> None:
        written = 0.0
        while True:
            time.sleep(BEAT)
            if time.monotonic() - self._beaten[0] > LONG:
                self._where = self._stack()
            if time.monotonic() - written > 1:
                self._write()
                written = time.monotonic()

    def _stack(self) -> list[str]:
        frame = sys._current_frames().get(self._loop_thread)
        return [line.strip() for line in traceback.format_stack(frame)[-6:]]

    def _write(self) -> None:
        seen = {
            "blocks": list(self._blocks),
            "collections": list(self._collections),
            "kilobytes": int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 1024,
            "peak": _peak(),
        }
        arriving = self._file.with_suffix(".new")
        arriving.write_text(json.dumps(seen))
        os.replace(arriving, self._file)


async def _watched(*args: Any) -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(3, Watch(Path("watched.json")).start)  # what happens at the start holds nobody up
    await _serve(*args)


if __name__ == "__main__":
    _serve = bot.run.serve
    bot.run.serve = _watched
    bot.run.now = clockwork.now
    main(sys.argv[2:])
