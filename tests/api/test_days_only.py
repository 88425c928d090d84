"""What programs are told of a time of which only whole days are known any more."""

import json
from datetime import timedelta

import numpy as np
import pytest

from tests.api.programs import nobody
from tests.api.test_cells import ask, was
from tests.world import forget_seconds, make_cell
from webapp import cells
from webapp.lib.clock import iso, utcnow

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def day(app):
    """The midnight that begins the one day on which C01 ran; two days later its seconds are known."""
    midnight = utcnow().replace(hour=0, minute=0, second=0, microsecond=0) - 9 * DAY
    was(make_cell("C01", now=utcnow(), in_service_from=midnight - 5 * DAY), "running", midnight, 86_400)
    forget_seconds(midnight + 2 * DAY)
    return midnight


@pytest.mark.parametrize(
    ("low", "high", "days", "share"),
    [
        (-2, 22, (0, 1), 100.0),  # a local day of Berlin in summer
        (15, 39, (1, 2), 0.0),
        (-13, 37, (-1, 2), 33.3),
        (12, 36, (1, 2), 0.0),
    ],
)
def test_an_edge_is_the_nearest_midnight_and_all_sums_are_of_what_is_counted(app, day, low, high, days, share):
    told = ask(app, "/cells", (day + low * HOUR, day + high * HOUR)).json

    counted = [day + n * DAY for n in days]
    assert (told["precision"], told["start_time"]) == ("day", iso(day + low * HOUR))
    assert [told["counted_start_time"], told["counted_end_time"]] == [iso(at) for at in counted]
    assert told["total_utilization"] == share
    [row] = told["cells"]
    assert row["scheduled_seconds"] == sum(row["states"].values()) == told["duration"] == 86_400 * (days[1] - days[0])


def test_of_less_than_half_a_day_nothing_is_said(app, day):
    told = ask(app, "/cells", (day + 2 * HOUR, day + 8 * HOUR), "&columns=1").json

    assert told["cells"]["utilization"] == [None]
    assert [told[name] for name in ("total_utilization", "coverage", "duration")] == [None, None, 0]
    assert [told[name] for name in ("precision", "counted_start_time", "counted_end_time")] == ["day", None, None]


def test_later_time_is_counted_to_the_second(app, day):
    past = (day + 3 * DAY + 7 * HOUR, day + 3 * DAY + 8 * HOUR)

    told = ask(app, "/cells", past).json

    assert (told["precision"], told["duration"]) == ("second", 3600)
    assert (told["counted_start_time"], told["counted_end_time"]) == (iso(past[0]), iso(past[1]))


def test_intervals_begin_where_they_are_kept(app, day):
    [cell] = cells.all_cells()
    across = ask(app, f"/cells/{cell.id}/timeline", (day - HOUR, day + 3 * DAY)).json
    before = ask(app, f"/cells/{cell.id}/timeline", (day - HOUR, day + 25 * HOUR)).json

    assert [row["from"] for row in across["intervals"]] == [iso(day + 2 * DAY)]
    assert before["intervals"] == []
    assert (before["precision"], before["counted_start_time"]) == ("day", iso(day))


def test_an_hour_of_which_the_day_is_known_has_no_number(app, day):
    past = (day + 2 * DAY - 2 * HOUR, day + 2 * DAY + HOUR)
    told = ask(app, "/cells/heatmap", past, "&state=unknown").json
    words = ask(app, "/cells/heatmap", past, "&state=unknown&format=u16").data
    by_day = ask(app, "/cells/heatmap", (day, day + DAY), "&by=day").json

    assert (told["seconds"], told["precision"]) == ([[None, None, 3600]], "day")
    size = int.from_bytes(words[:4], "little")
    assert json.loads(words[4 : 4 + size])["precision"] == "day"
    assert np.frombuffer(words, "<u2", offset=4 + size).tolist() == [65_535, 65_535, 3600]
    assert (by_day["seconds"], by_day["precision"]) == ([[86_400]], "second")


def test_what_is_kept_of_an_answer_is_told_anew_once_only_days_are_left(app, day):
    path = f"/cells?start_time={iso(day + 3 * DAY + HOUR)}&end_time={iso(day + 4 * DAY)}"
    before = nobody(app).get(path).json
    forget_seconds(day + 5 * DAY)

    after = nobody(app).get(path).json

    assert (before["precision"], after["precision"]) == ("second", "day")
    assert (before["duration"], after["duration"]) == (23 * 3600, 86_400)
