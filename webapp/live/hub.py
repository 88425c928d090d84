"""python -m webapp.live.hub: holds every open screen, and sends each painted change to all who look at it.

It knows topics and sockets, nothing of the factory: the web can be deployed under a thousand open screens.
In:  sockets handed over by the web on a unix socket; events from Redis, painted once by the renderer.
Out: one send() per screen and event; a slow screen skips to the newest, a dead one is dropped.
"""

import logging
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from webapp.config import BadSetting, from_environment
from webapp.live import wire
from webapp.live.news import News
from webapp.live.screen import Event, Screen, Topic
from webapp.live.system import listen, resident, room_for_screens, still_there
from webapp.logs import configure

log = logging.getLogger("hub")

#: Seconds between two beats: a screen that hears nothing for three of them comes again.
BEAT = 15.0
#: Seconds between two reports to Redis of what is looked at.
REPORT = 5.0
LETTER = 16 * 1024
#: Screens with one name (a session, a display): more than a person has tabs.
MOST_WITH_ONE_NAME = 64
READABLE = select.EPOLLIN | select.EPOLLRDHUP
GONE = select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP


class Hub:
    """path: where the web finds it. news: what comes from Redis."""

    def __init__(self, path: Path, news: News) -> None:
        self.path, self.news = path, news
        self.over = False
        self.poll = select.epoll()
        self.screens: dict[int, Screen] = {}
        self.topics: dict[str, Topic] = {}
        self.named: dict[str, set[Screen]] = {}
        self.counts = dict.fromkeys(("adopted", "dropped", "kicked", "refused", "sent", "bytes", "slow"), 0)
        self.beat = Event(wire.beat(b""))
        self.room = room_for_screens()
        self.door = listen(path)
        self.poll.register(self.door, select.EPOLLIN)

    def run(self) -> None:
        beat_at = report_at = time.monotonic()
        while not self.over:
            self._hear(self.poll.poll(self._pause(min(beat_at, report_at))))
            now = time.monotonic()
            if now >= beat_at:
                beat_at = now + BEAT
                self._beat(now)
            if now >= report_at:
                report_at = now + REPORT
                self.news.report(list(self.topics), self._figures())
        self.close()

    def close(self) -> None:
        for screen in list(self.screens.values()):
            self.drop(screen)
        self.door.close()
        self.path.unlink(missing_ok=True)

    def _pause(self, until: float) -> float:
        """Seconds to wait for something to happen; shorter while Redis is away, and is to be found again."""
        return max(0.0, min(until - time.monotonic(), 1.0 if self.news.connected else 0.2))

    def _hear(self, events: list[tuple[int, int]]) -> None:
        self._keep_in_touch()
        for descriptor, event in events:
            if descriptor == self.news.descriptor:
                self._read_news()
            elif descriptor == self.door.fileno():
                self._open_door()
            elif screen := self.screens.get(descriptor):
                self._attend(screen, event)

    # What comes from Redis

    def _keep_in_touch(self) -> None:
        if self.news.connected or not self.news.connect():
            return
        self.poll.register(self.news.descriptor, READABLE)
        if build := self.news.kept(wire.BUILD):
            self._new_build(build)
        for name in self.topics:
            self.news.want(name)
            if kept := self.news.kept(name):
                self.change(name, kept)
        self._read_news()

    def _read_news(self) -> None:
        """All there is: what redis-py has read already, no epoll will ever show."""
        before = self.news.descriptor
        for channel, message in self.news.read():
            if channel == wire.KICK:
                self.kick(message.decode(errors="replace"))
            elif channel == wire.BUILD:
                self._new_build(message)
            else:
                self.change(channel.removeprefix(wire.TOPIC), message)
        if not self.news.connected:
            with suppress(OSError, ValueError):
                self.poll.unregister(before)

    def change(self, name: str, message: bytes) -> None:
        """The renderer painted a topic, or says how fresh it is."""
        topic = self.topics.get(name)
        if topic is None:
            return
        version, plain = wire.unpacked(message)
        event = Event(plain)
        if topic.take(version, event):
            self._send(topic.screens, (topic, bool(version)), event)

    def kick(self, name: str) -> None:
        """Whoever this is signed out or was shut out: close all they have open."""
        for screen in list(self.named.get(name, ())):
            self.counts["kicked"] += 1
            self.drop(screen)

    def _new_build(self, build: bytes) -> None:
        beat = wire.beat(build)
        if beat != self.beat.plain:
            self.beat = Event(beat)
            self._beat(time.monotonic())

    def _beat(self, now: float) -> None:
        self._send(self.screens.values(), "beat", self.beat)
        for screen in [screen for screen in self.screens.values() if now >= screen.closes_at]:
            self.drop(screen)

    # Screens

    def _open_door(self) -> None:
        for _ in range(64):
            try:
                caller, _address = self.door.accept()
            except BlockingIOError:
                return
            with caller, suppress(OSError, ValueError):
                caller.settimeout(0.5)
                letter, given, _flags, _from = socket.recv_fds(caller, LETTER, 1)
                lines = [socket.socket(fileno=descriptor) for descriptor in given]
                for line in lines:
                    self.adopt(line, wire.Letter.read(letter))

    def adopt(self, line: socket.socket, letter: wire.Letter) -> None:
        if len(self.screens) >= self.room:
            self.counts["refused"] += 1
            line.close()
            return
        topics = tuple(self._topic(name) for name in letter.topics)
        keys = tuple(sys.intern(key) for key in letter.keys)
        screen = Screen(line, topics, letter.gzip, keys, time.monotonic())
        self._make_room(keys[:1])
        try:
            screen.settle()
            self.poll.register(line, READABLE)
        except OSError:
            self._forget(topics)
            line.close()
            return
        self.screens[line.fileno()] = screen
        for topic in topics:
            topic.screens.add(screen)
        for key in keys:
            self.named.setdefault(key, set()).add(screen)
        self.counts["adopted"] += 1
        self._push(screen, "greeting", screen.greeting([seen.encode() for seen in letter.seen], self.beat))

    def _topic(self, name: str) -> Topic:
        if name not in self.topics:
            self.topics[name] = Topic(name)
            self.news.want(name)
        return self.topics[name]

    def _make_room(self, keys: tuple[str, ...]) -> None:
        """Of one session's screens the oldest go first: a page that opens lines in a loop only closes its own."""
        for key in keys:
            held = self.named.get(key, set())
            while len(held) >= MOST_WITH_ONE_NAME:
                self.drop(min(held, key=lambda screen: screen.closes_at))

    def drop(self, screen: Screen) -> None:
        descriptor = screen.line.fileno()
        if self.screens.pop(descriptor, None) is None:
            return
        with suppress(OSError, ValueError):
            self.poll.unregister(descriptor)
        screen.line.close()
        for key in screen.keys:
            self.named[key].discard(screen)
            if not self.named[key]:
                del self.named[key]
        for topic in screen.topics:
            topic.screens.discard(screen)
        self._forget(screen.topics)
        self.counts["dropped"] += 1

    def _forget(self, topics: tuple[Topic, ...]) -> None:
        """What nobody looks at is not kept: the next one to look must not be shown an old picture."""
        for topic in topics:
            if not topic.screens:
                self.topics.pop(topic.name, None)

    def _attend(self, screen: Screen, event: int) -> None:
        if event & GONE or (event & select.EPOLLIN and not still_there(screen.line)):
            self.drop(screen)
        elif event & select.EPOLLOUT:
            self._try(screen, screen.flush)

    def _send(self, screens: Collection[Screen], kind: object, event: Event) -> None:
        for screen in list(screens):
            self._push(screen, kind, screen.form(event))

    def _push(self, screen: Screen, kind: object, data: bytes) -> None:
        self.counts["sent"] += 1
        self.counts["bytes"] += len(data)
        self._try(screen, lambda: screen.push(kind, data))

    def _try(self, screen: Screen, send: Callable[[], None]) -> None:
        """Where something waits afterwards, ask to be told when the screen can take more."""
        was_slow = screen.slow
        try:
            send()
            if screen.slow != was_slow:
                self.poll.modify(screen.line, READABLE | select.EPOLLOUT if screen.slow else READABLE)
                self.counts["slow"] += screen.slow
        except OSError:
            self.drop(screen)

    def _figures(self) -> dict[str, int]:
        return {"screens": len(self.screens), "topics": len(self.topics), "rss": resident(), **self.counts}


def main() -> None:
    configure()
    try:
        config = from_environment()
    except BadSetting as problem:
        sys.exit(str(problem))
    hub = Hub(config.data_dir / wire.SOCKET, News(config.redis_url))

    def stop(*_: object) -> None:
        hub.over = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    hub.run()


if __name__ == "__main__":
    main()
