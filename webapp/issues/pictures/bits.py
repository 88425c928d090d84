"""What the readers of all three kinds share: bytes that are asked for one after the other, and may be missing."""

from typing import Literal


class NoPicture(ValueError):
    """These bytes are not what they begin as; its text says what is wrong with them."""


#: A camera's photo has some dozens of pieces, each read in a few; millions of empty ones would hold who waits for it.
MOST_READS = 100_000


class Bytes:
    """A cursor that never reads past the end, nor for ever."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.reads = 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """The next so many; NoPicture where there are fewer."""
        self.reads += 1
        if self.reads > MOST_READS:
            raise NoPicture("is in too many pieces")
        if not 0 <= count <= self.left:
            raise NoPicture("is cut off")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, count: int, order: Literal["big", "little"] = "big") -> int:
        return int.from_bytes(self.take(count), order)
