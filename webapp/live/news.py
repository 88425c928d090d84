"""The hub's line to Redis: what was painted, who is to go, and what is looked at. Lost and found without a word."""

import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import redis

from webapp.lib.redis_line import connect
from webapp.live import wire

log = logging.getLogger(__name__)

#: Nobody waits for Redis, least of all a thousand screens.
PATIENCE = 0.5
#: Seconds a report is worth something: three of them may be missed.
WORTH = 15


class News:
    def __init__(self, url: str) -> None:
        self.url = url
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.connection = connect(url, PATIENCE)
        # Kept as long as the connection: a PubSub whose Redis object is gone closes its socket.
        self._heard: redis.client.PubSub | None = None

    @property
    def connected(self) -> bool:
        return self._heard is not None

    @property
    def descriptor(self) -> int:
        """For epoll; -1 while there is no connection."""
        line = self._heard and self._heard.connection
        return line._sock.fileno() if line and line._sock else -1

    def connect(self) -> bool:
        """Whether it could be done now."""
        heard = self.connection.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        try:
            heard.psubscribe(wire.TOPIC + "*")
            heard.subscribe(wire.KICK, wire.BUILD)
        except (redis.RedisError, OSError):
            return False
        self._heard = heard
        return True

    def read(self) -> Iterator[tuple[str, bytes]]:
        """(channel, message) of all that came. One None may only mean that a confirmation was swallowed."""
        nothing = 0
        while self._heard and nothing < 2:
            try:
                message = self._heard.get_message(timeout=0)
            except (redis.RedisError, OSError) as error:
                self._lose(error)
                return
            nothing = nothing + 1 if message is None else 0
            if message:
                yield message["channel"].decode(), message["data"]

    def kept(self, name: str) -> bytes | None:
        """The newest picture of a topic, or the newest build."""
        with suppress(redis.RedisError, OSError):
            return self.connection.get(wire.KEPT + name)  # type: ignore[return-value]
        return None

    def want(self, topic: str) -> None:
        """Somebody began to look at it: the renderer need not wait for the next report."""
        with suppress(redis.RedisError, OSError), self.connection.pipeline(transaction=False) as pipe:
            pipe.sadd(wire.WANTED + self.name, topic)
            pipe.expire(wire.WANTED + self.name, WORTH)
            pipe.publish(wire.WANTED_NOW, topic)
            pipe.execute()

    def report(self, topics: Sequence[str], figures: Mapping[str, int]) -> None:
        """What is looked at here, and what was counted."""
        with suppress(redis.RedisError, OSError), self.connection.pipeline() as pipe:
            pipe.delete(wire.WANTED + self.name)
            if topics:
                pipe.sadd(wire.WANTED + self.name, *topics)
                pipe.expire(wire.WANTED + self.name, WORTH)
            pipe.hset(wire.HUBS + self.name, items=[part for pair in figures.items() for part in pair])
            pipe.expire(wire.HUBS + self.name, WORTH)
            pipe.execute()

    def _lose(self, error: Exception) -> None:
        log.warning("Redis is away (%s): screens stay, nothing new can reach them", type(error).__name__)
        if self._heard:
            with suppress(redis.RedisError, OSError):
                self._heard.close()
        self._heard = None
