"""A Redis of the tests' own: the server that the product brings along."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack import valkey


@contextmanager
def valkey_server(folder: Path) -> Iterator[str]:
    """Its address, for as long as the block lasts."""
    url = f"unix://{folder}/valkey.sock"
    server = subprocess.Popen(valkey.program(url).command, stdout=subprocess.DEVNULL)
    while not valkey.answers(valkey.socket_of(url)):
        time.sleep(0.02)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(10)
