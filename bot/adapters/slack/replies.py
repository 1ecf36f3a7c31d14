"""How an interaction is answered: where it took place, or as near to it as Slack allows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from bot.adapters.slack import forms, render, views
from bot.adapters.slack.api import Api, Json
from bot.adapters.slack.errors import REASONS
from bot.core.messages import Form, Message, refusal
from bot.core.messages import home as wording
from bot.core.model import Caller
from bot.core.ports import Refused, Unavailable

log = logging.getLogger(__name__)

Way = Callable[[], Awaitable[object]]


def place(body: Json) -> str:
    """The channel that an interaction took place in; empty where it was outside of all channels.

    A form remembers the channel that it was opened in.
    """
    channel, view = body.get("channel") or {}, body.get("view") or {}
    return str(body.get("channel_id") or channel.get("id") or view.get("private_metadata") or "")


async def answer(api: Api, caller: Caller, said: Message | Form, body: Json) -> None:
    """Show the caller what was said."""
    if isinstance(said, Form):
        await _show(api, caller, said, body)
    elif said.file:
        await _tell(api, caller, await _sent(api, caller, said), body)
    else:
        await _tell(api, caller, said, body)


async def _show(api: Api, caller: Caller, form: Form, body: Json) -> None:
    on_top = (body.get("view") or {}).get("type") == "modal"
    try:
        await api.open_view(body["trigger_id"], forms.view(form, place(body)), on_top=on_top)
    except (Unavailable, Refused) as error:
        log.warning("a form was not shown: %s", error, extra=caller.ids)
        await _tell(api, caller, Message((refusal.failed("Slack"),)), body)


async def _sent(api: Api, caller: Caller, message: Message) -> Message:
    """Send a message's file as a direct message; what is left to say where the caller is."""
    assert message.file is not None
    try:
        await api.send_file(caller.identity.user, render.content(message), message.file)
    except Refused as error:
        return wording.file_not_sent(str(error))
    except Unavailable as error:
        log.warning("a file did not go out: %s", error, extra=caller.ids)
        return Message((refusal.failed("Slack"),))
    return wording.file_sent(message.file.name)


async def _tell(api: Api, caller: Caller, message: Message, body: Json) -> None:
    for way in _ways(api, caller, message, body):
        try:
            await way()
            return
        except (Unavailable, Refused) as error:
            log.warning("an answer did not go out: %s", error, extra=caller.ids)
            if str(error) in REASONS.values():
                message = replace(message, body=(*message.body, wording.why_here(str(error))))
    await _in_private(api, caller, message)


async def _in_private(api: Api, caller: Caller, message: Message) -> None:
    try:
        await api.tell(caller.identity.user, render.content(message))
    except (Unavailable, Refused) as error:
        log.warning("an answer did not go out at all: %s", error, extra=caller.ids)


def _ways(api: Api, caller: Caller, message: Message, body: Json) -> Iterator[Way]:
    """Where the interaction took place, the nearest first: in its window, at its address, in its channel."""
    channel, content = place(body), render.content(message)
    if "view" in body and not channel:
        yield from _windows(api, message, body)
    if url := body.get("response_url"):
        yield lambda: api.respond(url, content, public=message.public)
    if channel:
        yield lambda: api.whisper(channel, caller.identity.user, content)


def _windows(api: Api, message: Message, body: Json) -> Iterator[Way]:
    """The window that was pressed in, or that the form lay upon; else a new one."""
    view, shown = body["view"], views.window(message)
    beneath = view["id"] if body["type"] == "block_actions" else view.get("previous_view_id")
    if view["type"] == "modal" and beneath:
        yield lambda: api.change_view(beneath, shown)
    yield lambda: api.open_view(body["trigger_id"], shown)
