"""GET /api/cells and /api/cells/<id>/timeline."""

import csv
import io
from datetime import timedelta

import pytest

from tests.api.programs import assert_refused, free_cell, nobody
from tests.world import make_cell
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, iso, utcnow, whole
from webapp.lib.window import Window

FIELDS = [
    *("cell_id", "name", "kind", "site", "state"),
    *("utilization", "utilization_low", "utilization_high", "coverage", "calendar_utilization"),
    *("running_seconds", "scheduled_seconds", "unknown_seconds", "states", "sources"),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def past():
    """(start, end): an hour that ended an hour ago."""
    end = whole(utcnow()) - HOUR
    return end - HOUR, end


def was(cell, state, start, seconds):
    with transaction():
        first = epoch(start)
        ledger.assign(cell.book_id, cell.id, first, first + seconds, ledger.State[state.upper()], ledger.Source.FEED)


def ask(app, path, past, more=""):
    return nobody(app).get(f"{path}?start_time={iso(past[0])}&end_time={iso(past[1])}{more}")


def test_the_figures_of_an_hour(app, past):
    cell = make_cell("C01", now=utcnow())
    was(cell, "running", past[0], 1800)
    was(cell, "idle", past[0] + timedelta(seconds=1800), 900)

    told = ask(app, "/cells", past).json

    [row] = told["cells"]
    assert list(row) == FIELDS
    assert (row["cell_id"], row["name"], row["kind"], row["site"], row["state"]) == (
        cell.id,
        "C01",
        "mill",
        "Hall 1",
        "unknown",
    )
    assert (row["utilization"], row["utilization_low"], row["utilization_high"]) == (50.0, 50.0, 75.0)
    assert (row["coverage"], row["calendar_utilization"]) == (75.0, 50.0)
    assert (row["running_seconds"], row["scheduled_seconds"], row["unknown_seconds"]) == (1800, 3600, 900)
    assert row["states"] == {"running": 1800, "setup": 0, "idle": 900, "maintenance": 0, "down": 0, "unknown": 900}
    assert row["sources"] == {"measured": 2700, "entered": 0, "inferred": 0}
    assert {name: told[name] for name in told if name not in ("cells", "computed_at")} == {
        "start_time": iso(past[0]),
        "end_time": iso(past[1]),
        "duration": 3600,
        "total_utilization": 50.0,
        "total_utilization_low": 50.0,
        "total_utilization_high": 75.0,
        "coverage": 75.0,
        "basis": "calendar",
        "precision": "second",
        "counted_start_time": iso(past[0]),
        "counted_end_time": iso(past[1]),
        "clipped_to": None,
    }


def test_the_total_is_pooled_and_cells_at_nought_are_listed(app, past):
    was(make_cell("C01", now=utcnow()), "running", past[0], 3600)
    was(make_cell("C02", now=utcnow()), "idle", past[0], 3600)

    told = ask(app, "/cells", past).json

    assert [(row["name"], row["utilization"]) for row in told["cells"]] == [("C01", 100.0), ("C02", 0.0)]
    assert told["total_utilization"] == 50.0


def test_columns_hold_the_same(app, past):
    was(make_cell("C01", now=utcnow()), "running", past[0], 3600)
    make_cell("C02", now=utcnow())
    rows = ask(app, "/cells", past).json["cells"]

    columns = ask(app, "/cells", past, "&columns=1").json["cells"]

    assert list(columns) == FIELDS
    for name in FIELDS[:-2]:
        assert columns[name] == [row[name] for row in rows]
    assert columns["states"]["running"] == columns["sources"]["measured"] == [3600, 0]


def test_a_factory_without_cells(app):
    told = nobody(app).get("/cells").json

    assert (told["cells"], told["total_utilization"], told["coverage"], told["duration"]) == ([], None, None, 86_400)


def test_a_window_across_now_says_where_it_was_cut(app):
    make_cell("C01", now=utcnow())
    start = whole(utcnow()) - HOUR

    told = nobody(app).get(f"/cells?start_time={iso(start)}&end_time={iso(start + 2 * HOUR)}").json

    assert told["duration"] == 7200
    assert told["cells"][0]["scheduled_seconds"] in range(3599, 3630)
    assert told["clipped_to"] is not None
    assert told["clipped_to"] <= told["computed_at"]


def test_a_window_in_the_future_counts_nothing(app):
    make_cell("C01", now=utcnow())
    start = whole(utcnow()) + HOUR

    told = nobody(app).get(f"/cells?start_time={iso(start)}&end_time={iso(start + HOUR)}").json

    assert (told["cells"][0]["utilization"], told["total_utilization"], told["clipped_to"]) == (None, None, iso(start))


def test_the_state_is_the_one_of_now(app):
    free_cell("C01")

    assert nobody(app).get("/cells").json["cells"][0]["state"] == "idle"


@pytest.mark.parametrize(
    "query", ["start_time=x&end_time=y", "start_time=2025-09-05&end_time=2025-09-01", "columns=2", "site=1", "limit=5"]
)
def test_what_cannot_be_read_is_400(app, query):
    assert_refused(nobody(app).get(f"/cells?{query}"), 400, "VALIDATION")


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59.999999%2B14:00", "1970-01-01T00:00:01Z", "9999-12-31"])
def test_the_ends_of_time_are_no_trouble(app, end):
    make_cell("C01", now=utcnow())

    long = nobody(app).get(f"/cells?start_time=1970-01-01&end_time={end}")
    assert long.status_code == (200 if end.startswith("1970") else 400)
    assert nobody(app).get(f"/cells?end_time={end}").status_code == 200


def test_the_timeline_is_what_is_behind_the_figure(app, past):
    cell = make_cell("C01", now=utcnow())
    was(cell, "running", past[0], 1800)

    told = ask(app, f"/cells/{cell.id}/timeline", past).json

    middle = iso(past[0] + timedelta(seconds=1800))
    assert (told["cell_id"], told["name"], told["next"]) == (cell.id, "C01", None)
    assert told["intervals"] == [
        {"state": "running", "from": iso(past[0]), "to": middle, "reason": "", "source": "feed"},
        {"state": "unknown", "from": middle, "to": iso(past[1]), "reason": "", "source": "none"},
    ]


def test_the_timeline_pages(app, past):
    cell = make_cell("C01", now=utcnow())
    for minute in range(0, 60, 20):
        was(cell, "running", past[0] + timedelta(minutes=minute), 600)
    path = f"/cells/{cell.id}/timeline"
    whole_of_it = ask(app, path, past).json["intervals"]

    pages, after = [], ""
    while after is not None:
        told = ask(app, path, past, f"&limit=2&after={after}").json
        pages, after = pages + told["intervals"], told["next"]

    assert pages == whole_of_it
    assert len(pages) == 6


def test_the_file_has_the_same_rows(app, past):
    cell = make_cell("C01", now=utcnow())
    was(cell, "running", past[0], 1800)
    told = ask(app, f"/cells/{cell.id}/timeline", past).json

    answer = ask(app, f"/cells/{cell.id}/timeline.csv", past)

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="timeline-')
    assert list(csv.DictReader(io.StringIO(answer.text))) == told["intervals"]


def test_a_reason_is_no_formula_in_the_file(app, past):
    cell = make_cell("C01", now=utcnow())
    cells.correct_history(cell.id, Window(*past), "down", why="=1+1", by="sam", now=utcnow())

    [row] = csv.DictReader(io.StringIO(ask(app, f"/cells/{cell.id}/timeline.csv", past).text))

    assert (row["state"], row["reason"], row["source"]) == ("down", "'=1+1 (sam)", "person")


def test_the_timeline_of_a_missing_cell_is_404(app):
    for path in ("/cells/999/timeline", "/cells/999/timeline.csv"):
        assert_refused(nobody(app).get(path), 404, "NOT_FOUND")


def test_a_retired_cell_is_listed_where_it_was_in_service(app, past):
    cell = make_cell("C01", now=utcnow())
    was(cell, "running", past[0], 3600)
    cells.retire_cell(cell.id, by="root", now=utcnow())

    assert [row["state"] for row in ask(app, "/cells", past).json["cells"]] == ["unknown"]
