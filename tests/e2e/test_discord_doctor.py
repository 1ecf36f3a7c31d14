"""``quizbot doctor`` as a process, against Discord on loopback."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from textwrap import dedent

from tests.fakes.discord import FakeDiscord, Permission

ROOT = Path(__file__).parents[2]


async def examined(folder: Path, server: FakeDiscord, channel: str, **environment: str) -> tuple[int, str]:
    """The exit code of ``quizbot doctor`` and what it prints."""
    (folder / "quizbot.yaml").write_text(
        dedent(
            f"""
            teams:
              - name: ml-team
                channels: [{{channel: "{channel}", post: "09:00"}}]
            """
        )
    )
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor"),
        cwd=folder,
        env=known | {"PYTHONPATH": str(ROOT)} | server.environment | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_all_is_well(tmp_path):
    """A good token and a channel that the bot may use: every line is ok, exit 0."""
    async with FakeDiscord() as server:
        code, printed = await examined(tmp_path, server, f"discord:{server.guild.channel.id}")
    assert code == 0, printed
    assert f"ok    discord: channel discord:{server.guild.channel.id}: I can post there" in printed
    assert "FAIL" not in printed
    assert not server.violations


async def test_a_wrong_token(tmp_path):
    """A token that Discord does not accept is named with its variable, exit 1."""
    async with FakeDiscord() as server:
        code, printed = await examined(tmp_path, server, "discord:1", DISCORD_TOKEN="wrong")
    assert code == 1
    assert "FAIL  discord: the token is not accepted - copy it anew from the developer portal: DISCORD_TOKEN" in printed
    assert "wrong" not in printed.replace("what is wrong", "")


async def test_a_missing_permission(tmp_path):
    """A channel in which the bot may not post is named, with the permission."""
    async with FakeDiscord() as server:
        server.deny(server.guild.channel, Permission.SEND_MESSAGES)
        code, printed = await examined(tmp_path, server, f"discord:{server.guild.channel.id}")
    assert code == 1
    line = f"FAIL  discord: channel discord:{server.guild.channel.id}: I am missing Send Messages"
    assert f"{line} - give it to the bot's role in the channel" in printed


async def test_an_unknown_channel(tmp_path):
    """A channel that Discord does not have is named."""
    async with FakeDiscord() as server:
        code, printed = await examined(tmp_path, server, "discord:424242")
    assert code == 1
    assert "FAIL  discord: channel discord:424242: the channel was deleted" in printed
