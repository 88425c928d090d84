"""Use of each cell in each stretch of time: a map in six flat steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.screens.figures.pieces import Figure, rows

RAMP = [f"var(--ramp-{step})" for step in range(6)]
NO_DATA = 0.5  # a stretch unknown for more than this share shows no figure
MARKED_DOWN = 0.25  # a stretch down for more than this share is marked
HOURS_ON_A_LINE = 30


@dataclass(frozen=True)
class Square:
    """One cell in one stretch of the map: shares 0..1 of its scheduled time; None where nothing was scheduled."""

    used: float | None
    unknown: float = 0.0
    down: float = 0.0

    @property
    def shown(self) -> float | None:
        return None if self.used is None or self.unknown > NO_DATA else round(self.used, 4)

    @property
    def stood(self) -> bool:
        return self.down > MARKED_DOWN

    @property
    def blank(self) -> bool:
        """Scheduled, and nobody knows; what was not scheduled is left empty."""
        return self.used is not None and self.shown is None and not self.stood


def use_map(names: Sequence[str], columns: Sequence[str], squares: Sequence[Sequence[Square]], title: str) -> Figure:
    """Dashed where most was unknown, empty where nothing was scheduled, ! where it stood down."""
    every = [
        (name, column, square)
        for name, row in zip(names, squares, strict=True)
        for column, square in zip(columns, row, strict=True)
    ]
    down = [(name, column) for name, column, square in every if square.stood]
    blank = [(name, column) for name, column, square in every if square.blank]
    size = _size(len(names), len(columns))
    return {
        "data": [
            _heat(names, columns, squares),
            _marks(blank, "no data", "square-open", "var(--line-2)", "", size),
            _marks(down, "down", "square", "var(--down-c)", "<b>!</b>", size),
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
            "yaxis": rows(len(names)) | {"showticklabels": False},
            "meta": {"alone": {"yaxis": {"showticklabels": True}, "margin": {"l": 64}}},
        },
    }


def _heat(names: Sequence[str], columns: Sequence[str], squares: Sequence[Sequence[Square]]) -> Figure:
    return {
        "type": "heatmap",
        "x": list(columns),
        "y": list(names),
        "z": [[square.shown for square in row] for row in squares],
        "zmin": 0,
        "zmax": 1,
        "colorscale": _steps(),
        "showscale": False,
        "xgap": 2,
        "ygap": 5 if len(names) <= 20 else 2,
        "hoverongaps": False,
        "hovertemplate": "%{y} %{x}  %{z:.0%}<extra></extra>",
    }


def _marks(at: Sequence[tuple[str, str]], means: str, symbol: str, colour: str, text: str, size: int) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers+text" if text else "markers",
        "x": [column for _, column in at],
        "y": [name for name, _ in at],
        "text": [text for _ in at],
        "textfont": {"color": "var(--on-state)", "size": min(14, size - 3)},
        "marker": {"symbol": symbol, "size": size, "color": colour, "opacity": 1},
        "hovertemplate": f"%{{y}} %{{x}}  {means}<extra></extra>",
    }


def _size(names: int, columns: int) -> int:
    """Of a mark, so that it stays within its square."""
    return min(18 if names <= 20 else 13, 18 if columns <= 26 else 9)


def _steps() -> list[list[object]]:
    """Flat steps, so that a shade can be read off a legend."""
    return [[edge, colour] for n, colour in enumerate(RAMP) for edge in (n / 6, (n + 1) / 6)]


def _ticks(columns: Sequence[str]) -> Figure:
    """Every third hour by its number; of days as many as there is room for. Columns: "Fri 15:00" or "20 Nov"."""
    hours = [column for column in columns if column.rstrip().endswith(":00") and int(column.rstrip()[-5:-3]) % 3 == 0]
    if hours and len(columns) <= HOURS_ON_A_LINE:
        return {"tickvals": hours, "ticktext": [hour.rstrip()[-5:-3] for hour in hours]}
    stride = _stride(len(columns))
    first = stride // 2 if stride > 3 else 0  # half of a label at the very edge would be cut off
    return {"tickvals": list(columns)[first::stride]}


def _stride(count: int) -> int:
    return 3 if count <= 26 else max(1, -(-count // 8))
