"""Giving a browser's socket to the hub, which keeps it for hours, and leaving the server with a harmless one.

The view has signed its caller in and asked for permission like any other; only then does the socket change hands.
Plain HTTP only: TLS ends in the proxy. gunicorn and Werkzeug's own server name the socket in the environ.
"""

import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Response

#: The hub answers at once or not at all.
PATIENCE = 1.0
SERVERS = ("gunicorn.socket", "werkzeug.socket")


class NoHub(Exception):
    """The hub is not there, or this server keeps its sockets to itself."""


class HandOff(Response):
    """What a view returns to part with its client. line: a connection to the hub; letter: what the hub must know."""

    def __init__(self, line: socket.socket, letter: bytes) -> None:
        super().__init__(status=200)
        self.line, self.letter = line, letter

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        theirs = socket_of(environ)
        with self.line:
            given = os.dup(theirs.fileno())
            _put_dummy_under(theirs)
            try:
                socket.send_fds(self.line, [self.letter], [given])
            except OSError:
                pass  # the hub died this very moment: the screen sees a closed line, and comes again
            finally:
                os.close(given)
        if "gunicorn.socket" in environ:
            raise StopIteration  # how a gunicorn thread is told that nothing is to be written any more
        raise ConnectionAbortedError  # the same for Werkzeug's


def reach(path: Path, environ: dict[str, Any]) -> socket.socket:
    """A line to the hub, before anything is given away; NoHub where there is none or the socket cannot be had."""
    socket_of(environ)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(PATIENCE)
    try:
        line.connect(str(path))
    except OSError as error:
        line.close()
        raise NoHub("the hub is not there") from error
    return line


def socket_of(environ: dict[str, Any]) -> socket.socket:
    """The client's socket; NoHub where the server does not give it."""
    found = next((environ[name] for name in SERVERS if name in environ), None)
    if not isinstance(found, socket.socket):
        raise NoHub("this server does not give its sockets away")
    return found


def _put_dummy_under(theirs: socket.socket) -> None:
    """The server will still write to, shut down and close what it holds: let that be a socket nobody listens to.

    Closing alone would not do: gunicorn calls shutdown(), which ends the connection whoever else holds it.
    """
    dummy, other = socket.socketpair()
    os.dup2(dummy.fileno(), theirs.fileno())
    dummy.close()
    other.close()
