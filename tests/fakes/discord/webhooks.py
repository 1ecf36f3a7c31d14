"""Answering interactions: the first response to the callback, everything later through the interaction's webhook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .commands import check_choices
from .interactions import FIRST_RESPONSE_SECONDS, TOKEN_SECONDS, Choice, Interaction, Kind, Reply, open_modal
from .messages import Attachment, Message
from .rest import number_in
from .rules import EPHEMERAL, LOADING, ApiError, Form, check_modal
from .transport import BASE, body_of, files_of, reply
from .world import Json

if TYPE_CHECKING:
    from .server import FakeDiscord

ALLOWED = {
    Reply.MESSAGE: {Kind.COMMAND, Kind.COMPONENT, Kind.MODAL},
    Reply.DEFERRED: {Kind.COMMAND, Kind.COMPONENT, Kind.MODAL},
    Reply.DEFERRED_UPDATE: {Kind.COMPONENT, Kind.MODAL},
    Reply.UPDATE: {Kind.COMPONENT, Kind.MODAL},
    Reply.CHOICES: {Kind.AUTOCOMPLETE},
    Reply.MODAL: {Kind.COMMAND, Kind.COMPONENT},
}
"""Which first response fits which interaction; updates need a message to update as well."""

ON_MESSAGE = {Reply.UPDATE, Reply.DEFERRED_UPDATE}
WEBHOOK = "/webhooks/{application}/{token}"


def webhook_routes(server: FakeDiscord) -> list[web.RouteDef]:
    """The routes that carry an interaction's token."""
    callback, webhook = Callback(server), Webhook(server)
    return [
        web.post(f"{BASE}/interactions/{{interaction}}/{{token}}/callback", callback.respond),
        web.post(f"{BASE}{WEBHOOK}", webhook.follow_up),
        web.get(f"{BASE}{WEBHOOK}/messages/{{message}}", webhook.one),
        web.patch(f"{BASE}{WEBHOOK}/messages/{{message}}", webhook.edit),
        web.delete(f"{BASE}{WEBHOOK}/messages/{{message}}", webhook.delete),
    ]


class Callback:
    """The first response: within 3 s, once."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def respond(self, request: web.Request) -> web.Response:
        """Take the first response; with `with_response` tell what came of it."""
        interaction = self._interaction(request)
        body = body_of(request)
        data = body.get("data") or {}
        kind = _reply_type(body.get("type"), interaction)
        self._carry_out(interaction, kind, data, files_of(request, data))
        interaction.reply, interaction.replied = kind, self._server.clock.now()
        interaction.changes.notify()
        if request.query.get("with_response", "").lower() in ("1", "true"):
            return reply(_callback_payload(interaction, kind))
        return web.Response(status=204)

    def _interaction(self, request: web.Request) -> Interaction:
        """The interaction of the path: 10062 when unknown or more than 3 s old, 40060 when it has its response."""
        interaction = self._server.interactions.get(number_in(request, "interaction"))
        if interaction is None or interaction.token != request.match_info["token"]:
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.reply is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if self._server.clock.now() - interaction.created > FIRST_RESPONSE_SECONDS:
            interaction.too_late = True
            interaction.changes.notify()
            raise ApiError(404, 10062, "Unknown interaction")
        return interaction

    def _carry_out(self, interaction: Interaction, kind: Reply, data: Json, files: list[Attachment]) -> None:
        """Do what the response says."""
        steps: dict[Reply, Callable[[], None]] = {
            Reply.MESSAGE: lambda: self._send(interaction, data, files, 0),
            Reply.DEFERRED: lambda: self._send(interaction, data, [], LOADING),
            Reply.DEFERRED_UPDATE: lambda: self._keep(interaction),
            Reply.UPDATE: lambda: self._update(interaction, data, files),
            Reply.CHOICES: lambda: _suggest(interaction, data),
            Reply.MODAL: lambda: _ask(interaction, data),
        }
        steps[kind]()

    def _send(self, interaction: Interaction, data: Json, files: list[Attachment], flags: int) -> None:
        """Post the response, or the placeholder of one; whether it is ephemeral is fixed now."""
        flags |= data.get("flags") or 0
        interaction.original = self._server.post(
            interaction.channel, self._server.bot, data, files, interaction=interaction, flags=flags
        )
        interaction.ephemeral = interaction.original.ephemeral

    def _keep(self, interaction: Interaction) -> None:
        """Promise an edit of the message that the component is on."""
        interaction.original = interaction.message

    def _update(self, interaction: Interaction, data: Json, files: list[Attachment]) -> None:
        """Edit the message that the component is on; a deleted one is unknown."""
        message = interaction.message
        if message is None or message.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        self._server.edit(message, data, files)
        interaction.original = message


class Webhook:
    """What comes after the first response, for 15 minutes."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def follow_up(self, request: web.Request) -> web.Response:
        """Send another message; the first one after a deferral takes the place of its "is thinking"."""
        interaction, body = self._interaction(request), body_of(request)
        files = files_of(request, body)
        original = interaction.original
        if interaction.reply == Reply.DEFERRED and original and original.loading and not original.deleted:
            self._server.edit(original, body, files)
            message = original
        else:
            flags = (body.get("flags") or 0) & ~LOADING
            message = self._server.post(
                interaction.channel, self._server.bot, body, files, interaction=interaction, flags=flags
            )
            interaction.followups.append(message)
        interaction.changes.notify()
        return reply(message.payload())

    async def one(self, request: web.Request) -> web.Response:
        """One of the messages of this interaction."""
        return reply(self._message(request).payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Change one of them."""
        interaction, message, body = self._interaction(request), self._message(request), body_of(request)
        self._server.edit(message, body, files_of(request, body))
        if message is interaction.original:
            interaction.edits += 1
        interaction.changes.notify()
        return reply(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete one of them, an ephemeral one too."""
        interaction, message = self._interaction(request), self._message(request)
        self._server.delete(message)
        interaction.changes.notify()
        return web.Response(status=204)

    def _interaction(self, request: web.Request) -> Interaction:
        """The interaction of the token: 50027 when that has expired, 10015 when unknown or without a first response."""
        token = request.match_info["token"]
        interaction = self._server.by_token.get(token)
        if interaction is None or number_in(request, "application") != self._server.bot.id:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self._server.clock.now() - interaction.created > TOKEN_SECONDS:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.reply is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return interaction

    def _message(self, request: web.Request) -> Message:
        """The message of the path, `@original` being that of the first response."""
        interaction, wanted = self._interaction(request), request.match_info["message"]
        mine = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        if wanted == "@original":
            mine, wanted = [interaction.original] if interaction.original else [], ""
        message = next((message for message in mine if wanted in ("", str(message.id))), None)
        if message is None or message.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return message


def _reply_type(value: Any, interaction: Interaction) -> Reply:
    """The type of a response, if it fits the interaction."""
    form = Form()
    if value not in list(Reply) or interaction.kind not in ALLOWED[Reply(value)]:
        form.fault("type", "INTERACTION_RESPONSE_TYPE_INVALID", f"{value} does not answer {interaction.kind.name}")
    elif Reply(value) in ON_MESSAGE and interaction.message is None:
        form.fault("type", "INTERACTION_RESPONSE_TYPE_INVALID", "there is no message to update")
    form.refuse()
    return Reply(value)


def _suggest(interaction: Interaction, data: Json) -> None:
    """Show the suggestions of an autocomplete."""
    form = Form()
    check_choices(form, "data.choices", data.get("choices"))
    form.refuse()
    interaction.choices = [Choice(choice["name"], choice["value"]) for choice in data.get("choices") or []]


def _ask(interaction: Interaction, data: Json) -> None:
    """Open a form."""
    check_modal(data)
    interaction.modal = open_modal(data, interaction)


def _callback_payload(interaction: Interaction, kind: Reply) -> Json:
    """The interaction callback response object."""
    told: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    resource: Json = {"type": int(kind)}
    if message := interaction.original:
        told |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        resource["message"] = message.payload()
    return {"interaction": told, "resource": resource}
