"""Machines on loopback that answer as the cell protocol says, or misbehave in the eighteen ways seen in the field."""

import asyncio
import gzip
import json
import random
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from webapp.config import Network, networks

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Hall:
    """says: what cell N answers to GET; sick: its fault; answers: (status, body) to (method, N); heard: every call."""

    def __init__(self) -> None:
        self.port = 0
        self.says: dict[int, Any] = {}
        self.sick: dict[int, str] = {}
        self.answers: dict[tuple[str, int], tuple[int, Any]] = {}
        self.heard: list[tuple[str, str, Any]] = []

    def address(self, cell: int = 1) -> str:
        return f"http://127.0.0.1:{self.port}/cell/{cell}"

    @property
    def networks(self) -> tuple[Network, ...]:
        return networks(f"127.0.0.1/32:{self.port}")

    def calls(self, method: str) -> list[Any]:
        return [body for each, _, body in self.heard if each == method]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            sizes = [int(line.partition(":")[2]) for line in head if line.lower().startswith("content-length:")]
            body = json.loads(await reader.readexactly(sizes[0])) if sizes else None
            self.heard.append((method, path, body))
            await self.answer(method, path, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def answer(self, method: str, path: str, writer: asyncio.StreamWriter) -> None:
        number = int(path.split("/")[2]) if path.startswith("/cell/") else 0
        if fault := self.sick.get(number):
            return await FAULTS[fault](writer)
        status, said = self.answers.get((method, number), (200, {"taken": True}))
        if method == "GET":
            status, said = self.answers.get((method, number), (200, self.says.get(number, {"status": "idle"})))
        return await send(writer, said if isinstance(said, bytes) else json.dumps(said).encode(), status)


async def send(writer: asyncio.StreamWriter, body: bytes, status: int = 200, *extra: str, length: int = -1) -> None:
    size = len(body) if length < 0 else length
    head = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {size}", *extra, "", ""]
    writer.write("\r\n".join(head).encode() + body)
    await writer.drain()


def sends(body: bytes | str, status: int = 200, *extra: str, length: int = -1) -> Say:
    raw = body.encode() if isinstance(body, str) else body
    return lambda writer: send(writer, raw, status, *extra, length=length)


async def hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n")
    await _slowly(writer, b" ")


async def slow_head(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await _slowly(writer, b"X-Y: z\r\n")


async def _slowly(writer: asyncio.StreamWriter, piece: bytes) -> None:
    for _ in range(600):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.05)


async def huge(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(2048):
        writer.write(b'{"status":"running","pad":"' + b"A" * 262_144)
        await writer.drain()


async def reset(writer: asyncio.StreamWriter) -> None:
    line: socket.socket = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


GOOD = '{"status": "running"}'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OUTWARD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
FAULTS: dict[str, Say] = {
    "hang": hang,
    "drip": drip,
    "slow head": slow_head,
    "huge": huge,
    "gzip bomb": sends(gzip.compress(b" " * 20_000_000), 200, "Content-Encoding: gzip"),
    "garbage": sends(random.Random(1).randbytes(500)),
    "outward entity": sends(OUTWARD),
    "entity bomb": sends(ENTITIES),
    "deep": sends("[" * 60_000),
    "redirect": sends("", 302, "Location: /canary"),
    "reset": reset,
    "error": sends("oops", 500),
    "empty": sends(""),
    "html": sends("<html><script>alert(1)</script>"),
    "wrong word": sends('{"status": "<img src=x onerror=alert(1)>"}'),
    "wrong length": sends(GOOD, length=9999),
    "latin": sends('{"status": "runn\xefng"}'.encode("latin-1")),
    "nul": sends('{"status": "running\\u0000"}'),
}


@contextmanager
def open_hall() -> Iterator[Hall]:
    """The machines run on a thread of their own, on a free port."""
    hall, loop, ready = Hall(), asyncio.new_event_loop(), threading.Event()

    async def run() -> asyncio.Server:
        server = await asyncio.start_server(hall.serve, "127.0.0.1", 0, backlog=256)
        hall.port = server.sockets[0].getsockname()[1]
        ready.set()
        return server

    def work() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(run())
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(5)
    try:
        yield hall
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
