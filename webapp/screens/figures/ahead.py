"""Hours of each day on one axis: used, booked and free."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.screens.figures.pieces import Figure

HATCH = {"shape": "/", "size": 6, "solidity": 0.25, "fgcolor": "var(--data)", "fgopacity": 1}
#: (field, words, colour), from the axis up.
LAYERS = (
    ("used", "used", "var(--data)"),
    ("unused", "not used", "var(--done)"),
    ("operations", "booked by operations", "var(--setup-c)"),
    ("maintenance", "maintenance", "var(--maint-c)"),
    ("projects", "projects under way", "var(--data-2)"),
    ("free", "free", "var(--data-soft)"),
)


@dataclass(frozen=True)
class DayHours:
    """Seconds of one day. name: each once, "Tue 3 Mar"; used, unused: of what is over; the others: of what comes."""

    name: str
    used: int = 0
    unused: int = 0
    operations: int = 0
    maintenance: int = 0
    projects: int = 0
    free: int = 0


def hours_on_one_axis(days: Sequence[DayHours], today: str) -> Figure:
    """today: the name of the day on which what was meets what will be."""
    return {
        "data": [_layer(days, *layer) for layer in LAYERS],
        "layout": {
            "uirevision": "ahead",
            "barmode": "stack",
            "bargap": 0.25,
            "hovermode": "x unified",
            "margin": {"l": 48, "r": 8, "t": 22, "b": 44},
            "xaxis": {"type": "category", "showgrid": False, "showline": True, **_ticks(days)},
            "yaxis": {"rangemode": "tozero", "ticklabelstandoff": 6, "ticksuffix": " h"},
            "annotations": [_today(today)],
        },
    }


def _layer(days: Sequence[DayHours], field: str, words: str, colour: str) -> Figure:
    pattern = {"pattern": HATCH | {"bgcolor": colour}} if field == "free" else {}
    return {
        "type": "bar",
        "x": [day.name for day in days],
        "y": [round(getattr(day, field) / 3600, 2) for day in days],
        "name": words,
        "marker": {"color": colour, **pattern},
        "hovertemplate": f"{words} %{{y:.1f}} h<extra></extra>",
    }


def _ticks(days: Sequence[DayHours]) -> Figure:
    shown = [day.name for day in days[:: -(-len(days) // 12)]]
    # On two lines, so that a telephone has room for them too.
    return {"tickvals": shown, "ticktext": ["<br>".join(name.split()[:2]) for name in shown], "tickangle": 0}


def _today(name: str) -> Figure:
    about = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "font": {"color": "var(--ink)"}}
    return about | {"x": name, "text": "<b>today</b>"}
