"""A supervisor in a process of its own, as bin/run has it, over small shell scripts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HARNESS = """
import sys
from pathlib import Path
from stack.output import Output
from stack.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
programs = [Program(name, ["sh", "-c", script], needs=tuple(needs.split()), grace=float(grace))
            for name, needs, grace, script in zip(*[iter(sys.argv[2:])] * 4)]
output = Output(folder, sys.stdout)
give_up = (folder / "give-up").exists
sys.exit(Supervisor(programs, output, folder, lambda: output.show("all ready"), give_up).run())
"""


class Stack:
    """The supervisor under test; scripts append to `story`, one word a line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def start(self, *programs: tuple[str, str, float, str]) -> "Stack":
        """programs: (name, needs, grace, shell script)."""
        words = [str(word) for program in programs for word in program]
        environment = {**os.environ, "STORY": str(self.folder / "story")}
        command = [sys.executable, "-c", HARNESS, str(self.folder), *words]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        return self

    def wait_ready(self) -> "Stack":
        assert self.process
        assert self.process.stdout
        for line in self.process.stdout:
            if line == "all ready\n":
                return self
        raise AssertionError("it ended before all was ready")

    def send(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def end(self) -> int:
        assert self.process
        return self.process.wait(20)

    def pid(self, name: str) -> int:
        return int((self.folder / f"{name}.pid").read_text())

    @property
    def story(self) -> list[str]:
        path = self.folder / "story"
        return path.read_text().split() if path.exists() else []


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path)
    yield stack
    if stack.process and stack.process.poll() is None:
        stack.send(signal.SIGTERM)
        stack.send(signal.SIGTERM)
        stack.end()


def eventually(holds: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    """Whether it runs; one that has ended and was not yet asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
