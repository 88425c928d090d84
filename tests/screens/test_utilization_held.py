"""Files of time that is over are sent once: who holds one is told so until it would read differently."""

from datetime import timedelta

import pytest

from tests.api.test_cells import was
from tests.world import make_cell, make_person
from webapp import cells, ledger
from webapp.lib.clock import epoch, iso, moment, utcnow
from webapp.lib.window import Window

HOUR = 3600
KINDS = ("csv", "json", "xlsx")
FILES = [f"{file}.{kind}" for file in ("", "/down", "/losses") for kind in KINDS]


@pytest.fixture
def past(app):
    """An hour that is closed, in which a cell was down."""
    end = epoch(utcnow()) // HOUR * HOUR - 2 * HOUR
    window = Window(moment(end - HOUR), moment(end))
    cell = make_cell("C01", now=utcnow(), in_service_from=window.start - timedelta(days=1))
    was(cell, "down", window.start, HOUR)
    ledger.close_hours(epoch(utcnow()))
    return window


def file(client, path, window, more="", **headers):
    asked = f"/utilization{path}?start={iso(window.start)}&end={iso(window.end)}{more}"
    answer = client.get(asked, headers=headers)
    answer.get_data()
    return answer


@pytest.mark.parametrize("path", FILES)
def test_who_holds_a_file_is_told_so_until_it_reads_differently(client, past, path):
    tag = file(client, path, past).headers["ETag"]
    again = file(client, path, past, **{"If-None-Match": tag})

    cells.correct_history(cells.by_name("C01").id, past, "running", "I saw it", "sam", utcnow())
    after = file(client, path, past, **{"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert (after.status_code, after.headers["ETag"] == tag) == (200, False)


def test_it_is_not_made_to_say_so(client, past, monkeypatch):
    tags = {path: file(client, path, past).headers["ETag"] for path in FILES}
    for question in ("utilization_report", "evidence", "losses"):
        monkeypatch.setattr(cells, question, lambda *_: pytest.fail("it was made"))

    assert {file(client, path, past, **{"If-None-Match": tag}).status_code for path, tag in tags.items()} == {304}


def test_other_cells_and_a_comparison_have_tags_of_their_own(client, past):
    ids = [cells.by_name("C01").id, make_cell("C02", now=utcnow()).id]
    ledger.close_hours(epoch(utcnow()))

    chosen = ["", *(f"&cell={id}" for id in ids), "&compare=1"]
    tags = {file(client, ".csv", past, more).headers["ETag"] for more in chosen}

    assert len(tags) == 4


def test_a_file_of_hours_that_are_open_has_none(client, past):
    assert "ETag" not in file(client, ".csv", Window(past.start, utcnow())).headers


def test_who_may_not_see_boards_is_not_told_that_nothing_changed(client, past, not_public):
    make_person("sam")
    client.sign_in("sam")
    tag = file(client, ".csv", past).headers["ETag"]
    client.post("/logout")

    answer = file(client, ".csv", past, **{"If-None-Match": tag})

    assert answer.status_code in (302, 401)
