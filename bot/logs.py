"""How the log is written: for people, or for machines with the ids as fields of their own."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

IDS = ("interaction", "team", "round", "channel")
"""What a line may be about; whoever logs hands them in as ``extra``."""


def start(level: str, form: str) -> None:
    """Write to standard error from now on, ``form`` being ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Text("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("bot").setLevel(level.upper())


class Text(logging.Formatter):
    """``PROMISE NOT KEPT (post_late): team 1, round 7, channel slack:C0123: posted 42 s after its time``."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        about = ", ".join(f"{name} {value}" for name, value in _ids(record).items())
        promise = getattr(record, "promise", None)
        parts = (f"PROMISE NOT KEPT ({promise})" if promise else "", about, record.message)
        record.message = ": ".join(part for part in parts if part)
        return super().formatMessage(record)


class Json(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_ids(record),
        }
        if promise := getattr(record, "promise", None):
            line["promise"] = promise
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _ids(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name in IDS if (value := getattr(record, name, None)) not in (None, "")}
