"""How long each cell was in each state: F(end) - F(start), where F(t) are the sums from the beginning up to t.

F comes from blocks or rows before t and the part of one hour; near now from what is remembered of the newest hours. So
the cost of a window does not grow with its length.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from webapp.extensions import db
from webapp.ledger.blocks import since_midnight, unpack_base, unpack_hour, unpack_ids
from webapp.ledger.columns import HourColumns, Ids, Whole, seconds_until, spread
from webapp.ledger.edges import Edge, edges_of
from webapp.ledger.live import Live, live_at, news_since, remembered
from webapp.ledger.rows import base_rows, hour_from_rows, hour_rows, hours_at
from webapp.ledger.snapshots import NotEnough, acting, in_one_moment
from webapp.ledger.states import HOUR, KNOWN, State

#: Edges that one statement is asked for: each brings some 50 KB for a thousand cells.
AT_ONCE = 256


class Table(NamedTuple):
    """ids: ascending; seconds[k, state, n]: of cell ids[n] between edges k and k + 1, whole windows together."""

    ids: NDArray[np.int32]
    seconds: NDArray[np.int64]


class Sums(NamedTuple):
    """ids: ascending; sums[k, known state, n]: seconds from the beginning up to the moments, which are at[k]."""

    ids: Ids
    sums: Whole
    at: Whole


def seconds(edges: Sequence[int], book: int | None = None) -> Table:
    """Between neighbouring edges, which ascend; of all cells, or of one book's. All as of one moment."""
    moments = sorted(set(edges))
    if len(moments) < 1 or len(edges) < 2:
        return Table(np.zeros(0, np.int32), np.zeros((max(0, len(edges) - 1), len(State), 0), np.int64))
    ids, sums, at = in_one_moment(lambda read, more: sums_at(read, more, moments, book))
    chosen = np.searchsorted(moments, edges)
    known = np.diff(sums[chosen], axis=0)
    unknown = np.diff(at[chosen])[:, None, None] - known.sum(axis=1, keepdims=True)
    return Table(ids, np.concatenate([unknown, known], axis=1))


def sums_at(read: Connection, more: bool, moments: Sequence[int], book: int | None = None) -> Sums:
    """moments: ascending, none twice. more: whether it takes as many statements as it needs."""
    if len(moments) > AT_ONCE and not more:
        raise NotEnough
    parts = [moments[first : first + AT_ONCE] for first in range(0, len(moments), AT_ONCE)]
    found = [_sums(read, more, part, book) for part in parts]
    return Sums(found[0].ids, *(np.concatenate([part[n] for part in found]) for n in (1, 2)))


def _sums(read: Connection, more: bool, moments: Sequence[int], book: int | None) -> Sums:
    known = {} if acting() else remembered(db.engine)
    asked = [live for live in (list(known.values()) if book is None else [known.get(book)]) if live is not None]
    sealed = asked and all(moments[-1] < live.open_hour * HOUR for live in asked)
    found = edges_of(read, moments, book, None if sealed else news_since(asked))
    at = np.array([edge.at for edge in found[: len(moments)]] or moments, np.int64)
    parts = []
    for number, its in groupby(found, attrgetter("book")):
        edges = list(its)
        live = known[number] = live_at(read, more, edges, known.get(number))
        parts.append((live.ids, np.stack([_sums_of(read, more, edge, live) for edge in edges])))
    return Sums(*_together(parts, len(at)), at)


def _together(parts: Sequence[tuple[Ids, Whole]], moments: int) -> tuple[Ids, Whole]:
    """All books' cells, by their numbers."""
    if len(parts) == 1:
        return parts[0]
    ids = np.concatenate([np.zeros(0, np.int32), *(ids for ids, _ in parts)])
    sums = np.concatenate([np.zeros((moments, len(KNOWN), 0), np.int64), *(sums for _, sums in parts)], axis=2)
    order = np.argsort(ids, kind="stable")
    return ids[order], sums[:, :, order]


def _sums_of(read: Connection, more: bool, edge: Edge, live: Live) -> Whole:
    """[known state, cell of the book]"""
    if not edge.closed:
        return live.sums_until(edge.at)
    if edge.at <= live.first:
        return np.zeros((len(KNOWN), len(live.ids)), np.int64)
    day, hour, off = hours_at(edge.at)
    ids, sums = _base(read, more, edge, day)
    found = spread(sums, ids, live.ids)
    if hour:
        ids, sums = _since_midnight(read, more, edge, hour)
        found = found + spread(sums, ids, live.ids)
    if off:
        columns = _hour(read, more, edge)
        found = found + spread(seconds_until(columns, off)[1:], columns.ids, live.ids)
    return found


def _base(read: Connection, more: bool, edge: Edge, day: int) -> tuple[Ids, Whole]:
    if edge.base is not None and edge.base_ids is not None:
        ids = unpack_ids(edge.base_ids)
        return ids, unpack_base(edge.base, len(ids))
    if not more:
        raise NotEnough
    return base_rows(read, edge.book, day)


def _since_midnight(read: Connection, more: bool, edge: Edge, hour: int) -> tuple[Ids, Whole]:
    if edge.over is not None and edge.day_ids is not None:
        return unpack_ids(edge.day_ids), since_midnight(edge.slices, edge.over, hour)
    if not more:
        raise NotEnough
    ids, _, sums = hour_rows(read, edge.book, edge.at // HOUR)
    return ids, sums


def _hour(read: Connection, more: bool, edge: Edge) -> HourColumns:
    if edge.hour is not None:
        return unpack_hour(edge.hour)
    if not more:
        raise NotEnough
    return hour_from_rows(read, edge.book, edge.at // HOUR)
