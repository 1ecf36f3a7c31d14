"""A fake Slack for tests: the Web API, Socket Mode and signed HTTP, with Slack's limits enforced.

async with FakeSlack() as server:
    channel = server.add_channel("general")
    ann = server.add_member("ann")
    ...                                    # start the bot with server.api_url, server.bot_token, server.app_token
    await server.sockets.connected()
    seen = await ann.slash("/quiz", "help", channel)
    assert "ask" in seen.text
    server.check()
"""

from .blocks import Refused
from .delivery import Delivery, Envelope
from .faults import Fault
from .member import Member
from .model import ALL_SCOPES, Call, Channel, Message, Ping, View, Violation, Workspace
from .posting import Posting, Reply
from .seen import Seen, Silence, Until, acked, anything, edited, posted, privately
from .server import FakeSlack

__all__ = [
    "ALL_SCOPES",
    "Call",
    "Channel",
    "Delivery",
    "Envelope",
    "FakeSlack",
    "Fault",
    "Member",
    "Message",
    "Ping",
    "Posting",
    "Refused",
    "Reply",
    "Seen",
    "Silence",
    "Until",
    "View",
    "Violation",
    "Workspace",
    "acked",
    "anything",
    "edited",
    "posted",
    "privately",
]
