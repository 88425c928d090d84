"""What cells were in at one second, and since when."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from webapp.ledger.keeping import kept_from
from webapp.ledger.snapshots import snapshot
from webapp.ledger.spans import many_spans, members_of
from webapp.ledger.states import DAY, UNSAID, Source, Span, State
from webapp.ledger.strips import strips_in

#: How far back the beginning of a state is looked for: first of all cells at once, then of those that stood still.
NEAR, FAR = DAY, 31 * DAY


class Lasting(NamedTuple):
    """A state at some second. since: from when it has been this one, whoever said so; None: longer than is looked back,
    or than changes are kept."""

    state: State
    source: Source
    since: int | None


def states_at(second: int, cell_ids: Collection[int]) -> dict[int, Lasting]:
    """Of each of these cells; of one that had no history then nothing is known."""
    found: dict[int, Lasting] = {}
    with snapshot() as read:
        rows = [row for its in members_of(read, cell_ids).values() for row in its if row.start <= second]
        book_of, starts = {row.cell_id: row.book_id for row in rows}, {row.cell_id: row.start for row in rows}
        for book in set(book_of.values()):
            found |= _near(read, book, second)
    kept_in = {book: kept_from(book) for book in set(book_of.values())}
    kept = {cell: kept_in[book] for cell, book in book_of.items()}
    longer = [cell for cell in book_of if found[cell].since is None and kept[cell] <= second - NEAR]
    found |= _far(second, longer)
    limits = {cell: max(kept[cell], second - FAR) for cell in book_of}
    return {cell: _cut(found[cell], starts[cell], limits[cell]) if cell in book_of else _NOBODY for cell in cell_ids}


def _near(read: Connection, book: int, second: int) -> dict[int, Lasting]:
    strips = strips_in(read, book, second - NEAR, second + 1)
    edges = np.searchsorted(strips.cell, np.arange(len(strips.ids) + 1)).tolist()
    state, source, start = strips.state.tolist(), strips.source.tolist(), strips.start.tolist()
    found = {}
    for place, cell in enumerate(strips.ids.tolist()):
        first, last = edges[place], edges[place + 1] - 1
        spans = (Span(State(state[n]), start[n], 0, Source(source[n])) for n in range(last, first - 1, -1))
        found[cell] = _lasting(spans, second - NEAR)
    return found


def _far(second: int, cell_ids: Collection[int]) -> dict[int, Lasting]:
    told = many_spans(cell_ids, second - FAR, second + 1) if cell_ids else {}
    return {cell: _lasting(reversed(spans), second - FAR) for cell, spans in told.items()}


def _lasting(newest_first: Iterator[Span], looked_from: int) -> Lasting:
    """What begins where the look back does may have begun before."""
    now = next(newest_first)
    since = now.start
    for span in newest_first:
        if span.state != now.state:
            break
        since = span.start
    return Lasting(now.state, now.source, since if since > looked_from else None)


def _cut(lasting: Lasting, start: int, limit: int) -> Lasting:
    """Beyond the limit nobody knows since when; before its start nothing can be said of a cell."""
    since = start if lasting.since is None and lasting.state == State.UNKNOWN else lasting.since
    return lasting._replace(since=since if since is not None and since > limit else None)


_NOBODY = Lasting(State(UNSAID.state), Source(UNSAID.source), None)
