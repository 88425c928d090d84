"""People at work while something else happens: each commits one entry after the other, and notes what was committed."""

import time
from itertools import count
from threading import Event, Thread
from types import TracebackType

from flask import Flask

from webapp import journal
from webapp.extensions import transaction
from webapp.lib.clock import utcnow


class Writers:
    def __init__(self, app: Flask, many: int) -> None:
        self.app = app
        self.acknowledged: list[str] = []
        self.over = Event()
        self.threads = [Thread(target=self._write, args=(name,)) for name in range(many)]

    def _write(self, name: int) -> None:
        for number in count():
            if self.over.is_set():
                return
            subject = f"load:{name}-{number}"
            with self.app.app_context(), transaction():
                journal.record("wrote", subject, "a writer", utcnow())
            self.acknowledged.append(subject)

    def wait_for(self, entries: int) -> None:
        deadline = time.monotonic() + 20
        while len(self.acknowledged) < entries and time.monotonic() < deadline:
            time.sleep(0.01)

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()
