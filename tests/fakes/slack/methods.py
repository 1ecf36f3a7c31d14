"""The table of Web API methods, and what each looks up first: scopes, channel, user."""

from collections.abc import Callable
from dataclasses import dataclass

from .blocks import Json
from .model import Call, Channel, User, Workspace
from .world import Refusal, World

Act = Callable[[World, Call], Json]


@dataclass(frozen=True)
class Method:
    """One method: what it does, the scopes of which it needs one, and the kind of token it takes."""

    act: Act
    scopes: tuple[str, ...]
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, token: str = "bot") -> Callable[[Act], Act]:
    """Enter a function into the table; `token` is bot, app or none."""

    def enter(act: Act) -> Act:
        METHODS[name] = Method(act, scopes, token)
        return act

    return enter


def any_kind(permission: str) -> tuple[str, ...]:
    """The scope of a permission for each kind of conversation, as in channels:history."""
    return tuple(f"{kind}:{permission}" for kind in ("channels", "groups", "im", "mpim"))


def workspace_of(call: Call) -> Workspace:
    """The workspace whose token was used."""
    if call.workspace is None:
        raise Refusal("not_authed")
    return call.workspace


def need(workspace: Workspace, *scopes: str) -> None:
    """One of these scopes must have been granted (https://docs.slack.dev/reference/scopes)."""
    if scopes and not workspace.scopes & set(scopes):
        raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(sorted(workspace.scopes)))


def flag(value: object) -> bool:
    """A boolean argument, which form bodies carry as 1 or true."""
    return value in (True, 1, "1", "true", "True")


def channel_of(call: Call, key: str = "channel") -> Channel:
    """The channel named; one the bot cannot know of (another workspace's, a private one without it) is not found."""
    found = workspace_of(call).channels.get(str(call.args.get(key, "")))
    if found is None or (found.private and not found.bot_in):
        raise Refusal("channel_not_found")
    return found


def writable(call: Call) -> Channel:
    """The channel named, if it is not archived and the bot may write there: as a member, or with chat:write.public."""
    channel = channel_of(call)
    if channel.archived:
        raise Refusal("is_archived")
    if not channel.bot_in and "chat:write.public" not in channel.workspace.scopes:
        raise Refusal("not_in_channel")
    return channel


def user_of(call: Call) -> User:
    """The user named, in the caller's own workspace."""
    user = workspace_of(call).users.get(str(call.args.get("user", "")))
    if user is None:
        raise Refusal("user_not_found")
    return user
