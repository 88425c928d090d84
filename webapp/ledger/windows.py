"""How long each cell was in each state: F(end) - F(start), where F(t) are the sums from the beginning up to t.

F comes from the checkpoint before t and the rows of a part of one hour; near now from the heads, back over the few rows
after t. So the cost of a window does not grow with its length.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, or_, select

from webapp.ledger.models import changes, days, heads, hours, progress, samplers
from webapp.ledger.packing import WEIGHTS, gained, unpacked
from webapp.ledger.snapshots import snapshot
from webapp.ledger.states import DAY, HOUR, KNOWN, NOTHING, Seconds, Sums, seconds_between

#: Edges are looked up this many at a time: a statement has room for so many values.
AT_ONCE = 1000

BySums = dict[int, Sums]  # cell_id -> sums


def window(start_s: int, end_s: int) -> dict[int, Seconds]:
    """Every cell's seconds for start_s <= t < end_s; time without history is unknown."""
    return windows([start_s, end_s])[0]


def windows(edges: Sequence[int]) -> list[dict[int, Seconds]]:
    """The same for each stretch between neighbouring edges, which ascend."""
    found: list[dict[int, Seconds]] = [{} for _ in edges[1:]]
    with snapshot() as read:
        for book, open_hour in read.execute(_BOOKS).all():
            cells = read.scalars(_CELLS, {"book": book}).all()
            sums = _sums(read, book, open_hour, edges)
            for into, (start, end) in zip(found, pairwise(edges), strict=True):
                early, late = sums[start], sums[end]
                for cell in cells:
                    into[cell] = seconds_between(early.get(cell, NOTHING), late.get(cell, NOTHING), end - start)
    return found


def heat(start_hour_s: int, end_hour_s: int) -> dict[int, dict[int, Seconds]]:
    """{cell_id: {the second an hour begins: its seconds}} for the hours from start_hour_s up to end_hour_s."""
    edges = range(start_hour_s, end_hour_s + 1, HOUR)
    by_cell: dict[int, dict[int, Seconds]] = {}
    for hour, found in zip(edges, windows(edges), strict=False):
        for cell, seconds in found.items():
            by_cell.setdefault(cell, {})[hour] = seconds
    return by_cell


def _sums(read: Connection, book: int, open_hour: int, edges: Iterable[int]) -> dict[int, BySums]:
    """F of each edge; a cell that had no history then is left out."""
    moments = sorted(set(edges))
    closed = [t for t in moments if t < open_hour * HOUR]
    found: dict[int, BySums] = {}
    for first in range(0, len(closed), AT_ONCE):
        found |= _from_checkpoints(read, book, closed[first : first + AT_ONCE])
    live = moments[len(closed) :]
    return found | (_from_heads(read, book, live) if live else {})


def _from_checkpoints(read: Connection, book: int, moments: list[int]) -> dict[int, BySums]:
    by_day = _day_sums(read, book, {t // DAY for t in moments})
    by_hour = _hour_rows(read, book, {t // HOUR for t in moments})
    found = {}
    for t in moments:
        hour, off = divmod(t, HOUR)
        since, before = _within(read, book, hour, off) if off else {}, by_day.get(t // DAY, {})
        found[t] = {
            row.cell_id: _total(before[row.cell_id], row, off * WEIGHTS[row.state] + since.get(row.cell_id, 0))
            for row in by_hour.get(hour, ())
        }
    return found


def _total(before: Sums, row: Row[*tuple[int, ...]], packed: int) -> Sums:
    since_midnight = row[3:]
    if not packed:
        return tuple(map(sum, zip(before, since_midnight, strict=True)))
    return tuple(map(sum, zip(before, since_midnight, unpacked(packed), strict=True)))


def _day_sums(read: Connection, book: int, of: set[int]) -> dict[int, BySums]:
    found: dict[int, BySums] = {}
    for day, cell, *sums in read.execute(_DAYS, {"book": book, "days": sorted(of)}):
        found.setdefault(day, {})[cell] = tuple(sums)
    return found


def _hour_rows(read: Connection, book: int, of: set[int]) -> dict[int, list[Row[*tuple[int, ...]]]]:
    found: dict[int, list[Row[*tuple[int, ...]]]] = {}
    for row in read.execute(_HOURS, {"book": book, "hours": sorted(of)}):
        found.setdefault(row.hour, []).append(row)
    return found


def _within(read: Connection, book: int, hour: int, off: int) -> dict[int, int]:
    """{cell_id: what the changes before off gained up to it, packed}."""
    rows = read.execute(_WITHIN, {"book": book, "hour": hour, "off": off})
    return {row.cell_id: row.packed for row in rows}


def _from_heads(read: Connection, book: int, moments: list[int]) -> dict[int, BySums]:
    """Back from each head: what changed after t is taken off again; nothing is added beyond the tail."""
    rows = read.execute(_HEADS, {"book": book}).all()
    hour, off = divmod(moments[0], HOUR)
    later: Sequence[Any] = ()
    if any(row.anchor > moments[0] for row in rows):
        later = read.execute(_AFTER, {"book": book, "hour": hour, "off": off}).all()
    found = {}
    for t in moments:
        sums = {row.cell_id: [*row[4:]] for row in rows}
        for row in rows:
            if row.state and row.tail is not None:
                sums[row.cell_id][row.state - 1] += min(t, row.tail) - row.anchor
        for cell, hour, off, state, prev in later:
            _take_off(sums[cell], hour * HOUR + off - t, state, prev)
        found[t] = {cell: tuple(held) for cell, held in sums.items()}
    return found


def _take_off(sums: list[int], since: int, state: int, prev: int) -> None:
    """Undo a change that came `since` seconds after t: until then the state before it went on."""
    if since <= 0:
        return
    if state:
        sums[state - 1] += since
    if prev:
        sums[prev - 1] -= since


def _counted(table: Any) -> list[Any]:
    return [table.c[str(state)] for state in KNOWN]


# Put together once: to build a statement takes longer than to run it.
_BOOK: Any = bindparam("book")
_HOUR: Any = bindparam("hour")
_OFF: Any = bindparam("off", type_=BigInteger)
_BOOKS = select(progress.c.book_id, progress.c.open_hour).order_by(progress.c.book_id)
_CELLS = select(heads.c.cell_id).where(heads.c.book_id == _BOOK).order_by(heads.c.cell_id)
_DAYS = select(days.c.day, days.c.cell_id, *_counted(days)).where(
    days.c.day.in_(bindparam("days", expanding=True)), days.c.book_id == _BOOK
)
_HOURS = select(hours.c.hour, hours.c.cell_id, hours.c.state, *_counted(hours)).where(
    hours.c.hour.in_(bindparam("hours", expanding=True)), hours.c.book_id == _BOOK
)
_WITHIN = (
    select(changes.c.cell_id, gained(changes, _OFF).label("packed"))
    .where(changes.c.hour == _HOUR, changes.c.book_id == _BOOK, changes.c.off < _OFF)
    .group_by(changes.c.cell_id)
)
_OWN = (samplers.c.book_id == heads.c.book_id) & (samplers.c.sampler_id == heads.c.sampler_id)
_HEADS = (
    select(heads.c.cell_id, heads.c.state, heads.c.anchor, samplers.c.tail, *_counted(heads))
    .select_from(heads.outerjoin(samplers, _OWN))
    .where(heads.c.book_id == _BOOK)
)
_AFTER = select(changes.c.cell_id, changes.c.hour, changes.c.off, changes.c.state, changes.c.prev).where(
    changes.c.hour >= _HOUR, changes.c.book_id == _BOOK, or_(changes.c.hour > _HOUR, changes.c.off > _OFF)
)
