"""Slack over HTTP: its requests to the bot's own address (https://docs.slack.dev/apis/events-api/using-http-request-urls)."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier
from yarl import URL

from bot.adapters.slack.errands import Errands
from bot.adapters.slack.listeners import ARRIVED
from bot.core.crowd import Room
from bot.core.meter import Failure
from bot.core.ports import Quiz

log = logging.getLogger(__name__)

REMEMBERED = 3600.0
"""Seconds for which a delivery is remembered: Slack repeats one for minutes, and a signature is good for five."""

MOST = 100_000
"""Deliveries remembered at a time."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Who deals with requests; ``flow`` installs the app in another workspace."""

    app: AsyncApp
    errands: Errands
    quiz: Quiz
    flow: AsyncOAuthFlow | None = None


class Web:
    """The addresses at which Slack reaches the bot. While nobody listens, Slack is told to come again."""

    def __init__(self, signing_secret: str, *, installs: bool) -> None:
        self._secret = signing_secret
        self._installs = installs
        self._recent = Recent()
        self._listening: Listening | None = None

    @contextmanager
    def listens(self, listening: Listening) -> Iterator[None]:
        """Let requests be dealt with inside."""
        self._listening = listening
        try:
            yield
        finally:
            self._listening = None

    def routes(self) -> list[web.RouteDef]:
        """The addresses, for whoever has the server."""
        pages = [web.get("/slack/install", self._install), web.get("/slack/oauth_redirect", self._redirect)]
        return [web.post("/slack/events", self._events), *(pages if self._installs else [])]

    async def _events(self, request: web.Request) -> web.Response:
        """Commands, presses, forms and events. What was not signed by Slack, or is old, has no effect; nor has what
        Slack (or somebody who listened) delivers once more."""
        listening, arrived = self._present(), time.perf_counter()
        if listening.quiz.crowd.room() is Room.NOTHING:
            listening.quiz.meter.failed(Failure.CROWDED)
            raise web.HTTPServiceUnavailable
        body = await request.read()
        if not _signed_by_slack(self._secret, body, request.headers, _now(listening.quiz)):
            log.warning("a request to /slack/events is refused: it is not signed by Slack, or too old")
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        event = await _event(request)
        if event is None:
            log.warning("a request to /slack/events is refused: it is signed, but nothing that Slack sends")
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        delivery = _delivery(event, body)
        if not self._recent.is_first(delivery):
            retry = request.headers.get("X-Slack-Retry-Num", "no retry of Slack's")
            log.info("a delivery came again (%s) and is not carried out again", retry)
            return web.Response()
        event.context[ARRIVED] = arrived
        response = await listening.app.async_dispatch(event)
        if response.status != HTTPStatus.OK:
            self._recent.forget(delivery)
        return await to_aiohttp_response(response)

    async def _install(self, request: web.Request) -> web.Response:
        return await self._installing(request, lambda flow: flow.handle_installation)

    async def _redirect(self, request: web.Request) -> web.Response:
        return await self._installing(request, lambda flow: flow.handle_callback)

    async def _installing(
        self,
        request: web.Request,
        step: Callable[[AsyncOAuthFlow], Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]],
    ) -> web.Response:
        listening = self._present()
        if listening.flow is None:
            raise web.HTTPNotFound
        with listening.errands:
            return await to_aiohttp_response(await step(listening.flow)(await to_bolt_request(request)))

    def _present(self) -> Listening:
        if self._listening is None:
            raise web.HTTPServiceUnavailable
        return self._listening


class Recent:
    """What was delivered lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_first(self, delivery: str) -> bool:
        """Whether this one is new; from now on it is not."""
        now = self._clock()
        while self._seen and (len(self._seen) >= MOST or next(iter(self._seen.values())) < now - REMEMBERED):
            self._seen.popitem(last=False)
        new = delivery not in self._seen
        self._seen.setdefault(delivery, now)
        return new

    def forget(self, delivery: str) -> None:
        """It had no effect, and may come again."""
        self._seen.pop(delivery, None)


def _now(quiz: Quiz) -> Callable[[], float]:
    return lambda: quiz.now().timestamp()


class _Time(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def _signed_by_slack(secret: str, body: bytes, headers: Mapping[str, str], now: Callable[[], float]) -> bool:
    """Whether Slack signed it within the last five minutes
    (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    try:
        return SignatureVerifier(secret, _Time(now)).is_valid_request(body, dict(headers))
    except (TypeError, ValueError):  # a signature or a body that is no text, a timestamp that is no number
        return False


async def _event(request: web.Request) -> AsyncBoltRequest | None:
    """The request as bolt reads it, which takes for granted that Slack made it; None where it cannot be read."""
    try:
        event = _interaction(await request.text()) or await to_bolt_request(request)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return event if event.body else None


def _interaction(text: str) -> AsyncBoltRequest | None:
    """What is in a form's one field, as Slack sends interactions; None where the text is no such form.

    Bolt decodes the form with urllib, which takes longer than all else that bolt does with a click.
    """
    if not text.startswith("payload="):
        return None
    payload = URL.build(query_string=text, encoded=True).query["payload"]
    return AsyncBoltRequest(body=payload, headers={"content-type": "application/json"})


def _delivery(event: AsyncBoltRequest, body: bytes) -> str:
    """What is the same when Slack repeats a delivery: an event's id, else the whole request."""
    return str(event.body.get("event_id") or hashlib.sha256(body).hexdigest())
