"""What whoever runs the bot sees of it: /healthz, /metrics and the log of the real process."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from tests.e2e.discord_stage import RIGHT, WRONG, Day, discord_day, monday, press
from tests.fakes.discord.gateway import Close

CONFIG = """
    teams:
      - name: ml-team
        timezone: UTC
        channels:
          - channel: "discord:{channel}"
            post: "09:00"
            reveal: "16:30"
            topics: [optimization]
    """


class Watched:
    """A day, seen from outside."""

    def __init__(self, day: Day, port: int) -> None:
        self.day = day
        self._pages = f"http://127.0.0.1:{port}"

    async def healthz(self) -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(f"{self._pages}/healthz") as answer:
            return answer.status, await answer.json()

    async def until(self, status: int) -> dict[str, Any]:
        """Wait until the health page has this status."""
        for _ in range(1000):
            found, body = await self.healthz()
            if found == status:
                return body
            await asyncio.sleep(0.02)
        raise TimeoutError(f"{found}: {body}")

    async def counts(self) -> dict[str, dict[str, float]]:
        """Every metric: its values by what its labels say, in the order of their names."""
        async with aiohttp.ClientSession() as session, session.get(f"{self._pages}/metrics") as answer:
            families = parsed(await answer.text())
        found: dict[str, dict[str, float]] = {}
        for sample in (sample for family in families for sample in family.samples if "le" not in sample.labels):
            found.setdefault(sample.name, {})[" ".join(sample.labels.values())] = sample.value
        return found

    def logged(self, text: str) -> list[dict[str, Any]]:
        """The lines of the log whose message has this."""
        lines = [json.loads(line) for line in self.day.bot.log.splitlines()]
        return [line for line in lines if text in line["message"]]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """A day whose bot has not started yet, with a port and a log for machines."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with discord_day(tmp_path, CONFIG) as day:
        day.bot.environment = {**day.bot.environment, "HTTP_PORT": str(port), "LOG_FORMAT": "json"}
        yield Watched(day, port)


async def test_a_day_is_counted(watched: Watched) -> None:
    """After a question, answers, a reveal and a late click the page has the right counts, and the log the ids."""
    day = watched.day
    await day.start(monday(8, 59, 58))
    question = await day.channel.wait_for_message(within=25)
    await press(day.ann, question, RIGHT)
    await press(day.bob, question, WRONG)
    await press(day.bob, question, RIGHT)
    await press(day.bob, question, RIGHT)
    boss = day.server.add_member("boss", permissions=1 << 5)
    await boss.slash("reveal")
    await day.dan.forge_press("answer:1:A", question).final()
    await watched.until(200)

    counts = await watched.counts()
    assert counts["quizbot_answers_total"] == {
        "discord counts": 2, "discord changed": 1, "discord repeated": 1, "discord late": 1
    }  # fmt: skip
    assert counts["quizbot_rounds_total"] == {"daily opened": 1, "daily closed": 1, "daily revealed": 1}
    assert counts["quizbot_platform_calls_total"]["post ok discord"] == 2
    assert counts["quizbot_interaction_seconds_count"] == {"button discord": 5, "command discord": 1}
    assert counts["quizbot_commit_answers_sum"][""] == 5
    assert counts["quizbot_post_late_seconds_count"][""] == 1
    assert counts["quizbot_post_late_seconds_sum"][""] < 20
    assert set(counts["quizbot_promises_broken_total"].values()) == {0}
    assert set(counts["quizbot_failures_total"].values()) == {0}
    assert counts["quizbot_platform_connected"] == {"discord": 1}
    assert (counts["quizbot_database_up"][""], counts["quizbot_bank_questions"][""]) == (1, 2)
    assert counts["quizbot_loop_lag_seconds_count"][""] > 0
    assert counts["process_resident_memory_bytes"][""] > 0

    [posted] = watched.logged("daily posted")
    about = {"team": 1, "round": 1, "channel": f"discord:{day.channel.id}"}
    assert posted.items() >= about.items()
    assert await day.bot.stop() == 0
    assert watched.logged("stopped")
    assert not watched.logged(RIGHT)


async def test_a_question_that_is_missed(watched: Watched) -> None:
    """A promise that is not kept is an error with a field of its own, and a count."""
    day = watched.day
    await day.start(monday(8))
    await watched.until(200)
    await day.bot.stop()
    await day.start(monday(11, 30))
    await day.logged("was missed")
    [missed] = watched.logged("was missed")
    assert (missed["level"], missed["promise"]) == ("error", "question_skipped")
    assert missed["channel"] == f"discord:{day.channel.id}"
    assert (await watched.counts())["quizbot_promises_broken_total"]["question_skipped"] == 1


async def test_a_gateway_that_is_away(watched: Watched) -> None:
    """The page says so, and since when, until the connection is there again."""
    day = watched.day
    await day.start(monday(10))
    await watched.until(200)
    day.server.gateway.refusing = True
    day.server.gateway.abort()
    body = await watched.until(503)
    assert body["platforms"] == {"discord": "not connected"}
    assert body["since"]["discord"].startswith("2026-11-23T10:0")
    assert (await watched.counts())["quizbot_platform_connected"] == {"discord": 0}
    day.server.gateway.refusing = False
    assert (await watched.until(200))["since"] == {}


async def test_a_token_that_is_revoked(watched: Watched) -> None:
    """While the bot runs it is tried again ever more slowly, the bot goes on, and the page names the variable."""
    day = watched.day
    await day.start(monday(10))
    await watched.until(200)
    day.server.gateway.close(Close.AUTHENTICATION_FAILED)
    body = await watched.until(503)
    assert body["platforms"]["discord"] in (
        "not connected", "DISCORD_TOKEN: the platform does not accept this token"
    )  # fmt: skip
    assert await watched.until(200)
    assert len(watched.logged("DISCORD_TOKEN: the platform does not accept this token; again in 2 s")) == 1


async def test_a_database_that_is_locked(watched: Watched) -> None:
    """The member is told, the promise is counted and logged with its ids, and the next answer is recorded."""
    day = watched.day
    await day.start(monday(8, 59, 58))
    question = await day.channel.wait_for_message(within=25)
    await watched.until(200)
    with sqlite3.connect(day.bot.folder / "quizbot.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        told = (await day.ann.press(question, "A")).text
        assert "not recorded" in told.lower()
        other.execute("ROLLBACK")
    [line] = [line for line in watched.logged("an answer is not recorded") if line["promise"] == "answer_not_recorded"]
    assert (line["round"], line["channel"]) == (1, f"discord:{day.channel.id}")
    assert line["interaction"]
    assert (await watched.counts())["quizbot_promises_broken_total"]["answer_not_recorded"] == 1
    assert (await press(day.ann, question, RIGHT)).startswith("Recorded")


async def test_a_broken_bank(watched: Watched) -> None:
    """It is kept out: the bot is ready with the last good one, and page, count and log say so."""
    day = watched.day
    await day.start(monday(10))
    await watched.until(200)
    (day.bot.folder / "questions" / "optimization.yaml").write_text("topic: [")
    await day.logged("the last good one stays in use")
    status, body = await watched.healthz()
    assert (status, body["parts"]["bank"]) == (200, "its files have faults, the last good bank is in use")
    counts = await watched.counts()
    assert counts["quizbot_promises_broken_total"]["bank_kept_out"] == 1
    assert (counts["quizbot_bank_faulty"][""], counts["quizbot_bank_questions"][""]) == (1, 2)
