"""Several Slack workspaces: the real process, which one workspace after the other installs by OAuth."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.adapters.slack.scopes import SCOPES
from tests.e2e.slack_stage import RIGHT, HttpDay, choose, command, home, opened, words
from tests.fakes.slack import Workspace, privately

SETUP = "setup time=09:00 timezone=UTC days=daily reveal=16:30 topics=optimization"


class CompanyDay(HttpDay):
    """A day with two workspaces, in none of which the app is installed at first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, config="")
        self.team = self.server.workspace
        self.other = self.server.add_workspace("T0OTHER", "other")
        self.lounge = self.server.add_channel("lounge", workspace=self.other)
        self.eve = self.server.add_member("eve", workspace=self.other, is_owner=True)
        self.fay = self.server.add_member("fay", workspace=self.other)

    def keys(self) -> dict[str, str]:
        client = {"SLACK_CLIENT_ID": self.server.client_id, "SLACK_CLIENT_SECRET": self.server.client_secret}
        return super().keys() | client | {"SLACK_BOT_TOKEN": ""}

    async def begin(self) -> tuple[str, str]:
        """Open the address of the installation; Slack's page that it leads to, and the browser's cookie."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.address("/slack/install"), allow_redirects=False) as answer,
        ):
            assert answer.status == 302
            return answer.headers["Location"], answer.headers["Set-Cookie"].partition(";")[0]

    async def finish(self, cookie: str, **query: str) -> tuple[int, str]:
        """Come back from Slack's page; the status and what is read then."""
        address = self.address("/slack/oauth_redirect")
        async with (
            aiohttp.ClientSession() as session,
            session.get(address, params=query, headers={"Cookie": cookie}) as answer,
        ):
            return answer.status, await answer.text()

    async def install(self, workspace: Workspace) -> str:
        """Install the app in a workspace; what is read at the end."""
        page, cookie = await self.begin()
        state = parse_qs(urlsplit(page).query)["state"][0]
        status, text = await self.finish(cookie, state=state, code=self.server.oauth_code(workspace))
        assert status == 200
        return text

    def tokens(self, method: str) -> set[str]:
        """The workspaces whose tokens were used for a method."""
        return {call.workspace.id for call in self.server.called(method) if call.workspace}


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[CompanyDay]:
    """A day whose bot has not started yet."""
    day = CompanyDay(tmp_path)
    async with opened(day):
        yield day


async def test_two_workspaces(day: CompanyDay) -> None:
    """Each installs the app, has its own daily question, board and admins, and is served with its own token."""
    await day.start(8, 50)
    page, _ = await day.begin()
    asked = parse_qs(urlsplit(page).query)
    assert page.startswith(f"{day.server.http_url}/oauth/v2/authorize?")
    assert asked["client_id"] == [day.server.client_id]
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert "The quiz bot is installed in team" in await day.install(day.team)
    welcome = day.ann.feed[-1].item
    assert welcome.channel.direct
    assert "Write /invite @quizbot in the channel" in welcome.shown
    assert "The quiz bot is installed in other" in await day.install(day.other)

    assert (await command(day.ann, day, SETUP)).startswith("This channel is set up\n")
    assert (await command(day.eve, day, SETUP, day.lounge)).startswith("This channel is set up\n")
    await command(day.eve, day, "post", day.lounge)
    await day.bot.kill()

    await day.start(8, 59, 58)
    question = await day.new_post()
    await choose(day.bo, question, RIGHT)
    await choose(day.fay, day.lounge.messages[-1], RIGHT)
    assert len(day.lounge.messages) == 1
    assert "fay (you)" in words(await home(day.fay))
    await command(day.ann, day, "reveal")
    await command(day.eve, day, "reveal", day.lounge)
    assert "1 bo 20" in words(day.room.messages[-1])
    assert "fay" not in words(day.room.messages[-1])
    assert "1 fay 20" in words(day.lounge.messages[-1])
    assert day.tokens("chat.postMessage") == day.tokens("chat.update") == {"T0TEAM", "T0OTHER"}
    assert {call.error for call in day.server.calls} == {None}


@pytest.mark.parametrize("told", [True, False], ids=["told", "while the bot was down"])
async def test_a_workspace_that_takes_the_app_out(day: CompanyDay, told: bool) -> None:
    """Its channels are paused with the reason, the others go on; installed again, an admin starts them again."""
    await day.start(8, 50)
    await day.install(day.team)
    await day.install(day.other)
    await command(day.ann, day, SETUP)
    await command(day.eve, day, SETUP, day.lounge)
    if told:
        await day.server.uninstall(day.other)
        await day.logged("paused: the app is not installed")
        await day.bot.kill()
    else:
        await day.bot.kill()
        day.other.revoked = True

    await day.start(8, 59, 58)
    assert day.clock(await day.new_post()) == "09:00"
    await day.logged("paused: the app is not installed")
    assert day.lounge.messages == []
    if told:
        said = (await day.eve.slash("/quiz", "status", day.lounge, until=privately)).text
        assert said.startswith("I am not installed in this workspace any more.")

    day.other.revoked = False
    day.other.bot_token = "xoxb-T0OTHER-new"
    await day.install(day.other)
    paused = await command(day.eve, day, "status", day.lounge)
    assert "Paused: the app is not installed in this workspace any more. /quiz resume starts" in paused
    assert (await command(day.eve, day, "resume", day.lounge)).startswith("The daily question is on again.")
    asked = await day.eve.slash("/quiz", "ask regularization 5m", day.lounge, until=privately)
    assert words(asked.reply).startswith("The question is posted.")


async def test_a_token_that_cannot_be_had(day: CompanyDay) -> None:
    """Where the database does not give the workspace's token, a member is told so, and Slack hears that it arrived."""
    await day.start(8, 50)
    await day.install(day.team)
    await command(day.ann, day, "ask optimization 60m")
    question = day.room.messages[-1]
    await day.bot.kill()
    await day.start(8, 55)
    with closing(sqlite3.connect(day.bot.folder / "quizbot.db")) as database:
        database.execute("ALTER TABLE slack_bots RENAME TO gone")
    told = "That did not work: the database did not answer. Please try again in a minute."
    assert await choose(day.bo, question, RIGHT) == told
    assert await command(day.bo, day, "help") == told
    assert day.server.courier.missed == []
    with closing(sqlite3.connect(day.bot.folder / "quizbot.db")) as database:
        database.execute("ALTER TABLE gone RENAME TO slack_bots")
    assert (await choose(day.bo, question, RIGHT)).startswith("Right")


async def test_an_installation_that_nobody_began(day: CompanyDay) -> None:
    """Without the state that was given to this browser, with a used one or a wrong code, nothing is installed."""
    await day.start(10)
    page, cookie = await day.begin()
    state = parse_qs(urlsplit(page).query)["state"][0]
    code = day.server.oauth_code(day.team)
    for status, query, browser in (
        (400, {"code": code}, cookie),
        (400, {"code": code, "state": "made-up"}, cookie),
        (400, {"code": code, "state": state}, "slack-app-oauth-state=other"),
        (401, {"code": "made-up", "state": state}, cookie),
        (401, {"code": code, "state": state}, cookie),
        (200, {"error": "access_denied"}, cookie),
    ):
        answer, text = await day.finish(browser, **query)
        assert answer == status
        assert "The quiz bot is not installed" in text
    said = (await day.ann.slash("/quiz", "help", day.room, until=privately)).text
    assert said.startswith("I am not installed in this workspace any more.")
    assert day.server.called("chat.postMessage") == []


async def test_a_channel_is_chosen_in_ones_own_workspace(day: CompanyDay) -> None:
    """An admin chooses a channel on the bot's page; one of another workspace cannot be named."""
    await day.start(10)
    await day.install(day.team)
    await day.install(day.other)
    page = await home(day.eve)
    form = (await day.eve.choose(page, "setup", day.lounge.id, until=privately)).view
    done = (await day.eve.submit(form, until=lambda seen: seen.views)).view
    assert "This channel is set up" in words(done)
    refused = (await day.eve.choose(page, "setup", day.room.id, until=privately)).view
    assert "I cannot post in this channel: I do not know yet in which workspace it is" in words(refused)
    await command(day.ann, day, "status")
    refused = (await day.eve.choose(page, "setup", day.room.id, until=privately)).view
    assert "nothing was recorded" in words(refused)
    assert "This channel has no daily question" in await command(day.ann, day, "status")
