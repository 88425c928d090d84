"""How pages answer meanwhile: so many questions a second, each timed from when it was due, late or not."""

import http.client
import queue
import threading
import time
from typing import Any

from bench.live_lab.loop import HERE, summary

ASKERS = 6


class Probe:
    """Asks from `with` to the end of the block."""

    def __init__(self, port: int, path: str = "/board", rate: float = 10) -> None:
        self.port, self.path, self.rate = port, path, rate
        self.taken: list[float] = []
        self.errors = 0
        self.due: queue.Queue[float | None] = queue.Queue()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(ASKERS)]
        self.threads.append(threading.Thread(target=self._tick, daemon=True))

    def __enter__(self) -> "Probe":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        for _ in range(ASKERS):
            self.due.put(None)
        for thread in self.threads:
            thread.join(30)

    def told(self) -> dict[str, Any]:
        """Since it was last told."""
        taken, errors = self.taken, self.errors
        self.taken, self.errors = [], 0
        return {"asked": len(taken) + errors, "errors": errors, **summary(taken)}

    def _tick(self) -> None:
        due = time.monotonic()
        while not self.over.is_set():
            due += 1 / self.rate
            self.over.wait(max(0.0, due - time.monotonic()))
            self.due.put(due)

    def _ask(self) -> None:
        line = http.client.HTTPConnection(HERE, self.port, timeout=20)
        while (due := self.due.get()) is not None:
            try:
                self._get(line)
                self.taken.append(1000 * (time.monotonic() - due))
            except (OSError, http.client.HTTPException):
                line.close()
                self.errors += 1

    def _get(self, line: http.client.HTTPConnection) -> None:
        """A line that the server closed while nobody asked is opened anew, as browsers do."""
        for fresh in (line.sock is None, True):
            try:
                line.request("GET", self.path)
                answer = line.getresponse()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                line.close()
                if fresh:
                    raise
        answer.read()
        if answer.status >= 500:
            raise OSError(answer.status)
