"""The push door with its real parts: Valkey, a hub, a renderer, and screens that are sockets."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from flask import Flask
from werkzeug.serving import make_server

from tests.live.eyes import Eye
from tests.valkey import valkey_server
from webapp.lib.redis_line import connect
from webapp.live import wire
from webapp.live.hub import Hub
from webapp.live.news import News
from webapp.live.publish import Crier
from webapp.live.renderer import Renderer


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def connection(redis_url: str) -> redis.Redis:
    connection = redis.Redis.from_url(redis_url)
    connection.flushall()
    return connection


@pytest.fixture
def hub(app: Flask, redis_url: str, connection: redis.Redis) -> Iterator[Hub]:
    """Where the web looks for it, in a thread."""
    hub = Hub(Path(app.extensions["factory"].data_dir) / wire.SOCKET, News(redis_url))
    thread = threading.Thread(target=hub.run, daemon=True)
    thread.start()
    yield hub
    hub.over = True
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line, suppress(OSError):
        line.connect(str(hub.path))  # a knock, so that it looks up, unless it did already
    thread.join(5)


@pytest.fixture
def renderer(
    app: Flask, redis_url: str, connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Renderer]:
    """In a thread, told of every commit."""
    monkeypatch.setitem(app.extensions, "crier", Crier(redis_url))
    renderer = Renderer(app, connect(redis_url, 2))
    thread = threading.Thread(target=renderer.run, daemon=True)
    thread.start()
    yield renderer
    renderer.over = True
    connection.publish(wire.DIRTY, "over")
    thread.join(5)


@pytest.fixture(scope="session")
def port(factory: Flask) -> Iterator[int]:
    """The program on a port of this machine, a thread for each request."""
    server = make_server("127.0.0.1", 0, factory, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(5)


@pytest.fixture
def look(port: int) -> Iterator[Callable[..., Eye]]:
    """look("board", …): a screen that looks at these topics."""
    eyes: list[Eye] = []

    def look(*topics: str, **more: str) -> Eye:
        eyes.append(Eye(port, topics, **more))
        return eyes[-1]

    yield look
    for eye in eyes:
        eye.close()
