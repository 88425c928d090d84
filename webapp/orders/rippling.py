"""What a move delays: operations pushed to the right until the rules hold. Pure: values in, values out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush

from webapp.orders.rules import Around, Span, Taken, earliest_start


@dataclass(frozen=True)
class Piece:
    """An operation or a maintenance window on the plan. fixed: it runs, is over, is pinned, or is no operation."""

    what: str
    ref: str
    label: str
    order_id: int
    idx: int
    cell_id: int
    span: Span
    fixed: bool = False


@dataclass(frozen=True)
class Delay:
    """One that gives way: from where to where."""

    ref: str
    label: str
    cell_id: int
    was: Span
    becomes: Span


def delays(moved: Piece, others: Sequence[Piece], now: datetime) -> list[Delay] | None:
    """Who gives way to `moved`, which lies where it is to lie, by time; None: no delay of others makes it legal."""
    try:
        gone = _Push(moved, others, now).through()
    except _Stuck:
        return None
    were = {piece.what: piece for piece in others}
    told = [Delay(now.ref, now.label, now.cell_id, were[now.what].span, now.span) for now in gone]
    return sorted(told, key=lambda delay: (delay.becomes, delay.ref))


class _Stuck(Exception):
    """Something that cannot move is in the way."""


class _Push:
    """The plan while it is pushed. In the order of time: whoever has to go looks for a place when all that lies before
    it lies for good, so that nobody is pushed twice. It gives way to those that began before it, and pushes the rest.
    """

    def __init__(self, moved: Piece, others: Sequence[Piece], now: datetime) -> None:
        self.moved, self.now = moved, now
        self.pieces = {piece.what: piece for piece in (*others, moved)}
        self.settled: set[str] = set()
        self.bounds: dict[str, datetime] = {}
        self.owed: list[tuple[datetime, str]] = []
        self.lanes: dict[int, list[str]] = defaultdict(list)
        self.orders: dict[int, list[str]] = defaultdict(list)
        for piece in self.pieces.values():
            self.lanes[piece.cell_id].append(piece.what)
            if piece.idx:
                self.orders[piece.order_id].append(piece.what)

    def through(self) -> list[Piece]:
        """Those that went, where they lie now."""
        if not self._may_lie(self.moved):
            raise _Stuck
        self._settle(self.moved)
        while self.owed:
            start, what = heappop(self.owed)
            if what not in self.settled and start == self.bounds[what]:
                self._find_place(self.pieces[what], start)
        return [self.pieces[what] for what in self.bounds]

    def _may_lie(self, piece: Piece) -> bool:
        span = piece.span
        fixed = any(other.fixed and other.span.meets(span.start, span.end) for other in self._beside(piece))
        early = any(other.idx < piece.idx and other.span.end > span.start for other in self._same_order(piece))
        return self.now <= span.start < span.end and not fixed and not early

    def _find_place(self, piece: Piece, start: datetime) -> None:
        lane = [other for other in self._beside(piece) if self._stays(other, start)]
        taken = sorted((other.span.start, other.span.end) for other in lane)
        around = Around(start, lane=tuple(Taken(begin, end, "operation", "", "") for begin, end in taken))
        found = earliest_start(piece.span.begun_at(self._after_previous(piece, start)), around)
        if found != start and found is not None:
            self._send(piece, found)
        else:
            self._settle(replace(piece, span=piece.span.begun_at(start)))

    def _stays(self, other: Piece, start: datetime) -> bool:
        """It lies for good, or began before."""
        before = other.what not in self.bounds and other.span.start <= start
        return before or other.fixed or other.what in self.settled

    def _after_previous(self, piece: Piece, start: datetime) -> datetime:
        ends = [self._end(other) for other in self._same_order(piece) if other.idx < piece.idx]
        return max([start, *ends])

    def _end(self, piece: Piece) -> datetime:
        """Where it ends at the earliest, if it is still on its way."""
        if piece.what in self.settled or piece.what not in self.bounds:
            return piece.span.end
        return self.bounds[piece.what] + piece.span.length

    def _settle(self, piece: Piece) -> None:
        self.pieces[piece.what] = piece
        self.settled.add(piece.what)
        for other in list(self._beside(piece)):
            if other.what not in self.settled and other.span.meets(piece.span.start, piece.span.end):
                self._send(other, piece.span.end)
        self._push_followers(piece, piece.span.end)

    def _send(self, piece: Piece, start: datetime) -> None:
        """It has to go there, or further; those behind it in its order with it."""
        if piece.fixed or piece.what in self.settled:
            raise _Stuck
        if self.bounds.get(piece.what, self.now) < start:
            self.bounds[piece.what] = start
            heappush(self.owed, (start, piece.what))
            self._push_followers(piece, start + piece.span.length)

    def _push_followers(self, piece: Piece, end: datetime) -> None:
        for other in list(self._same_order(piece)):
            lies = other.span.start if other.what in self.settled else self.bounds.get(other.what, other.span.start)
            if other.idx > piece.idx and lies < end:
                self._send(other, end)

    def _beside(self, piece: Piece) -> Iterator[Piece]:
        return (self.pieces[what] for what in self.lanes[piece.cell_id] if what != piece.what)

    def _same_order(self, piece: Piece) -> Iterator[Piece]:
        return (self.pieces[what] for what in self.orders[piece.order_id] if what != piece.what)
