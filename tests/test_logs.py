"""How lines of the log are written."""

from __future__ import annotations

import json
import logging

from bot.logs import Json, Text


def record(text: str = "posted: %s", *args: object, **extra: object) -> logging.LogRecord:
    """A record as a logger makes it."""
    return logging.getLogger("bot.test").makeRecord("bot.test", 40, "f", 1, text, args, None, extra=extra)


def test_text() -> None:
    """Ids stand before the message as readable words, the place last; what is not known is left out."""
    form = Text("%(levelname)s: %(message)s")
    about = {"channel": "slack:C1", "round": 7, "team": 1, "interaction": ""}
    assert (
        form.format(record("posted: %s", "rate", **about)) == "ERROR: team 1, round 7, channel slack:C1: posted: rate"
    )
    assert form.format(record("stopped")) == "ERROR: stopped"
    late = record("posted 42 s late", **about, promise="post_late")
    assert form.format(late).startswith(
        "ERROR: PROMISE NOT KEPT (post_late): team 1, round 7, channel slack:C1: posted"
    )


def test_json() -> None:
    """Ids, and the promise that is not kept, are fields of their own."""
    line = json.loads(
        Json().format(record("posted: %s", "rate", team=1, round=7, interaction="i", promise="post_late"))
    )
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "error", "logger": "bot.test", "message": "posted: rate", "interaction": "i", "team": 1, "round": 7,
        "promise": "post_late",
    }  # fmt: skip
