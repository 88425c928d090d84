"""Utilization of each cell as a bar, with what unknown time leaves open and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.screens.figures.pieces import LOW, Figure, rows, upright

WIDTH = 0.62  # of a row
HATCH = {"shape": "/", "size": 5, "solidity": 0.28, "fgcolor": "var(--data)", "fgopacity": 1}


@dataclass(frozen=True)
class Bar:
    """One cell; shares 0..1 of its scheduled time, None where nothing was scheduled. before: in the period before."""

    name: str
    used: float | None
    high: float | None = None
    before: float | None = None

    @property
    def left_open(self) -> float:
        return max(0.0, (self.high or 0.0) - (self.used or 0.0))


def cell_bars(bars: Sequence[Bar], target: float | None) -> Figure:
    """A line at the target where there is one for all; a mark under 60 %; the numbers stand at the right."""
    names = [bar.name for bar in bars]
    return {
        "data": [_seen(bars), _left_open(bars), *_before(bars)],
        "layout": {
            "uirevision": "cells",
            "barmode": "stack",
            "hovermode": "closest",
            "margin": {"l": _room(names), "r": 78, "t": 4, "b": 28},
            "xaxis": {
                "range": [0, 1.001],
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "25", "50", "75", "100"],
            },
            "yaxis": rows(len(names)) | {"ticklabelstandoff": 8, "tickfont": {"color": "var(--ink)"}},
            "shapes": [] if target is None else [upright(target)],
            "annotations": [_number(bar) for bar in bars],
        },
    }


def _room(names: Sequence[str]) -> int:
    """For the longest name, in pixels; never so much that the bars have none."""
    return min(132, max(64, 16 + 8 * max(map(len, names), default=0)))


def _seen(bars: Sequence[Bar]) -> Figure:
    return _trace(bars) | {
        "x": [bar.used or 0.0 for bar in bars],
        "marker": {"color": "var(--data)", "cornerradius": 2},
        "hovertemplate": "%{y}  %{x:.1%}<extra></extra>",
    }


def _left_open(bars: Sequence[Bar]) -> Figure:
    """Hatched: on grey paper it must not look like running."""
    return _trace(bars) | {
        "x": [bar.left_open for bar in bars],
        "marker": {"color": "var(--data-soft)", "cornerradius": 2, "pattern": HATCH | {"bgcolor": "var(--data-soft)"}},
        "hovertemplate": "%{y}  up to %{customdata:.1%} if all unknown time ran<extra></extra>",
        "customdata": [bar.high or 0.0 for bar in bars],
    }


def _before(bars: Sequence[Bar]) -> list[Figure]:
    known = [bar for bar in bars if bar.before is not None]
    if not known:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "y": [bar.name for bar in known],
            "x": [bar.before for bar in known],
            "marker": {
                "symbol": "line-ns",
                "size": 20 if len(bars) <= 20 else 14,
                "color": "var(--ink)",
                "line": {"color": "var(--ink)", "width": 2},
                "opacity": 1,
            },
            "cliponaxis": False,
            "hovertemplate": "%{y}  %{x:.1%} before<extra></extra>",
        }
    ]


def _trace(bars: Sequence[Bar]) -> Figure:
    return {"type": "bar", "orientation": "h", "y": [bar.name for bar in bars], "width": WIDTH}


def _number(bar: Bar) -> Figure:
    words = "no data" if bar.used is None else f"{bar.used * 100:.1f} %"
    low = bar.used is not None and bar.used < LOW
    mark = '<span style="color:var(--maint-c)">▼</span>  ' if low else ""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "xshift": 74,
        "y": bar.name,
        "showarrow": False,
        "font": {"color": "var(--ink)"},
        "text": f"{mark}<b>{words}</b>",
    }
