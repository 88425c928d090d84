"""The running board on the wall, and a paired screen that shows it in turn with utilization."""

from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.screens.test_displays import paired
from tests.world import idle_cell, make_project, make_running, make_site, says
from webapp import cells, people
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, utcnow
from webapp.screens.walls import board


@pytest.fixture
def tv(app):
    return app.test_client()


def stands(cell, minutes, state="down", detail="Spindle overload"):
    """It has been in this state for so long."""
    says(cell, state, detail)
    with transaction():
        db.session.get_one(cells.Sighting, cell.id).since = utcnow() - timedelta(minutes=minutes)


def shown(page):
    """The names of the sections that are not hidden."""
    return [e.attrs["data-show"] for e in tree(page) if "data-show" in e.attrs and "hidden" not in e.attrs]


def test_an_empty_factory_says_so(client):
    assert "No cells yet" in words(client.get("/wall/board"))


def test_what_is_wrong_comes_first_then_what_runs_then_what_waits(client):
    running = idle_cell("C01")
    project = make_running(name="housing_r4")
    says(running, "running")
    stands(idle_cell("C09", kind="spare"), 21)
    make_project(cell_kind="laser")
    cells.take_samples(epoch(utcnow()), 5, ())

    page = words(client.get("/wall/board"))

    assert page.index("C09 down") < page.index("C01") < page.index("Queue")
    for said in (
        "Spindle overload",
        "21 min",
        f"{project.label} housing_r4 Byron",
        "Running 1",
        "Queue 1",
        "Longest wait",
    ):
        assert said in page


def test_quiet_is_said(client):
    idle_cell("C01")

    page = words(client.get("/wall/board"))

    assert "Nothing needs attention" in page
    assert "Nothing is running" in page


def test_a_model_is_named_by_its_file(client):
    idle_cell("C01")
    make_running()

    assert "housing_r4 Byron" in words(client.get("/wall/board"))


def test_a_site_sees_its_own_cells(client):
    here, there = make_site("Hall 1"), make_site("Hall 2")
    stands(idle_cell("C01", site_id=here.id), 5)
    stands(idle_cell("C02", site_id=there.id), 5)

    page = words(client.get(f"/wall/board?site={there.id}"))

    assert "Hall 2" in page
    assert "C02 down" in page
    assert "C01" not in page


@pytest.mark.parametrize("asked", ["site=99", "site=x", "page=2", "page=x"])
def test_what_there_is_not_is_refused(client, asked):
    idle_cell("C01")

    assert client.get(f"/wall/board?{asked}").status_code == 400


def alarms():
    return [alert.alarm for alert in board.view("", utcnow())["sheets"][0].alerts]


def test_a_stop_is_an_alarm_for_half_an_hour(app):
    cell = idle_cell("C01")

    stands(cell, 29)
    assert alarms() == [True]

    stands(cell, 31)
    assert alarms() == [False]


def test_or_until_somebody_says_that_they_come(app):
    cell = idle_cell("C01")
    stands(cell, 5)
    cells.call_for_help(cell.id, "Please come", "oli", utcnow())

    cells.acknowledge_stop(cell.id, "sam", utcnow())

    assert alarms() == [False]


def test_a_paired_screen_shows_what_its_turn_is(client, tv):
    idle_cell("C01")
    id = paired(client, tv)

    assert shown(tv.get(f"/wall/{id}")) in (["board"], ["utilization"])


def test_a_new_stop_brings_the_board_back_and_holds_it(client, tv, monkeypatch):
    cell = idle_cell("C01")
    monkeypatch.setattr("webapp.screens.walls.playing.turn_now", lambda playlist, now: 1)
    id = paired(client, tv)
    assert shown(tv.get(f"/wall/{id}")) == ["utilization"]

    stands(cell, 1)

    assert shown(tv.get(f"/wall/{id}")) == ["board"]
    stands(cell, 1, "idle", "")
    assert shown(tv.get(f"/wall/{id}")) == ["utilization"]


def test_the_night_is_dimmed_by_the_server_itself(client, tv):
    id = paired(client, tv)
    details = {"name": "A", "playlist": people.USUAL}
    people.change_display(id, people.DisplayDetails(**details, night=("00:00", "23:59")), "root", utcnow())
    assert "data-dim" in tv.get(f"/wall/{id}").text or f"{utcnow():%H:%M}" == "23:59"

    people.change_display(id, people.DisplayDetails(**details, night=("", "")), "root", utcnow())

    assert "data-dim" not in tv.get(f"/wall/{id}").text
