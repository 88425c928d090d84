"""python -m webapp.live.renderer: paints each topic that changed once, for whoever looks at it.

One painter, not every writer: two that painted for themselves could send the older picture last.
A topic is painted at once, then at most ten times a second; every few seconds each is looked at though nobody
said a word, so that news lost on the way heals by itself.
"""

import gc
import logging
import signal
import sys
import time
from contextlib import suppress
from datetime import datetime

import redis
from flask import Flask

from webapp import cells, create_app
from webapp.config import BadSetting, Config, from_environment
from webapp.lib.build import build
from webapp.lib.clock import iso, utcnow
from webapp.lib.redis_line import connect
from webapp.lib.refusal import Refusal
from webapp.lib.regions import region_of
from webapp.live import wire
from webapp.live.gallery import GAP, Asked, Gallery, Topic
from webapp.logs import configure

log = logging.getLogger("renderer")

#: Seconds after which every topic is looked at, whoever said nothing.
SAFETY = 5.0
#: Seconds a picture is kept for screens that come later; each pulse renews it.
KEPT = 30
PATIENCE = 2.0
#: Seconds of painting before it listens again.
TURN = 0.25
#: The sampler's word: every cell was asked, so everything on every screen is fresher than it was.
TICK = "tick"


class Renderer:
    def __init__(self, app: Flask, connection: redis.Redis) -> None:
        self.app, self.connection = app, connection
        self.gallery = Gallery()
        self.over = False
        self.swept_at = float("-inf")

    def run(self) -> None:
        """Until told to stop; while Redis is away, again and again."""
        while not self.over:
            try:
                self._serve()
            except (redis.RedisError, OSError) as error:
                log.warning("Redis is away (%s): pages ask by themselves", type(error).__name__)
                time.sleep(0.3)

    def _serve(self) -> None:
        heard = self.connection.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        heard.subscribe(wire.DIRTY, wire.WANTED_NOW)
        self._say_build()
        self.gallery.forget_sent()
        self.swept_at = float("-inf")
        while not self.over:
            self._listen(heard)
            now = time.monotonic()
            if now - self.swept_at >= SAFETY:
                self._sweep(now)
            self._paint_due(now)

    def _listen(self, heard: redis.client.PubSub) -> None:
        """Wait for a word, then take all that came with it: it is in the same picture."""
        now = time.monotonic()
        pause = self.gallery.pause(now, max(0.0, self.swept_at + SAFETY - now))
        message = heard.get_message(timeout=pause)
        nothing = 0
        while nothing < 2:  # one None may only mean that a confirmation was swallowed
            if message:
                self._hear(message["channel"].decode(), message["data"].decode(errors="replace"))
            nothing = 0 if message else nothing + 1
            message = heard.get_message(timeout=0)

    def _hear(self, channel: str, text: str) -> None:
        if channel == wire.WANTED_NOW:
            self._want(text)
            return
        words = set(text.split())
        self.gallery.hear(words)
        if TICK in words:
            self._pulse(time.monotonic())

    def _want(self, name: str) -> None:
        with suppress(Refusal), self.app.app_context():
            self.gallery.want(name, Asked(*region_of(name)))

    def _sweep(self, now: float) -> None:
        """What hubs say is looked at; and a look at each though nobody said a word."""
        self.swept_at = now
        wanted = self._wanted()
        self.gallery.keep_only(wanted)
        for name in wanted - set(self.gallery.topics):
            self._want(name)
        self._pulse(now)
        self._say_build()

    def _wanted(self) -> set[str]:
        keys = list(self.connection.scan_iter(wire.WANTED + "*"))
        found = self.connection.sunion(keys) if keys else set()
        return {name.decode() if isinstance(name, bytes) else name for name in found}

    def _pulse(self, now: float) -> None:
        """How fresh the data are, to topics that were looked at a moment ago; the others are looked at."""
        lately = self.gallery.rest(now)
        if not lately:
            return
        with self.app.app_context():
            fresh = iso(cells.as_of(utcnow())) or ""
        for topic in lately:
            self._send_pulse(topic, fresh)

    def _paint_due(self, now: float) -> None:
        """What is due, in one look at the database; what takes too long goes on after a moment of listening."""
        due = self.gallery.due(now)
        if not due:
            return
        # A request of nobody: addresses are built, and nothing can be painted for one person only.
        with self.app.test_request_context("/"):
            for topic in due:
                if time.monotonic() - now > TURN:
                    return
                began = time.monotonic()
                topic.owed, topic.looked_at, before = False, began, topic.version
                self._paint(topic, utcnow())
                topic.was_looked_at(began, time.monotonic(), painted=topic.version != before)

    def _paint(self, topic: Topic, now: datetime) -> None:
        """Send the picture, or where it is the one that was sent, only how fresh it is."""
        region, subject = topic.asked
        try:
            picture = region.view(subject, now)
            if picture["version"] == topic.version:
                self._send_pulse(topic, iso(picture["as_of"]) or "")
            else:
                self._send_paint(topic, picture["version"], region.paint(picture), iso(picture["as_of"]) or "")
        except Refusal:
            log.info("%s cannot be painted: there is no such thing", topic.name)
        except redis.RedisError:
            raise
        except Exception:  # this region grows old on every screen and says so; the others go on
            log.exception("%s could not be painted", topic.name)

    def _send_paint(self, topic: Topic, version: str, html: str, as_of: str) -> None:
        topic.version, topic.as_of, topic.told_at = version, as_of, time.monotonic()
        message = wire.packed(version, wire.paint(topic.name, html))
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.set(wire.KEPT + topic.name, message, ex=KEPT)
            pipe.publish(wire.TOPIC + topic.name, message)
            pipe.hincrby(wire.COUNTS, "renders", 1)
            pipe.execute()

    def _send_pulse(self, topic: Topic, as_of: str) -> None:
        now = time.monotonic()
        if not as_of or (as_of == topic.as_of and now - topic.told_at < SAFETY - GAP):
            return  # no fresher than before, and a screen knows that this line is alive
        topic.as_of, topic.told_at = as_of, now
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.expire(wire.KEPT + topic.name, KEPT)
            pipe.publish(wire.TOPIC + topic.name, wire.packed("", wire.pulse(topic.name, as_of)))
            pipe.hincrby(wire.COUNTS, "pulses", 1)
            pipe.execute()

    def _say_build(self) -> None:
        self.connection.set(wire.KEPT + wire.BUILD, build())
        self.connection.publish(wire.BUILD, build())


def renderer(config: Config) -> Renderer:
    return Renderer(create_app(config), connect(config.redis_url, PATIENCE))


def main() -> None:
    configure()
    try:
        made = renderer(from_environment())
    except BadSetting as problem:
        sys.exit(str(problem))

    def stop(*_: object) -> None:
        made.over = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    gc.freeze()  # what was built at the start stays: looking through it for garbage would hold a picture up
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    made.run()


if __name__ == "__main__":
    main()
