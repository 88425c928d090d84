"""bin/run as a person has it: started, used, refused a second time, stopped, killed and started again."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stack.preflight import free_port
from tests.live.eyes import Eye
from tests.stack.conftest import ROOT, eventually, lives

COMMAND = [sys.executable, "-m", "stack"]
pytestmark = pytest.mark.timeout(300)
PROCESSES = {"valkey", "hub", "renderer", "web", "fast", "slow", "clock"}


class Run:
    """One bin/run after another, on the same folder, port and database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port(0)
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "SAMPLE_EVERY": "1",
            "DEMO": "off",
        }
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    def start(self, **settings: str) -> "Run":
        self.environment.update(settings)
        self.process = subprocess.Popen(COMMAND, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.strip())
            if line.startswith("Ready"):
                return self
        raise AssertionError(f"it never was ready: {self.said}")

    def pids(self) -> dict[str, int]:
        return {path.stem: int(path.read_text()) for path in (self.folder / "run").glob("*.pid")}

    def get(self, path: str) -> int:
        with closing(urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5)) as answer:
            return int(answer.status)

    def read(self, path: str) -> bytes:
        with closing(urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5)) as answer:
            return bytes(answer.read())

    def readiness(self) -> bytes:
        """What it says of itself without white space, fit for work or not: with samples each second, a machine that is
        busy with the start is late for one."""
        try:
            return self.read("/api/health/ready").replace(b" ", b"")
        except urllib.error.HTTPError as refusal:
            return refusal.read().replace(b" ", b"")

    def end(self, number: int = signal.SIGINT) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(40)


@pytest.fixture
def run(empty_database: str) -> Iterator[Run]:
    with TemporaryDirectory(prefix="factory-run-") as folder:  # short: a socket's address has to fit
        run = Run(Path(folder), empty_database)
        yield run
        if run.process and run.process.poll() is None:
            run.end(signal.SIGTERM)


def test_one_command_starts_everything_and_ctrl_c_ends_it(run: Run) -> None:
    run.start()
    pids = run.pids()

    assert run.said[-1] == f"Ready: http://127.0.0.1:{run.port}"
    assert any("/setup with" in line for line in run.said)
    assert set(pids) == PROCESSES
    assert run.get("/api/health") == 200

    second = subprocess.run(COMMAND, cwd=ROOT, env=run.environment, capture_output=True, text=True, timeout=60)
    assert second.returncode == 2
    assert "Another bin/run is using" in second.stderr
    assert second.stderr.count("\n") == 1

    assert run.end() == 0
    assert not any(lives(pid) for pid in pids.values())
    assert not run.pids()
    assert not (run.folder / "valkey.sock").exists()


def test_a_killed_run_leaves_nothing_that_keeps_the_next_from_starting(run: Run) -> None:
    before = run.start().pids()

    run.end(signal.SIGKILL)
    after = run.start().pids()

    assert not any(lives(pid) for pid in before.values())
    assert set(after) == PROCESSES
    assert run.get("/api/health") == 200


def test_a_demonstration_lives_and_its_screens_outlive_the_web_that_handed_them_over(run: Run) -> None:
    """Under gunicorn as pinned: its socket changes hands, and a deploy or a crash of the web loses no screen."""
    pids = run.start(DEMO="on").pids()
    assert set(pids) == PROCESSES | {"virtualfactory", "visitors"}
    assert "ada" in (run.folder / "demo-logins.txt").read_text()
    assert eventually(lambda: b'"updates":"pushed"' in run.readiness(), 30)
    eye = Eye(run.port, ["board"])
    assert eye.next("pulse")

    os.kill(pids["web"], signal.SIGKILL)
    heard = [eye.next("pulse").data for _ in range(3)]

    assert len(set(heard)) == 3
    assert eventually(lambda: run.pids().get("web", pids["web"]) != pids["web"], 20)
    assert eventually(lambda: answers(run), 20)
    assert run.pids()["hub"] == pids["hub"]

    os.kill(pids["hub"], signal.SIGKILL)

    assert eye.is_closed()
    assert eventually(lambda: Eye(run.port, ["board"]).status == 200, 10)


def answers(run: Run) -> bool:
    try:
        return run.get("/api/health") == 200
    except OSError:
        return False
