"""Slack over HTTP: the real process with a signing secret, reached at its own address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.slack_stage import (
    RIGHT,
    WRONG,
    HttpDay,
    choose,
    command,
    labels,
    letter_of,
    opened,
    words,
    write,
)
from tests.fakes.slack import acked, privately


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[HttpDay]:
    """A day whose bot has not started yet."""
    day = HttpDay(tmp_path)
    async with opened(day):
        yield day


async def test_a_day_over_http(day: HttpDay) -> None:
    """The same day: the question at its minute, answers in private, a killed bot goes on, the reveal at its minute."""
    await day.start(8, 59, 58)
    question = await day.new_post()
    assert day.clock(question) == "09:00"
    right, wrong = letter_of(RIGHT, question), letter_of(WRONG, question)
    assert (await choose(day.ann, question, RIGHT)).startswith(f"Recorded: {right}, {RIGHT}.")
    assert (await choose(day.bo, question, WRONG)).startswith(f"Recorded: {wrong}, {WRONG}.")
    await day.bot.kill()

    await day.start(12)
    assert (await choose(day.bo, question, RIGHT)).startswith(f"Changed from {wrong} to {right}.")
    assert (await command(day.dan, day, "ask regularization 10m")).startswith("The question is posted.")
    extra = day.room.messages[-1]
    assert (await write(day.bo, extra, "drop out")).startswith('Right: dropout. I read "drop out" as the same term.')
    await command(day.dan, day, "reveal")
    async with aiohttp.ClientSession() as session, session.get(day.address("/metrics")) as page:
        metrics = await page.text()
    assert 'quizbot_interaction_seconds_count{kind="command",platform="slack"} 2.0' in metrics
    assert 'quizbot_interaction_seconds_count{kind="form",platform="slack"} 1.0' in metrics
    assert await day.bot.stop() == 0

    await day.start(16, 29, 58)
    reveal = await day.new_post()
    assert day.clock(reveal) == "16:30"
    assert words(reveal).splitlines()[0].endswith(f"{right}: {RIGHT}")
    assert "Right: ann, bo, 2 of 2" in words(reveal)
    assert labels(question) == ["My answer"]
    assert day.server.sockets.opened == 0


async def test_only_what_slack_signed_lately_has_an_effect(day: HttpDay) -> None:
    """Unsigned, wrongly signed and old requests are refused; a replayed one is taken and has no effect."""
    await day.start(10)
    good = await day.dan.slash("/quiz", "ask regularization 1m", day.room, until=privately)
    assert good.delivery is not None
    envelope = good.delivery.envelope
    await command(day.ann, day, "reveal")
    before = len(day.room.messages), len(day.server.calls)
    for signature in ("none", "wrong", "old"):
        assert (await day.posting.send(envelope, signature)).status == 401
        forged = replace(envelope, payload={**envelope.payload, "text": "ask"})
        assert (await day.posting.send(forged, signature)).status == 401
    await day.dan.repeat(good, until=acked)
    assert (await day.posting.send(envelope)).status == 200
    await asyncio.sleep(0.3)
    assert (len(day.room.messages), len(day.server.calls)) == before

    async with aiohttp.ClientSession() as session:
        stamp = {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}
        odd = {"X-Slack-Request-Timestamp": str(int(day.server.clock())), "X-Slack-Signature": "v0=ü"}
        requests = ((b"x", stamp, 401), (b"\xff", stamp, 401), (b"x", odd, 401), (b"x" * 2_000_000, {}, 413))
        for body, headers, status in requests:
            async with session.post(day.address("/slack/events"), data=body, headers=headers) as answer:
                assert answer.status == status
    assert (await command(day.dan, day, "help")).startswith("How to play")


async def test_a_replayed_answer_changes_nothing(day: HttpDay) -> None:
    """Pressing A, then B, and then the first request once more: B counts."""
    await day.start(8, 59, 58)
    question = await day.new_post()
    first = await day.bo.press(question, letter_of(WRONG, question), until=privately)
    await choose(day.bo, question, RIGHT)
    await day.bo.repeat(first, until=acked)
    await command(day.ann, day, "reveal")
    assert "Right: bo, 1 of 1" in words(day.room.messages[-1])


async def test_slacks_retries_are_recognised(day: HttpDay) -> None:
    """An event that Slack delivers again is carried out once."""
    await day.start(10)
    seen = await day.bo.open_home(until=lambda seen: seen.items("home"))
    assert seen.delivery is not None
    for attempt in (1, 2):
        again = replace(seen.delivery.envelope, attempt=attempt, reason="timeout")
        assert (await day.posting.send(again)).status == 200
    assert len(day.server.called("views.publish")) == 1


async def test_slack_asks_whether_the_address_is_ours(day: HttpDay) -> None:
    """The challenge with which Slack verifies an address is answered, if Slack signed it."""
    await day.start(10)
    seen = await day.bo.open_home(until=lambda seen: seen.items("home"))
    assert seen.delivery is not None
    challenge = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV"}
    asked = replace(seen.delivery.envelope, payload=challenge)
    reply = await day.posting.send(asked)
    assert reply.status == 200
    assert "3eZbrw1aBm2rZgRNFdxV" in reply.text
    assert (await day.posting.send(asked, "none")).status == 401


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("HTTP_PORT", "quizbot: HTTP_PORT is not set; it is where Slack reaches the bot over HTTP"),
        ("SLACK_BOT_TOKEN", "quizbot: SLACK_BOT_TOKEN is not set; Slack over HTTP needs it"),
        ("SLACK_SIGNING_SECRET", "quizbot: SLACK_APP_TOKEN is not set; Slack over Socket Mode needs both"),
    ],
)
async def test_what_http_takes(day: HttpDay, missing: str, said: str) -> None:
    """A variable that is missing is named in one line, exit code 2."""
    day.bot.environment = dict(day.bot.environment) | {missing: ""}
    await day.bot.start()
    assert await day.bot.wait() == 2
    assert day.bot.log.splitlines()[-1].startswith(said)


async def test_a_wrong_token_over_http(day: HttpDay) -> None:
    """With no other platform the exit code is 2, and one line names the variable."""
    day.bot.environment = dict(day.bot.environment) | {"SLACK_BOT_TOKEN": "xoxb-old"}
    await day.bot.start()
    assert await day.bot.wait() == 2
    assert day.bot.log.splitlines()[-1].startswith("quizbot: SLACK_BOT_TOKEN: ")
