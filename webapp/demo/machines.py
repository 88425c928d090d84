"""The works' machines while the story is told: the virtual factory itself, in a thread, on the story's clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

from virtualfactory.behaviour import Run
from virtualfactory.kept import keep
from virtualfactory.machine import Job, Machine, Order
from virtualfactory.personality import Personality
from virtualfactory.server import Factory, serve

HOST = "127.0.0.1"


class Machines:
    """now: the moment the story is at, for every machine."""

    def __init__(self, port: int, folder: Path, personalities: dict[int, Personality]) -> None:
        self.port = port
        self.folder = folder
        self.now = 0.0
        # In a story nobody hides or refuses: what went wrong is part of it already.
        polite = {number: replace(one, silence_every_hours=0, refuses=0) for number, one in personalities.items()}
        self.factory = Factory({number: Machine(one) for number, one in polite.items()}, lambda: self.now)

    def address(self, number: int) -> str:
        return f"http://{HOST}:{self.port}/cell/{number}"

    def give(self, number: int, project_id: int, fence: int, run: Run) -> None:
        """The machine has this job already when it is handed over: it goes as the story says."""
        self.factory.machines[number].job = Job(Order(project_id, fence), run)

    def keep(self) -> None:
        """Where the virtual factory finds them when it is started."""
        keep(self.factory.machines, self.folder)


@contextmanager
def at_work(machines: Machines) -> Iterator[Machines]:
    """Let them answer on their port for as long as this lasts. Raises OSError where the port is taken."""
    loop = asyncio.new_event_loop()
    try:
        server = loop.run_until_complete(serve(machines.factory, HOST, machines.port))
        thread = Thread(target=loop.run_forever, daemon=True)
        thread.start()
        yield machines
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    finally:
        loop.close()
