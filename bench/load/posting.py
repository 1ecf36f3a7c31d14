"""Requests to a bot that listens, over connections that are kept."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import cast

CONNECTIONS = 64

_STATUS = re.compile(rb"HTTP/1\.1 200 ")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Poster:
    """Posts to one address; what finds no free connection waits for the next one."""

    def __init__(self, port: int, path: str) -> None:
        self.free: list[_Kept] = []
        self.waiting: deque[tuple[bytes, Callable[[], None]]] = deque()
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Slackbot 1.0\r\nAccept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        ).encode()

    @classmethod
    async def connected(cls, port: int, path: str) -> Poster:
        """With its connections open."""
        poster, loop = cls(port, path), asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: _Kept(poster), "127.0.0.1", port)
        return poster

    def post(self, headers: bytes, body: bytes, done: Callable[[], None]) -> None:
        """Post; ``done`` is called once the bot has answered with 200."""
        request = b"%b%bContent-Length: %d\r\n\r\n%b" % (self._head, headers, len(body), body)
        if self.free:
            self.free.pop().send(request, done)
        else:
            self.waiting.append((request, done))


class _Kept(asyncio.Protocol):
    """A connection with one request under way at most."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods only
        self._poster.free.append(self)

    def send(self, request: bytes, done: Callable[[], None]) -> None:
        self._done = done
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        length = _LENGTH.search(self._buffer)
        if end < 0 or len(self._buffer) < end + 4 + (int(length[1]) if length else 0):
            return
        if not _STATUS.match(self._buffer):
            raise RuntimeError(f"the bot answers {self._buffer[:200]!r}")
        self._buffer = b""
        done = self._done
        if self._poster.waiting:
            self.send(*self._poster.waiting.popleft())
        else:
            self._poster.free.append(self)
        done()
