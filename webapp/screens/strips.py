"""A cell's last hours as one line of rectangles: height and colour are its state. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from webapp.ledger import Span
from webapp.screens.filters import duration

#: Per cent of the strip's height: taller is busier, a full block is a stop.
HEIGHTS = {"running": 62, "setup": 38, "idle": 14, "maintenance": 62, "down": 100, "unknown": 30}
SEEN_AT_ALL = 0.4  # per cent of the strip's width: a short stop still shows


@dataclass(frozen=True)
class Bar:
    """x, width, height: per cent of the strip."""

    state: str
    x: float
    width: float
    height: int

    @property
    def y(self) -> int:
        return 100 - self.height


@dataclass(frozen=True)
class Strip:
    bars: list[Bar]
    words: str


def attach(app: Flask) -> None:
    app.jinja_env.filters["strip"] = strip


def strip(spans: Sequence[Span], start: int, end: int) -> Strip:
    """start, end: what the strip's left and right edge stand for (epoch seconds)."""
    bars: list[Bar] = []
    lasted: Counter[str] = Counter()
    for span in spans:
        low, high = max(span.start, start), min(span.end, end)
        if low < high:
            state = span.state.name.lower()
            lasted[state] += high - low
            bars.append(_bar(state, low - start, high - low, end - start))
    said = [f"{state} {duration(lasted[state])}" for state in HEIGHTS if lasted[state]]
    return Strip(bars, ", ".join(said) or "nothing known")


def _bar(state: str, offset: int, length: int, whole: int) -> Bar:
    width = max(SEEN_AT_ALL, 100 * length / whole)
    return Bar(state, round(min(100 * offset / whole, 100 - width), 2), round(width, 2), HEIGHTS[state])
