"""Values in, Plotly figures out: plain dicts, which the browser draws and a test validates.

Colours are written as CSS tokens, "var(--data)": the page's script reads their values, so one figure serves light
and dark. Shares are 0..1 on the axes, per cent in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Figure = dict[str, Any]
LOW = 0.6  # a cell under this gets a mark
RAMP = [f"var(--ramp-{step})" for step in range(6)]
NO_DATA = 0.5  # a bucket unknown for more than this share shows no figure
HOURS_ON_A_LINE = 30
MARKED_DOWN = 0.25  # a bucket down for more than this share is marked


@dataclass(frozen=True)
class Square:
    """One cell in one stretch of the map: shares 0..1 of its scheduled time; None where nothing was scheduled."""

    used: float | None
    unknown: float = 0.0
    down: float = 0.0

    @property
    def shown(self) -> float | None:
        return None if self.used is None or self.unknown > NO_DATA else self.used


def cell_bars(
    names: Sequence[str], used: Sequence[float | None], high: Sequence[float | None], target: float
) -> Figure:
    """Bars of utilization with the range that unknown time leaves open, a line at the target, a mark under 60 %."""
    spans = [max(0.0, (top or 0.0) - (value or 0.0)) for value, top in zip(used, high, strict=True)]
    bar = {"type": "bar", "orientation": "h", "y": list(names), "width": 0.62}
    return {
        "data": [
            bar
            | {
                "x": [value or 0.0 for value in used],
                "marker": {"color": "var(--data)", "cornerradius": 2},
                "hovertemplate": "%{y}  %{x:.1%}<extra></extra>",
            },
            bar
            | {
                "x": spans,
                "marker": {"color": "var(--data-soft)", "cornerradius": 2},
                "hovertemplate": "%{y}  up to %{customdata:.1%} if all unknown time ran<extra></extra>",
                "customdata": [top or 0.0 for top in high],
            },
        ],
        "layout": {
            "uirevision": "cells",
            "barmode": "stack",
            "hovermode": "closest",
            "margin": {"l": 64, "r": 78, "t": 4, "b": 28},
            "xaxis": {
                "range": [0, 1.001],
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "25", "50", "75", "100"],
            },
            "yaxis": _rows(len(names)) | {"ticklabelstandoff": 8, "tickfont": {"color": "var(--ink)"}},
            "shapes": [_upright(target)],
            "annotations": [_share(name, value) for name, value in zip(names, used, strict=True)],
        },
    }


def use_map(names: Sequence[str], columns: Sequence[str], squares: Sequence[Sequence[Square]], title: str) -> Figure:
    """Use of each cell in each stretch in six flat steps; dashed where most was unknown, ! where it stood down."""
    marks = [
        (name, column, square)
        for name, row in zip(names, squares, strict=True)
        for column, square in zip(columns, row, strict=True)
    ]
    down = [(name, column) for name, column, square in marks if square.down > MARKED_DOWN]
    blank = [(name, column) for name, column, square in marks if square.shown is None and square.down <= MARKED_DOWN]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": list(columns),
                "y": list(names),
                "z": [[square.shown for square in row] for row in squares],
                "zmin": 0,
                "zmax": 1,
                "colorscale": _steps(),
                "showscale": False,
                "xgap": 2,
                "ygap": 5,
                "hoverongaps": False,
                "hovertemplate": "%{y} %{x}  %{z:.0%}<extra></extra>",
            },
            _squares(blank, "no data", "square-open", "var(--line-2)", ""),
            _squares(down, "down", "square", "var(--down-c)", "<b>!</b>"),
        ],
        "layout": {
            "uirevision": title,
            "hovermode": "closest",
            "margin": {"l": 8, "r": 8, "t": 4, "b": 28},
            "xaxis": {
                "type": "category",
                "range": [-0.5, len(columns) - 0.5],
                "showgrid": False,
                **_ticks(columns),
            },
            "yaxis": _rows(len(names)) | {"showticklabels": False},
        },
    }


def day_trend(days: Sequence[date], used: Sequence[float | None], target: float, label: str) -> Figure:
    """Utilization by day with the target and the weekends behind it; label: what is written at the last point."""
    last = len(days) - 1
    dots = [10 if n == last else 6 for n in range(len(days))]
    floor = 0.4 if all(value is None or value >= 0.4 for value in used) else 0.0
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [day.isoformat() for day in days],
                "y": list(used),
                "line": {"color": "var(--data)", "width": 2},
                "cliponaxis": False,
                "connectgaps": False,
                "hovertemplate": "%{y:.1%}<extra></extra>",
                "marker": {
                    "opacity": 1,
                    "size": dots,
                    "color": ["var(--data)" if n == last else "var(--surface)" for n in range(len(days))],
                    "line": {"color": "var(--data)", "width": 2},
                },
            }
        ],
        "layout": {
            "uirevision": "days",
            "hovermode": "x unified",
            "margin": {"l": 40, "r": 128, "t": 14, "b": 30},
            "xaxis": {
                "type": "date",
                "tickformat": "%-d %b",
                "dtick": 2 * 86_400_000,
                "tick0": days[0].isoformat(),
                "range": [days[0].isoformat(), days[-1].isoformat()],
                "showgrid": False,
                "showline": True,
            },
            "yaxis": {
                "range": [floor, 1.001],
                "tickvals": [value / 10 for value in range(int(floor * 10), 11, 2)],
                "ticktext": [str(10 * value) for value in range(int(floor * 10), 11, 2)],
                "ticklabelstandoff": 6,
            },
            "shapes": [*_weekends(days), _level(target)],
            "annotations": [
                _beside(target, f"Target {target * 100:.0f} %", bold=False),
                *_last_words(used, label, target),
            ],
        },
    }


def _rows(count: int) -> Figure:
    """One row a cell, first on top: the bars and the map beside them share this axis, so a name is printed once."""
    return {"range": [count - 0.5, -0.5], "showgrid": False, "type": "category"}


def _upright(at: float) -> Figure:
    line = {"color": "var(--ink)", "width": 1.5, "dash": "6px,4px"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": line}


def _level(at: float) -> Figure:
    line = {"color": "var(--ink)", "width": 1.5, "dash": "6px,4px"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}


def _share(name: str, value: float | None) -> Figure:
    words = "no data" if value is None else f"{value * 100:.1f} %"
    mark = '<span style="color:var(--maint-c)">▼</span>  ' if value is not None and value < LOW else ""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "right",
        "xshift": 74,
        "y": name,
        "showarrow": False,
        "font": {"color": "var(--ink)"},
        "text": f"{mark}<b>{words}</b>",
    }


def _squares(at: Sequence[tuple[str, str]], means: str, symbol: str, colour: str, text: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [column for _, column in at],
        "y": [name for name, _ in at],
        "text": [text for _ in at],
        "textfont": {"color": "var(--on-state)", "size": 14},
        "marker": {"symbol": symbol, "size": 18, "color": colour, "opacity": 1},
        "hovertemplate": f"%{{y}} %{{x}}  {means}<extra></extra>",
    }


def _steps() -> list[list[Any]]:
    """Flat steps, so that a shade can be read off a legend."""
    return [[edge, colour] for n, colour in enumerate(RAMP) for edge in (n / 6, (n + 1) / 6)]


def _ticks(columns: Sequence[str]) -> Figure:
    """Every third hour by its number; of days as many as there is room for. Columns: "Fri 15:00" or "20 Nov"."""
    hours = [column for column in columns if column.rstrip().endswith(":00") and int(column.rstrip()[-5:-3]) % 3 == 0]
    if hours and len(columns) <= HOURS_ON_A_LINE:
        return {"tickvals": hours, "ticktext": [hour.rstrip()[-5:-3] for hour in hours]}
    return {"tickvals": list(columns)[:: _stride(len(columns))]}


def _stride(count: int) -> int:
    return 3 if count <= 26 else max(1, -(-count // 8))


def _weekends(days: Sequence[date]) -> list[Figure]:
    rect = {"type": "rect", "layer": "below", "yref": "paper", "y0": 0, "y1": 1}
    fill = {"fillcolor": "var(--sunken)", "line": {"width": 0}}
    saturdays = [n for n, day in enumerate(days) if day.weekday() == 5]
    return [
        rect | fill | {"x0": days[n].isoformat(), "x1": days[min(n + 1, len(days) - 1)].isoformat()}
        for n in saturdays
        if n + 1 < len(days)
    ]


def _beside(at: float, text: str, bold: bool, shift: int = 0) -> Figure:
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 10,
        "yshift": shift,
        "y": at,
        "showarrow": False,
        "font": {"color": "var(--ink)"},
        "text": f"<b>{text}</b>" if bold else text,
    }


def _last_words(used: Sequence[float | None], label: str, target: float) -> list[Figure]:
    if not used or used[-1] is None:
        return []
    near = abs(used[-1] - target) < 0.06
    return [_beside(used[-1], label, bold=True, shift=-16 if near and used[-1] <= target else 16 if near else 0)]
