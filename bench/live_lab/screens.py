"""python -m bench.live_lab.screens '{"port": 8000, "count": 1000, …}': screens that look at one topic.

They come back as the product's own script does, and all read every byte. dead: so many stop reading; slow: so many take
a few KB a second; plain: so many ask for no gzip. Says {"open": …} when all have a picture. "begin" begins a count,
"tell" prints it.
"""

import gc
import json
import random
import resource
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial

from bench.live_lab.heard import Heard, Stream
from bench.live_lab.loop import Loop, dial, quantile
from bench.live_lab.tally import Tally

#: stream.js: so many quick returns, then slow ones.
QUICK, SOON, LATER = 3, (1.2, 3.5), (10.0, 30.0)
SLOW_BYTES, SMALL_WINDOW = 4096, (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
AT_ONCE, PATIENCE = 50, 120
ASK = "GET {path}&seen={seen} HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n{gzip}\r\n"


@dataclass
class Told:
    """What the command line says."""

    port: int
    count: int
    path: str = "/live?topics=board"
    dead: int = 0
    slow: int = 0
    plain: int = 0


class Screen:
    def __init__(self, crowd: "Crowd", kind: str, gzip: bool) -> None:
        self.crowd, self.kind, self.gzip = crowd, kind, gzip
        self.line: socket.socket | None = None
        self.change = self.began = self.tries = 0
        self.version = ""
        self.lost_at = 0.0

    def open(self) -> None:
        words = ASK.format(
            path=self.crowd.told.path, seen=self.version, gzip="Accept-Encoding: gzip\r\n" if self.gzip else ""
        )
        self.stream = Stream()
        try:
            line = dial(self.crowd.told.port, () if self.kind == "good" else (SMALL_WINDOW,))
            line.send(words.encode())
        except OSError:
            self.crowd.counts["refused"] += 1
            self._come_again()
        else:
            self.line = line
            self.crowd.loop.watch(line, self)

    def readable(self) -> None:
        assert self.line
        try:
            data = self.line.recv(SLOW_BYTES if self.kind == "slow" else 262_144)
            now = time.monotonic_ns()
            heard = self.stream.feed(data) if data else None
        except (OSError, ValueError):
            heard = None
        if heard is None:
            return self.lost()
        self.crowd.counts["bytes"] += len(data)
        self.crowd.counts["bytes of packed"] += len(data) if self.gzip else 0
        for one in heard:
            self._hear(one, now)
        self._rest()
        return None

    def lost(self) -> None:
        if self.line:
            self.crowd.loop.close(self.line)
            self.line = None
            self.crowd.counts[f"lost {self.kind}"] += 1
            self.lost_at = self.lost_at or time.monotonic()
            self._come_again()

    def _come_again(self) -> None:
        if self.kind == "good":
            self.tries += 1
            pause = random.uniform(*(SOON if self.tries <= QUICK else LATER))
            self.crowd.loop.at(time.monotonic() + pause, self.open)

    def _hear(self, heard: Heard, now: int) -> None:
        if self.lost_at:
            self.crowd.back.append(now / 1e9 - self.lost_at)
            self.lost_at, self.tries = 0.0, 0
        self.version = heard.version or self.version
        self.crowd.counts[heard.kind] += 1
        if heard.kind == "paint" and self.kind == "good":
            self.crowd.painted.add(self)
        if heard.began > self.began:
            self.change, self.began = heard.change, heard.began
            if self.kind == "good":
                self.crowd.tally.note(heard.change, heard.began, now)

    def _rest(self) -> None:
        if self.kind != "good" and self.line:
            self.crowd.loop.deafen(self.line)
        if self.kind == "slow":
            self.crowd.loop.at(time.monotonic() + 1, self._go_on)

    def _go_on(self) -> None:
        if self.line:
            self.crowd.loop.listen_to(self.line)


class Crowd:
    def __init__(self, told: Told) -> None:
        self.told = told
        self.loop = Loop({"begin": self.begin, "tell": self.tell})
        kinds = ["dead"] * told.dead + ["slow"] * told.slow
        kinds += ["good"] * (told.count - len(kinds))
        self.screens = [Screen(self, kind, number >= told.plain) for number, kind in enumerate(kinds)]
        self.good = [screen for screen in self.screens if screen.kind == "good"]
        self.painted: set[Screen] = set()
        self.begin()

    def begin(self) -> None:
        gc.collect()
        gc.freeze()
        self.tally, self.counts, self.back = Tally(time.monotonic_ns()), Counter[str](), list[float]()

    def tell(self) -> None:
        say(
            {
                **self.tally.told(len(self.good)),
                "open": sum(screen.line is not None for screen in self.good),
                "newest": min(screen.change for screen in self.good),
                "back": {"count": len(self.back), "p50": quantile(self.back, 0.5), "max": quantile(self.back, 1.0)},
                "counts": self.counts,
            }
        )

    def run(self) -> None:
        began = time.monotonic()
        for number, screen in enumerate(self.screens):
            self.loop.at(began + number // AT_ONCE * 0.05, screen.open)
        self.loop.at(began, partial(self._are_all_here, began + PATIENCE))
        self.loop.run()

    def _are_all_here(self, until: float) -> None:
        if len(self.painted) == len(self.good) or time.monotonic() > until:
            return say({"open": len(self.painted)})
        self.loop.at(time.monotonic() + 0.1, partial(self._are_all_here, until))
        return None


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Crowd(Told(**json.loads(sys.argv[1]))).run()
