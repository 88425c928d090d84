"""Values in, Plotly figures out: plain dicts, which the browser draws and a test validates.

Colours are written as CSS tokens, "var(--data)": the page's script reads their values, so one figure serves light
and dark. Shares are 0..1 on the axes, per cent in words.
"""

from webapp.screens.figures.ahead import DayHours, hours_on_one_axis
from webapp.screens.figures.bars import Bar, cell_bars
from webapp.screens.figures.days import day_trend
from webapp.screens.figures.pieces import LOW, Figure
from webapp.screens.figures.squares import Square, use_map

__all__ = [
    "LOW",
    "Bar",
    "DayHours",
    "Figure",
    "Square",
    "cell_bars",
    "day_trend",
    "hours_on_one_axis",
    "use_map",
]
