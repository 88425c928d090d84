"""The row is the job: whoever was killed is taken over, whoever is called off writes no further cell."""

from datetime import timedelta

import pytest

from tests.cells.imports.files import bring, finished, offered, second, states, text
from tests.world import NOW, make_cell
from webapp import cells
from webapp.cells.imports import working, writing
from webapp.cells.imports.models import ImportedRow
from webapp.extensions import db

DAY = "2026-03-03T"
CELLS = [f"C{n:02}" for n in range(4)]


class Killed(BaseException):
    pass


@pytest.fixture
def many(app):
    for name in CELLS:
        make_cell(name, in_service_from=NOW.replace(year=2025))
    minutes = [(name, n) for n in range(0, 600, 7) for name in CELLS]
    rows = (
        f"{name},{'idle' if n % 2 else 'running'},{DAY}{n // 60:02}:{n % 60:02}Z,{DAY}23:00Z" for name, n in minutes
    )
    return text(*rows)


@pytest.fixture
def whole(many, tmp_path):
    """What each cell's history comes to where nothing goes wrong."""
    bring(many, tmp_path / "whole")
    found = {name: states(name) for name in CELLS}
    assert all(len(spans) > 40 for spans in found.values())
    return found


def killed_at(monkeypatch, where, name, time):
    """As if the process were killed the so-manieth time that this is to be done."""
    done, left = getattr(where, name), [time]

    def dies(*given, **named):
        left[0] -= 1
        if not left[0]:
            raise Killed
        return done(*given, **named)

    monkeypatch.setattr(where, name, dies)


@pytest.mark.parametrize(
    ("where", "name", "time"),
    [
        (working, "_read_some", 2),
        (working, "_judge", 1),
        (writing, "_keep", 2),
        (writing, "_paint", 1),
        (writing, "_paint", 3),
        (writing, "_conclude", 2),
        (working, "_end", 1),
    ],
)
def test_a_worker_that_is_killed_is_taken_over(whole, many, tmp_path, monkeypatch, where, name, time):
    monkeypatch.setattr(working, "AT_ONCE", 100)
    monkeypatch.setattr(writing, "STRETCHES_AT_ONCE", 30)
    renamed = many.replace("C0", "N0")
    for cell in CELLS:
        make_cell(cell.replace("C0", "N0"), in_service_from=NOW.replace(year=2025))
    job = offered(renamed, tmp_path)
    cells.begin_import(job.id, "root", NOW, tmp_path)
    with monkeypatch.context() as deadly:
        killed_at(deadly, where, name, time)
        with pytest.raises(Killed):
            finished(job.id, tmp_path)
    db.session.rollback()

    assert not cells.go_on_importing(tmp_path, lambda: NOW + timedelta(seconds=5))  # it may be at work still
    ended = finished(job.id, tmp_path, NOW + timedelta(minutes=2))

    assert (ended.status, ended.lines, ended.good) == ("done", len(many.splitlines()) - 1, len(many.splitlines()) - 1)
    assert {cell: states(cell.replace("C0", "N0")) for cell in CELLS} == whole


def test_in_small_steps_it_comes_to_the_same(whole, many, tmp_path, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 50)
    job = offered(many, tmp_path)
    cells.begin_import(job.id, "root", NOW, tmp_path)

    steps = 0
    while cells.go_on_importing(tmp_path, lambda: NOW, within=1e-9):
        steps += 1

    assert steps >= 3
    assert {name: states(name) for name in CELLS} == whole


def test_one_that_is_called_off_tells_no_further_cell(many, tmp_path, monkeypatch):
    job = offered(many, tmp_path)
    cells.begin_import(job.id, "root", NOW, tmp_path)
    conclude = writing._conclude

    def and_call_off(*given):
        conclude(*given)
        cells.cancel_import(job.id, "root", NOW)

    monkeypatch.setattr(writing, "_conclude", and_call_off)

    ended = finished(job.id, tmp_path)

    assert (ended.status, ended.cells_done) == ("cancelled", 1)
    assert [bool(states(name)) for name in CELLS] == [True, False, False, False]
    assert db.session.query(ImportedRow.cell_id).distinct().count() == 1


def test_two_files_take_their_turns(many, tmp_path):
    first = offered(many, tmp_path)
    later = offered(text(f"C00,down,{DAY}00:00Z,{DAY}01:00Z"), tmp_path)
    for job in (later, first):
        cells.begin_import(job.id, "root", NOW, tmp_path)

    assert cells.go_on_importing(tmp_path, lambda: NOW)

    assert (cells.one_import(first.id).status, cells.one_import(later.id).status) == ("done", "waiting")
    assert finished(later.id, tmp_path).status == "done"


def test_files_and_rows_of_long_ago_are_forgotten_and_history_stays(whole, many, tmp_path):
    left = offered(many, tmp_path)
    job = bring(many, tmp_path)
    assert [path.name for path in (tmp_path / str(job.id)).iterdir()] == ["refused.csv"]

    cells.forget_imports(NOW + timedelta(days=91), tmp_path)

    assert not (tmp_path / str(job.id)).exists()
    assert not (tmp_path / str(left.id)).exists()
    assert db.session.query(ImportedRow).count() == 0
    assert {name: states(name) for name in CELLS} == whole
    assert cells.import_preview(left.id, NOW, tmp_path).problem == "The file is gone; bring it in anew"


def test_years_in_one_row(app, tmp_path):
    make_cell("C01")

    bring(text("C01,running,2016-01-01T00:00Z,2026-01-01T00:00Z"), tmp_path)

    [(result, _)] = cells.import_results(cells.recent_imports()[0].id)
    assert result.seconds == {"running": second("00:00", "2026-01-01") - second("00:00", "2016-01-01")}
    assert states("C01", "00:00", "01:00") == []
