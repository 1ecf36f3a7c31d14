"""What members do in Slack: every event is acknowledged, carried out by the core, and answered."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.adapters.slack import forms, render
from bot.adapters.slack.api import Api, Json
from bot.adapters.slack.errands import Errands
from bot.adapters.slack.people import People
from bot.core import commands, typed
from bot.core.messages import Form, Message, refusal
from bot.core.model import Address, Caller, Identity, Workspace
from bot.core.ports import Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

PLATFORM = "slack"

COMMAND = "/quiz"

ANY = re.compile(".*", re.DOTALL)
"""Every button and form is the core's to judge, those of nobody included."""


class Listeners:
    """The bot's side of every interaction."""

    def __init__(self, quiz: Quiz, api: Api, workspace: Workspace, errands: Errands) -> None:
        self._quiz = quiz
        self._api = api
        self._workspace = workspace
        self._people = People(api)
        self._errands = errands

    def register(self, app: AsyncApp) -> None:
        """Let bolt call the listeners."""
        app.command(COMMAND)(self.command)
        app.action(ANY)(self.button)
        app.view(ANY)(self.form)
        app.options(ANY)(self.suggestions)

    async def command(self, ack: AsyncAck, body: Json) -> None:
        """``/quiz`` and words; a repeated delivery has the same trigger."""
        with self._errands:
            await ack()
            user = {"id": body["user_id"], "name": body["user_name"]}
            caller = await self._caller(user, body["channel_id"], body["trigger_id"])
            said = await commands.call_words(self._quiz, caller, body.get("text") or "")
            await self._answer(caller, said, body)

    async def button(self, ack: AsyncAck, body: Json) -> None:
        """A press of a button; a repeated delivery has the same timestamp."""
        with self._errands:
            await ack()
            action, user = body["actions"][0], body["user"]
            channel = (body.get("channel") or user)["id"]
            caller = await self._caller(user, channel, f"{action['action_ts']} {user['id']}")
            said = await commands.press(self._quiz, caller, action["action_id"])
            await self._answer(caller, said, body)

    async def form(self, ack: AsyncAck, body: Json) -> None:
        """A form that was sent; a repeated delivery has the same view and hash.

        What is wrong with a field goes into the acknowledgement, and Slack shows it there.
        """
        with self._errands:
            view, user = body["view"], body["user"]
            channel = view.get("private_metadata") or user["id"]
            caller = await self._caller(user, channel, f"{view['id']} {view.get('hash')}")
            action, values = view["callback_id"], forms.filled_in(view)
            wrong = commands.check_form(self._quiz, caller, action, values)
            if wrong:
                await ack(response_action="errors", errors=forms.complaints(wrong))
                return
            await ack()
            await self._tell(caller, await commands.submit(self._quiz, caller, action, values))

    async def suggestions(self, ack: AsyncAck, body: Json) -> None:
        """Zones for what somebody types into a form."""
        await ack(options=forms.options(typed.zones_like(self._quiz.bank(), body.get("value") or "")))

    async def _caller(self, user: Json, channel: str, delivery: str) -> Caller:
        person = await self._people.person(user["id"], user.get("name") or user["id"])
        return Caller(
            identity=Identity(PLATFORM, self._workspace.id, user["id"]),
            name=person.name,
            address=Address(PLATFORM, channel),
            workspace=self._workspace,
            manages=person.manages,
            delivery=delivery,
            language=person.language,
        )

    async def _answer(self, caller: Caller, said: Message | Form, body: Json) -> None:
        if isinstance(said, Message):
            await self._tell(caller, said, body.get("response_url"))
            return
        try:
            await self._api.open_form(body["trigger_id"], forms.view(said, caller.address.id))
        except (Unavailable, Refused) as error:
            log.warning("a form in %s was not shown: %s", caller.address, error)
            await self._tell(caller, Message((refusal.failed("Slack"),)), body.get("response_url"))

    async def _tell(self, caller: Caller, message: Message, url: str | None = None) -> None:
        """Answer the caller where Slack lets it be seen: at the interaction's address, in the channel, in private."""
        content = render.content(message)
        user, channel = caller.identity.user, caller.address.id
        ways: list[Callable[[], Awaitable[object]]] = [
            lambda: self._api.whisper(channel, user, content),
            lambda: self._api.post(user, content),
        ]
        if url is not None:
            ways.insert(0, lambda: self._api.respond(url, content, public=message.public))
        for way in ways:
            try:
                await way()
                return
            except (Unavailable, Refused) as error:
                log.warning("an answer in %s did not go out: %s", caller.address, error)
