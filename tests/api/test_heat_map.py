"""GET /api/cells/heatmap, and answers that a program holds already."""

import json
from datetime import timedelta

import numpy as np
import pytest

from tests.api.programs import assert_refused, nobody
from tests.api.test_cells import ask, was
from tests.world import make_cell
from webapp import cells, ledger
from webapp.lib.clock import epoch, iso, moment, utcnow
from webapp.lib.window import Window

HOUR = 3600


@pytest.fixture
def past(app):
    """(start, end): three whole hours that ended two hours ago, and are closed."""
    end = epoch(utcnow()) // HOUR * HOUR - 2 * HOUR
    return moment(end - 3 * HOUR), moment(end)


def shut():
    ledger.close_hours(epoch(utcnow()))


def test_seconds_by_cell_and_hour(app, past):
    first = make_cell("C01", now=utcnow())
    was(first, "running", past[0] + timedelta(minutes=50), 1200)
    was(make_cell("C02", now=utcnow()), "down", past[0], 60)

    told = ask(app, "/cells/heatmap", past).json

    assert [row["name"] for row in told["cells"]] == ["C01", "C02"]
    assert told["hours"] == [iso(past[0] + timedelta(hours=n)) for n in range(3)]
    assert told["seconds"] == [[600, 600, 0], [0, 0, 0]]
    assert ask(app, "/cells/heatmap", past, "&state=down").json["seconds"] == [[0, 0, 0], [60, 0, 0]]
    assert ask(app, "/cells/heatmap", past, "&state=unknown").json["seconds"] == [
        [3000, 3000, 3600],
        [3540, 3600, 3600],
    ]


def test_an_hour_that_is_not_over_counts_up_to_now(app):
    make_cell("C01", now=utcnow())

    told = nobody(app).get(f"/cells/heatmap?start_time={iso(utcnow())}&end_time={iso(utcnow() + timedelta(hours=9))}")

    assert told.json["hours"] == [iso(moment(epoch(utcnow()) // HOUR * HOUR))]
    assert nobody(app).get("/cells/heatmap?start_time=2090-01-01&end_time=2090-01-02").json["hours"] == []


def test_the_packed_form_holds_the_same(app, past):
    was(make_cell("C01", now=utcnow()), "running", past[0], 5000)
    make_cell("C02", now=utcnow())
    told = ask(app, "/cells/heatmap", past).json

    packed = ask(app, "/cells/heatmap", past, "&format=u16").data

    size = int.from_bytes(packed[:4], "little")
    head = json.loads(packed[4 : 4 + size])
    numbers = np.frombuffer(packed, "<u2", offset=4 + size).reshape(2, 3)
    assert {**head, "seconds": numbers.tolist()} == told


def test_days_are_those_of_utc(app):
    cell = make_cell("C01", now=utcnow(), in_service_from=utcnow() - timedelta(days=3))
    midnight = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
    was(cell, "running", midnight - timedelta(hours=30), 8 * HOUR)

    told = ask(app, "/cells/heatmap", (midnight - timedelta(days=2), midnight), "&by=day").json

    assert told["seconds"] == [[6 * HOUR, 2 * HOUR]]


@pytest.mark.parametrize("query", ["state=held", "by=week", "format=csv", "format=u16&by=day", "limit=3"])
def test_what_cannot_be_drawn_is_400(app, query):
    assert_refused(nobody(app).get(f"/cells/heatmap?{query}"), 400, "VALIDATION")


def test_more_than_ten_million_numbers_are_400(app):
    for n in range(24):
        make_cell(f"C{n:02}", now=utcnow())

    long_ago = utcnow() - timedelta(days=49 * 366)
    answer = nobody(app).get(f"/cells/heatmap?start_time={iso(long_ago)}&end_time={iso(utcnow())}")

    details = assert_refused(answer, 400, "VALIDATION")

    assert list(details["fields"]) == ["start_time"]


def test_a_closed_window_is_held_until_something_in_it_changes(app, past):
    cell = make_cell("C01", now=utcnow())
    shut()
    path = f"/cells/heatmap?start_time={iso(past[0])}&end_time={iso(past[1])}"
    tag = nobody(app).get(path).headers["ETag"]

    again = nobody(app).get(path, If_None_Match=tag)
    cells.correct_history(cell.id, Window(*past), "down", "seen", "sam", utcnow())
    after = nobody(app).get(path, If_None_Match=tag)
    cells.derive_accounts(utcnow())

    assert (again.status_code, again.data) == (304, b"")
    assert (after.status_code, after.headers["ETag"] == tag) == (200, False)
    assert nobody(app).get(path, If_None_Match=tag).status_code == 200


def test_a_window_that_is_not_closed_has_no_tag(app):
    make_cell("C01", now=utcnow())

    assert "ETag" not in nobody(app).get("/cells/heatmap").headers


def test_the_figures_of_the_past_are_held_too(app, past):
    cell = make_cell("C01", now=utcnow())
    tag = ask(app, "/cells", past).headers["ETag"]
    path = f"/cells?start_time={iso(past[0])}&end_time={iso(past[1])}"

    again = nobody(app).get(path, If_None_Match=tag)
    was(cell, "running", past[0], 60)

    assert (again.status_code, again.headers["ETag"]) == (304, tag)
    assert nobody(app).get(path, If_None_Match=tag).status_code == 200


def test_years_of_intervals_are_read_as_they_are_sent(app):
    now = utcnow()
    cell = make_cell("C01", now=now, in_service_from=now - timedelta(days=200))
    was(cell, "idle", now - timedelta(days=150), 149 * 24 * HOUR)
    whole = Window(now - timedelta(days=200), now)

    told = ask(app, f"/cells/{cell.id}/timeline", (whole.start, whole.end)).json

    assert [row["state"] for row in told["intervals"]] == ["unknown", "idle", "unknown"]
    assert list(cells.long_timeline(cell.id, whole, now)) == cells.timeline(cell.id, whole, now)
