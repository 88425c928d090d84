"""How long each cell was in each state, as columns: what charts, accounts and programs count with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.ledger.books import book_of
from webapp.ledger.states import State
from webapp.ledger.windows import windows


class Table(NamedTuple):
    """ids: ascending; seconds[k, state, n]: of cell ids[n] between edges k and k + 1, whole windows together."""

    ids: NDArray[np.int32]
    seconds: NDArray[np.int64]


def seconds(edges: Sequence[int], book: int | None = None) -> Table:
    """Between neighbouring edges, which ascend; of all cells, or of one book's. All as of one moment."""
    stretches = windows(edges)
    members = book_of() if book is not None else {}
    ids = sorted(c for c in (stretches[0] if stretches else ()) if book is None or members[c] == book)
    found = np.zeros((len(stretches), len(State), len(ids)), np.int64)
    for k, stretch in enumerate(stretches):
        for state in State:
            found[k, state] = [getattr(stretch[cell], str(state)) for cell in ids]
    return Table(np.array(ids, np.int32), found)
