"""Where the time of a click goes: ``python -m bench.profile [discord | slack | slack-http] [--seconds N]``.

py-spy looks at the bot from outside, many times a second, while members click; each look that finds it at work counts.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import discord, slack
from bench.clicking import IN_FLIGHT, MEMBERS
from bench.load.clicks import Burst, Side, at_once, changes
from bench.load.discord import Discord
from bench.load.slack import Slack
from bench.process import ROOT, run_loop
from bench.stage import Product

RATE = 250
"""Looks a second."""

SHOWN = 25
"""Functions in a table."""

NOBODY = "none: the event loop, the SDK, the database's own threads"

_FRAME = re.compile(r"(?P<function>.*) \((?P<file>.*?)(:\d+)?\)")

Stack = Sequence[tuple[str, str]]
"""From the outermost frame in: function and file."""


def main() -> None:
    """Profile the bot on one platform."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("platform", nargs="?", default="discord", choices=["discord", "slack", "slack-http"])
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    burst, stacks = run_loop(profiled(given.platform, given.seconds))
    report(burst, stacks)


@asynccontextmanager
async def clickable(platform: str, folder: Path) -> AsyncIterator[tuple[Product, Side]]:
    """The bot, connected to one platform."""
    if platform == "discord":
        discord_server = Discord(1, MEMBERS)
        async with discord_server.serving(), discord.product(discord_server, folder) as found:
            yield found
    else:
        slack_server = Slack(1, MEMBERS)
        async with slack_server.serving(), slack.product(slack_server, folder, http=platform == "slack-http") as there:
            yield there


async def profiled(platform: str, seconds: float) -> tuple[Burst, list[tuple[Stack, int]]]:
    """Let members click for a while; what came of it, and what the bot was seen at."""
    with tempfile.TemporaryDirectory() as folder:
        async with clickable(platform, Path(folder)) as (bot, side):
            presses, file = changes(0, MEMBERS), Path(folder) / "stacks"
            await at_once(side, itertools.islice(presses, 2 * MEMBERS), IN_FLIGHT, 60.0)  # now everybody is known
            spy = await _spy(bot.process.running.pid, seconds, file)
            burst = await at_once(side, presses, IN_FLIGHT, seconds)
            await spy.wait()
            return burst, list(_read(file))


async def _spy(pid: int, seconds: float, file: Path) -> asyncio.subprocess.Process:
    """Start to look."""
    program, quiet = Path(sys.executable).with_name("py-spy"), asyncio.subprocess.DEVNULL
    what = ("--pid", str(pid), "--duration", str(round(seconds)), "--rate", str(RATE))
    how = ("--format", "raw", "--output", str(file), "--full-filenames", "--nonblocking")
    return await asyncio.create_subprocess_exec(program, "record", *what, *how, stdout=quiet, stderr=quiet)


def _read(file: Path) -> Iterable[tuple[Stack, int]]:
    """The stacks that py-spy saw, and how often."""
    for line in file.read_text().splitlines():
        frames, _, count = line.rpartition(" ")
        found = [_FRAME.fullmatch(frame) for frame in frames.split(";")]
        yield [(match["function"], match["file"]) for match in found if match], int(count)


def report(burst: Burst, stacks: list[tuple[Stack, int]]) -> None:
    """Three views: whose code ran, on behalf of which of ours, and the single functions."""
    whose, behalf, single = Counter[str](), Counter[str](), Counter[str]()
    for stack, count in stacks:
        function, file = stack[-1] if stack else ("", "")
        whose[package(file)] += count
        single[f"{function}  {package(file)}"] += count
        behalf[next((_named(frame) for frame in reversed(stack) if _is_ours(frame)), NOBODY)] += count
    Console().print(f"{burst.rate:,.0f} clicks a second, {burst.cost:.2f} ms of processor time each")
    _table("Whose code ran", whose, burst.cost)
    _table("The innermost function of the bot, with all that it calls", behalf, burst.cost)
    _table("Single functions, without what they call", single, burst.cost)


def package(file: str) -> str:
    """The package that a file belongs to; of the bot's own its first two levels."""
    _, inside, rest = file.partition("site-packages/")
    if inside:
        return rest.split("/")[0].removesuffix(".py")
    if file.startswith(f"{ROOT}/"):
        return ".".join(Path(file).relative_to(ROOT).with_suffix("").parts[:3])
    found = re.search(r"lib/python3\.\d+/(\w+)", file)
    return f"python: {found[1]}" if found else "python"


def _is_ours(frame: tuple[str, str]) -> bool:
    return package(frame[1]).startswith(("bot.core", "bot.adapters"))


def _named(frame: tuple[str, str]) -> str:
    return f"{frame[0]}  {package(frame[1])}"


def _table(title: str, counted: Counter[str], cost: float) -> None:
    table = Table("", "%", "ms", title=title, title_justify="left", title_style="bold")
    total = max(1, counted.total())
    for name, count in counted.most_common(SHOWN):
        table.add_row(name, f"{100 * count / total:.1f}", f"{cost * count / total:.3f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
