"""How long machines ran while something was worked on them."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from webapp import ledger
from webapp.cells.places import all_cells
from webapp.lib.clock import epoch
from webapp.lib.window import Window


def running_seconds(stretches: Sequence[tuple[int, Window]], now: datetime) -> list[int]:
    """Of each (cell id, window), as far as the cell was in service then and it is past. All are counted together."""
    served = {cell.id: (cell.in_service_from, min(cell.in_service_to or now, now)) for cell in all_cells(retired=True)}
    parts = [(cell_id, window.cut(*served[cell_id])) for cell_id, window in stretches]
    edges = sorted({epoch(at) for _, part in parts if part for at in (part.start, part.end)})
    table = ledger.seconds(edges)
    place = {int(cell_id): n for n, cell_id in enumerate(table.ids)}
    # Up to each edge, from the first one on.
    run = np.insert(np.cumsum(table.seconds[:, ledger.State.RUNNING], axis=0), 0, 0, axis=0)
    sums = {edge: run[n] for n, edge in enumerate(edges)}
    return [
        int(sums[epoch(part.end)][place[cell_id]] - sums[epoch(part.start)][place[cell_id]]) if part else 0
        for cell_id, part in parts
    ]
