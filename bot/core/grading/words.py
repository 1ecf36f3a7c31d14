"""The words of a language, of which there are a hundred thousand."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache


class Words:
    """Held as the one text that they come in, searched by halves: a set of strings takes twelve times the memory, and
    each start the time to make it."""

    def __init__(self, text: str) -> None:
        """``text`` has a line for each word, the last one too, in the order of their letters."""
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __contains__(self, word: str) -> bool:
        return self._text.startswith(f"{word}\n", self._place(word))

    def starting(self, start: str) -> list[str]:
        """Those that begin so."""
        return self._text[self._place(start) : self._place(f"{start}\U0010ffff")].split()

    def ending(self, end: str) -> list[str]:
        """Those that end so."""
        return _ending(self._text, f"{end}\n").split()

    def _place(self, word: str) -> int:
        """Where the first line begins that does not come before this word."""
        return bisect_left(range(len(self._text)), word, key=self._line)

    def _line(self, place: int) -> str:
        return self._text[self._text.rfind("\n", 0, place) + 1 : self._text.find("\n", place)]


@lru_cache(maxsize=1024)
def _ending(text: str, end: str) -> str:
    """The lines of a text with this end, found by going through it, which takes up to five milliseconds."""
    lines = []
    place = text.find(end)
    while place >= 0:
        after = place + len(end)
        lines.append(text[text.rfind("\n", 0, place) + 1 : after])
        place = text.find(end, after)
    return "".join(lines)


NO_WORDS = Words("")
