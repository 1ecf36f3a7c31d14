"""The REST routes that a bot calls with its own token: application, commands, guilds, channels and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from .commands import check_commands
from .messages import Message
from .rules import EPHEMERAL, ApiError
from .transport import BASE, body_of, files_of, reply
from .world import Channel, Guild, Json, Permission

if TYPE_CHECKING:
    from .server import FakeDiscord

NONCE_SECONDS = 180.0
"""How long a nonce is remembered; Discord says "a few minutes"."""

COMMANDS = "/applications/{application}/commands"
GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"
MESSAGES = "/channels/{channel}/messages"


def routes(server: FakeDiscord) -> list[web.RouteDef]:
    """All of them."""
    about, commands, messages = About(server), Commands(server), Messages(server)
    table = [
        ("GET", "/gateway", about.gateway),
        ("GET", "/gateway/bot", about.gateway),
        ("GET", "/applications/@me", about.application),
        ("GET", "/oauth2/applications/@me", about.application),
        ("GET", "/users/@me", about.me),
        ("GET", "/users/@me/guilds", about.my_guilds),
        ("POST", "/users/@me/channels", about.open_direct_channel),
        ("GET", "/users/{user}", about.user),
        ("GET", "/guilds/{guild}", about.guild),
        ("GET", "/guilds/{guild}/channels", about.guild_channels),
        ("GET", "/guilds/{guild}/roles", about.guild_roles),
        ("GET", "/guilds/{guild}/members/{user}", about.guild_member),
        ("GET", "/channels/{channel}", about.channel),
        ("POST", "/channels/{channel}/typing", about.typing),
        ("GET", MESSAGES, messages.history),
        ("POST", MESSAGES, messages.create),
        ("GET", MESSAGES + "/{message}", messages.one),
        ("PATCH", MESSAGES + "/{message}", messages.edit),
        ("DELETE", MESSAGES + "/{message}", messages.delete),
    ]
    for path in (COMMANDS, GUILD_COMMANDS):
        table += [
            ("GET", path, commands.all),
            ("PUT", path, commands.replace),
            ("POST", path, commands.create),
            ("GET", path + "/{command}", commands.one),
            ("PATCH", path + "/{command}", commands.change),
            ("DELETE", path + "/{command}", commands.delete),
        ]
    return [web.route(method, BASE + path, handler) for method, path, handler in table]


def number_in(request: web.Request, name: str) -> int:
    """The snowflake in the path, or the form error that Discord gives for anything else."""
    text = request.match_info[name]
    if not text.isdecimal():
        raise ApiError(400, 50035, f"Invalid Form Body: {name}: Value {text!r} is not snowflake.")
    return int(text)


class About:
    """Reading what there is."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def gateway(self, request: web.Request) -> web.Response:
        """Where the gateway is, and how many shards are recommended."""
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return reply({"url": self._server.gateway.url, "shards": self._server.shards, "session_start_limit": limit})

    async def application(self, request: web.Request) -> web.Response:
        """The bot's application."""
        bot = self._server.bot
        application: Json = {
            "id": str(bot.id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "team": None,
            "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None},
        }
        return reply(application)

    async def me(self, request: web.Request) -> web.Response:
        """The bot's user."""
        return reply(self._server.bot.payload())

    async def my_guilds(self, request: web.Request) -> web.Response:
        """The guilds the bot is in."""
        guilds = self._server.guilds.values()
        rights: Json = {"owner": False, "icon": None, "features": []}
        return reply(
            [rights | {"id": str(g.id), "name": g.name, "permissions": str(int(g.bot.permissions))} for g in guilds]
        )

    async def user(self, request: web.Request) -> web.Response:
        """Any user."""
        user = self._server.users.get(number_in(request, "user"))
        if user is None:
            raise ApiError(404, 10013, "Unknown User")
        return reply(user.payload())

    async def guild(self, request: web.Request) -> web.Response:
        """A guild."""
        return reply(self._guild(request).payload())

    async def guild_channels(self, request: web.Request) -> web.Response:
        """The channels of a guild."""
        return reply([channel.payload() for channel in self._guild(request).channels.values()])

    async def guild_roles(self, request: web.Request) -> web.Response:
        """The roles of a guild."""
        return reply(self._guild(request).payload()["roles"])

    async def guild_member(self, request: web.Request) -> web.Response:
        """A member of a guild."""
        member = self._guild(request).members.get(number_in(request, "user"))
        if member is None:
            raise ApiError(404, 10007, "Unknown Member")
        return reply(member.payload())

    async def channel(self, request: web.Request) -> web.Response:
        """A channel."""
        return reply(visible_channel(self._server, request).payload())

    async def typing(self, request: web.Request) -> web.Response:
        """The typing indicator."""
        require(visible_channel(self._server, request), Permission.SEND_MESSAGES)
        return web.Response(status=204)

    async def open_direct_channel(self, request: web.Request) -> web.Response:
        """The direct messages with a user."""
        user = self._server.users.get(int(body_of(request)["recipient_id"]))
        if user is None:
            raise ApiError(404, 10013, "Unknown User")
        return reply(self._server.direct_channel(user).payload())

    def _guild(self, request: web.Request) -> Guild:
        """The guild of the path; those the bot is not in are unknown to it."""
        guild = self._server.guilds.get(number_in(request, "guild"))
        if guild is None:
            raise ApiError(404, 10004, "Unknown Guild")
        return guild


class Commands:
    """Registering application commands, globally or in a guild."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def all(self, request: web.Request) -> web.Response:
        """The registered commands."""
        return reply(self._registered(request))

    async def one(self, request: web.Request) -> web.Response:
        """One of them."""
        return reply(self._find(request))

    async def replace(self, request: web.Request) -> web.Response:
        """Replace all of them; a command that keeps its name keeps its id."""
        return reply(self._register(request, body_of(request)))

    async def create(self, request: web.Request) -> web.Response:
        """Add a command, or replace the one of that name."""
        command = body_of(request)
        others = [old for old in self._registered(request) if old["name"] != command.get("name")]
        return reply(self._register(request, [*others, command])[-1], status=201)

    async def change(self, request: web.Request) -> web.Response:
        """Change parts of a command."""
        old = self._find(request)
        changed: Json = old | body_of(request)
        self._register(request, [changed if command is old else command for command in self._registered(request)])
        return reply(changed)

    async def delete(self, request: web.Request) -> web.Response:
        """Remove a command."""
        old = self._find(request)
        self._register(request, [command for command in self._registered(request) if command is not old])
        return web.Response(status=204)

    def _scope(self, request: web.Request) -> int | None:
        """The guild whose commands are meant, None for the global ones."""
        if number_in(request, "application") != self._server.bot.id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        if "guild" not in request.match_info:
            return None
        guild = number_in(request, "guild")
        if guild not in self._server.guilds:
            raise ApiError(403, 50001, "Missing Access")
        return guild

    def _registered(self, request: web.Request) -> list[Json]:
        """The commands that are registered in the scope."""
        return self._server.commands.get(self._scope(request), [])

    def _find(self, request: web.Request) -> Json:
        """The command of the path."""
        wanted = str(number_in(request, "command"))
        command = next((command for command in self._registered(request) if command["id"] == wanted), None)
        if command is None:
            raise ApiError(404, 10063, "Unknown application command")
        return command

    def _register(self, request: web.Request, commands: list[Json]) -> list[Json]:
        """Check and keep the commands of the scope, and count the write."""
        check_commands(commands)
        scope = self._scope(request)
        known = {(old["type"], old["name"]): old["id"] for old in self._server.commands.get(scope, [])}
        self._server.commands[scope] = [self._complete(command, scope, known) for command in commands]
        self._server.command_writes += 1
        self._server.changes.notify()
        return self._server.commands[scope]

    def _complete(self, command: Json, scope: int | None, known: dict[tuple[int, str], str]) -> Json:
        """A command with the keys that Discord adds."""
        kind = command.get("type") or 1
        id = known.get((kind, command["name"])) or str(self._server.snowflakes.next())
        defaults: Json = {"description": "", "options": [], "default_member_permissions": None, "nsfw": False}
        added = {"id": id, "type": kind, "application_id": str(self._server.bot.id), "version": id}
        return defaults | command | added | ({"guild_id": str(scope)} if scope else {})


class Messages:
    """Messages of channels; ephemeral ones are not among them."""

    def __init__(self, server: FakeDiscord) -> None:
        self._server = server

    async def history(self, request: web.Request) -> web.Response:
        """Newest first, at most `limit` (50), `before`, `after` or `around` an id.

        Without READ_MESSAGE_HISTORY there are none.
        """
        channel = visible_channel(self._server, request)
        if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions:
            return reply([])
        return reply([message.payload() for message in _page(channel.messages, request.query)])

    async def one(self, request: web.Request) -> web.Response:
        """One message."""
        channel = visible_channel(self._server, request)
        require(channel, Permission.READ_MESSAGE_HISTORY)
        return reply(self._find(channel, request).payload())

    async def create(self, request: web.Request) -> web.Response:
        """Post. With `enforce_nonce` the same nonce again within minutes returns the message that is there already."""
        channel, body = visible_channel(self._server, request), body_of(request)
        files = files_of(request, body)
        _require_to_post(channel, body, bool(files))
        if body.get("enforce_nonce") and (earlier := self._by_nonce(body.get("nonce"))):
            if earlier.deleted:
                raise ApiError(404, 10008, "Unknown Message")
            return reply(earlier.payload())
        flags = (body.get("flags") or 0) & ~EPHEMERAL
        return reply(self._server.post(channel, self._server.bot, body, files, flags=flags).payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Change a message of one's own."""
        channel, body = visible_channel(self._server, request), body_of(request)
        message = self._find(channel, request)
        if message.author is not self._server.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        self._server.edit(message, body, files_of(request, body))
        return reply(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message of one's own, or with MANAGE_MESSAGES anybody's."""
        channel = visible_channel(self._server, request)
        message = self._find(channel, request)
        if message.author is not self._server.bot:
            require(channel, Permission.MANAGE_MESSAGES)
        self._server.delete(message)
        return web.Response(status=204)

    def _find(self, channel: Channel, request: web.Request) -> Message:
        """The message of the path, if it is in the channel's history."""
        message = channel.history.get(number_in(request, "message"))
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def _by_nonce(self, nonce: str | int | None) -> Message | None:
        """The bot's message of the last minutes with that nonce."""
        message = self._server.by_nonce.get(str(nonce))
        recent = message is not None and self._server.clock.now() - message.created < NONCE_SECONDS
        return message if recent else None


def visible_channel(server: FakeDiscord, request: web.Request) -> Channel:
    """The channel of the path: 10003 where there is none, 50001 where the bot may not see it."""
    channel = server.channels.get(number_in(request, "channel"))
    if channel is None:
        raise ApiError(404, 10003, "Unknown Channel")
    if Permission.VIEW_CHANNEL not in channel.bot_permissions:
        raise ApiError(403, 50001, "Missing Access")
    return channel


def require(channel: Channel, needed: Permission) -> None:
    """Refuse (50013) unless the bot has these permissions in the channel."""
    if needed & ~channel.bot_permissions:
        raise ApiError(403, 50013, "Missing Permissions")


def _require_to_post(channel: Channel, body: Json, files: bool) -> None:
    """A post needs a permission for itself, one for embeds and one for files."""
    needed = Permission.SEND_MESSAGES
    needed |= Permission.EMBED_LINKS if body.get("embeds") else Permission.NONE
    needed |= Permission.ATTACH_FILES if files else Permission.NONE
    require(channel, needed)


def _page(messages: list[Message], query: Mapping[str, str]) -> list[Message]:
    """The part of a history that a query asks for, newest first."""
    limit = int(query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise ApiError(400, 50035, "Invalid Form Body: limit: int value should be between 1 and 100.")
    if "around" in query:
        return _around(messages, int(query["around"]), limit)
    if "after" in query:
        return [message for message in messages if message.id > int(query["after"])][:limit][::-1]
    if "before" in query:
        messages = [message for message in messages if message.id < int(query["before"])]
    return messages[-limit:][::-1]


def _around(messages: list[Message], middle: int, limit: int) -> list[Message]:
    """Up to `limit` messages, half of them before and half after the one in the middle, newest first."""
    before = [message for message in messages if message.id < middle]
    rest = [message for message in messages if message.id >= middle]
    half = limit // 2
    return [*before[len(before) - min(half, len(before)) :], *rest[: limit - half]][::-1]
