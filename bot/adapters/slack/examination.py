"""What ``quizbot doctor`` finds about Slack: tokens, clock, scopes, channels. Nothing is posted."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.api import Api
from bot.adapters.slack.errors import REASONS, error_name
from bot.adapters.slack.oauth import OAuth
from bot.adapters.slack.scopes import SCOPES, granted
from bot.core.model import Address
from bot.core.ports import Finding

DRIFT = 2.0
"""Seconds by which this machine's clock may differ from Slack's."""

FAILURES = (SlackApiError, ClientError, TimeoutError, OSError)

COPY_BOT = "copy the Bot User OAuth Token (xoxb-...) from OAuth & Permissions of the Slack app"
MAKE_APP = "make an app-level token (xapp-...) with the scope connections:write, under Basic Information of the app"
COPY_CLIENT = "copy both from App Credentials, under Basic Information of the Slack app"
SCOPE = "add it under OAuth & Permissions of the Slack app, and install the app again"
CLOCK = "let this machine set its clock over the network (NTP)"
NETWORK = "see whether this machine reaches the address in SLACK_API_URL"

REMEDIES = {
    "channel_not_found": "look at its id in quizbot.yaml; in a private channel, write /invite @quizbot",
    "not_in_channel": "write /invite @quizbot in it",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What the configuration has for Slack; empty where it is not set."""

    bot_token: str
    app_token: str
    oauth: OAuth | None


async def examine(api: Callable[[str | None], Api], keys: Keys, channels: Sequence[Address]) -> AsyncIterator[Finding]:
    """Look at one thing after the other."""
    if keys.app_token:
        yield await _app_token(api(None), keys.app_token)
    if keys.oauth:
        yield await _client(api(None), keys.oauth)
    if keys.bot_token:
        async for finding in _workspace(api(keys.bot_token), channels):
            yield finding
    else:
        for address in channels:
            yield Finding(True, f"{address}: not looked at, only the running bot knows its workspace")


async def _app_token(api: Api, token: str) -> Finding:
    try:
        await api.client.apps_connections_open(app_token=token)
    except FAILURES as error:
        return _failure("SLACK_APP_TOKEN", error, MAKE_APP)
    return Finding(True, "SLACK_APP_TOKEN: accepted")


async def _client(api: Api, oauth: OAuth) -> Finding:
    """Slack looks at the credentials before it looks at the code of an installation."""
    what = "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"
    try:
        await api.client.oauth_v2_access(client_id=oauth.client_id, client_secret=oauth.client_secret, code="none")
    except FAILURES as error:
        if not isinstance(error, SlackApiError) or error_name(error) != "invalid_code":
            return _failure(what, error, COPY_CLIENT)
    return Finding(True, f"{what}: accepted")


async def _workspace(api: Api, channels: Sequence[Address]) -> AsyncIterator[Finding]:
    """The workspace of the bot token."""
    before = time.time()
    try:
        who = await api.client.auth_test()
    except FAILURES as error:
        yield _failure("SLACK_BOT_TOKEN", error, COPY_BOT)
        return
    yield Finding(True, f"SLACK_BOT_TOKEN: {who['user']} in {who['team']} ({who['team_id']})")
    headers = {name.lower(): value for name, value in who.headers.items()}
    if "date" in headers:
        yield _clock(parsedate_to_datetime(headers["date"]).timestamp(), before, time.time())
    for finding in _scopes(granted(headers)):
        yield finding
    for address in channels:
        yield await _channel(api, address)


def _failure(what: str, error: Exception, remedy: str) -> Finding:
    if isinstance(error, SlackApiError) and error_name(error):
        return Finding(False, f"{what}: Slack does not accept it ({error_name(error)})", remedy)
    return Finding(False, f"{what}: Slack does not answer ({type(error).__name__})", NETWORK)


def _clock(second: float, before: float, after: float) -> Finding:
    """``second`` is when Slack answered, without its fraction; the request lasted from ``before`` to ``after``."""
    ahead, behind = before - (second + 1), second - after
    if max(ahead, behind) <= DRIFT:
        return Finding(True, "clock: as Slack's")
    differs = f"{ahead:.0f} s ahead of" if ahead > behind else f"{behind:.0f} s behind"
    return Finding(False, f"clock: {differs} Slack's", CLOCK)


def _scopes(granted: Collection[str]) -> Iterator[Finding]:
    missing = [scope for scope in SCOPES if scope not in granted]
    for scope in missing:
        yield Finding(False, f"scope {scope} is missing: {SCOPES[scope]}", SCOPE)
    if not missing:
        yield Finding(True, f"scopes: {', '.join(SCOPES)}")


async def _channel(api: Api, address: Address) -> Finding:
    """Whether the bot is in a channel: whoever may read there may post there, unless a setting keeps them from it."""
    try:
        await api.client.conversations_history(channel=address.id, limit=1)
    except FAILURES as error:
        name = error_name(error) if isinstance(error, SlackApiError) else ""
        if name == "missing_scope":
            return Finding(True, f"{address}: not looked at, for want of a history scope")
        if name in REASONS:
            return Finding(False, f"{address}: I cannot post there: {REASONS[name]}", REMEDIES.get(name, ""))
        return _failure(str(address), error, NETWORK)
    return Finding(True, f"{address}: the bot is in it")
