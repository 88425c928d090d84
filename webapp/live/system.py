"""What the hub asks of the system: a door, room for many lines, and whether somebody is still at the end of one."""

import os
import resource
import socket
from contextlib import suppress
from pathlib import Path


def still_there(line: socket.socket) -> bool:
    """A screen has nothing to say: what it sends is thrown away, and an end of file is its end."""
    try:
        return bool(line.recv(4096))
    except BlockingIOError:
        return True
    except OSError:
        return False


def listen(path: Path) -> socket.socket:
    """Where the web hands sockets over. Only its owner may."""
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    before = os.umask(0o177)
    try:
        door.bind(str(path))
    finally:
        os.umask(before)
    door.listen(4096)
    door.setblocking(False)
    return door


def room_for_screens() -> int:
    """How many screens there is room for: all descriptors this process may have, but a few for itself."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most - 64


def resident() -> int:
    """Bytes of memory this process occupies."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    return 0
