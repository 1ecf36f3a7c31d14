"""JSON that is written once and filled in for each click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

_SLOT = re.compile(rb"ZSLOT(\d)Z")


def slot(number: int) -> str:
    """What stands in a payload where the value of that number goes; no encoding changes it."""
    return f"ZSLOT{number}Z"


class Template:
    """A payload with slots; ``encode`` is applied to its JSON, the values have to need none."""

    def __init__(self, payload: Any, encode: Callable[[bytes], bytes] = bytes) -> None:
        text = encode(orjson.dumps(payload))
        self._order = [int(number) for number in _SLOT.findall(text)]
        self._form = _SLOT.sub(b"%b", text.replace(b"%", b"%%"))

    def filled(self, *values: bytes) -> bytes:
        """With these values in its slots."""
        return self._form % tuple(values[number] for number in self._order)
