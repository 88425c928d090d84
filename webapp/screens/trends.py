"""A line of days for screens without a pointer, as the numbers of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH, TOP, FOOT = 560, 20, 272
MARGIN = 14
#: Where a chart of shares begins: at 40 %, unless something lies lower.
USUAL_FLOOR = 40


@dataclass(frozen=True)
class Trend:
    """lines, areas: points of SVG paths, one per stretch without a gap. last: the newest point. low, high: per cent."""

    first: str
    lines: list[str]
    areas: list[str]
    last: tuple[float, float] | None
    target: float
    low: float
    high: float


def trend(names: Sequence[str], shares: Sequence[float | None], target: float) -> Trend | None:
    """names: of the days, oldest first; shares and target: per cent, None is a gap. None where there is nothing."""
    known = [share for share in shares if share is not None]
    if not known:
        return None
    floor = USUAL_FLOOR if min(*known, target) >= USUAL_FLOOR else 0
    step = (WIDTH - 2 * MARGIN) / max(1, len(shares) - 1)
    points = [
        None if share is None else (round(MARGIN + n * step, 1), _height(share, floor))
        for n, share in enumerate(shares)
    ]
    runs = [[p for p in run if p] for whole, run in groupby(points, key=bool) if whole]
    return Trend(
        names[0],
        ["M" + " ".join(f"{x},{y}" for x, y in run) for run in runs],
        [_area(run) for run in runs],
        points[-1],
        _height(target, floor),
        min(known),
        max(known),
    )


def _height(share: float, floor: int) -> float:
    return round(FOOT - (share - floor) / (100 - floor) * (FOOT - TOP), 1)


def _area(run: Sequence[tuple[float, float]]) -> str:
    line = " ".join(f"{x},{y}" for x, y in run)
    return f"M{line} L{run[-1][0]},{FOOT} L{run[0][0]},{FOOT}z"
