"""One open screen and one topic, as the hub holds them. Half a kilobyte each: there may be ten thousand."""

import random
import socket
from collections.abc import Iterable

from webapp.live import wire

#: What the kernel may hold for a reader that is slow; the newest picture replaces what waits here.
SEND_BUFFER = 64 * 1024
#: Milliseconds after which a reader that acknowledges nothing is dead.
DEAD_AFTER_MS = 30_000
#: Milliseconds until a browser comes back, at random: a thousand do not come at once.
RETRY = (1000, 4000)
#: Seconds a screen may stay before it must prove again what it may see, at random.
STAYS = (6 * 3600.0, 12 * 3600.0)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\n%bConnection: close\r\n\r\n"
)


class Event:
    """What is sent, as it is and as a piece of gzip; compressed once, and only where a screen wants it so."""

    __slots__ = ("_packed", "plain")

    def __init__(self, plain: bytes) -> None:
        self.plain = plain
        self._packed = b""

    @property
    def packed(self) -> bytes:
        if not self._packed:
            self._packed = wire.block(self.plain)
        return self._packed


class Topic:
    """A topic somebody looks at: its newest picture, and how fresh that is."""

    __slots__ = ("name", "paint", "pulse", "screens", "version")

    def __init__(self, name: str) -> None:
        self.name = name
        self.version = b""
        self.paint: Event | None = None
        self.pulse: Event | None = None
        self.screens: set[Screen] = set()

    def take(self, version: bytes, event: Event) -> bool:
        """Keep it; False where it is the picture that is here already."""
        if not version:
            self.pulse = event
            return True
        if version == self.version:
            return False
        self.version, self.paint = version, event
        return True


class Screen:
    """waiting: what could not be sent yet, newest only, by what it replaces."""

    __slots__ = ("buffer", "closes_at", "gzip", "keys", "line", "topics", "waiting")

    def __init__(
        self, line: socket.socket, topics: tuple[Topic, ...], gzip: bool, keys: tuple[str, ...], now: float
    ) -> None:
        self.line = line
        self.topics = topics
        self.gzip = gzip
        self.keys = keys
        self.closes_at = now + random.uniform(*STAYS)
        self.buffer = b""
        self.waiting: dict[object, bytes] | None = None

    def settle(self) -> None:
        """Limits that keep a slow or dead reader from costing the others anything."""
        self.line.setblocking(False)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def greeting(self, seen: Iterable[bytes], beat: Event) -> bytes:
        """The head of the answer, and what this screen has not got yet."""
        first = Event(b"retry: %d\n\n" % random.randrange(*RETRY))
        owed = [first, beat]
        for topic, version in zip(self.topics, seen, strict=True):
            if topic.paint and topic.version != version:
                owed.append(topic.paint)
            if topic.pulse:
                owed.append(topic.pulse)
        body = b"".join(self.form(event) for event in owed)
        return HEAD % b"Content-Encoding: gzip\r\n" + wire.GZIP_HEAD + body if self.gzip else HEAD % b"" + body

    def form(self, event: Event) -> bytes:
        return event.packed if self.gzip else event.plain

    @property
    def slow(self) -> bool:
        """Something waits for it to take more."""
        return bool(self.buffer)

    def push(self, kind: object, data: bytes) -> None:
        """Send, or keep for later in the place of an older one of its kind. Raises OSError where the line is dead."""
        if self.slow:
            self.waiting = self.waiting or {}
            self.waiting[kind] = data
        else:
            self._send(data)

    def flush(self) -> None:
        """It took something: go on."""
        self._send(self.buffer)
        if self.waiting and not self.slow:
            later, self.waiting = self.waiting, None
            self._send(b"".join(later.values()))

    def _send(self, data: bytes) -> None:
        try:
            sent = self.line.send(data)
        except BlockingIOError:
            sent = 0
        self.buffer = data[sent:]
