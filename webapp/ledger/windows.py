"""How long each cell was in each state, by cell: for whoever asks of a few, or wants names."""

from collections.abc import Sequence
from itertools import starmap

from webapp.ledger.counting import seconds
from webapp.ledger.states import HOUR, STATES, Seconds, State

_ORDER = [State[name.upper()] for name in STATES]


def window(start_s: int, end_s: int) -> dict[int, Seconds]:
    """Every cell's seconds for start_s <= t < end_s; time without history is unknown."""
    return windows([start_s, end_s])[0]


def windows(edges: Sequence[int]) -> list[dict[int, Seconds]]:
    """The same for each stretch between neighbouring edges, which ascend."""
    ids, found = seconds(edges)
    cells = ids.tolist()
    return [dict(zip(cells, starmap(Seconds, stretch[_ORDER].T.tolist()), strict=True)) for stretch in found]


def heat(start_hour_s: int, end_hour_s: int) -> dict[int, dict[int, Seconds]]:
    """{cell_id: {the second an hour begins: its seconds}} for the hours from start_hour_s up to end_hour_s."""
    edges = range(start_hour_s, end_hour_s + 1, HOUR)
    by_cell: dict[int, dict[int, Seconds]] = {}
    for hour, found in zip(edges, windows(edges), strict=False):
        for cell, of_hour in found.items():
            by_cell.setdefault(cell, {})[hour] = of_hour
    return by_cell
