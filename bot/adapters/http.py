"""The HTTP server: ``/healthz``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

Health = Callable[[], Mapping[str, str]]
"""What each part of the bot is doing: ``{"discord": "connected", ...}``."""


async def serve(host: str, port: int, health: Health, stopping: asyncio.Event) -> None:
    """Answer until ``stopping``. Raises ``OSError`` where the port cannot be had."""
    app = web.Application()
    app.router.add_get("/healthz", lambda _: _healthz(health()))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stopping.wait()
    finally:
        await runner.cleanup()


async def _healthz(parts: Mapping[str, str]) -> web.Response:
    """200 while every platform is connected, 503 otherwise; the body says which is not, and why."""
    ready = all(state == "connected" for state in parts.values())
    return web.json_response({"alive": True, "ready": ready, "platforms": dict(parts)}, status=200 if ready else 503)
