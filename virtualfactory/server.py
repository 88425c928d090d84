"""The machines behind one HTTP server: /cell/<n> and /cell/<n>/job, kept alive, 64 KiB at most.

/cell/<n>/cycle is the panel of a pretend machine, for pretend operators; it is no part of the cell protocol.
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from virtualfactory.behaviour import silent_until
from virtualfactory.kept import keep, recall
from virtualfactory.machine import Machine, No, read_cycle, read_holder, read_order, read_parameters

LIMIT = 64 * 1024
IDLE_CONNECTION = 75.0  # seconds an unused connection is kept
PATHS = re.compile(r"/cell/(\d{1,6})(/job|/cycle)?/?", re.ASCII)
Answer = tuple[int, dict[str, Any]]


@dataclass
class Request:
    method: str
    path: str  # without its query
    headers: dict[str, str]
    body: bytes = b""

    @property
    def stays_open(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


class Factory:
    """All machines, the clock they live by and the file they are kept in. speed: hours that pass in one real hour."""

    def __init__(
        self, machines: dict[int, Machine], clock: Callable[[], float], folder: Path | None = None, speed: float = 1.0
    ) -> None:
        self.machines = machines
        self.clock = clock
        self.folder = folder
        self.speed = speed
        if folder:
            recall(machines, folder)

    @property
    def now(self) -> float:
        return self.clock() * self.speed

    def outcome(self, request: Request) -> Answer:
        """What the addressed machine says, a refusal too."""
        try:
            machine, verb = self._addressed(request)
            return verb(self, machine, request)
        except No as no:
            return no.status, {"message": no.message}

    def silence_of(self, request: Request) -> float:
        """Real seconds until the addressed machine answers; 0: now."""
        found = PATHS.fullmatch(request.path)
        machine = self.machines.get(int(found[1])) if found else None
        until = silent_until(machine.personality, self.now) if machine else None
        return (until - self.now) / self.speed if until else 0.0

    def _addressed(self, request: Request) -> tuple[Machine, Callable[["Factory", Machine, Request], Answer]]:
        found = PATHS.fullmatch(request.path)
        machine = self.machines.get(int(found[1])) if found else None
        if found is None or machine is None:
            raise No(404, "There is no such cell")
        verb = VERBS[found[2] or ""].get(request.method)
        if verb is None:
            raise No(405, f"{request.method} is not a call of the cell protocol here")
        return machine, verb

    def keep(self) -> None:
        if self.folder:
            keep(self.machines, self.folder)


def _report(factory: Factory, machine: Machine, request: Request) -> Answer:
    at = datetime.fromtimestamp(factory.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return 200, {**machine.report(factory.now), "at": at}


def _take(factory: Factory, machine: Machine, request: Request) -> Answer:
    fresh = machine.take(read_order(_object(request), factory.speed), factory.now)
    if fresh:
        factory.keep()
    return (201 if fresh else 200), {"taken": True}


def _change(factory: Factory, machine: Machine, request: Request) -> Answer:
    body = _object(request)
    machine.change(*read_holder(body), read_parameters(body), factory.now)
    factory.keep()
    return 200, {"taken": True}


def _drop(factory: Factory, machine: Machine, request: Request) -> Answer:
    machine.drop(read_holder(_object(request))[1])
    factory.keep()
    return 200, {"gone": True}


def _press(factory: Factory, machine: Machine, request: Request) -> Answer:
    machine.press(read_cycle(_object(request)), factory.now)
    factory.keep()
    return 201, {"started": True}


VERBS = {
    "": {"GET": _report},
    "/job": {"POST": _take, "PUT": _change, "DELETE": _drop},
    "/cycle": {"POST": _press},
}


def _object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise No(400, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise No(400, "The body must be a JSON object")
    return body


async def serve(factory: Factory, host: str, port: int) -> asyncio.Server:
    """Listen; port 0 takes a free one."""

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await _exchange(factory, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(connection, host, port, limit=LIMIT, backlog=1024)


async def _exchange(factory: Factory, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """One request and its answer; False where the connection is to be closed."""
    try:
        request = await _read(reader)
    except No as no:
        writer.write(_written(no.status, {"message": no.message}, stays_open=False))
        return False
    status, body = factory.outcome(request)
    if pause := factory.silence_of(request):
        # Silent, not dead: what it was told has been done, only nobody hears of it.
        await asyncio.sleep(pause)
        return False
    writer.write(_written(status, body, request.stays_open))
    await writer.drain()
    return request.stays_open


async def _read(reader: asyncio.StreamReader) -> Request:
    async with asyncio.timeout(IDLE_CONNECTION):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, _, rest = first.partition(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(method, rest.partition(" ")[0].partition("?")[0], headers)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
            raise No(411, "Say the body's length in Content-Length")
        if int(length) > LIMIT:
            raise No(413, "At most 64 KiB")
        request.body = await reader.readexactly(int(length))
        return request


def _written(status: int, body: dict[str, Any], stays_open: bool) -> bytes:
    text = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nConnection: {'keep-alive' if stays_open else 'close'}\r\n\r\n"
    )
    return head.encode() + text
