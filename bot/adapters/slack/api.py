"""Slack's Web API, as far as the bot uses it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errands import Errands
from bot.adapters.slack.errors import error_name, translated
from bot.core.messages import File
from bot.core.ports import CannotLook, Unavailable

Json = dict[str, Any]

SDK_LOG = logging.getLogger(f"{__name__}.sdk")
"""Where Slack's own libraries log. They warn of tokens in the environment that they were told not to look for."""
SDK_LOG.setLevel(logging.ERROR)

WAITS = 2
"""How often a call waits as long as Slack asks it to."""

MARK = "quizbot"
"""The event type of the metadata that carries a message's mark."""

PAGE = 200
"""Messages in a page of a channel's history."""

QUIET: Json = {"parse": "none", "link_names": False}
"""Slack shall read nothing into a text that is not marked up in it."""

NO_PREVIEW: Json = {"unfurl_links": False, "unfurl_media": False}


class Api:
    """Calls with one bot token, or with none. They raise ``Unavailable`` or ``Refused``, and count as errands.

    A call is not repeated after a connection error: Slack may have done what it did not live to confirm, and a second
    try would be a second post.
    """

    def __init__(
        self, session: ClientSession, url: str, errands: Errands, token: str | None = None, lost: str = ""
    ) -> None:
        """``lost`` says what it means that Slack refuses the token, if it will never take it again."""
        self._session = session
        self._errands = errands
        self._lost = lost
        waiting = AsyncRateLimitErrorRetryHandler(max_retry_count=WAITS)
        self.client = AsyncWebClient(
            token=token, base_url=url, session=session, retry_handlers=[waiting], logger=SDK_LOG
        )
        # The SDK takes the environment's proxy for every address, this machine's own included.
        self.client.proxy = None

    @contextmanager
    def _calling(self) -> Iterator[AsyncWebClient]:
        with self._errands, translated(self._lost):
            yield self.client

    async def post(self, channel: str, content: Json, mark: str) -> str:
        """Post in a channel; returns the message's timestamp, which is its name."""
        metadata = {"event_type": MARK, "event_payload": {"mark": mark}}
        with self._calling() as client:
            answer = await client.chat_postMessage(channel=channel, metadata=metadata, **content, **QUIET, **NO_PREVIEW)
            return str(answer["ts"])

    async def find(self, channel: str, mark: str, since: datetime, until: datetime) -> str | None:
        """The message with this mark in that time. Raises ``CannotLook`` where the scope is missing."""
        with self._calling() as client:
            try:
                pages = await client.conversations_history(
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    latest=f"{until.timestamp():.6f}",
                    include_all_metadata=True,
                    limit=PAGE,
                )
                async for page in pages:
                    for message in page["messages"]:
                        if _mark_of(message) == mark:
                            return str(message["ts"])
            except SlackApiError as error:
                if error_name(error) == "missing_scope":
                    raise CannotLook from error
                raise
        return None

    async def has(self, channel: str) -> bool:
        """Whether a channel is in the token's workspace, as far as Slack lets the bot see."""
        with self._calling() as client:
            try:
                await client.conversations_history(channel=channel, limit=1)
            except SlackApiError as error:
                return error_name(error) == "not_in_channel"
        return True

    async def update(self, channel: str, ts: str, content: Json) -> None:
        """Change a message, unless it is gone or Slack no longer lets it be changed."""
        with self._calling() as client:
            try:
                await client.chat_update(channel=channel, ts=ts, **content, **QUIET)
            except SlackApiError as error:
                if error_name(error) not in ("message_not_found", "cant_update_message", "edit_window_closed"):
                    raise

    async def whisper(self, channel: str, user: str, content: Json) -> None:
        """Say something in a channel that only one of its members sees."""
        with self._calling() as client:
            await client.chat_postEphemeral(channel=channel, user=user, **content, **QUIET)

    async def respond(self, url: str, content: Json, *, public: bool) -> None:
        """Answer an interaction at the address that came with it, which takes five answers in half an hour
        (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses)."""
        kind = "in_channel" if public else "ephemeral"
        body = {**content, **NO_PREVIEW, "response_type": kind, "replace_original": False}
        with self._errands, translated():
            async with self._session.post(url, json=body) as answer:
                if answer.status != 200:
                    raise Unavailable(f"the interaction's address answers {answer.status}")

    async def tell(self, user: str, content: Json) -> str:
        """Say something to somebody in private; returns the direct channel. It takes no scope but the one to post."""
        with self._calling() as client:
            answer = await client.chat_postMessage(channel=user, **content, **QUIET, **NO_PREVIEW)
            return str(answer["channel"])

    async def send_file(self, user: str, content: Json, file: File) -> None:
        """Say something to somebody in private, with a file."""
        channel = await self.tell(user, content)
        with self._calling() as client:
            await client.files_upload_v2(channel=channel, filename=file.name, title=file.name, content=file.content)

    async def open_view(self, trigger: str, view: Json, *, on_top: bool = False) -> None:
        """Show a window to whoever made the trigger, within three seconds of it; ``on_top`` of the one that is open."""
        with self._calling() as client:
            await (client.views_push if on_top else client.views_open)(trigger_id=trigger, view=view)

    async def change_view(self, view_id: str, view: Json) -> None:
        """Show something else in a window that is open."""
        with self._calling() as client:
            await client.views_update(view_id=view_id, view=view)

    async def publish(self, user: str, view: Json) -> None:
        """Show somebody their own page."""
        with self._calling() as client:
            await client.views_publish(user_id=user, view=view)

    async def user(self, user: str) -> Json:
        """What Slack tells of a user (https://docs.slack.dev/reference/objects/user-object)."""
        with self._calling() as client:
            answer = await client.users_info(user=user, include_locale=True)
            return dict(answer["user"])


def _mark_of(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("mark") if metadata.get("event_type") == MARK else None
