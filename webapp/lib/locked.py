"""A folder that is one program's at a time. The lock is the kernel's: it goes with its process, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another process has it."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Ours alone while this lasts; raises Busy at once where it is another's."""
    with open(path, "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path) from None
        yield
