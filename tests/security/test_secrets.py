"""The real process with secrets that do not work, on a database and platforms that fail: whatever it prints, logs and
serves has no secret and no answer in it, at any level and in both forms of the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.config import SECRETS
from tests.e2e.bot import ROOT, Bot
from tests.e2e.slack_stage import HttpDay, command, opened, press, write
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack, privately

KNOWN = {name: f"s3cret-{name.lower()}-{'7' * 40}" for name in SECRETS}
PASSWORD = "hunter2"
FORMS = ("text", "json")

DATABASES = {
    "a host that is not there": "postgresql://quiz:hunter2@nowhere.invalid/db",
    "nobody there": "postgresql://quiz:hunter2@127.0.0.1:1/db",
    "an odd option": "postgresql://quiz:hunter2@127.0.0.1:1/db?sslmode=hunter2",
    "a password in the options": "postgresql://quiz@127.0.0.1:1/db?password=hunter2",
    "signs in the password": "postgresql://quiz:hun@ter2:hunter2@127.0.0.1/db",
    "a password as port": "postgresql://127.0.0.1:hunter2/db",
    "another driver": "mysql://quiz:hunter2@127.0.0.1/db",
    "no address": "quiz:hunter2@127.0.0.1/db",
}


def printed(folder: Path, *words: str, **environment: str) -> str:
    """All that a command prints, on both outputs."""
    around = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    own = {"HOME": str(folder), "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/quizbot.db"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=folder, env=around | own | environment, timeout=60,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, input=b"", check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1, 2)
    return done.stdout.decode()


def assert_kept(text: str, *more: str) -> None:
    """No secret stands in a text, nor a part of one; nor does a traceback."""
    for secret in (*KNOWN.values(), PASSWORD, "ter2", *more):
        assert secret not in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("words", "database"),
    [
        *(("doctor", database) for database in DATABASES),
        *((words, "nobody there") for words in ("run", "db upgrade", "db backup x", "rulings export", "play")),
        *((words, "signs in the password") for words in ("run", "db backup x")),
    ],
)
def test_a_database_that_does_not_work(tmp_path: Path, words: str, database: str) -> None:
    """Each command says in a line what is wrong with the database, without the password in its address."""
    said = printed(tmp_path, *words.split(), DATABASE_URL=DATABASES[database], DISCORD_TOKEN=KNOWN["DISCORD_TOKEN"],
                   DISCORD_API_URL="http://127.0.0.1:1/api")  # fmt: skip
    assert "atabase" in said or "DATABASE_URL" in said
    assert_kept(said)


@pytest.mark.parametrize("form", FORMS)
async def test_tokens_that_discord_refuses(tmp_path: Path, form: str) -> None:
    """The log and the last line name the variable."""
    async with FakeDiscord() as server:
        environment = dict(server.environment) | {"DISCORD_TOKEN": KNOWN["DISCORD_TOKEN"]}
        bot = Bot(tmp_path, environment | {"LOG_FORMAT": form, "LOG_LEVEL": "debug"})
        await bot.start()
        assert await bot.wait() == 2
    assert "DISCORD_TOKEN" in bot.log
    assert_kept(bot.log)


async def test_tokens_that_slack_refuses(tmp_path: Path) -> None:
    """So do those of Slack, over the socket and over HTTP."""
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    async with FakeSlack() as server:
        for n, used in enumerate(names):
            environment = {
                "SLACK_API_URL": server.api_url,
                "HTTP_PORT": "9",
                "LOG_FORMAT": "json",
                "LOG_LEVEL": "debug",
            }
            folder = tmp_path / str(n)
            folder.mkdir()
            bot = Bot(folder, environment | {name: KNOWN[name] for name in used})
            await bot.start()
            assert await bot.wait() == 2
            assert "SLACK_BOT_TOKEN" in bot.log or "HTTP_PORT" in bot.log
            assert_kept(bot.log)


class GuardedDay(HttpDay):
    """A day in Slack over HTTP with a language model that fails, everything logged as JSON."""

    def keys(self) -> dict[str, str]:
        model = {"LLM_API_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "small", "LLM_API_KEY": KNOWN["LLM_API_KEY"]}
        client = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": KNOWN["SLACK_CLIENT_SECRET"]}
        return super().keys() | model | client | {"LOG_FORMAT": "json", "LOG_LEVEL": "debug"}

    async def page(self, path: str, **query: str) -> str:
        """What an address of the bot answers."""
        async with aiohttp.ClientSession() as session, session.get(self.address(path), params=query) as answer:
            return f"{answer.headers} {await answer.text()}"


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[GuardedDay]:
    """A day whose bot has not started yet."""
    day = GuardedDay(tmp_path)
    async with opened(day):
        yield day


async def test_a_day_in_which_everything_fails(day: GuardedDay, capfd: pytest.CaptureFixture[str]) -> None:
    """Answers, appeals and reports while Slack fails and forged requests come in: each line of the log is JSON, and
    neither it nor what the bot serves has a token, a signature, a secret or an answer in it."""
    answer, reason = "the-very-secret-answer", "the-very-secret-reason"
    await day.start(10)
    assert (await command(day.dan, day, "ask regularization 10m")).startswith("The question is posted.")
    question = day.room.messages[-1]
    await write(day.bo, question, answer)
    for fault in ({"status": 500}, {"reset": True}, {"error": "internal_error"}, {"error": "channel_not_found"}):
        failing = day.server.fail("*", times=3, **fault)
        await day.chi.press(question, "My answer", until=lambda seen: seen.delivery is not None)
        await day.server.until(lambda: failing.times < 3)  # noqa: B023
        day.server.web.faults.clear()
    await command(day.ann, day, "reveal")
    graded = await press(day.bo, question, "My answer")
    assert answer in graded
    await day.bo.forge_press(question, "appeal:1", until=privately)
    await day.bo.forge_submission("reportsubmit:1", {"reason": {"reason": {"value": reason}}})
    await day.bo.forge_press(question, f"answer:1:{answer}", until=privately)
    envelope = (await day.bo.forge_press(question, "mine:1", until=privately)).delivery
    assert envelope is not None
    for signature in ("none", "wrong", "old"):
        assert (await day.posting.send(envelope.envelope, signature)).status == 401
    served = [
        await day.page("/healthz"),
        await day.page("/slack/oauth_redirect", error="a\nb" + answer[:4], state="x", code="y"),
        await day.page("/slack/oauth_redirect", state="x", code="y"),
    ]
    assert await day.bot.stop() == 0
    out = capfd.readouterr()
    tokens = (day.server.bot_token, day.server.app_token, day.server.signing_secret, "v0=", "xoxb-", "xapp-")
    for text in (day.bot.log, out.out, out.err, *served):
        assert_kept(text, answer, reason, *tokens)
    assert all(json.loads(line)["message"] for line in day.bot.log.splitlines())
