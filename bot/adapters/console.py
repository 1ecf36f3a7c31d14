"""A channel in the terminal: typed lines come in, messages are printed."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from datetime import datetime

from rich.console import Console
from rich.text import Text as Rich
from tzlocal import get_localzone, get_localzone_name

from bot.core import commands
from bot.core.messages import Form, Message, Table, Text, plain
from bot.core.messages import console as wording
from bot.core.model import Address, Caller, Identity, Workspace
from bot.core.ports import Quiz

ADDRESS = Address("console", "terminal")
PLACE = Workspace("console", "terminal", "this terminal", get_localzone_name() or "UTC")


class Terminal:
    """``ports.Chat`` on standard output; colours and bold only where that is a terminal."""

    platform = "console"

    def __init__(self) -> None:
        self._out = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())

    async def workspace(self, address: Address) -> Workspace | None:
        return PLACE

    async def post(self, address: Address, message: Message, mark: str) -> str:
        self.show(message)
        return mark

    async def find(self, address: Address, mark: str, since: datetime) -> str | None:
        return None  # what another session printed is gone from sight

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        """What is printed stays as it is; the reveal follows it."""

    def show(self, message: Message | Form) -> None:
        """Print a message, with a blank line before it; a terminal has no forms, so it says what to type."""
        if isinstance(message, Form):
            message = wording.instead_of_form(message.action, [field.name for field in message.fields])
        self._out.print()
        if message.title:
            self._out.print(Rich(message.title, style="bold cyan"))
        for part in message.body:
            for line in part.lines() if isinstance(part, Table) else [self._line(part)]:
                self._out.print(self._styled(line))

    def _line(self, text: Text) -> str:
        return _harmless(plain(text, get_localzone()))

    def _styled(self, line: str) -> Rich:
        verdicts = {"Right": "green", "Partly": "yellow", "Not right": "red"}
        style = next((colour for word, colour in verdicts.items() if line.startswith(word)), "")
        return Rich(_harmless(line), style=style)


def _harmless(text: str) -> str:
    """Without control characters, with which a name could steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


async def play(quiz: Quiz, terminal: Terminal, name: str) -> None:
    """Post a question and take lines until ``/quit`` or the end of input."""
    caller = _sitting(name)
    terminal.show(wording.greeting(len(quiz.bank().questions), len(quiz.bank().topics), name))
    still_open = await commands.unanswered(quiz, caller)
    terminal.show(still_open or await commands.call(quiz, caller, "ask", {}))
    async for line in _lines():
        if line == "/quit":
            return
        if line == "/as" or line.startswith("/as "):
            caller = _sitting(line[4:].strip() or caller.name)
            terminal.show(wording.now_playing(caller.name))
        elif line == "/quiz" or line.startswith("/quiz "):
            terminal.show(await commands.call_words(quiz, caller, line[6:]))
        elif line:
            terminal.show(await commands.type_answer(quiz, caller, line))


def _sitting(name: str) -> Caller:
    """Whoever sits at the terminal may do everything."""
    return Caller(Identity("console", PLACE.id, name), name, ADDRESS, PLACE, manages=True)


async def _lines() -> AsyncIterator[str]:
    """Lines of standard input. A thread of its own reads them, which need not end for the program to end."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal's or a pipe's stdin has it
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line.strip()
