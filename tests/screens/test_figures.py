"""Each figure is one that Plotly takes: its own classes check the plain dicts that pages send."""

import json
import re
from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from webapp.screens.figures import Bar, Square, cell_bars, day_trend, use_map

TOKEN = re.compile(r"var\(--[a-z0-9-]+\)")


def valid(figure):
    """The same with colours for their tokens; raises where Plotly knows no such property or value."""
    text = json.dumps(figure, allow_nan=False)
    assert "var(--" in text
    return go.Figure(json.loads(TOKEN.sub("#123456", text)))


def names(count):
    return [f"C{n:02}" for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 12, 40])
@pytest.mark.parametrize("target", [0.8, None])
def test_bars(count, target):
    used = [None, 0.0, 0.59, 0.6, 1.0] * 8

    figure = valid(cell_bars([Bar(*bar, 1.0, 0.4) for bar in zip(names(count), used, strict=False)], target))

    assert len(figure.data[0].y) == len(figure.data[2].y) == count
    assert len(figure.layout.annotations) == count
    assert len(figure.layout.shapes) == (target is not None)


def test_a_bar_says_its_share_its_range_what_it_was_and_whether_it_is_low():
    bars = [Bar("C01", 0.583, 0.646, before=0.61), Bar("C02", 0.6, 0.6), Bar("C03", None)]

    figure = cell_bars(bars, 0.8)

    seen, left, before = figure["data"]
    assert seen["x"] == [0.583, 0.6, 0.0]
    assert left["x"] == pytest.approx([0.063, 0.0, 0.0])
    assert (before["y"], before["x"]) == (["C01"], [0.61])
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


def test_unknown_is_dashed_down_is_marked_and_what_was_not_scheduled_is_empty():
    row = [Square(0.9), Square(0.4, unknown=0.6), Square(0.1, down=0.5), Square(None)]

    heat, blank, down = use_map(["C01"], ["a", "b", "c", "d"], [row], "By hour")["data"]

    assert heat["z"] == [[0.9, None, 0.1, None]]
    assert (blank["x"], down["x"]) == (["b"], ["c"])


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


def test_the_period_before_is_a_quieter_line_and_a_weekend_has_its_veil():
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(14)]

    figure = valid(day_trend(days, [0.7] * 14, None, "now", [0.5] * 14))

    assert [trace.line.dash for trace in figure.data] == ["2px,3px", None]
    assert [(veil.x0, veil.x1) for veil in figure.layout.shapes] == [
        ("2026-03-06T12:00:00", "2026-03-08T12:00:00"),
        ("2026-03-13T12:00:00", "2026-03-15T00:00:00"),
    ]
    assert [note.text for note in figure.layout.annotations] == ["weekend", "weekend", "<b>now</b>"]


def test_days_over_years_have_few_ticks_that_say_the_year():
    days = [date(2016, 1, 1) + timedelta(days=18 * n) for n in range(100)]

    axis = day_trend(days, [0.5] * 100, None, "")["layout"]["xaxis"]

    assert (days[-1] - days[0]).days * 86_400_000 / axis["dtick"] < 7
    assert axis["tickformat"] == "%-d %b %y"


def test_long_names_have_room_beside_their_bars():
    room = [cell_bars([Bar("M" * count, 0.5)], None)["layout"]["margin"]["l"] for count in (3, 9, 60)]

    assert room == sorted(room)
    assert room[0] < room[1] < room[2] < 150
