"""Processes that are measured: started, listened to, weighed, ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil

ROOT = Path(__file__).parents[1]

PATIENCE = 30.0
"""Seconds to wait for something that a process says, or for its end."""

T = TypeVar("T")


@dataclass
class Process:
    """``python -m`` a module, with this environment and nothing else of ours."""

    module: str
    environment: Mapping[str, str]
    folder: Path = ROOT
    arguments: tuple[str, ...] = ()
    log: str = field(default="", init=False)
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _reading: asyncio.Task[None] | None = field(default=None, init=False)
    _heard: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def start(self) -> None:
        """Start it; ``says`` tells when it is ready."""
        self.log = ""
        own = {"HOME": str(self.folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PATH": os.environ["PATH"]}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.module, *self.arguments,
            cwd=self.folder, env=own | dict(self.environment),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())

    async def says(self, text: str, times: int = 1) -> None:
        """Wait until its output has this, so many times."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.log.count(text) < times and self.running.returncode is None:
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            pass
        if self.log.count(text) < times:
            raise RuntimeError(f"{self.module} did not say {text!r}:\n{self.log}")

    async def stop(self) -> None:
        """End it as a service manager does."""
        if self._process is None or self._reading is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self._process.kill()
        await self._reading

    @property
    def running(self) -> asyncio.subprocess.Process:
        """The process itself."""
        assert self._process is not None, "it was not started"
        return self._process

    def cpu(self) -> float:
        """Seconds of processor time so far, with its children."""
        times = psutil.Process(self.running.pid).cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)

    def memory(self) -> float:
        """Megabytes that are resident."""
        return float(psutil.Process(self.running.pid).memory_info().rss / 1e6)

    async def _read(self) -> None:
        assert self.running.stdout is not None
        async for line in self.running.stdout:
            self.log += line.decode()
            self._heard.set()
        await self.running.wait()
        self._heard.set()


def run_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run on the loop that quizbot runs on: uvloop, where ``quizbot[fast]`` is installed."""
    try:
        from uvloop import run as run_fast
    except ImportError:
        return asyncio.run(work)
    return run_fast(work)
