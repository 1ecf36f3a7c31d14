"""What members do in Slack: every event is acknowledged, carried out by the core, and answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import perf_counter

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.adapters.slack import forms, render, replies, views
from bot.adapters.slack.api import Api, Json
from bot.adapters.slack.errands import Errands
from bot.adapters.slack.errors import NOT_INSTALLED
from bot.adapters.slack.routing import Routing
from bot.adapters.slack.text import typed_words
from bot.adapters.slack.workspaces import PLATFORM, Installed, Workspaces
from bot.core import commands, teams, typed
from bot.core.crowd import Room
from bot.core.messages import Message, refusal, speaking
from bot.core.messages.home import Home, Part
from bot.core.meter import Doing, Failure
from bot.core.model import Address, Caller, Identity, Workspace
from bot.core.ports import Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

COMMAND = "/quiz"

ARRIVED = "arrived"
"""Where the context of an event has when it arrived, by ``perf_counter``."""


class Listeners:
    """The bot's side of every interaction."""

    def __init__(self, quiz: Quiz, workspaces: Workspaces, errands: Errands, api: Api) -> None:
        self._quiz = quiz
        self._workspaces = workspaces
        self._errands = errands
        self._api = api

    def routing(self) -> Routing:
        """Which of them each event is for. Every button and form is the core's to judge, those of nobody included."""
        interactions = {
            COMMAND: self.command,
            "block_actions": self.button,
            "view_submission": self.form,
            "block_suggestion": self.suggestions,
        }
        events = {"app_home_opened": self.home, "app_uninstalled": self.uninstalled, "tokens_revoked": self.revoked}
        return Routing(interactions, events)

    async def command(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """``/quiz`` and words; a repeated delivery has the same trigger."""
        with self._serving(Doing.COMMAND, context) as room:
            if room is not Room.WORK:
                await self._turn_away(room, ack, body, context)
                return
            await ack()
            at = await self._at(context, body)
            if at is None:
                return
            user = {"id": body["user_id"], "name": body["user_name"]}
            caller = await _caller(at, user, replies.place(body), body["trigger_id"])
            said = await commands.call_words(self._quiz, caller, typed_words(body.get("text") or ""))
            with commands.speaking_to(self._quiz, caller):
                await replies.answer(at.api, caller, said, body)

    async def button(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A press of a button, or a choice; a repeated delivery has the same timestamp."""
        with self._serving(Doing.BUTTON, context) as room:
            action, user = body["actions"][0], body["user"]
            if room is not Room.WORK:
                await self._turn_away(room, ack, body, context, _pressed(action))
                return
            await ack()
            at = await self._at(context, body)
            if at is None:
                return
            caller = await _caller(at, user, replies.place(body), f"{action['action_ts']} {user['id']}")
            if chosen := action.get("selected_conversation"):
                await self._workspaces.look_for(Address(PLATFORM, chosen), at.workspace.id)
            said = await commands.press(self._quiz, caller, _pressed(action))
            with commands.speaking_to(self._quiz, caller):
                await replies.answer(at.api, caller, said, body)

    async def form(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A form that was sent; a repeated delivery has the same view and hash.

        What is wrong with a field goes into the acknowledgement, and Slack shows it there.
        """
        with self._serving(Doing.FORM, context) as room:
            view, user = body["view"], body["user"]
            if room is not Room.WORK:
                return  # unacknowledged, Slack tells them, and the form keeps what they wrote
            at = await self._at(context, body)
            if at is None:
                return
            caller = await _caller(at, user, replies.place(body), f"{view['id']} {view.get('hash')}")
            action, values = view["callback_id"], forms.filled_in(view)
            wrong = commands.check_form(self._quiz, caller, action, values)
            if wrong:
                await ack(response_action="errors", errors=forms.complaints(wrong))
                return
            await ack()
            said = await commands.submit(self._quiz, caller, action, values)
            with commands.speaking_to(self._quiz, caller):
                await replies.answer(at.api, caller, said, body)

    async def suggestions(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """Zones for what somebody types into a form."""
        with self._serving(Doing.SUGGESTION, context):
            await ack(options=forms.options(typed.zones_like(self._quiz.bank(), body.get("value") or "")))

    async def home(self, ack: AsyncAck, event: Json, context: AsyncBoltContext) -> None:
        """Somebody opened the app: their page is made anew."""
        if event.get("tab") != "home":
            return
        with self._serving(Doing.PAGE, context) as room:
            if room is not Room.WORK:
                return
            at = await self._at(context, event)
            if at is None:
                return
            caller = await _caller(at, {"id": event["user"], "name": ""}, "", str(event.get("event_ts")))
            if not caller.name:
                log.warning("the page of %s is not shown: Slack does not tell who that is", caller.identity.user)
                return
            page = await commands.home(self._quiz, caller)
            with commands.speaking_to(self._quiz, caller):
                view = views.home(Home((Part(page),)) if isinstance(page, Message) else page)
            try:
                await at.api.publish(caller.identity.user, view)
            except (Unavailable, Refused) as error:
                log.warning("the page of %s is not shown: %s", caller.identity.user, error)

    async def uninstalled(self, ack: AsyncAck, event: Json, context: AsyncBoltContext) -> None:
        """The app was taken out of a workspace: nothing can be posted there any more."""
        with self._errands:
            workspace = Workspace(PLATFORM, context.team_id or "")
            await self._workspaces.forget(workspace.id)
            await teams.depart(self._quiz, workspace, NOT_INSTALLED)

    async def revoked(self, ack: AsyncAck, event: Json, context: AsyncBoltContext) -> None:
        """Tokens became invalid; the bot has but its own."""
        if (event.get("tokens") or {}).get("bot"):
            await self.uninstalled(ack, event, context)

    async def _turn_away(
        self, room: Room, ack: AsyncAck, body: Json, context: AsyncBoltContext, action: str = ""
    ) -> None:
        """Say that nothing was done. Where there is no room for that either, or no address to say it at, Slack says so
        where nothing is acknowledged."""
        url = body.get("response_url")
        if room is Room.NOTHING or not url:
            self._quiz.meter.failed(Failure.CROWDED)
            return
        await ack()
        at = await self._at(context, body)
        if at is None:
            return
        with speaking(self._quiz.languages.get(at.people.language(context.user_id or ""))):
            said = render.content(commands.turned_away(self._quiz, action))
        try:
            await at.api.respond(url, said, public=False)
        except (Unavailable, Refused) as error:
            log.warning("an answer did not go out: %s", error)

    @contextmanager
    def _serving(self, doing: Doing, context: AsyncBoltContext) -> Iterator[Room]:
        """An errand, if there is room for it, and how long after the event's arrival it is done."""
        with self._errands, self._quiz.crowd.joined(perf_counter() - context[ARRIVED]) as room:
            yield room
            if room is Room.WORK:
                self._quiz.meter.replied(PLATFORM, doing, perf_counter() - context[ARRIVED])

    async def _at(self, context: AsyncBoltContext, body: Json) -> Installed | None:
        """The workspace that something happened in; None where its token cannot be had now, which whoever did it is
        told at the one address that takes no token."""
        try:
            return await self._workspaces.called(context.team_id or "")
        except Unavailable as error:
            log.warning("something in %s is not carried out: %s", context.team_id, error)
        if url := body.get("response_url"):
            with suppress(Unavailable, Refused):
                told = Message((refusal.failed("the database"),))
                await self._api.respond(url, render.content(told), public=False)
        return None


async def _caller(at: Installed, user: Json, channel: str, delivery: str) -> Caller:
    """Whoever did it. What is done outside of channels takes place in the workspace as such."""
    person = await at.people.person(user["id"], user.get("name") or "")
    return Caller(
        identity=Identity(PLATFORM, at.workspace.id, user["id"]),
        name=person.name,
        address=Address(PLATFORM, channel or at.workspace.id),
        workspace=replace(at.workspace, timezone=person.timezone),
        manages=person.manages,
        delivery=delivery,
        language=person.language,
    )


def _pressed(action: Json) -> str:
    """What a press asks for; a choice of a channel adds the channel."""
    chosen = action.get("selected_conversation")
    return f"{action['action_id']}:{chosen}" if chosen else str(action["action_id"])
