"""The ledger as it would be with room to spare: one element for each second of each cell. And builders."""

from collections.abc import Iterable
from itertools import groupby, pairwise

from webapp import ledger
from webapp.extensions import transaction
from webapp.ledger import Lasting, Seconds, Source, Span, State

HOUR, DAY = 3600, 86_400
DAWN = 1_772_582_400  # 2026-03-04 00:00 UTC
STATE_ALONE = bytes(byte & 7 for byte in range(256))
UNKNOWN, RUNNING, IDLE, SETUP, MAINTENANCE, DOWN = State


class Dense:
    """One cell, second by second from `begin` on; a byte holds source and state."""

    def __init__(self, begin: int, length: int, start: int) -> None:
        self.begin, self.start = begin, start
        self.seconds = bytearray(length)

    def say(self, start: int, end: int, state: State, source: Source) -> None:
        """Whoever ranks at least as high as who spoke before is believed."""
        for second in range(max(start, self.start) - self.begin, end - self.begin):
            if source >= self.seconds[second] >> 3:
                self.seconds[second] = source << 3 | state

    def unsay(self, state: State, source: Source, was: Iterable[Span]) -> None:
        """What it covered, wherever that word still stands."""
        for span in was:
            for second in range(span.start - self.begin, span.end - self.begin):
                if self.seconds[second] == source << 3 | state:
                    self.seconds[second] = span.source << 3 | span.state

    def counted(self, start: int, end: int) -> Seconds:
        part = self._part(start, end)
        found = {state.name.lower(): sum(part.count(source << 3 | state) for source in Source) for state in State}
        return Seconds(**found)

    def spans(self, start: int, end: int) -> list[Span]:
        found, at = [], start
        for byte, run in groupby(self._part(start, end)):
            length = sum(1 for _ in run)
            found.append(Span(State(byte & 7), at, at + length, Source(byte >> 3)))
            at += length
        return found

    def lasting(self, second: int) -> Lasting:
        """What it was at that second, and since when: at most since it began."""
        if second < self.start:
            return Lasting(UNKNOWN, Source.NONE, None)
        byte = self._part(second, second + 1)[0]
        before = self._part(self.start, second + 1).translate(STATE_ALONE)
        since = second + 1 - len(before) + len(before.rstrip(bytes([byte & 7])))
        return Lasting(State(byte & 7), Source(byte >> 3), max(since, self.start))

    def _part(self, start: int, end: int) -> bytes:
        """What lies outside was never spoken of."""
        first, last = self.begin, self.begin + len(self.seconds)
        inside = self.seconds[max(start, first) - first : max(0, min(end, last) - first)]
        return bytes(max(0, min(end, first) - start)) + inside + bytes(max(0, end - max(start, last)))


def make_book(*cell_ids: int, start: int = DAWN) -> int:
    book = ledger.open_book(start)
    with transaction():
        for cell_id in cell_ids or (1,):
            ledger.enroll(book, cell_id, start)
    return book


def make_sampled(*cell_ids: int, start: int = DAWN, until: int = DAWN + HOUR) -> int:
    """A book whose sampler asked until then and heard nothing."""
    book = make_book(*cell_ids, start=start)
    lease = ledger.lease(book, until - start, start)
    tick(lease, start, {})
    return book


def tick(lease: ledger.Lease, slot: int, states: dict[int, State]) -> None:
    with transaction():
        ledger.tick(lease, slot, states)


def say(book: int, cell_id: int, start: int, end: int, state: State, source: Source = Source.FEED) -> None:
    with transaction():
        ledger.assign(book, cell_id, start, end, state, source)


def told(cell_id: int, start: int = DAWN, end: int = DAWN + HOUR) -> list[tuple[str, str, int, int]]:
    """The spans with times counted from DAWN: (state, source, start, end)."""
    found = ledger.spans(cell_id, start, end)
    return [(str(span.state), str(span.source), span.start - DAWN, span.end - DAWN) for span in found]


def by_pairs(cells: dict[int, Dense], edges: Iterable[int]) -> list[dict[int, Seconds]]:
    return [{cell_id: dense.counted(*pair) for cell_id, dense in cells.items()} for pair in pairwise(edges)]
