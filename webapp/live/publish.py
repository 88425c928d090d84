"""After a commit: say which words changed. A courtesy that holds no commit up; the renderer also looks by itself."""

import logging
import time

import redis
from flask import Flask, current_app, has_app_context

from webapp import extensions
from webapp.lib.redis_line import connect
from webapp.live import wire

log = logging.getLogger(__name__)
#: Somebody waits for an answer meanwhile.
PATIENCE = 0.1
#: After it could not be said, not tried again for so many seconds.
REST = 2.0
#: A word that is for the hub: "kick:display:3" closes that screen.
KICK = "kick:"


class Crier:
    """One per app."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.resting_until = 0.0
        self._connection: redis.Redis | None = None

    def cry(self, words: set[str]) -> None:
        if time.monotonic() < self.resting_until:
            return
        try:
            self._say(words)
        except (redis.RedisError, OSError) as error:
            self.resting_until = time.monotonic() + REST
            log.warning("what changed could not be told: %s", type(error).__name__)

    def _say(self, words: set[str]) -> None:
        if self._connection is None:
            self._connection = connect(self.url, PATIENCE)
        changed = {word for word in words if not word.startswith(KICK)}
        for word in words - changed:
            self._connection.publish(wire.KICK, word.removeprefix(KICK))
        if changed:
            self._connection.publish(wire.DIRTY, " ".join(sorted(changed)))


def attach(app: Flask) -> None:
    app.extensions["crier"] = Crier(app.extensions["factory"].redis_url)
    if _tell not in extensions.listeners:
        extensions.listeners.append(_tell)


def _tell(words: set[str]) -> None:
    if has_app_context() and "crier" in current_app.extensions:
        current_app.extensions["crier"].cry(words)
