"""The HTTP server: ``/healthz``, ``/metrics``, and what platforms are reached at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

LARGEST = 1024 * 1024
"""Bytes in the body of a request, at most."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What whoever runs the bot looks at."""

    health: Callable[[], Mapping[str, object]]
    """The state of the bot, of which ``ready`` says whether it can do all that it should."""
    metrics: Callable[[], tuple[bytes, str]]
    """The counts, and in which format they are."""


async def serve(
    host: str, port: int, pages: Pages, stopping: asyncio.Event, routes: Iterable[web.RouteDef] = ()
) -> None:
    """Answer until ``stopping``. Raises ``OSError`` where the port cannot be had."""
    app = web.Application(client_max_size=LARGEST)

    async def healthz(_: web.Request) -> web.Response:
        health = pages.health()
        return web.json_response(health, status=200 if health["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        body, kind = pages.metrics()
        return web.Response(body=body, headers={"Content-Type": kind})

    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics), *routes])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stopping.wait()
    finally:
        await runner.cleanup()
