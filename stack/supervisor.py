"""Keeps programs running: started when what they need is ready, restarted when they die, stopped in reverse order."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from stack import processtable
from stack.output import Output

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
#: After this long the next failure counts as the first again.
STEADY = 20.0
#: As often a program may fail before everything was ready once; then something is wrong that waiting will not mend.
PATIENCE = 3
#: So often a person is told what the first start still waits for.
REMINDER = 30.0
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """What to run. ready: asked until it says yes; None: when its first line says "ready". grace: seconds to end in."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    needs: tuple[str, ...] = ()
    grace: float = 10.0
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A program and its process, while it has one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False
        self.begun = 0.0
        self.failures = 0
        self.not_before = 0.0
        self.kill_at: float | None = None

    @property
    def name(self) -> str:
        return self.program.name

    def pause(self, now: float) -> float:
        """Seconds to wait before the next attempt: doubled with each failure in a row."""
        self.failures = 1 if now - self.begun > STEADY else self.failures + 1
        return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.failures - 1)))


class Supervisor:
    def __init__(
        self,
        programs: Sequence[Program],
        output: Output,
        pids: Path,
        when_ready: Callable[[], None] = lambda: None,
        give_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """give_up: asked all the time; once it says yes everything is stopped in order."""
        self.children = [Child(program) for program in programs]
        self.output = output
        self.pids = pids
        self.when_ready = when_ready
        self.give_up = give_up
        self.announced = False
        self.remind_at = time.monotonic() + REMINDER
        self.stops = 0
        self.selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Until a signal says stop: 0; 1 where a program cannot be started at all. Nothing is left running."""
        with self._signals():
            try:
                failed = self._keep_running()
            finally:
                self._stop_all()
        return 1 if failed else 0

    def _keep_running(self) -> bool:
        while not self.stops and not self.give_up():
            for child in self.children:
                self._start_if_due(child)
            self._listen(0.05 if not self.announced else 0.25)
            self._reap()
            self._ask_if_ready()
            self._remind()
            if not self.announced and any(child.failures >= PATIENCE for child in self.children):
                return True
        return False

    # Starting

    def _start_if_due(self, child: Child) -> None:
        if child.process is None and time.monotonic() >= child.not_before and self._has_its_needs(child):
            self._start(child)

    def _has_its_needs(self, child: Child) -> bool:
        """At the first start only: later a program must do without what died, and comes back beside it."""
        return self.announced or all(other.ready for other in self.children if other.name in child.program.needs)

    def _start(self, child: Child) -> None:
        child.begun, child.ready = time.monotonic(), False
        try:
            process = processtable.spawn(child.program.command, child.program.environment)
        except OSError as error:
            self.output.say(f"{child.name} cannot be started: {error}")
            self._put_off(child)
            return
        assert process.stdout
        child.process = process
        self.selector.register(process.stdout, selectors.EVENT_READ, child)
        processtable.write_pid(self.pids / f"{child.name}.pid", process.pid)

    def _ask_if_ready(self) -> None:
        for child in self.children:
            if child.process and not child.ready and child.program.ready and child.program.ready():
                child.ready = True
        if not self.announced and all(child.ready for child in self.children):
            self.announced = True
            self.when_ready()

    def _remind(self) -> None:
        if self.announced or time.monotonic() < self.remind_at:
            return
        self.remind_at += REMINDER
        late = [child.name for child in self.children if not child.ready]
        self.output.say(f"still waiting for {', '.join(late)}; {self.output.where(late[0])}")

    # Listening

    def _listen(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            data = _read(key.fd)
            if isinstance(key.data, Child) and data is not None:
                self._hear(key.data, key.fileobj, data)

    def _hear(self, child: Child, pipe: object, data: bytes) -> None:
        if not data:
            self.selector.unregister(pipe)  # type: ignore[arg-type]
            pipe.close()  # type: ignore[attr-defined]
        for line in self.output.lines(child.name, data):
            if child.program.ready is None and line.strip() == "ready":
                child.ready = True

    # When one dies

    def _reap(self) -> None:
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            status, pid = child.process.returncode, child.process.pid
            # What it started has no master now, and may still hold the port.
            processtable.kill_session(pid)
            child.process, child.ready, child.kill_at = None, False, None
            (self.pids / f"{child.name}.pid").unlink(missing_ok=True)
            if not self.stops:
                self.output.say(f"{child.name} {_ended(status)}; {self.output.where(child.name)}")
                self._put_off(child)

    def _put_off(self, child: Child) -> None:
        now = time.monotonic()
        child.not_before = now + child.pause(now)

    # Stopping

    def _stop_all(self) -> None:
        """What nothing running needs goes first, so the store goes last. A second signal does not wait."""
        self.stops = max(self.stops, 1)
        while alive := [child for child in self.children if child.process]:
            needed = {name for child in alive for name in child.program.needs}
            for child in alive:
                if self.stops > 1 or _overdue(child):
                    processtable.kill_session(_pid(child))
                elif child.name not in needed and child.kill_at is None:
                    _end(child)
            self._listen(0.05)
            self._reap()
        self._listen(0)

    # Signals

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """A signal interrupts the wait for output, through a pipe, and is counted."""
        listen, tell = os.pipe()
        for end in (listen, tell):
            os.set_blocking(end, False)
        before = {number: signal.getsignal(number) for number in STOPPERS}
        earlier = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        self.selector.register(listen, selectors.EVENT_READ)
        for number in STOPPERS:
            if number != signal.SIGHUP or before[number] != signal.SIG_IGN:  # nohup asked for that
                signal.signal(number, self._count)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(earlier)
            self.selector.unregister(listen)
            os.close(listen)
            os.close(tell)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.stops += 1


def _read(descriptor: int) -> bytes | None:
    """What there is; b"" at the end; None where there is nothing after all."""
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _pid(child: Child) -> int:
    assert child.process
    return child.process.pid


def _overdue(child: Child) -> bool:
    return child.kill_at is not None and time.monotonic() > child.kill_at


def _end(child: Child) -> None:
    assert child.process
    child.kill_at = time.monotonic() + child.program.grace
    child.process.send_signal(signal.SIGTERM)


def _ended(status: int) -> str:
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
