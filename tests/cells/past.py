"""A cell's past as tests read it."""

from itertools import groupby
from typing import Any

from webapp import ledger


def states(cell: Any, start: int, end: int, since: int) -> list[tuple[str, int, int]]:
    """(state, from, to), whoever said so; seconds counted from `since`."""
    told = []
    for state, spans in groupby(ledger.spans(cell.id, start, end), key=lambda span: span.state):
        first, *_, last = [*spans] * 2
        told.append((str(state), first.start - since, last.end - since))
    return told
