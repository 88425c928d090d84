"""How a board is cut into pages of a wall. Pure: sizes are fixed by what can be read, so what does not fit waits.

A page holds eight rows of running projects under a band of two alerts. Each further band takes the room of two rows.
More than six alerts have pages of their own, before all others, and a band that sums them up on the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ROWS, BAND = 8, 2
MOST_ABOVE_ROWS = 6
ALONE = 10


@dataclass(frozen=True)
class Sheet:
    """One page. summed: (state, how many, names) where the alerts themselves are on other pages."""

    alerts: Sequence[Any]
    rows: Sequence[Any]
    summed: Sequence[tuple[str, int, str]] = field(default=())


def sheets(alerts: Sequence[Any], rows: Sequence[Any]) -> list[Sheet]:
    """alerts: with .state and .name, the worst first."""
    if len(alerts) > MOST_ABOVE_ROWS:
        alone = [Sheet(part, ()) for part in _parts(alerts, ALONE)]
        return alone + [Sheet((), part, _summed(alerts)) for part in _parts(rows, ROWS)]
    bands = -(-len(alerts) // BAND)
    room = ROWS - 2 * max(0, bands - 1)
    return [Sheet(alerts, part) for part in _parts(rows, room)] or [Sheet(alerts, ())]


def _parts(whole: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def _summed(alerts: Sequence[Any]) -> list[tuple[str, int, str]]:
    """The two worst states, each with the names that a line has room for."""
    count = Counter(alert.state for alert in alerts)
    return [(state, count[state], _names([a.name for a in alerts if a.state == state])) for state in list(count)[:BAND]]


def _names(names: Sequence[str], room: int = 30) -> str:
    said = ""
    for n, name in enumerate(names):
        longer = f"{said} {name}".strip()
        if len(longer) > room:
            return f"{said} and {len(names) - n} more"
        said = longer
    return said
