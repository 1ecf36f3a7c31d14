"""A fake Discord server (REST v10 and gateway v10) on loopback, which an unmodified client library runs against.

A test starts it, points a bot at `server.url`, acts as members of its guilds, and looks at what they saw:

    async with FakeDiscord() as server:
        ann = server.add_member("ann")
        ...  # start the bot with server.environment
        await server.wait_connected()
        await server.wait_commands()
        outcome = await ann.slash("ask", topic="cnn")
        assert outcome.ephemeral and not server.violations

It enforces Discord's rules as Discord does, with the same status and error code; `server.violations` lists what was
refused for a mistake of the bot. `server.faults` and `server.gateway` make it fail.
"""

from .commands import NotOffered
from .faults import Fault
from .gateway import Close, Intent
from .interactions import Choice, Interaction, Kind, Modal, NoResponse, Outcome, Reply, Select, TextInput
from .member import Member
from .messages import Attachment, Button, Message, Pings
from .server import FakeDiscord, Request, Violation
from .world import Channel, Clock, Guild, Permission, User

__all__ = [
    "Attachment",
    "Button",
    "Channel",
    "Choice",
    "Clock",
    "Close",
    "FakeDiscord",
    "Fault",
    "Guild",
    "Intent",
    "Interaction",
    "Kind",
    "Member",
    "Message",
    "Modal",
    "NoResponse",
    "NotOffered",
    "Outcome",
    "Permission",
    "Pings",
    "Reply",
    "Request",
    "Select",
    "TextInput",
    "User",
    "Violation",
]
