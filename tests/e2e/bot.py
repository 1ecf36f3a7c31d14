"""The real bot, as a process of its own, on a small bank."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]

BANK = """
    topic: optimization
    questions:
      - id: rate-too-high
        type: choice
        difficulty: medium
        prompt: What do you most likely see when the learning rate is far too high?
        choices:
          - text: The loss jumps around or diverges
            correct: true
          - text: The loss falls slowly but steadily
            why: That is the sign of a rate that is too low.
          - text: The gradients become exactly zero
          - text: The training accuracy stays at its first value
        explanation: Each step overshoots the minimum, so the loss can grow without bound.
        source: {document: book.txt, heading: "8. What happens when the learning rate is too high?"}
    """

SHORT_BANK = """
    topic: regularization
    questions:
      - id: dropping-units
        type: short
        difficulty: easy
        prompt: Which technique switches off a random subset of units at each training step?
        answer: dropout
        reject: [dropconnect]
        explanation: It keeps units from relying on each other.
        source: {document: book.txt, heading: "2. What is dropout?"}
    """

SOURCES = """
    book.txt: {title: The book of interviews}
    """


@dataclass
class Bot:
    """``python -m bot run`` in a folder that holds its database, bank and configuration.

    ``environment`` has the tokens and addresses of the platforms, ``config`` is ``quizbot.yaml``.
    """

    folder: Path
    environment: Mapping[str, str]
    config: str = ""
    program: str = "tests.e2e.clockwork"
    """What runs the bot where its clock is set."""
    log: str = field(default="", init=False)
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _reading: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        bank = self.folder / "questions"
        bank.mkdir()
        for name, text in (("optimization", BANK), ("regularization", SHORT_BANK), ("sources", SOURCES)):
            (bank / f"{name}.yaml").write_text(dedent(text))
        (self.folder / "quizbot.yaml").write_text(dedent(self.config))

    async def start(self, at: datetime | None = None) -> None:
        """Start a process; with ``at`` its clock starts then."""
        program = ["-m", "bot"] if at is None else ["-m", self.program, at.isoformat()]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *program, "run", "--config", str(self.folder / "quizbot.yaml"),
            cwd=self.folder, env=self._environment(), stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> int:
        """End it as a service manager does; returns its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it without a warning."""
        await self._end(signal.SIGKILL)

    async def close(self) -> None:
        """At the end of a test: no process is left."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    async def wait(self) -> int:
        """Wait until it ends by itself; returns its exit code."""
        assert self._process is not None
        assert self._reading is not None
        code = await asyncio.wait_for(self._process.wait(), 20)
        await self._reading
        return code

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await self.wait()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.log += line.decode()

    def _environment(self) -> dict[str, str]:
        """Nothing of this process's own environment but what starting Python takes."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        own = {
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{self.folder}/quizbot.db",
            "QUESTIONS_DIR": str(self.folder / "questions"),
        }
        return kept | own | dict(self.environment)
