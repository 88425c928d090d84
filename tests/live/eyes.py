"""A screen as a test has one: a socket that asks for /live and reads what comes."""

import socket
import zlib
from collections.abc import Sequence
from typing import NamedTuple


class Event(NamedTuple):
    kind: str
    data: str


class Eye:
    """seen: versions the page shows already. cookie: of who looks. gzip: as every browser asks."""

    def __init__(self, port: int, topics: Sequence[str], seen: str = "", cookie: str = "", gzip: bool = False) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=10)
        asked = [f"GET /live?topics={','.join(topics)}&seen={seen} HTTP/1.1", "Host: 127.0.0.1"]
        asked += [f"Cookie: {cookie}"] * bool(cookie) + ["Accept-Encoding: gzip"] * gzip
        self.line.sendall("\r\n".join([*asked, "", ""]).encode())
        self.head, _, rest = self._until(b"\r\n\r\n")
        self.unpack = zlib.decompressobj(31) if gzip and "Content-Encoding: gzip" in self.head else None
        self.text = ""
        self._take(rest)

    @property
    def status(self) -> int:
        """0 where the line ended before an answer."""
        words = self.head.split()
        return int(words[1]) if len(words) > 1 else 0

    def next(self, kind: str = "", seconds: float = 10) -> Event:
        """The next event, or the next of this kind; TimeoutError where none comes, EOFError where the line ends."""
        self.line.settimeout(seconds)
        while True:
            while "\n\n" not in self.text:
                data = self.line.recv(65536)
                if not data:
                    raise EOFError
                self._take(data)
            block, _, self.text = self.text.partition("\n\n")
            fields = [line.partition(": ") for line in block.split("\n")]
            event = Event(
                "".join(value for name, _, value in fields if name == "event"),
                "\n".join(value for name, _, value in fields if name == "data"),
            )
            if event.kind and kind in ("", event.kind):
                return event

    def is_closed(self) -> bool:
        """Whether the other end hung up, after whatever it still had to say."""
        try:
            while True:
                self.next(seconds=5)
        except TimeoutError:
            return False
        except (EOFError, ConnectionError):
            return True

    def close(self) -> None:
        self.line.close()

    def _until(self, mark: bytes) -> tuple[str, bytes, bytes]:
        data = b""
        while mark not in data:
            more = self.line.recv(65536)
            if not more:
                break
            data += more
        head, found, rest = data.partition(mark)
        return head.decode(), found, rest

    def _take(self, data: bytes) -> None:
        self.text += (self.unpack.decompress(data) if self.unpack else data).decode()
