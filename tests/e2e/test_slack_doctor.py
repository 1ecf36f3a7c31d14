"""``quizbot doctor`` as a process, against a fake Slack. It never posts."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import pytest

from bot.adapters.slack.scopes import SCOPES
from tests.fakes.slack import FakeSlack

ROOT = Path(__file__).parents[2]


@dataclass
class Office:
    """A Slack with one channel that the configuration names, and a folder to work in."""

    folder: Path
    ahead: float = 0.0
    server: FakeSlack = field(init=False)

    def __post_init__(self) -> None:
        self.server = FakeSlack(clock=lambda: time.time() + self.ahead, scopes=SCOPES)
        self.room = self.server.add_channel("room")

    async def examined(self, **environment: str) -> tuple[int, list[str]]:
        """The exit code of ``quizbot doctor``, and its lines on Slack."""
        config = f"""
            teams:
              - name: ml-team
                channels: [{{channel: "slack:{self.room.id}", post: "09:00"}}]
            """
        (self.folder / "quizbot.yaml").write_text(dedent(config))
        tokens = {"SLACK_BOT_TOKEN": self.server.bot_token, "SLACK_APP_TOKEN": self.server.app_token}
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "doctor"),
            cwd=self.folder,
            env=known | {"SLACK_API_URL": self.server.api_url} | tokens | environment,
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
        text = printed.decode()
        assert "xoxb-T" not in text
        assert "xapp-1" not in text
        assert process.returncode is not None
        return process.returncode, [line for line in text.splitlines() if "slack" in line.lower()]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose Slack runs; at the end nothing was posted there."""
    office = Office(tmp_path)
    async with office.server:
        yield office
    assert {call.method for call in office.server.calls} <= {
        "auth.test", "apps.connections.open", "conversations.history", "oauth.v2.access",
    }  # fmt: skip
    assert office.server.violations == []


async def test_all_is_well(office: Office) -> None:
    """A line each for both tokens, the clock, the scopes and the channel; exit 0."""
    assert await office.examined() == (
        0,
        [
            "ok    slack: SLACK_APP_TOKEN: accepted",
            "ok    slack: SLACK_BOT_TOKEN: quizbot in team (T0TEAM)",
            "ok    slack: clock: as Slack's",
            "ok    slack: scopes: commands, chat:write, users:read, files:write, channels:history, groups:history",
            f"ok    slack: slack:{office.room.id}: the bot is in it",
        ],
    )


async def test_wrong_tokens(office: Office) -> None:
    """Each is named with its variable, what Slack says and where to get a good one; exit 1."""
    code, lines = await office.examined(SLACK_BOT_TOKEN="xoxb-old", SLACK_APP_TOKEN="xoxb-mixed-up")
    assert code == 1
    assert lines == [
        "FAIL  slack: SLACK_APP_TOKEN: Slack does not accept it (not_allowed_token_type) - make an app-level token "
        "(xapp-...) with the scope connections:write, under Basic Information of the app",
        "FAIL  slack: SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth) - copy the Bot User OAuth Token "
        "(xoxb-...) from OAuth & Permissions of the Slack app",
    ]


@pytest.mark.parametrize(
    ("scope", "cost"),
    [
        ("files:write", "/quiz privacy export cannot send its file"),
        ("users:read", "members are called by their handles, and no admin of the workspace is known as one"),
        ("groups:history", "after a crash the bot cannot look whether a question is in a private channel already"),
    ],
)
async def test_a_missing_scope(office: Office, scope: str, cost: str) -> None:
    """It is named with what is lost without it and how to add it; exit 1."""
    office.server.workspace.scopes.discard(scope)
    code, lines = await office.examined()
    assert code == 1
    (fault,) = [line for line in lines if line.startswith("FAIL")]
    assert fault.startswith(f"FAIL  slack: scope {scope} is missing: {cost}")
    assert fault.endswith(" - add it under OAuth & Permissions of the Slack app, and install the app again")


async def test_without_the_history_scopes_no_channel_is_looked_at(office: Office) -> None:
    """What happens without them is said once for each, and that the channel was not looked at."""
    office.server.workspace.scopes -= {"channels:history", "groups:history"}
    code, lines = await office.examined()
    assert code == 1
    assert sum("it never posts twice, but leaves out a question" in line for line in lines) == 2
    assert lines[-1] == f"ok    slack: slack:{office.room.id}: not looked at, for want of a history scope"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("outside", "I am not in it, and /invite takes me there - write /invite @quizbot in it"),
        ("deleted", "it was deleted, or it is private and I am not in it - look at its id in quizbot.yaml"),
    ],
)
async def test_a_channel_that_the_bot_cannot_post_in(office: Office, place: str, said: str) -> None:
    """It is named with the reason and the remedy; exit 1."""
    office.room.bot_in = False
    if place == "deleted":
        del office.server.workspace.channels[office.room.id]
    code, lines = await office.examined()
    assert code == 1
    assert lines[-1].startswith(f"FAIL  slack: slack:{office.room.id}: I cannot post there: {said}")


@pytest.mark.parametrize(("ahead", "said"), [(60, "(59|60|61) s behind"), (-7200, "(7199|7200|7201) s ahead of")])
async def test_a_clock_that_differs(office: Office, ahead: float, said: str) -> None:
    """A clock more than two seconds from Slack's fails, with the remedy."""
    office.ahead = ahead
    code, lines = await office.examined()
    assert code == 1
    (fault,) = [line for line in lines if line.startswith("FAIL")]
    line = rf"FAIL  slack: clock: {said} Slack's - let this machine set its clock over the network \(NTP\)"
    assert re.fullmatch(line, fault)


async def test_a_slack_that_does_not_answer(office: Office) -> None:
    """It is said for each token, and where to look; exit 1."""
    code, lines = await office.examined(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert code == 1
    assert [line.partition(" (")[0] for line in lines] == [
        "FAIL  slack: SLACK_APP_TOKEN: Slack does not answer",
        "FAIL  slack: SLACK_BOT_TOKEN: Slack does not answer",
    ]


@pytest.mark.parametrize(("secret", "code"), [("", 0), ("wrong", 1)])
async def test_what_several_workspaces_take(office: Office, secret: str, code: int) -> None:
    """Client id and secret are looked at without installing anything."""
    over_http = {"SLACK_APP_TOKEN": "", "SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "s", "HTTP_PORT": "8080"}
    client = {"SLACK_CLIENT_ID": office.server.client_id, "SLACK_CLIENT_SECRET": secret or office.server.client_secret}
    found, lines = await office.examined(**over_http, **client)
    assert found == code
    said = "accepted" if not code else "Slack does not accept it (bad_client_secret)"
    assert f"slack: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET: {said}" in lines[-2]


async def test_a_variable_that_is_missing(office: Office) -> None:
    """One token alone is named as a fault; without any, Slack is off."""
    code, lines = await office.examined(SLACK_APP_TOKEN="")
    assert (code, lines[0].startswith("FAIL  tokens - SLACK_APP_TOKEN is not set")) == (1, True)
    assert (await office.examined(SLACK_APP_TOKEN="", SLACK_BOT_TOKEN=""))[1][0] == (
        "ok    slack: off, SLACK_BOT_TOKEN is not set"
    )
