"""The product on its stage: a folder with a bank, a configuration with many channels, and the real process in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

from bench.process import Process

QUESTION = """
    topic: topic-{number}
    questions:
      - id: question-{number}
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
        source: {{document: book.txt, heading: "{number}. What happens when the learning rate is too high?"}}
    """


class Product:
    """``python -m bot run``, with teams that play in all these channels, each channel of a team on a topic of its own.

    The topics differ because a member scores once where two channels of a team get the same question.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        channels: Sequence[str],
        admin: str,
        program: Sequence[str] = ("bot",),
        teams: int = 1,
    ) -> None:
        """``program`` is a module that runs the bot, with what it takes before the bot's own arguments."""
        self.folder = folder
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        self.due = now + timedelta(hours=11)
        """When the questions of the day come."""
        shares = [channels[number::teams] for number in range(teams)]
        self._write_bank(len(shares[0]))
        (folder / "quizbot.yaml").write_text(_config(shares, admin, self.due))
        paths = {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "QUESTIONS_DIR": str(folder / "questions"),
        }
        module, *arguments = program
        self.process = Process(module, paths | dict(environment), folder, (*arguments, "run"))

    @property
    def database(self) -> Path:
        """The file."""
        return self.folder / "quizbot.db"

    def answers(self) -> int:
        """How many answers are in the log."""
        with sqlite3.connect(self.database) as connection:
            return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])

    def _write_bank(self, topics: int) -> None:
        bank = self.folder / "questions"
        bank.mkdir()
        (bank / "sources.yaml").write_text("book.txt: {title: The book of interviews}\n")
        for number in range(topics):
            (bank / f"topic-{number}.yaml").write_text(dedent(QUESTION.format(number=number)))


def _config(shares: Sequence[Sequence[str]], admin: str, due: datetime) -> str:
    """Every channel has a question of the day, whose times are far from now."""
    post, reveal = f"{due:%H:%M}", f"{due + timedelta(hours=1):%H:%M}"
    plan = f'post: "{post}", reveal: "{reveal}", days: [mon, tue, wed, thu, fri, sat, sun]'
    lines = ["teams:"]
    for team, channels in enumerate(shares):
        lines += [f"  - name: bench-{team}", "    timezone: UTC", f'    admins: ["{admin}"]', "    channels:"]
        for number, channel in enumerate(channels):
            lines.append(f'      - {{channel: "{channel}", {plan}, topics: [topic-{number}]}}')
    return "\n".join([*lines, ""])
