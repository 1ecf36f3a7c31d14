"""The scopes of the bot token, and what is lost without each: those of ``slack-manifest.yaml``."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES = {
    "commands": "/quiz does not work",
    "chat:write": "the bot can neither post nor answer",
    "users:read": "members are called by their handles, and no admin of the workspace is known as one",
    "files:write": "/quiz privacy export cannot send its file",
    "channels:history": (
        "after a crash the bot cannot look whether a question is in a public channel already: it never posts twice, "
        "but leaves out a question whose posting was interrupted"
    ),
    "groups:history": (
        "after a crash the bot cannot look whether a question is in a private channel already: it never posts twice, "
        "but leaves out a question whose posting was interrupted"
    ),
}

HISTORY = ("channels:history", "groups:history")


def granted(headers: Mapping[str, str]) -> set[str]:
    """The scopes that an answer of the Web API names in its headers; none where it names none."""
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    return {scope.strip() for scope in told.split(",") if scope.strip()}
