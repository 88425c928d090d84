"""Today's plan and the proposed one on one axis: a lane per machine, what lies there today above what would. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.lib.clock import epoch
from webapp.orders import Difference

MOST_LANES, MOST_TICKS = 24, 10
STEPS = (1, 2, 3, 6, 12, 24)  # hours between two ticks
#: Per cent of the width: what is shorter could not be seen.
LEAST = 0.25


@dataclass(frozen=True)
class Bar:
    """x, width: per cent of the axis. proposed: or else as it lies today."""

    x: float
    width: float
    title: str
    proposed: bool


@dataclass(frozen=True)
class Twin:
    """lanes: (machine, its bars); ticks: (per cent, words); left: machines for which there was no room."""

    lanes: list[tuple[str, list[Bar]]]
    ticks: list[tuple[float, str]]
    left: int


def twin(differences: Sequence[Difference], names: Mapping[int, str], now: datetime, zone: ZoneInfo) -> Twin | None:
    """Of what moves; None where nothing does."""
    if not differences:
        return None
    places = [place for one in differences for place in (one.was, one.becomes) if place]
    start, end = min([now, *(place.start for place in places)]), max(place.end for place in places)
    axis = _Axis(max(start, now - timedelta(days=1)), end)
    lanes = _lanes(differences, axis)
    kept = sorted(sorted(lanes, key=lambda cell: -len(lanes[cell]))[:MOST_LANES], key=lambda cell: names.get(cell, ""))
    shown = [(names.get(cell, "–"), lanes[cell]) for cell in kept]
    return Twin(shown, axis.ticks(zone), len(lanes) - len(kept))


@dataclass(frozen=True)
class _Axis:
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return max(1, epoch(self.end) - epoch(self.start))

    def at(self, moment: datetime) -> float:
        share = (epoch(moment) - epoch(self.start)) / self.seconds
        return round(100 * min(1.0, max(0.0, share)), 3)

    def ticks(self, zone: ZoneInfo) -> list[tuple[float, str]]:
        """As many as there is room for, at full hours of the site's clock; midnights tell their day."""
        length = self.seconds / 3600
        step = next((step for step in STEPS if length / step <= MOST_TICKS), 24 * math.ceil(length / 24 / MOST_TICKS))
        first, marks = self.start.astimezone(zone).date(), []
        for hour in range(0, int(length) + 48, step):
            local = datetime.combine(first + timedelta(days=hour // 24), time(hour % 24), zone)
            if self.start <= local < self.end:
                marks.append((self.at(local), f"{local:%a} {local.day}" if not local.hour else f"{local:%H:%M}"))
        return marks


def _lanes(differences: Sequence[Difference], axis: _Axis) -> dict[int, list[Bar]]:
    lanes: dict[int, list[Bar]] = {}
    for one in differences:
        for place, proposed in ((one.was, False), (one.becomes, True)):
            if place and place.end > axis.start:
                x, width = axis.at(place.start), axis.at(place.end) - axis.at(place.start)
                bar = Bar(x, round(max(LEAST, width), 3), one.label, proposed)
                lanes.setdefault(place.cell_id, []).append(bar)
    return lanes
