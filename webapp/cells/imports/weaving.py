"""Rows of one cell, from whichever files, as pieces of its history. Pure; the order in which they came changes nothing.

Only seconds of which the import at hand says something are told: the rest may have been said since by others.
"""

import heapq
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from webapp.cells.vocabularies import VOCABULARIES, Vocabulary
from webapp.ledger import State

SECOND = 1_000_000
FOREVER = 1 << 62

Stretch = tuple[int, int, State]  # from, to (epoch seconds), state


class Row(NamedTuple):
    """at, until: microseconds; until 0: as long as nothing else is said; ours: the import at hand has it."""

    at: int
    key: str
    value: str
    until: int
    ours: bool


def woven(rows: Iterable[Row]) -> Iterator[Stretch]:
    """Rows of states, by time. Of those that speak of a second the one that began last is believed, however they came;
    of several that began at the same moment the state of the highest number.
    """
    return joined(_told(rows))


def _told(rows: Iterable[Row]) -> Iterator[Stretch]:
    open_rows: list[tuple[int, int, int]] = []  # (-at, -state, until)
    now, ours_until = 0, 0
    for row in rows:
        yield from _up_to(row.at // SECOND, now, open_rows, ours_until)
        now = row.at // SECOND
        until = row.until // SECOND if row.until else FOREVER
        heapq.heappush(open_rows, (-row.at, -State[row.value.upper()], until))
        if row.ours:
            ours_until = max(ours_until, until)
    yield from _up_to(FOREVER, now, open_rows, ours_until)


def _up_to(end: int, now: int, open_rows: list[tuple[int, int, int]], ours_until: int) -> Iterator[Stretch]:
    """What the open rows say from now up to end; those that are over are dropped."""
    while now < end and open_rows:
        _, state, until = open_rows[0]
        if until <= now:
            heapq.heappop(open_rows)
            continue
        high = min(until, end)
        if high >= FOREVER:  # the last word, and nobody said how long it holds
            return
        if now < min(high, ours_until):
            yield now, min(high, ours_until), State(-state)
        now = high


def woven_items(rows: Iterable[Row], words: Vocabulary, silence: int | None) -> Iterator[Stretch]:
    """Rows of a machine's data items, by time: each key holds until it is told anew, all of them at most for `silence`
    seconds after the last row; of several words for a key at one moment the last by the alphabet is believed.
    """
    return joined(_items(rows, words, silence))


def _items(rows: Iterable[Row], words: Vocabulary, silence: int | None) -> Iterator[Stretch]:
    said: dict[str, tuple[str, int, bool]] = {}  # key -> word, since, ours
    last: Row | None = None
    for row in rows:
        if last:
            yield from _between(last, row.at // SECOND, said, words, silence)
        word, since, ours = said.get(row.key, ("", 0, False))
        if word != row.value:
            since, ours = row.at // SECOND, False
        said[row.key] = (row.value, since, row.ours or ours)
        last = row
    if last and silence is not None:
        yield from _between(last, last.at // SECOND + silence, said, words, silence)


def _between(
    last: Row, end: int, said: dict[str, tuple[str, int, bool]], words: Vocabulary, silence: int | None
) -> Iterator[Stretch]:
    """From the last row up to the next."""
    start = last.at // SECOND
    end = end if silence is None else min(end, start + silence)
    if start >= end or not any(ours for _, _, ours in said.values()):
        return
    plain = {key: word for key, (word, _, _) in said.items()}
    since = said.get("execution", ("", start, False))[1]
    turns = min(end, since + words.patience) if words.patience else end
    if start < turns:
        yield start, turns, _state(words, plain, start - since)
    if max(start, turns) < end:
        yield max(start, turns), end, _state(words, plain, max(start, turns) - since)


def _state(words: Vocabulary, said: dict[str, str], held: int) -> State:
    patience = words.patience
    return _known_state(words.name, tuple(said.items()), patience if patience and held >= patience else 0)


@lru_cache(maxsize=1000)  # a machine says few things, again and again
def _known_state(vocabulary: str, said: tuple[tuple[str, str], ...], held: int) -> State:
    return State[VOCABULARIES[vocabulary].state(dict(said), held).upper()]


def joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours of one state as one."""
    kept: Stretch | None = None
    for stretch in stretches:
        if kept and kept[1] == stretch[0] and kept[2] == stretch[2]:
            kept = (kept[0], stretch[1], kept[2])
            continue
        if kept:
            yield kept
        kept = stretch
    if kept:
        yield kept
