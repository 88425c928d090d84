"""What is held of a cell, as pieces of time, and new pieces painted over them by rank. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from webapp.ledger.states import KNOWN, NOTHING, Piece, Said, Sums


class Mark(NamedTuple):
    """A row of state_change without its key: what is held from there on, and the state before."""

    state: int
    source: int
    prev: int


def pieces(held: Said, marks: Iterable[tuple[int, Said]], start: int, end: int) -> list[Piece]:
    """What is held over start <= t < end, without gaps; neighbours differ.

    held: just before start; marks: what is held from each moment on, ascending, start <= moment < end.
    """
    found, since = [], start
    for at, said in marks:
        if said != held and at > since:
            found.append(Piece(since, at, held))
            since = at
        held = said
    return [*found, Piece(since, end, held)]


def by_rank(held: Said, said: Said) -> bool:
    """Whether what is held gives way: to a higher rank, and to the later word among equals."""
    return said.source >= held.source


def painted(
    old: Sequence[Piece], coat: Sequence[Piece], gives_way: Callable[[Said, Said], bool] = by_rank
) -> list[Piece]:
    """Second by second the coat, where what is held gives way to it. coat: ascending, without overlap, within old."""
    cuts = sorted({edge for piece in (*old, *coat) for edge in piece[:2]})
    below, above = [piece.start for piece in old], [piece.start for piece in coat]
    marks = []
    for low, high in pairwise(cuts):
        said = old[bisect_right(below, low) - 1].said
        cover = coat[bisect_right(above, low) - 1]
        if cover.start <= low and high <= cover.end and gives_way(said, cover.said):
            said = cover.said
        marks.append((low, said))
    return pieces(marks[0][1], marks, cuts[0], cuts[-1])


def replaced(old: Sequence[Piece], new: Sequence[Piece]) -> list[Piece]:
    """The parts of old of which new says something else. Both lie over the same time."""
    begins = [piece.start for piece in new]
    return [
        Piece(max(start, over.start), min(end, over.end), said)
        for start, end, said in old
        for over in new[bisect_right(begins, start) - 1 : bisect_left(begins, end)]
        if over.said != said
    ]


def marks_of(parts: Sequence[Piece], before: Said, after: Said) -> dict[int, Mark]:
    """The rows these pieces need, by moment: one wherever what is held changes, both ends included."""
    edges = [(piece.start, piece.said) for piece in parts]
    edges.append((parts[-1].end, after))
    needed = {}
    for at, said in edges:
        if said != before:
            needed[at] = Mark(*said, before.state)
        before = said
    return needed


def sums_at(parts: Sequence[Piece], moments: Iterable[int]) -> list[Sums]:
    """Seconds of each known state from the first piece's start up to each moment, of which none lies outside."""
    starts, totals = [piece.start for piece in parts], [NOTHING]
    for piece in parts:
        totals.append(_plus(totals[-1], piece, piece.end))
    found = []
    for moment in moments:
        at = bisect_right(starts, moment) - 1
        found.append(_plus(totals[at], parts[at], moment))
    return found


def _plus(total: Sums, piece: Piece, until: int) -> Sums:
    length = until - piece.start
    return tuple(s + (length if piece.said.state == state else 0) for s, state in zip(total, KNOWN, strict=True))


def gains(old: Sequence[Piece], new: Sequence[Piece], moments: Iterable[int]) -> dict[int, Sums]:
    """How much longer each known state is in new than in old, from their start up to each moment."""
    moments = list(moments)
    pairs = zip(sums_at(old, moments), sums_at(new, moments), strict=True)
    return {at: difference(was, now) for at, (was, now) in zip(moments, pairs, strict=True)}


def difference(early: Sums, late: Sums) -> Sums:
    return tuple(after - before for before, after in zip(early, late, strict=True))


def changed(old: Mapping[int, Mark], new: Mapping[int, Mark]) -> tuple[list[int], dict[int, Mark]]:
    """(moments whose row goes, rows that come)."""
    gone = [at for at, mark in old.items() if new.get(at) != mark]
    return gone, {at: mark for at, mark in new.items() if old.get(at) != mark}
