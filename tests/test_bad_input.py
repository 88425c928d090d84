"""What nobody should send, and somebody does: each is answered at the field it is about, and leaves nothing behind."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.api.programs import assert_refused, cell_program, nobody
from tests.screens.desk import complained_of, sits, words
from tests.world import make_cell
from webapp import cells, ledger
from webapp.lib.clock import epoch, iso, utcnow
from webapp.lib.settings import settings

CALENDAR = {
    "name": "Day shift",
    "zone": "UTC",
    "shifts-0-name": "Early",
    "shifts-0-start": "06:00",
    "shifts-0-end": "14:00",
    "shifts-0-breaks": "",
    "shifts-0-days": ["0", "1"],
}
OVERLAPPING = {"shifts-1-name": "Late", "shifts-1-start": "13:00", "shifts-1-end": "22:00", "shifts-1-days": ["1"]}
GOOD = "C01,running,2026-03-03T08:00Z,2026-03-03T09:00Z"
LONG = ("1970-01-02", "2026-01-01")
AHEAD = ("2090-01-01", "2090-01-02")


@pytest.fixture
def cell(app):
    return make_cell("C01", now=utcnow(), heartbeat=60)


@pytest.fixture
def root(client, cell):
    sits(client, "root")
    return client


def told(cell):
    """Seconds of which anything is known, at any time."""
    seconds = ledger.window(0, epoch(utcnow() + timedelta(days=40_000))).get(cell.id)
    return sum(getattr(seconds, str(state)) for state in list(ledger.State)[1:]) if seconds else 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (OVERLAPPING, "shifts-1-start"),
        ({"shifts-0-end": "06:00"}, "shifts-0-end"),  # of no length
        ({"shifts-0-end": "30:01"}, "shifts-0-end"),  # longer than a day
        ({"zone": "Europe/Atlantis"}, "zone"),
    ],
)
def test_a_calendar_that_cannot_be(root, wrong, field):
    answer = root.post("/admin/calendars", data={**CALENDAR, **wrong})

    assert (answer.status_code, complained_of(answer)) == (422, [field])
    assert cells.all_calendars(retired=True) == []


@pytest.mark.parametrize("path", ["/cells", "/cells/heatmap", "/cells/{}/timeline", "/cells/{}/timeline.csv"])
def test_a_window_over_fifty_years(app, cell, path):
    path = path.format(cell.id)

    answer = nobody(app).get(f"{path}?start_time={LONG[0]}&end_time={LONG[1]}")

    assert assert_refused(answer, 400, "VALIDATION")["fields"] == {
        "end_time": ["must be within 50 years of start_time"]
    }
    answer = nobody(app).get(f"{path}?start_time=1900-01-01&end_time={LONG[1]}")
    assert assert_refused(answer, 400, "VALIDATION")["fields"] == {"start_time": ["must not be before 1970"]}


@pytest.mark.parametrize("path", ["/utilization", "/utilization/down", "/utilization/losses"])
def test_a_page_of_over_fifty_years(client, cell, path):
    answer = client.get(f"{path}?start={LONG[0]}&end={LONG[1]}")

    assert answer.status_code == 400
    assert "must be within 50 years of From" in words(answer)


def test_a_window_in_the_future(app, client, cell):
    page = client.get(f"/utilization?start={AHEAD[0]}&end={AHEAD[1]}")
    told = nobody(app).get(f"/cells?start_time={AHEAD[0]}&end_time={AHEAD[1]}")

    assert page.status_code == 200
    assert "This window has not begun" in words(page)
    assert told.status_code == 200
    assert (told.json["total_utilization"], told.json["cells"][0]["utilization"]) == (None, None)
    assert (
        nobody(app).get(f"/cells/{cell.id}/timeline?start_time={AHEAD[0]}&end_time={AHEAD[1]}").json["intervals"] == []
    )


def test_readings_dated_1970_and_2050(app, cell):
    batch = [{"state": "running", "at": at} for at in ("1970-01-01T00:00:00Z", iso(utcnow()), "2050-01-01T00:00:00Z")]

    answer = cell_program(app, cell).post(f"/cells/{cell.id}/readings", batch)

    assert (answer.status_code, answer.json["kept"]) == (202, 1)
    assert [(one["index"], one["code"]) for one in answer.json["refused"]] == [(0, "VALIDATION"), (2, "VALIDATION")]
    assert all(one["message"].startswith("at ") for one in answer.json["refused"])
    assert told(cell) <= 180


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Anlage,Beginn,Ende,Zustand\nC01,1,2,3\n", "the columns Anlage, Beginn, Ende, Zustand tell none"),
        ("cell,state,from,to\nC01,überlastet,x,y\n".encode("latin-1"), "is not UTF-8"),
        ("cell,state,from,to\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_an_import_that_cannot_be_read(root, cell, content, says):
    answer = begun(root, content, most_bad=None)

    assert says in words(answer)
    assert told(cell) == 0


@pytest.mark.parametrize(("most_bad", "status", "seconds"), [(None, "done", 32_400), (9, "refused", 0)])
def test_an_import_with_ten_per_cent_of_bad_rows(root, cell, most_bad, status, seconds):
    day = f"{utcnow() - timedelta(hours=30):%Y-%m-%d}"
    rows = [f"C01,{'idle' if n else 'asleep'},{day}T{n:02}:00Z,{day}T{n + 1:02}:00Z" for n in range(10)]

    answer = begun(root, "\n".join(["cell,state,from,to", *rows]).encode(), most_bad)

    [job] = cells.recent_imports()
    assert (job.status, job.good, job.refused) == (status, 9, 1)
    assert ("asleep" if status == "done" else "1 of 10 rows are bad") in words(answer)
    assert told(cell) == seconds


def begun(client, content, most_bad):
    """The page that says what came of the file."""
    data = {"file": (io.BytesIO(content), "shop.csv"), "zone": "UTC"}
    answer = client.post("/admin/imports", data=data, content_type="multipart/form-data")
    if answer.status_code != 303:
        return answer
    [job], folder = cells.recent_imports(), settings().data_dir / "imports"
    if job.settled.shape:
        cells.settle_import(job.id, replace(job.settled, most_bad=most_bad), folder)
    answer = client.post(f"/admin/imports/{job.id}/beginning")
    while cells.go_on_importing(folder, utcnow):
        pass
    return client.get(answer.location) if answer.status_code == 303 else answer


@pytest.mark.parametrize("start", ["2026-03-29 02:30", "2026-03-29 02:10:00", "2026-03-29T02:59:59"])
def test_a_correction_of_a_second_that_no_clock_showed(root, cell, start):
    cells.change_site(cell.site_id, "Hall 1", "Europe/Berlin", 80, "root", utcnow())
    typed = {"start": start, "end": "2026-03-29 04:00:01", "state": "running", "why": "It ran"}

    answer = root.post(f"/cells/{cell.id}/corrections", data=typed)

    assert (answer.status_code, complained_of(answer)) == (422, ["start"])
    assert "never was on the clock, which went from 02:00 to 03:00 then" in words(answer)
    assert cells.corrections() == []
