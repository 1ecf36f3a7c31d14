"""chat.*, conversations.*."""

from typing import Any

from . import rules
from .blocks import Json
from .methods import any_kind, channel_of, flag, method, need, user_of, workspace_of, writable
from .model import Call, Channel, Message
from .world import Refusal, World

METADATA_LIMIT = 16_000


@method("chat.postMessage", "chat:write")
def post_message(world: World, call: Call) -> Json:
    """A new message; a user's id as channel means the direct channel with that user
    (https://docs.slack.dev/reference/methods/chat.postMessage)."""
    user = workspace_of(call).users.get(str(call.args.get("channel", "")))
    channel = world.direct(user) if user else writable(call)
    _check(world, call, rules.TEXT_LIMIT)
    message = world.post(channel, call.args)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


@method("chat.update", "chat:write")
def update(world: World, call: Call) -> Json:
    """Change one's own message (https://docs.slack.dev/reference/methods/chat.update)."""
    message = _message(call)
    _check(world, call, rules.UPDATE_TEXT_LIMIT)
    world.edit(message, call.args)
    return {"channel": message.channel.id, "ts": message.ts, "text": message.text, "message": message.payload()}


@method("chat.delete", "chat:write")
def delete(world: World, call: Call) -> Json:
    """Delete one's own message (https://docs.slack.dev/reference/methods/chat.delete)."""
    message = _message(call)
    world.delete(message)
    return {"channel": message.channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(world: World, call: Call) -> Json:
    """A message for one member of the channel (https://docs.slack.dev/reference/methods/chat.postEphemeral)."""
    channel, user = writable(call), user_of(call)
    if user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    _check(world, call, rules.TEXT_LIMIT)
    return {"message_ts": world.whisper(channel, user, call.args).ts}


@method("conversations.info", *any_kind("read"))
def info(world: World, call: Call) -> Json:
    """What a channel is (https://docs.slack.dev/reference/methods/conversations.info)."""
    return {"channel": _readable(call, "read").payload()}


@method("conversations.members", *any_kind("read"))
def members(world: World, call: Call) -> Json:
    """Who is in a channel, the bot included (https://docs.slack.dev/reference/methods/conversations.members)."""
    channel = _readable(call, "read")
    bot = [channel.workspace.bot_user_id] if channel.bot_in else []
    everyone = sorted(channel.members) + bot
    start, limit = int(call.args.get("cursor") or 0), int(call.args.get("limit") or 100)
    following = str(start + limit) if start + limit < len(everyone) else ""
    return {"members": everyone[start : start + limit], "response_metadata": {"next_cursor": following}}


@method("conversations.open", "im:write")
def open_direct(world: World, call: Call) -> Json:
    """The direct channel with one user (https://docs.slack.dev/reference/methods/conversations.open)."""
    user = workspace_of(call).users.get(str(call.args.get("users", "")))
    if user is None:
        raise Refusal("user_not_found")
    return {"channel": {"id": world.direct(user).id}}


@method("conversations.history", *any_kind("history"))
def history(world: World, call: Call) -> Json:
    """Messages, newest first, without replies in threads and ephemerals; bounds exclusive unless `inclusive`
    (https://docs.slack.dev/reference/methods/conversations.history)."""
    channel = _readable(call, "history")
    if not channel.bot_in:
        raise Refusal("not_in_channel")
    limit = min(int(call.args.get("limit") or 100), 999)
    found = [message for message in reversed(channel.messages) if _within(message, call.args)]
    page = found[:limit]
    more = len(found) > limit
    with_metadata = flag(call.args.get("include_all_metadata"))
    return {
        "messages": [message.payload(with_metadata) for message in page],
        "has_more": more,
        "response_metadata": {"next_cursor": page[-1].ts if more else ""},
    }


def _within(message: Message, args: Json) -> bool:
    """Whether a message lies in the asked part of the history."""
    if message.thread_ts not in (None, message.ts):
        return False
    ts, cursor = float(message.ts), args.get("cursor")
    if cursor and ts >= float(cursor):
        return False
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    return oldest <= ts <= latest if flag(args.get("inclusive")) else oldest < ts < latest


def _readable(call: Call, permission: str) -> Channel:
    """The channel named, if the bot has the scope for its kind."""
    channel = channel_of(call)
    need(channel.workspace, f"{channel.kind}:{permission}")
    return channel


def _message(call: Call) -> Message:
    message = channel_of(call).message(str(call.args.get("ts")))
    if message is None:
        raise Refusal("message_not_found")
    if message.channel.archived:
        raise Refusal("is_archived")
    return message


def _check(world: World, call: Call, limit: int) -> None:
    """Text, blocks and metadata of a message that a method was given."""
    if isinstance(call.args.get("blocks"), str):
        world.refuse(call.method, "invalid_blocks_format", ["blocks is not JSON"])
    world.check_message(call.method, call.args.get("text"), call.args.get("blocks"), limit)
    if call.args.get("metadata") not in (None, {}):
        _check_metadata(world, call.method, call.args["metadata"])


def _check_metadata(world: World, name: str, metadata: Any) -> None:
    """Metadata is an event_type and a flat event_payload (https://docs.slack.dev/messaging/message-metadata)."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        world.refuse(name, "invalid_metadata_format", ["metadata needs event_type and event_payload"])
    if len(str(metadata)) > METADATA_LIMIT:
        world.refuse(name, "metadata_too_large", [f"metadata of {len(str(metadata))} characters"])
