"""Each figure is one that Plotly takes: its own classes check the plain dicts that pages send."""

import json
import re
from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from webapp.screens.figures import Square, cell_bars, day_trend, use_map

TOKEN = re.compile(r"var\(--[a-z0-9-]+\)")


def valid(figure):
    """The same with colours for their tokens; raises where Plotly knows no such property or value."""
    text = json.dumps(figure, allow_nan=False)
    assert "var(--" in text
    return go.Figure(json.loads(TOKEN.sub("#123456", text)))


def names(count):
    return [f"C{n:02}" for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 12, 40])
def test_bars(count):
    used = [None, 0.0, 0.59, 0.6, 1.0] * 8

    figure = valid(cell_bars(names(count), used[:count], [1.0] * count, 0.8))

    assert len(figure.data[0].y) == count
    assert len(figure.layout.annotations) == count


def test_a_bar_says_its_share_its_range_and_whether_it_is_low():
    figure = cell_bars(["C01", "C02", "C03"], [0.583, 0.6, None], [0.646, 0.6, None], 0.8)

    seen, left = figure["data"]
    assert seen["x"] == [0.583, 0.6, 0.0]
    assert left["x"] == pytest.approx([0.063, 0.0, 0.0])
    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert [("▼" in word, word.split("<b>")[1]) for word in words] == [
        (True, "58.3 %</b>"),
        (False, "60.0 %</b>"),
        (False, "no data</b>"),
    ]


@pytest.mark.parametrize("cells", [1, 40])
@pytest.mark.parametrize(
    "columns",
    [
        [],
        ["Fri 10:20"],
        [f"Fri {hour:02}:00" for hour in range(24)],
        [f"{day} Nov" for day in range(1, 31)],
    ],
)
def test_the_map(cells, columns):
    row = [Square(None), Square(0.4, 0.9), Square(0.7, 0.1, 0.3), Square(1.0)] * 10

    figure = valid(use_map(names(cells), columns, [row[: len(columns)]] * cells, "By hour"))

    assert len(figure.data[0].z) == cells


def test_a_square_that_was_mostly_unknown_shows_no_figure_and_one_that_stood_down_is_marked():
    row = [Square(0.9), Square(0.4, unknown=0.6), Square(0.1, down=0.5), Square(None)]

    heat, blank, down = use_map(["C01"], ["a", "b", "c", "d"], [row], "By hour")["data"]

    assert heat["z"] == [[0.9, None, 0.1, None]]
    assert (blank["x"], down["x"]) == (["b", "d"], ["c"])


def test_every_third_hour_is_named_also_where_an_hour_comes_twice():
    columns = ["Sun 00:00", "Sun 01:00", "Sun 02:00", "Sun 02:00 ", "Sun 03:00"]

    axis = use_map(["C01"], columns, [[Square(1.0)] * 5], "By hour")["layout"]["xaxis"]

    assert axis["ticktext"] == ["00", "03"]


@pytest.mark.parametrize("used", [[0.72] * 14, [None] * 13 + [0.5], [0.1, None, 0.3] + [0.9] * 10 + [None]])
def test_days(used):
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(14)]

    figure = valid(day_trend(days, used, 0.8, "72.0 % today"))

    assert list(figure.data[0].y) == used
    assert figure.layout.yaxis.range[0] == (0.0 if any(value is not None and value < 0.4 for value in used) else 0.4)


def test_thirty_days_and_one_day():
    for count in (1, 30):
        days = [date(2026, 3, 1) + timedelta(days=n) for n in range(count)]
        assert valid(day_trend(days, [0.5] * count, 0.8, "today"))


def test_what_is_written_at_the_last_day_steps_aside_for_the_target():
    days = [date(2026, 3, 4)]
    shifts = [
        day_trend(days, [value], 0.8, "now")["layout"]["annotations"][-1]["yshift"] for value in (0.5, 0.78, 0.82)
    ]

    assert shifts == [0, -16, 16]
    assert len(day_trend(days, [None], 0.8, "now")["layout"]["annotations"]) == 1
