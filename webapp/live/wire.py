"""What travels between the parts of the push door, byte by byte. Pure; it imports nothing of the factory.

A message of the renderer is "<version>\\n<event>"; without a version it is a pulse. An event is what an EventSource
reads; the hub passes it on as it is.
"""

import json
import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

#: The hub's door in the data folder.
SOCKET = "hub.sock"
#: Words of what changed, separated by spaces: from whoever committed to the renderer.
DIRTY = "dirty"
#: A topic's newest event: channel and, for screens that come later, key.
TOPIC = "live:"
KEPT = "live:last:"
#: Hub to renderer: somebody looks at this topic now. Each hub also keeps all of its own in a set, WANTED + its name.
WANTED_NOW = "wanted"
WANTED = "wanted:"
#: Web to hub: close the screens of whoever this is ("session:12", "display:3").
KICK = "kick"
#: Renderer to hub: which build paints. A screen of another build loads its page anew.
BUILD = "build"
#: What renderer and hubs count, for whoever measures: hashes.
COUNTS = "live:counts"
HUBS = "live:hub:"

#: A topic as it may stand in an address.
A_TOPIC = re.compile(r"[a-z]+(?:-[a-z]+)*(?::(?:now|[0-9]{1,18})(?:-[0-9]{1,3})?)?", re.ASCII)
MOST_TOPICS = 12

GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_BREAK = re.compile(r"\s*\n\s*")


class Letter(NamedTuple):
    """What the web tells the hub of a screen that it hands over.

    seen: the version of each topic that the page shows already, or "". keys: by which names it can be closed again.
    """

    topics: Sequence[str]
    seen: Sequence[str]
    gzip: bool
    keys: Sequence[str]

    def written(self) -> bytes:
        return json.dumps(self).encode()

    @classmethod
    def read(cls, data: bytes) -> "Letter":
        """ValueError where it is none."""
        try:
            topics, seen, gzip, keys = json.loads(data)
            if len(topics) == len(seen) and all(isinstance(word, str) for word in (*topics, *seen, *keys)):
                return cls(topics, seen, bool(gzip), keys)
        except TypeError:
            pass
        raise ValueError("this is no letter")


def paint(topic: str, html: str) -> bytes:
    """The whole piece, on one line: a line's end would end the field."""
    return b"event: paint\ndata: %b\ndata: %b\n\n" % (topic.encode(), _BREAK.sub(" ", html.strip()).encode())


def pulse(topic: str, as_of: str) -> bytes:
    """Nothing changed, and that is as fresh as this."""
    return f"event: pulse\ndata: {topic} {as_of}\n\n".encode()


def beat(build: bytes) -> bytes:
    """The line is alive; what paints is this build."""
    return b"event: beat\ndata: %b\n\n" % build


def packed(version: str, event: bytes) -> bytes:
    return version.encode() + b"\n" + event


def unpacked(message: bytes) -> tuple[bytes, bytes]:
    """(version or b"", event)"""
    version, _, event = message.partition(b"\n")
    return version, event


def block(data: bytes) -> bytes:
    """A piece of a gzip stream that depends on none before it: compressed once, sent into every screen's stream.

    A full flush (RFC 1951: an empty stored block, the window forgotten) lets a screen join at any piece.
    """
    press = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(data) + press.flush(zlib.Z_FULL_FLUSH)
