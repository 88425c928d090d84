"""What several charts have: rows, lines at a target, words beside a line."""

from collections.abc import Sequence
from typing import Any

Figure = dict[str, Any]
LOW = 0.6  # a cell under this gets a mark
DASHED = {"color": "var(--ink)", "width": 1.5, "dash": "6px,4px"}


def rows(count: int) -> Figure:
    """One row a cell, first on top: the bars and the map beside them share this axis, so a name is printed once."""
    return {"range": [count - 0.5, -0.5], "showgrid": False, "type": "category", "dtick": 1}


def upright(at: float) -> Figure:
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": DASHED}


def level(at: float) -> Figure:
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": DASHED}


def beside(at: float, text: str, bold: bool, shift: int = 0) -> Figure:
    """Words at the right end of a line."""
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


def percents(low: float) -> Figure:
    """The ticks of a value axis from low up to 100 %, every 20."""
    tens = range(round(low * 10), 11, 2)
    return {"tickvals": [ten / 10 for ten in tens], "ticktext": [str(10 * ten) for ten in tens]}


def last_known(values: Sequence[float | None]) -> float | None:
    return values[-1] if values else None
