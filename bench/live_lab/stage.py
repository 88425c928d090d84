"""The product on a stage: a scratch factory with a full board, every process as bin/run has it, and what they cost."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import redis

from bench.live_lab.loop import HERE

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("hub", "renderer", "valkey", "web", "fast", "clock")
#: What the push costs; the web is what polling costs.
LIVE = ("hub", "renderer", "valkey")
PAGE = 4096


class Told:
    """A program of the bench that is told words and answers in lines of JSON."""

    def __init__(self, module: str, *words: str, env: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", module, *words]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env or dict(os.environ), text=True, **pipes)

    def say(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} ended")
        return dict(json.loads(line))

    def ask(self, words: str) -> dict[str, Any]:
        self.say(words)
        return self.hear()

    def __enter__(self) -> "Told":
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            assert self.process.stdin
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Stage:
    def __init__(self, folder: Path, port: int, env: dict[str, str]) -> None:
        self.folder, self.port, self.env = folder, port, env
        self.redis = redis.Redis.from_url(f"unix://{folder}/valkey.sock", socket_timeout=2)

    def pid(self, name: str) -> int:
        return int((self.folder / "run" / f"{name}.pid").read_text())

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid(name), number)

    def cpu(self) -> dict[str, float]:
        """Seconds each part has computed, its children with it."""
        return {name: sum(map(_seconds, _family(self.pid(name)))) for name in PARTS}

    def renders(self) -> int:
        return int(self.redis.hget("live:counts", "renders") or 0)

    def hub(self) -> dict[str, int]:
        """What the one that lives counts of itself; of one that died the last count stays for a while."""
        for key in self.redis.scan_iter(f"live:hub:*-{self.pid('hub')}"):
            return {name.decode(): int(figure) for name, figure in self.redis.hgetall(key).items()}
        return {}

    def rss(self, name: str) -> int:
        """Bytes resident in memory."""
        return int(Path(f"/proc/{self.pid(name)}/statm").read_text().split()[1]) * PAGE

    def get(self, path: str) -> bytes:
        line = http.client.HTTPConnection(HERE, self.port, timeout=30)
        line.request("GET", path)
        answer = line.getresponse()
        return answer.read() if answer.status == 200 else b""

    def crowd(self, module: str, **told: Any) -> Told:
        return Told(f"bench.live_lab.{module}", json.dumps({"port": self.port, **told}), env=self.env)

    def changes(self) -> Told:
        return Told("bench.live_lab.factory", "changes", env=self.env)

    def run(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "bench.live_lab.factory", *words], cwd=ROOT, env=self.env, check=True)


@contextmanager
def stage(cells: int, database_url: str = "") -> Iterator[Stage]:
    """cells: each has a project that runs and makes the board heavier by some 700 bytes."""
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="live-")))  # short: a socket lies in it
        port, machines = free_port(), free_port()
        told = {
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "DEMO": "off",
            "PUBLIC_BOARDS": "on",
            "REDIS_URL": "",
            "CELL_NETWORKS": f"127.0.0.1/32:{machines}",
        }
        made = Stage(folder, port, {**os.environ, **told})
        standing = ("--calm", "--never-finish", "--speed", "0.01")  # nothing changes but what we change
        kept.enter_context(_running(made, "virtualfactory", "--port", str(machines), "--cells", str(cells), *standing))
        kept.enter_context(_running(made, "stack", "--no-demo"))
        made.run(str(machines), str(cells))
        yield made


@contextmanager
def _running(stage: Stage, *words: str) -> Iterator[None]:
    """A program that says when it is ready: on its first line, or with the word."""
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=stage.env, text=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(("Ready", "virtual factory")):
                break
        else:
            raise SystemExit(f"{words[0]} did not start")
        _let_it_talk(process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _let_it_talk(process: subprocess.Popen[str]) -> None:
    """What it says from now on is not read, and must not fill its pipe."""
    import threading

    assert process.stdout
    threading.Thread(target=process.stdout.read, daemon=True).start()


def free_port() -> int:
    with socket.socket() as line:
        line.bind((HERE, 0))
        return int(line.getsockname()[1])


def kernel_memory() -> int:
    """Bytes the kernel holds for all TCP connections of this machine."""
    words = Path("/proc/net/sockstat").read_text().partition("TCP:")[2].split()
    return int(words[words.index("mem") + 1]) * PAGE


def _family(pid: int) -> list[int]:
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [one for child in path.read_text().split() for one in _family(int(child))]
    return found


def _seconds(pid: int) -> float:
    """By the process's own clock, in nanoseconds (its number is made of the pid: clock_getcpuclockid(3))."""
    try:
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return 0.0
