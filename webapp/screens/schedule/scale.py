"""Time as a place on a picture: per cent of its width. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from webapp.cells import WORKING, Marks
from webapp.lib.clock import epoch
from webapp.screens.schedule.spans import Shown

#: Hours between two lines, and between two that say their time.
LINES = {10: (1, 1), 24: (1, 2), 72: (6, 12), 168: (12, 24)}


class Piece(NamedTuple):
    """From where, and how wide: per cent of the picture."""

    x: float
    width: float


class Tick(NamedTuple):
    """A line; words: the time it says, "" for none; day: a new one begins there."""

    x: float
    words: str
    day: bool


@dataclass(frozen=True)
class Scale:
    """start, end: epoch seconds of the picture's edges."""

    start: int
    end: int

    @classmethod
    def of(cls, span: Shown) -> "Scale":
        return cls(epoch(span.start), epoch(span.end))

    def at(self, moment: datetime | int) -> float:
        """Where a moment lies, no further out than the edges."""
        second = moment if isinstance(moment, int) else epoch(moment)
        return round(100 * (min(max(second, self.start), self.end) - self.start) / (self.end - self.start), 3)

    def piece(self, start: datetime | int, end: datetime | int) -> Piece | None:
        """The part of a stretch that is in the picture."""
        low, high = self.at(start), self.at(end)
        return Piece(low, round(high - low, 3)) if low < high else None


def ticks(span: Shown) -> Iterator[Tick]:
    """Lines at whole hours of the wall's clock, also on the days when it is put forward or back."""
    scale = Scale.of(span)
    lines, words = LINES[span.hours]
    for hour in range(span.hours + 1):
        at = span.start + timedelta(hours=hour)
        local = at.astimezone(span.zone)
        if local.hour % lines == 0:
            told = local.hour % words == 0 and (hour < span.hours or span.hours == 10)  # else two would touch
            yield Tick(scale.at(at), _said(local, span.hours) if told else "", local.hour == 0)


def _said(local: datetime, hours: int) -> str:
    """09:00; where a picture holds several days midnight says its day."""
    if hours > 10 and local.hour == 0:
        return f"{local:%a} {local.day} {local:%b}"
    return f"{local:%H:%M}"


def idle_path(marks: Marks, scale: Scale) -> str:
    """The time in which nobody works, as one path over a picture 1000 wide and 1 high; "" where all is worked."""
    edges = np.clip(np.append(marks.at, scale.end), scale.start, scale.end)
    drawn = [
        (scale.at(int(low)), scale.at(int(high)))
        for low, high, klass in zip(edges[:-1], edges[1:], marks.klass, strict=True)
        if klass != WORKING and low < high
    ]
    return "".join(f"M{10 * low:.1f} 0h{10 * (high - low):.1f}v1h-{10 * (high - low):.1f}z" for low, high in drawn)


def line_path(marks: list[Tick]) -> str:
    """All the lines as one path of the same size."""
    return "".join(f"M{10 * tick.x:.1f} 0v1" for tick in marks)
