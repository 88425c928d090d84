"""The far end of /live, in a test's hand: it says what the test says, and breaks when the test wants it to."""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any
from urllib.parse import parse_qs

from flask import Flask


class Wire:
    """asked: the topics of each line that was opened, in order. refused: the status that callers get instead of one."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refused = 0
        self.build = ""
        self._lines: list[Queue[str | None]] = []
        self._changed = threading.Condition()

    def under(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        """The program, with this line instead of its own."""

        def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            if environ["PATH_INFO"] != "/live":
                return inner(environ, start_response)
            with self._changed:
                self.asked.append(parse_qs(environ["QUERY_STRING"])["topics"][0])
                self._changed.notify_all()
            if self.refused:
                start_response(f"{self.refused} Not now", [("Content-Length", "0")])
                return [b""]
            start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
            return self._line()

        return serve

    def _line(self) -> Iterator[bytes]:
        said: Queue[str | None] = Queue()
        said.put(_event("beat", self.build))
        with self._changed:
            self._lines.append(said)
            self._changed.notify_all()
        try:
            while True:
                try:
                    words = said.get(timeout=0.2)
                except Empty:
                    yield b": still here\n\n"  # so that a browser that left is noticed
                    continue
                if words is None:
                    return
                yield words.encode()
        finally:
            with self._changed:
                self._lines.remove(said)
                self._changed.notify_all()

    @property
    def open(self) -> int:
        return len(self._lines)

    def wait(self, lines: int = 1) -> None:
        """Until so many are open."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.open == lines, 10), f"{self.open} open, not {lines}"

    def say(self, event: str, *data: str) -> None:
        for line in list(self._lines):
            line.put(_event(event, *data))

    def paint(self, topic: str, html: str) -> None:
        self.say("paint", topic, " ".join(html.split()))

    def cut(self, refused: int = 0) -> None:
        """Every line ends. refused: and this is what those get who come again."""
        self.refused = refused
        for line in list(self._lines):
            line.put(None)


def _event(name: str, *data: str) -> str:
    return f"event: {name}\n" + "".join(f"data: {line}\n" for line in data) + "\n"


def put_under(app: Flask) -> Iterator[Wire]:
    """Instead of the app's own /live, for a while."""
    wire, inner = Wire(), app.wsgi_app
    app.wsgi_app = wire.under(inner)  # type: ignore[method-assign]
    yield wire
    app.wsgi_app = inner  # type: ignore[method-assign]
    wire.cut(refused=503)
