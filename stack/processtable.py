"""Processes as the kernel keeps them: started in a session of their own, ended with everything in it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
LEAVING_SECONDS = 3.0
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start it in its own session, so that the terminal's Ctrl-C reaches only us; it dies when we do."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        start_new_session=True,
        preexec_fn=_mortal(os.getpid()),
    )
    assert process.stdout
    os.set_blocking(process.stdout.fileno(), False)
    return process


def run(command: Sequence[str], log: Path) -> int:
    """Run it to its end and return its status: what it prints goes where ours goes, its complaints to that file."""
    with open(log, "ab") as complaints:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
            preexec_fn=_mortal(os.getpid()),
        )
        try:
            return process.wait()
        except BaseException:
            kill_session(process.pid)
            process.wait()
            raise


def _mortal(us: int) -> Callable[[], None]:
    """For the child to run between fork and exec: it dies when we die."""

    def die_with_us() -> None:
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != us:  # we died in between
            os._exit(1)

    return die_with_us


def kill_session(leader: int) -> None:
    """SIGKILL for every process of that session, the leader's group first.

    A worker's job runs in a group of its own but in the same session: the group alone would leave it behind.
    """
    with suppress(OSError):
        os.killpg(leader, signal.SIGKILL)
    for pid in _members(leader):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _members(session: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # pid (name, which may hold spaces and brackets) state parent group session, and on to the threads
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
            # Of one that ends, the first thread may be gone while another still holds the port.
            ended = fields[0] in "ZX" and int(fields[17]) <= 1
            if int(fields[3]) == session and not ended:
                yield int(entry.parent.name)


def end_leftovers(pids: Path, data_dir: Path) -> None:
    """End what an earlier run that was killed left behind: its numbers are in the files of that folder.

    A number may be somebody else's by now: only a process that was started with this DATA_DIR is ours.
    """
    for path in pids.glob("*.pid"):
        with suppress(OSError, ValueError):
            leader = int(path.read_text())
            if any(_was_given(pid, data_dir) for pid in {leader, *_members(leader)}):
                kill_session(leader)
                _wait_until_gone(leader)
        path.unlink(missing_ok=True)


def _wait_until_gone(session: int) -> None:
    """Until then they hold their port."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while any(_members(session)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _was_given(pid: int, data_dir: Path) -> bool:
    with suppress(OSError):
        return f"DATA_DIR={data_dir}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False


def write_pid(path: Path, pid: int) -> None:
    """Whole or not at all: whoever reads it never finds half a number."""
    written = path.with_suffix(".new")
    written.write_text(f"{pid}\n")
    written.replace(path)
