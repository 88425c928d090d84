"""A loop of sockets, times and the words of whoever started us: what a crowd of clients in one process needs."""

import heapq
import itertools
import os
import select
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

HERE = "127.0.0.1"


class Line(Protocol):
    """Whoever has a socket in the loop."""

    def readable(self) -> None: ...

    def lost(self) -> None: ...


class Loop:
    """commands: word -> what to do when our starter says it, on a line of its own. The end of its words is the end."""

    def __init__(self, commands: dict[str, Callable[[], None]]) -> None:
        self.poll = select.epoll()
        self.lines: dict[int, Line] = {}
        self.later: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.commands = commands
        self.poll.register(sys.stdin, select.EPOLLIN)

    def at(self, when: float, act: Callable[[], None]) -> None:
        """when: monotonic seconds."""
        heapq.heappush(self.later, (when, next(self.order), act))

    def watch(self, line: socket.socket, owner: Line) -> None:
        self.lines[line.fileno()] = owner
        self.poll.register(line, select.EPOLLIN | select.EPOLLRDHUP)

    def deafen(self, line: socket.socket) -> None:
        """It is open, and nobody reads."""
        self.poll.modify(line, select.EPOLLHUP)

    def listen_to(self, line: socket.socket) -> None:
        self.poll.modify(line, select.EPOLLIN | select.EPOLLRDHUP)

    def close(self, line: socket.socket) -> None:
        self.lines.pop(line.fileno(), None)
        self.poll.unregister(line)
        line.close()

    def run(self) -> None:
        while True:
            pause = self.later[0][0] - time.monotonic() if self.later else 1.0
            for descriptor, event in self.poll.poll(max(0.0, min(pause, 1.0)), 4096):
                if descriptor == sys.stdin.fileno():
                    self._obey()
                elif owner := self.lines.get(descriptor):
                    owner.readable() if event & select.EPOLLIN else owner.lost()
            while self.later and self.later[0][0] <= time.monotonic():
                heapq.heappop(self.later)[2]()

    def _obey(self) -> None:
        words = os.read(sys.stdin.fileno(), 4096).decode().split()
        if not words:
            sys.exit()
        for word in words:
            self.commands[word]()


def dial(port: int, settings: tuple[tuple[int, int, int], ...] = ()) -> socket.socket:
    """Connected at once, as it is on this machine; settings are made before. Raises OSError."""
    line = socket.socket()
    try:
        for setting in settings:
            line.setsockopt(*setting)
        line.settimeout(5)
        line.connect((HERE, port))
        line.setblocking(False)
    except OSError:
        line.close()
        raise
    return line


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0


def summary(values: list[float]) -> dict[str, Any]:
    return {"p50": quantile(values, 0.5), "p99": quantile(values, 0.99), "max": quantile(values, 1.0)}
