"""What every cell of a book was in, piece by piece, as columns."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.ledger.books import book_of
from webapp.ledger.spans import many_spans


class Strips(NamedTuple):
    """Pieces without gaps, by cell and then by time: each lasts until the cell's next begins, the last to the end.

    cell: index into ids. Neighbours differ in state or source; what nobody asserted is unknown, said by none.
    """

    ids: NDArray[np.int32]
    cell: NDArray[np.int32]
    start: NDArray[np.int64]
    state: NDArray[np.uint8]
    source: NDArray[np.uint8]


def strips(book: int, start_s: int, end_s: int) -> Strips:
    """Of every cell of the book, start_s <= t < end_s."""
    ids = sorted(cell for cell, its in book_of().items() if its == book)
    found = many_spans(ids, start_s, end_s)
    pieces = [(n, span.start, span.state, span.source) for n, cell in enumerate(ids) for span in found[cell]]
    table = np.array(pieces, np.int64).reshape(-1, 4).T
    return Strips(
        np.array(ids, np.int32),
        table[0].astype(np.int32),
        table[1],
        table[2].astype(np.uint8),
        table[3].astype(np.uint8),
    )
