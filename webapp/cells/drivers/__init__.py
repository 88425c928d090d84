"""How cells are reached: a driver per kind behind one small interface, and many of them called at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp.abc import AbstractResolver

from webapp.cells.addresses import Networks
from webapp.cells.drivers.base import STATE_WORDS, Driver, Job, Seen, Silent, Told
from webapp.cells.drivers.http import HttpDriver, Line, line
from webapp.cells.drivers.push import PushDriver

__all__ = ["STATE_WORDS", "Driver", "Job", "Line", "Seen", "Silent", "Told", "all_at_once", "driver"]

Answer = TypeVar("Answer")
LOOKUPS_AT_ONCE = 32


def driver(kind: str, address: str, on: Line) -> Driver:
    """kind: of models.DRIVERS."""
    return HttpDriver(address, on) if kind == "http" else PushDriver()


def all_at_once(
    calls: Sequence[Callable[[Line], Awaitable[Answer]]],
    networks: Networks,
    patience: float,
    otherwise: Answer,
    resolver: AbstractResolver | None = None,
) -> list[Answer]:
    """Make every call on one event loop and return their answers in order, after `patience` seconds at the latest.

    otherwise: the answer of a call that broke in a way nobody foresaw, so that one cell cannot spoil a round.
    """

    async def guarded(call: Callable[[Line], Awaitable[Answer]], on: Line) -> Answer:
        try:
            return await call(on)
        except Exception:  # whatever a cell sends, the round goes on; the log says what it was
            logging.getLogger(__name__).exception("a driver broke")
            return otherwise

    async def round_of_calls() -> list[Answer]:
        async with line(networks, patience, resolver) as on:
            return await asyncio.gather(*(guarded(call, on) for call in calls))

    return _run(round_of_calls())


def _run(work: Awaitable[list[Answer]]) -> list[Answer]:
    """asyncio.run would wait for every name that is still being looked up, however long that hangs."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="lookup"))
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
