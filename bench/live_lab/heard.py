"""What arrives on a stream, taken apart. All screens get the same bytes: each piece is understood once."""

import re
import zlib
from functools import lru_cache
from typing import NamedTuple

#: What a commit of the bench leaves on the board: its number, and the monotonic nanosecond before it.
MARK = re.compile(rb"change (\d+)\.(\d+)")
VERSION = re.compile(rb'data-live-version="([^"]*)"')
PLAIN_END = b"\n\n"
#: How a piece that was flushed whole ends (RFC 1951: an empty stored block). It may also stand inside one, by chance.
PACKED_END = b"\x00\x00\xff\xff"
GZIP_HEAD = 10


class Heard(NamedTuple):
    """kind: of the event, or "retry". change: 0 where no commit of ours is on the board."""

    kind: str
    change: int = 0
    began: int = 0
    version: str = ""
    size: int = 0


class Stream:
    """One answer to GET /live, as its bytes come in."""

    __slots__ = ("buffer", "end", "gzip", "started")

    def __init__(self) -> None:
        self.buffer = b""
        self.started = self.gzip = False
        self.end = PLAIN_END

    def feed(self, data: bytes) -> list[Heard]:
        """Raises ValueError where it is no stream."""
        self.buffer += data
        if not self.started and not self._start():
            return []
        found, at, start = [], 0, 0
        while (at := self.buffer.find(self.end, at)) >= 0:
            at += len(self.end)
            if heard := understood(self.buffer[start:at], self.gzip):
                found.append(heard)
                start = at
        self.buffer = self.buffer[start:]
        return found

    def _start(self) -> bool:
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        gzip = b"content-encoding: gzip" in head.lower()
        if not blank or (gzip and len(rest) < GZIP_HEAD):
            return False
        if b" 200 " not in head[:16]:
            raise ValueError(head[:40])
        self.started, self.gzip, self.end = True, gzip, PACKED_END if gzip else PLAIN_END
        self.buffer = rest[GZIP_HEAD:] if gzip else rest
        return True


@lru_cache(256)
def understood(piece: bytes, gzip: bool) -> Heard | None:
    """None where it is only the beginning of one."""
    try:
        text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece) if gzip else piece
    except zlib.error:
        return None
    if not text.endswith(PLAIN_END):
        return None
    kind = text.partition(b"\n")[0].removeprefix(b"event: ").decode()
    mark, version = MARK.search(text), VERSION.search(text)
    change, began = (int(mark[1]), int(mark[2])) if mark else (0, 0)
    return Heard(kind.partition(":")[0], change, began, version[1].decode() if version else "", len(text))
