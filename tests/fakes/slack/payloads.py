"""The payloads of commands, interactions and events (https://docs.slack.dev/reference/interaction-payloads)."""

from typing import Any

from .blocks import Json, state_of
from .model import Channel, Message, User, View, Workspace
from .world import World


def slash(world: World, user: User, channel: Channel, command: str, text: str, cause: str) -> Json:
    """A slash command (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
    return {
        "token": world.verification_token,
        "team_id": user.workspace.id,
        "team_domain": user.workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.hook(user, channel, cause),
        "trigger_id": world.trigger(user, cause),
    }


def message_action(world: World, user: User, message: Message, action: Json, entered: Json, cause: str) -> Json:
    """block_actions on a message; Slack leaves the message itself out where it is ephemeral."""
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    payload = _base(world, user, "block_actions", cause) | {
        "container": container,
        "channel": {"id": message.channel.id, "name": message.channel.name},
        "state": {"values": state_of(message.blocks, entered)},
        "response_url": world.hook(user, message.channel, cause, message),
        "actions": [action | {"action_ts": world.stamp()}],
    }
    return payload if message.ephemeral_to else payload | {"message": message.payload()}


def view_action(world: World, user: User, view: View, action: Json, entered: Json, cause: str) -> Json:
    """block_actions in a modal or in the App Home: no channel, no response_url."""
    view.state = state_of(view.blocks, entered) if entered else view.state
    return _base(world, user, "block_actions", cause, view) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view.payload(),
        "state": {"values": view.state},
        "actions": [action | {"action_ts": world.stamp()}],
    }


def submission(world: World, user: User, view: Json, cause: str, opened: View | None = None) -> Json:
    """view_submission; `view` is the whole view object with its state."""
    return _base(world, user, "view_submission", cause, opened) | {"view": view, "response_urls": []}


def closed(world: World, user: User, view: View, cleared: bool) -> Json:
    """view_closed, without a trigger."""
    payload = _base(world, user, "view_closed", "") | {"view": view.payload(), "is_cleared": cleared}
    del payload["trigger_id"]
    return payload


def suggestion(world: World, user: User, where: Message | View, block: Json, element: Json, typed: str) -> Json:
    """block_suggestion: what a member typed into an external menu."""
    payload = _base(world, user, "block_suggestion", "") | {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }
    del payload["trigger_id"]
    if isinstance(where, View):
        return payload | {"view": where.payload(), "container": {"type": "view", "view_id": where.id}}
    return payload | {
        "channel": {"id": where.channel.id, "name": where.channel.name},
        "message": where.payload(),
        "container": {"type": "message", "message_ts": where.ts, "channel_id": where.channel.id},
    }


def event(world: World, workspace: Workspace, inner: dict[str, Any]) -> Json:
    """event_callback around an event (https://docs.slack.dev/apis/events-api#callback-field)."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.id,
        "user_id": workspace.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": world.verification_token,
        "team_id": workspace.id,
        "api_app_id": world.app_id,
        "event": {"event_ts": world.stamp()} | inner,
        "type": "event_callback",
        "event_id": world.fresh("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def _base(world: World, user: User, kind: str, cause: str, view: View | None = None) -> Json:
    """What every interaction carries."""
    workspace = user.workspace
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team or workspace.id},
        "api_app_id": world.app_id,
        "token": world.verification_token,
        "trigger_id": world.trigger(user, cause, view),
        "team": {"id": workspace.id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
