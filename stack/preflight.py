"""Looked at before anything is started: each thing that would go wrong is one sentence."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stack.problems import Problem
from webapp.lib.locked import Busy, locked


@contextmanager
def alone(data_dir: Path) -> Iterator[Path]:
    """The folder of process ids, ours alone while this lasts. Raises Problem where another bin/run has it.

    A restore takes the same lock.
    """
    folder = _writable(data_dir / "run")
    _writable(data_dir / "logs")
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder / "lock"))
        except Busy:
            raise Problem(f"Another bin/run is using DATA_DIR {data_dir}: stop it, or set another DATA_DIR") from None
        yield folder


def _writable(folder: Path) -> Path:
    trial = folder / f".trial-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise Problem(f"DATA_DIR {folder.parent} cannot be written: {error.strerror}") from None
    return folder


def port_is_free(host: str, port: int) -> None:
    """Raises Problem where the web server could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        raise Problem(f"HOST is {host!r}, which is no address of this machine") from None
    except OSError as error:
        raise Problem(_cannot_listen(host, port, error)) from None


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"PORT {port} may be used by the administrator of this machine only: set PORT to 1024 or more"
    if error.errno == 98 or "in use" in str(error.strerror):
        return f"Port {port} of {host} is in use: stop what uses it, or set PORT"
    return f"Cannot listen on {host}, port {port}: {error.strerror}"


def free_port(wanted: int) -> int:
    """That port of the loopback address, or any free one where it is taken."""
    for port in (wanted, 0):
        try:
            with socket.socket() as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(("127.0.0.1", port))
                return int(trial.getsockname()[1])
        except OSError:
            continue
    raise Problem("No port of 127.0.0.1 is free")
