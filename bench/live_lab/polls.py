"""python -m bench.live_lab.polls '{"port": 8000, "count": 1000, "every": 2}': screens that ask instead.

Each asks for the board's part with the version it has seen, every so many seconds, on a line that it keeps. "begin" and
"tell" as with screens.
"""

import json
import random
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from bench.live_lab.heard import MARK, VERSION
from bench.live_lab.loop import Loop, dial
from bench.live_lab.screens import say
from bench.live_lab.tally import Tally

ASK = "GET {path}?seen={seen} HTTP/1.1\r\nHost: here\r\nHX-Request: true\r\nAccept-Encoding: gzip\r\n\r\n"


@dataclass
class Told:
    port: int
    count: int
    path: str = "/board/part"
    every: float = 2.0


class Asker:
    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.line: socket.socket | None = None
        self.answer, self.version, self.began = b"", "", 0
        self.waits = False

    def ask(self) -> None:
        self.crowd.loop.at(time.monotonic() + self.crowd.told.every, self.ask)
        if self.waits:
            self.crowd.counts["late"] += 1
            return
        self.waits, self.answer = True, b""
        try:
            self._send()
        except OSError:
            self.crowd.counts["refused"] += 1
            self.lost()

    def _send(self) -> None:
        words = ASK.format(path=self.crowd.told.path, seen=self.version).encode()
        if self.line is None:
            self.line = dial(self.crowd.told.port)
            self.crowd.loop.watch(self.line, self)
        self.line.send(words)

    def readable(self) -> None:
        assert self.line
        data = b""
        with suppress(OSError):
            data = self.line.recv(262_144)
        if not data:
            return self.lost()
        self.crowd.counts["bytes"] += len(data)
        self.answer += data
        head, blank, body = self.answer.partition(b"\r\n\r\n")
        if blank and len(body) >= _length(head):
            self._take(head, body)
        return None

    def lost(self) -> None:
        """The server closed a line that was kept: as a browser does, the next question opens another."""
        if self.line:
            self.crowd.loop.close(self.line)
        self.line = None
        if self.waits:
            self.crowd.counts["failed"] += 1
        self.waits = False

    def _take(self, head: bytes, body: bytes) -> None:
        now = time.monotonic_ns()
        self.waits = False
        self.crowd.counts[head[9:12].decode()] += 1
        version, mark = VERSION.search(body), MARK.search(body)
        self.version = version[1].decode() if version else self.version
        if mark and int(mark[2]) > self.began:
            self.began = int(mark[2])
            self.crowd.tally.note(int(mark[1]), self.began, now)


def _length(head: bytes) -> int:
    found = head.lower().partition(b"content-length:")[2]
    return int(found.partition(b"\r\n")[0]) if found else 0


class Crowd:
    def __init__(self, told: Told) -> None:
        self.told = told
        self.loop = Loop({"begin": self.begin, "tell": self.tell})
        self.begin()

    def begin(self) -> None:
        self.tally, self.counts = Tally(time.monotonic_ns()), Counter[str]()

    def tell(self) -> None:
        say({**self.tally.told(self.told.count), "counts": self.counts})

    def run(self) -> None:
        now = time.monotonic()
        for _ in range(self.told.count):
            self.loop.at(now + random.uniform(0, self.told.every), Asker(self).ask)
        self.loop.at(now + 2 * self.told.every, lambda: say({"open": self.told.count}))
        self.loop.run()


if __name__ == "__main__":
    Crowd(Told(**json.loads(sys.argv[1]))).run()
