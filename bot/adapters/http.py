"""The HTTP server: ``/healthz``, and what platforms are reached at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

Health = Callable[[], Mapping[str, str]]
"""What each part of the bot is doing: ``{"discord": "connected", ...}``."""


LARGEST = 1024 * 1024
"""Bytes in the body of a request, at most."""


async def serve(
    host: str, port: int, health: Health, stopping: asyncio.Event, routes: Iterable[web.RouteDef] = ()
) -> None:
    """Answer until ``stopping``. Raises ``OSError`` where the port cannot be had."""
    app = web.Application(client_max_size=LARGEST)
    app.router.add_get("/healthz", lambda _: _healthz(health()))
    app.router.add_routes(routes)
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
