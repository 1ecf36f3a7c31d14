"""Bare slack-bolt: every click is acknowledged and answered with an ephemeral text, and that is all.

``python -m bench.floors.slack`` takes ``SLACK_BOT_TOKEN``, ``SLACK_API_URL`` and either ``SLACK_APP_TOKEN`` or
``SLACK_SIGNING_SECRET`` and ``HTTP_PORT`` as quizbot does, and says ``ready``.
"""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any

from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def bare(session: ClientSession) -> AsyncApp:
    """The app, with one session for all of its calls."""
    token, url = os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]
    app = AsyncApp(
        client=AsyncWebClient(token=token, base_url=url, session=session),
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET"),
    )

    @app.action(re.compile(".*"))
    async def clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text="Recorded")

    return app


async def serve() -> None:
    """Until it is killed."""
    async with ClientSession() as session:
        app = bare(session)
        if token := os.environ.get("SLACK_APP_TOKEN"):
            await AsyncSocketModeHandler(app, token).connect_async()
        else:
            runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", int(os.environ["HTTP_PORT"])).start()
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
