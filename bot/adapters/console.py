"""A channel in the terminal: typed lines come in, messages are printed."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from rich.console import Console
from rich.text import Text as Rich
from tzlocal import get_localzone, get_localzone_name

from bot.core import commands
from bot.core.messages import Button, Form, Message, Table, Text, _, plain
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

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        return None  # what another session printed is gone from sight

    async def tell(self, identity: Identity, message: Message) -> None:
        self.show(replace(message, title=f"@{identity.user}"))

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        """What is printed stays as it is; the reveal follows it."""

    def show(self, message: Message) -> None:
        """Print a message, with a blank line before it."""
        self._out.print()
        if message.title:
            self._out.print(Rich(_harmless(message.title), style="bold cyan"))
        for part in message.body:
            for line in part.lines() if isinstance(part, Table) else [self._line(part)]:
                self._out.print(self._styled(line))
        if message.file:
            self._out.print(message.file.content.decode())
        if message.buttons and not message.public:
            labels = [f"[{button.label}]" for row in message.buttons for button in row if not button.asks]
            self._out.print(Rich(_harmless("  ".join(labels)), style="dim"))

    def _line(self, text: Text) -> str:
        return _harmless(plain(text, get_localzone()))

    def _styled(self, line: str) -> Rich:
        verdicts = {_("Right"): "green", _("Partly right"): "yellow", _("Not right"): "red"}
        style = next((colour for word, colour in verdicts.items() if line.startswith(word)), "")
        return Rich(_harmless(line), style=style)


def _harmless(text: str) -> str:
    """Without control characters, with which a name could steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


class Sitting:
    """Somebody at the terminal: what they type goes to a command, a button, the question asked last, or the round."""

    def __init__(self, quiz: Quiz, terminal: Terminal, caller: Caller) -> None:
        self._quiz = quiz
        self._terminal = terminal
        self._caller = caller
        self._offered: dict[str, Button] = {}
        self._asking: Form | None = None

    async def begin(self) -> None:
        """Greet, and show a question that waits for an answer."""
        bank = self._quiz.bank()
        await self._show(wording.greeting(len(bank.questions), len(bank.topics), self._caller.name))
        waiting = await commands.still_open(self._quiz, self._caller)
        await self._show(waiting or await commands.call(self._quiz, self._caller, "ask", {}))

    async def take(self, line: str) -> None:
        """Do what a line asks for."""
        said = line.strip()
        if said == "/as" or said.startswith("/as "):
            self._caller = _caller(said[4:].strip() or self._caller.name, self._caller.language)
            await self._show(wording.now_playing(self._caller.name))
        elif said == "/quiz" or said.startswith("/quiz "):
            await self._show(await commands.call_words(self._quiz, self._caller, said[6:]))
        elif said.casefold() in self._offered:
            await self._press(self._offered[said.casefold()])
        elif self._asking is not None:
            filled_in = {self._asking.fields[0].name: line}
            await self._show(await commands.submit(self._quiz, self._caller, self._asking.action, filled_in))
        elif said:
            await self._show(await commands.type_answer(self._quiz, self._caller, line))

    async def _press(self, button: Button) -> None:
        await self._show(await commands.press(self._quiz, self._caller, button.action))

    async def _show(self, said: Message | Form) -> None:
        """Print what was said; its buttons are pressed by typing their labels, its question is answered by typing."""
        if isinstance(said, Form):
            self._asking = said if len(said.fields) == 1 else None
            self._terminal.show(wording.asking(said) if self._asking else wording.instead_of_form(said))
            return
        self._terminal.show(said)
        offered = [button for row in said.buttons for button in row if not said.public]
        self._offered = {button.label.casefold(): button for button in offered}
        asks = next((button for button in offered if button.asks), None)
        form = await commands.press(self._quiz, self._caller, asks.action) if asks else None
        self._asking = form if isinstance(form, Form) else None


async def play(quiz: Quiz, terminal: Terminal, name: str, language: str) -> None:
    """Post a question and take lines until ``/quit`` or the end of input."""
    caller = _caller(name, language)
    sitting = Sitting(quiz, terminal, caller)
    with commands.speaking_to(quiz, caller):
        await sitting.begin()
        async for line in _lines():
            if line.strip() == "/quit":
                return
            await sitting.take(line)


def _caller(name: str, language: str) -> Caller:
    """Whoever sits at the terminal may do everything."""
    return Caller(Identity("console", PLACE.id, name), name, ADDRESS, PLACE, manages=True, language=language)


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
        yield line.removesuffix("\n")
