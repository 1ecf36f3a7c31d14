"""The state of a fake Slack and the few ways in which it changes."""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from . import rules
from .bell import Bell
from .blocks import Json, named
from .mentions import pinged
from .model import Call, Channel, Message, Ping, Sight, User, View, Violation, Workspace

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0
HOOK_USES = 5


class Refusal(Exception):
    """Slack answers `ok: false` with this error name, and further fields where it has them."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.reply: Json = {"ok": False, "error": error, **fields}


@dataclass
class Trigger:
    """Leave to open one view: lives 3 s, serves once (https://docs.slack.dev/interactivity/handling-user-interaction)."""

    user: User
    cause: str
    issued: float
    view: View | None = None
    used: bool = False


@dataclass
class Hook:
    """One response_url: 5 uses within 30 minutes; `message` is the one whose element was clicked, if any was."""

    user: User
    channel: Channel
    cause: str
    issued: float
    message: Message | None = None
    uses: int = 0


class World:
    """Everything a Slack knows. Time comes from `clock` alone, in seconds since the epoch."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.bell = Bell()
        self.http_url = ""
        self.app_id = "A0QUIZ"
        self.app_token = "xapp-1-A0QUIZ-1-fake"
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"
        self.verification_token = "fake-verification-token"
        self.client_id, self.client_secret = "1111.2222", "fake-client-secret"
        self.workspaces: dict[str, Workspace] = {}
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.advice: list[Violation] = []
        self.pings: list[Ping] = []
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.tickets: set[str] = set()
        self.codes: dict[str, Workspace] = {}
        self.files: dict[str, bytes | None] = {}
        self.file_names: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._last_stamp = 0.0

    def fresh(self, prefix: str) -> str:
        """A new identifier, as long as Slack's are."""
        return f"{prefix}{next(self._numbers):010d}"

    def stamp(self) -> str:
        """A message timestamp: unique and growing, in microseconds."""
        self._last_stamp = max(round(self.clock(), 6), self._last_stamp + 0.000001)
        return f"{self._last_stamp:.6f}"

    def breach(self, method: str, error: str, detail: str) -> None:
        """Note that the bot broke a rule."""
        self.violations.append(Violation(method, error, detail))

    def refuse(self, method: str, error: str, faults: Iterable[str]) -> None:
        """Note the faults, if there are any, and answer with Slack's error."""
        found = list(faults)
        for fault in found:
            self.breach(method, error, fault)
        if found:
            raise Refusal(error, response_metadata={"messages": found})

    def check_message(self, method: str, text: Any, blocks: Any, limit: int = rules.TEXT_LIMIT) -> None:
        """A message has text or blocks within Slack's limits (https://docs.slack.dev/reference/methods/chat.postMessage)."""
        if not text and not blocks:
            self.refuse(method, "no_text", ["neither text nor blocks"])
        if text and len(text) > limit:
            self.refuse(method, "msg_too_long", [f"the text has {len(text)} characters, allowed are {limit}"])
        if text and len(text) > 4000:
            self.advice.append(Violation(method, "long_text", f"{len(text)} characters; Slack recommends 4000"))
        if blocks is not None:
            self.refuse(method, "invalid_blocks", rules.faults_of_blocks(blocks))
        if blocks and not text:
            self.breach(method, "missing_fallback", "blocks without a text for notifications and screen readers")

    def post(self, channel: Channel, args: Json, cause: str | None = None, files: Iterable[str] = ()) -> Message:
        """A new message in a channel, before the eyes of its members."""
        message = self._message(channel, args)
        message.metadata, message.thread_ts = args.get("metadata"), args.get("thread_ts")
        message.files = list(files)
        channel.messages.append(message)
        self._show(channel, Sight("post", message, cause))
        return message

    def whisper(self, channel: Channel, user: User, args: Json, cause: str | None = None) -> Message:
        """An ephemeral message: one reader, no place in the history."""
        message = self._message(channel, args)
        message.ephemeral_to = user.id
        user.show(Sight("ephemeral", message, cause))
        self.bell.ring()
        return message

    def edit(self, message: Message, args: Json, cause: str | None = None) -> None:
        """Change a message. Blocks and metadata that are not named stay as they are
        (https://docs.slack.dev/reference/methods/chat.update)."""
        message.text = args.get("text") or ("" if args.get("blocks") else message.text)
        if args.get("blocks") is not None:
            message.blocks = named(args["blocks"], self.fresh)
        if args.get("metadata") is not None:
            message.metadata = args["metadata"] or None
        message.edits += 1
        message.edited_ts = self.stamp()
        self._note_pings(message, args)
        self._reach(message, "edit", cause)

    def delete(self, message: Message, cause: str | None = None) -> None:
        """Take a message away."""
        message.deleted = True
        if message in message.channel.messages:
            message.channel.messages.remove(message)
        self._reach(message, "deletion", cause)

    def trigger(self, user: User, cause: str, view: View | None = None) -> str:
        """A new trigger id for something the user did."""
        trigger_id = f"{self.fresh('')}.{user.workspace.id}.{self.fresh('')}"
        self.triggers[trigger_id] = Trigger(user, cause, self.clock(), view)
        return trigger_id

    def hook(self, user: User, channel: Channel, cause: str, message: Message | None = None) -> str:
        """A new response_url for something the user did in a channel."""
        token = self.fresh("hook")
        self.hooks[token] = Hook(user, channel, cause, self.clock(), message)
        return f"{self.http_url}/response/{user.workspace.id}/{token}"

    def direct(self, user: User) -> Channel:
        """The bot's direct channel with a user, made when it is first needed."""
        channels = user.workspace.channels
        found = next((c for c in channels.values() if c.direct and user.id in c.members), None)
        if found is None:
            found = Channel(self.fresh("D"), "directmessage", user.workspace, {user.id}, direct=True)
            channels[found.id] = found
        return found

    def _message(self, channel: Channel, args: Json) -> Message:
        blocks = named(args.get("blocks") or [], self.fresh)
        message = Message(channel, self.stamp(), args.get("text") or "", blocks)
        self._note_pings(message, args)
        return message

    def _note_pings(self, message: Message, args: Json) -> None:
        loose = args.get("parse") == "full" or bool(args.get("link_names"))
        for target in pinged(message.text, message.blocks, loose):
            self.pings.append(Ping(target, message.channel.id, message.text))

    def _reach(self, message: Message, kind: Any, cause: str | None) -> None:
        """Show a change to those who saw the message; of an ephemeral one that is its reader alone."""
        if message.ephemeral_to is None:
            self._show(message.channel, Sight(kind, message, cause))
            return
        sight = Sight("ephemeral" if kind == "edit" else kind, message, cause)
        message.channel.workspace.users[message.ephemeral_to].show(sight)
        self.bell.ring()

    def _show(self, channel: Channel, sight: Sight) -> None:
        for member in channel.members:
            channel.workspace.users[member].show(sight)
        self.bell.ring()
