"""Cells that are asked over HTTP. A cell may be sick or hostile: nothing it does costs more than its own deadline.

No redirects, no proxy variables, no cookies, no decompression, 64 KiB of body, one deadline for the whole of a call,
and every connection goes only where CELL_NETWORKS says, whatever a name resolved to a moment ago.
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from webapp.cells.addresses import Networks, allowed
from webapp.cells.drivers.answers import Unusable, changed, seen_in, started, stopped
from webapp.cells.drivers.base import Job, Seen, Silent, Told

LARGEST = 64 * 1024
# Enough that a hall of hanging cells leaves lines free for the others, and well under the usual 1,024 open files.
AT_ONCE = 512
# Many cells may lie behind one gateway whose program accepts few connections at a time (a backlog of 5 is common, and
# what overflows it is lost for a second): five are knocking at one door, and who is not answered soon steps aside.
AT_ONE_DOOR = 5
STEP_ASIDE = 0.02
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "DreamFactory"}


class NotAllowedThere(OSError):
    """A connection to where no cell may be."""


class GuardedResolver(AbstractResolver):
    """A name is followed only if every address it has is allowed."""

    def __init__(self, networks: Networks, inner: AbstractResolver) -> None:
        self.networks = networks
        self.inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        if not all(allowed(each["host"], port, self.networks) for each in found):
            raise NotAllowedThere("the name leads elsewhere")
        return found

    async def close(self) -> None:
        await self.inner.close()


class Turn:
    """One caller's place at a door; leaving twice is harmless."""

    def __init__(self, door: asyncio.Semaphore) -> None:
        self.door: asyncio.Semaphore | None = door

    def leave(self) -> None:
        if self.door:
            self.door.release()
            self.door = None


@asynccontextmanager
async def turn_at(door: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait to be let in; whoever is still inside after STEP_ASIDE seconds no longer counts."""
    await door.acquire()
    turn = Turn(door)
    aside = asyncio.get_running_loop().call_later(STEP_ASIDE, turn.leave)
    try:
        yield
    finally:
        aside.cancel()
        turn.leave()


def _doors() -> dict[tuple[str | None, int | None], asyncio.Semaphore]:
    return defaultdict(lambda: asyncio.Semaphore(AT_ONE_DOOR))


@dataclass
class Line:
    """What the calls of one round share: a session, and the moment at which all of them must be over."""

    session: aiohttp.ClientSession
    deadline: float  # of the event loop's clock
    doors: dict[tuple[str | None, int | None], asyncio.Semaphore] = field(default_factory=_doors)

    async def call(self, method: str, address: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """(status, body of at most LARGEST bytes); raises Unusable."""
        url = URL(address, encoded=True)
        door = self.doors[url.host, url.port]
        try:
            async with asyncio.timeout_at(self.deadline), turn_at(door), self._request(method, url, body) as answer:
                return answer.status, await _whole_body(answer)
        except TimeoutError:
            raise Unusable("it did not answer in time") from None
        except aiohttp.ClientPayloadError:
            raise Unusable("its answer broke off") from None
        except aiohttp.ClientConnectorError as error:
            raise Unusable(_unreached(error.os_error)) from None
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError, OSError):
            raise Unusable("it hung up") from None
        except (aiohttp.ClientError, ValueError):
            raise Unusable("its answer is not HTTP") from None

    def _request(self, method: str, url: URL, body: dict[str, Any] | None) -> Any:
        return self.session.request(method, url, json=body, allow_redirects=False)


async def _whole_body(answer: aiohttp.ClientResponse) -> bytes:
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        answer.close()
        raise Unusable("its answer is compressed")
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            answer.close()
            raise Unusable("its answer is longer than 64 KiB")
    return body


def _unreached(error: OSError) -> str:
    if isinstance(error, NotAllowedThere):
        return "its address is not among those allowed (CELL_NETWORKS)"
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers at its address"
    return "its address cannot be reached"


@asynccontextmanager
async def line(networks: Networks, patience: float, resolver: AbstractResolver | None = None) -> AsyncIterator[Line]:
    """patience: seconds from now until every call must be over."""

    def gate(found: Any) -> socket.socket:
        family, kind, protocol, _, there = found
        if not allowed(there[0], there[1], networks):
            raise NotAllowedThere("not among the addresses a cell may have")
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(networks, resolver or aiohttp.ThreadedResolver()),
        use_dns_cache=False,
        socket_factory=gate,
        happy_eyeballs_delay=None,
        limit=AT_ONCE,
        force_close=True,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        headers=HEADERS,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
        read_bufsize=LARGEST,
    )
    async with session:
        yield Line(session, asyncio.get_running_loop().time() + patience)


@dataclass(frozen=True)
class HttpDriver:
    """The cell protocol, spoken to one address (docs/cell-protocol.md)."""

    address: str
    line: Line

    async def read(self) -> Seen | Silent:
        try:
            status, raw = await self.line.call("GET", self.address)
        except Unusable as why:
            return Silent(str(why))
        return seen_in(raw) if status == 200 else Silent(f"it answered {status}")

    async def start(self, job: Job) -> Told:
        asked: dict[str, Any] = {"project_id": job.project_id, "fence": job.fence, "cad_model": job.cad_model}
        asked |= {"config": job.config, "x-params": dict(job.parameters), "expected_minutes": job.expected_minutes}
        return await self._tell("POST", asked)

    async def change(self, job: Job) -> Told:
        asked = {"project_id": job.project_id, "fence": job.fence, "x-params": dict(job.parameters)}
        return await self._tell("PUT", asked)

    async def ask(self) -> Told:
        seen = await self.read()
        return Told("silent", seen.fault) if isinstance(seen, Silent) else Told("taken", seen.detail, seen.job)

    async def stop(self, project_id: int, fence: int) -> Told:
        return await self._tell("DELETE", {"project_id": project_id, "fence": fence})

    async def _tell(self, method: str, asked: dict[str, Any]) -> Told:
        meaning = {"POST": started, "PUT": changed, "DELETE": stopped}[method]
        try:
            return meaning(*await self.line.call(method, self.address.rstrip("/") + "/job", asked))
        except Unusable as why:
            return Told("silent", str(why))
