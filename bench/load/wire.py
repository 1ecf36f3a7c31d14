"""HTTP/1.1 and WebSockets on asyncio's transports, as little of both as well-behaved clients on loopback need."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_KEY = re.compile(rb"\r\nsec-websocket-key: *(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """A request; ``head`` has its first line and its headers."""

    method: str
    path: str
    head: bytes
    body: bytes


def response(body: bytes, status: str = "200 OK", kind: str = "application/json", headers: str = "") -> bytes:
    """A whole response, for a connection that is kept; ``headers`` are lines with their ends."""
    return b"HTTP/1.1 %b\r\nContent-Type: %b\r\n%bContent-Length: %d\r\n\r\n%b" % (
        status.encode(), kind.encode(), headers.encode(), len(body), body,
    )  # fmt: skip


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A server's WebSocket frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


class Connection(asyncio.Protocol):
    """One client: requests that are answered at once, until it asks for a WebSocket."""

    def __init__(
        self,
        answer: Callable[[Request], bytes],
        opened: Callable[[Connection, Request], None],
        heard: Callable[[Connection, bytes], None],
    ) -> None:
        self._answer, self._opened, self._heard = answer, opened, heard
        self._buffer = bytearray()
        self._step = self._request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods only

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer and self._step():
            pass

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send a frame."""
        self.transport.write(frame(payload, opcode))

    def _request(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end])
        found = _LENGTH.search(head)
        total = end + 4 + (int(found[1]) if found else 0)
        if len(self._buffer) < total:
            return False
        body = bytes(self._buffer[end + 4 : total])
        del self._buffer[:total]
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        request = Request(method, path, head, body)
        if key := _KEY.search(head):
            self._upgrade(key[1], request)
        else:
            self.transport.write(self._answer(request))
        return True

    def _upgrade(self, key: bytes, request: Request) -> None:
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
        )
        self._step = self._frame
        self._opened(self, request)

    def _frame(self) -> bool:
        """Read a client's frame, which is masked."""
        buffer = self._buffer
        if len(buffer) < 6:
            return False
        size, at = buffer[1] & 127, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:at], "big")
        if len(buffer) < at + 4 + size:
            return False
        opcode = buffer[0] & 15
        payload = _unmasked(buffer[at + 4 : at + 4 + size], bytes(buffer[at : at + 4]))
        del buffer[: at + 4 + size]
        self._take(opcode, payload)
        return True

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode in (TEXT, BINARY):
            self._heard(self, payload)
        elif opcode == PING:
            self.send(payload, PONG)
        elif opcode == CLOSE:
            self.send(payload, CLOSE)
            self.transport.close()


def _unmasked(payload: bytearray, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
