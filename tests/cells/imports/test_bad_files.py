"""What cannot be used is refused, by its line or as a whole, and nothing is half written."""

import io

import pytest
from sqlalchemy import update

from tests.cells.imports.files import CHANGES, INTERVALS, ITEMS, bring, offered, packed, second, states, text
from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, NotFound, WrongState

DAY = "2026-03-03T"
GOOD = f"C01,running,{DAY}08:00Z,{DAY}09:00Z"


@pytest.fixture
def cell(app):
    return make_cell("C01", in_service_from=NOW.replace(year=2025))


def refused(job, folder):
    return {int(line): (what, accepted) for line, what, accepted in cells.import_refusals(job.id, folder)}


@pytest.mark.parametrize(
    ("row", "what", "accepted"),
    [
        (f"C01,running,{DAY}09:00Z", "it has 3 fields", "4 fields"),
        (f"C77,running,{DAY}09:00Z,{DAY}10:00Z", "there is no cell C77", "let cells be made"),
        (f"C01,busy,{DAY}09:00Z,{DAY}10:00Z", "busy is no state", "running, setup"),
        (f"C01,idle,{DAY}10:00Z,{DAY}10:00Z", "not after it begins", "later than the start"),
        (f"C01,idle,yesterday,{DAY}10:00Z", "yesterday is no time", "2019-06-03T14:30:00Z"),
        ("C01,idle,44:30.0,45:10.0", "44:30.0 is no time", "with seconds"),
        (f"C01,idle,1970-01-01T00:00Z,{DAY}10:00Z", "lies outside of what is read", "times from 2006-01-01T00:00:00Z"),
        (f"C01,idle,{DAY}10:00Z,2050-01-01T00:00Z", "which is still to come", "to 2026-03-04T10:00:00Z"),
        ("C01,idle,2050-01-01T00:00Z,2050-01-02T00:00Z", "lies outside", "to 2026-03-04T10:00:00Z"),
        ('"C01,idle', "its quotes do not close", "4 fields"),
        ('"C0"1,idle,x,y', "its quotes do not close", "4 fields"),
        (f"C01,idle\0,{DAY}10:00Z,{DAY}11:00Z", "it holds a NUL character", "4 fields"),
        (f",idle,{DAY}10:00Z,{DAY}11:00Z", "there is no cell without a name", "a cell's short name"),
    ],
)
def test_a_bad_row_is_refused_by_its_line_and_the_good_ones_go_in(cell, tmp_path, row, what, accepted):
    job = bring(text(GOOD, row, GOOD), tmp_path)

    [(line, (was, would))] = refused(job, tmp_path).items()
    assert (job.status, job.good, line) == ("done", 2, 3)
    assert what in was
    assert accepted in would
    assert states("C01") == [("running", "08:00", "09:00")]


def test_local_times_that_do_not_exist_or_come_twice_are_refused(cell, tmp_path):
    rows = ["C01,idle,2025-10-26 02:30,2025-10-26 04:00", "C01,idle,2025-03-30 02:30,2025-03-30 04:00"]
    rows += ["C01,idle,2025-10-26 02:30+01:00,2025-10-26 04:00", "C01,idle,2025-07-01 02:30,2025-07-01 04:00"]

    job = bring(text(*rows), tmp_path, zone="Europe/Berlin")

    found = refused(job, tmp_path)
    assert found[2] == (
        "2025-10-26 02:30:00 comes twice in Europe/Berlin",
        "the same time with its offset, such as +02:00",
    )
    assert found[3][0] == "2025-03-30 02:30:00 does not exist in Europe/Berlin"
    assert (list(found), job.good) == ([2, 3], 2)


def test_the_first_day_begins_by_the_clock_of_the_file(cell, tmp_path):
    rows = ["C01,idle,2025-06-30 23:50,2025-07-01 00:30", "C01,idle,2025-07-01 00:00,2025-07-01 00:30"]

    job = bring(text(*rows), tmp_path, zone="Europe/Berlin", not_before="2025-07-01")

    assert (list(refused(job, tmp_path)), job.good) == ([2], 1)


def test_words_of_items_that_no_table_has(cell, tmp_path):
    rows = [f"C01,{DAY}08:00Z,execution,ACTIVE", f"C01,{DAY}08:00Z,execution,DANCING"]

    job = bring(text(*rows, header=ITEMS), tmp_path)

    assert refused(job, tmp_path)[3][0] == "execution DANCING is no word we know"
    assert "FEEDHOLD" in refused(job, tmp_path)[3][1]


def test_rows_of_a_cell_out_of_service(cell, tmp_path):
    cells.retire_cell(cell.id, "root", NOW)
    late = NOW.replace(hour=12)

    job = bring(
        text(GOOD, "C01,idle,2026-03-04T09:00Z,2026-03-04T11:00Z", "C01,idle,2026-03-04T10:30Z,2026-03-04T11:00Z"),
        tmp_path,
        now=late,
    )

    assert refused(job, tmp_path)[4][0] == "C01 is out of service since 2026-03-04T10:00:00Z"
    [(result, _)] = cells.import_results(job.id)
    assert result.seconds == {"running": 3600, "idle": 3600}


def test_one_row_in_ten_is_bad(cell, tmp_path):
    rows = [f"C01,{'idle' if n % 10 else 'busy'},{DAY}{n // 60:02}:{n % 60:02}Z,{DAY}23:00Z" for n in range(500)]

    with_the_good_ones = bring(text(*rows), tmp_path)
    assert (with_the_good_ones.status, with_the_good_ones.good, with_the_good_ones.refused) == ("done", 450, 50)
    assert cells.import_results(with_the_good_ones.id)


@pytest.mark.parametrize(("most_bad", "status"), [(0, "refused"), (9, "refused"), (10, "done")])
def test_all_or_nothing(cell, tmp_path, most_bad, status):
    rows = [f"C01,{'idle' if n else 'busy'},{DAY}08:{n:02}Z,{DAY}09:00Z" for n in range(10)]

    job = bring(text(*rows), tmp_path, most_bad=most_bad)

    assert job.status == status
    assert bool(states("C01")) == (status == "done")
    assert len(refused(job, tmp_path)) == 1
    if status == "refused":
        assert job.problem == f"1 of 10 rows are bad, more than the {most_bad} % that may be"
        assert cells.import_results(job.id) == []


@pytest.mark.parametrize("header", [INTERVALS, CHANGES, ITEMS])
def test_a_first_line_and_nothing_else(cell, tmp_path, header):
    job = bring(text(header=header), tmp_path)

    assert (job.status, job.problem) == ("refused", "It has no rows, only a first line")


def test_not_one_good_row(cell, tmp_path):
    job = bring(text("C77,idle,x,y"), tmp_path)

    assert (job.status, job.problem) == ("refused", "Not one of its rows can be used")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (text(GOOD).encode("utf-16"), "UTF-16"),
        (text(GOOD).encode("utf-16-be"), "UTF-16"),
        (b"", "empty"),
        (b"\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "not UTF-8"),
        (b"cell,cell,from,to\n", "two columns called cell"),
        (b'"cell,state,from,to\n', "name its columns"),
        (b"cell," + b"x" * 70_000, "more than 65536 characters"),
    ],
)
def test_a_file_that_is_none_is_not_kept(cell, tmp_path, content, says):
    with pytest.raises(Invalid) as no:
        offered(content, tmp_path)

    assert says in no.value.message
    assert cells.recent_imports() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("C01,überlastet,x,y\n".encode("latin-1"), "Line 3 is not UTF-8 (byte 0xfc)"),
        (b"x" * 70_000 + b"\n", "Line 3 has more than 65536 characters"),
    ],
)
def test_a_file_that_breaks_off_being_one_writes_nothing(cell, tmp_path, after, says):
    job = bring(text(GOOD).encode() + after, tmp_path)

    assert job.status == "refused"
    assert says in job.problem
    assert states("C01") == []


def test_a_packed_file_that_is_cut_off_writes_nothing(cell, tmp_path):
    whole = packed(text(*[f"C01,idle,{DAY}08:{n % 60:02}:{n % 59:02}Z,{DAY}09:{n % 57:02}Z" for n in range(30_000)]))

    job = bring(whole[: len(whole) // 2], tmp_path)

    assert job.status == "refused"
    assert "damaged after line" in job.problem
    assert states("C01") == []


def test_a_header_that_tells_nothing_cannot_be_begun(cell, tmp_path):
    job = offered("Anlage,Beginn,Ende,Zustand\n", tmp_path)

    with pytest.raises(Invalid) as no:
        cells.begin_import(job.id, "root", NOW, tmp_path)

    assert "the columns Anlage, Beginn, Ende, Zustand tell none" in no.value.details["fields"]["shape"][0]
    assert cells.import_preview(job.id, NOW, tmp_path).problem == "Choose what the columns are"


ALONE = text(f"{DAY}08:00Z,running", "yesterday,idle", f"{DAY}08:30Z,idle,C01", header="time,state")


def test_a_file_without_a_column_of_cells_waits_for_somebody_to_say_whose_it_is(cell, tmp_path):
    job = offered(ALONE, tmp_path)

    with pytest.raises(Invalid) as no:
        cells.begin_import(job.id, "root", NOW, tmp_path)

    assert (job.settled.shape, job.settled.columns) == ("changes", {"time": "time", "state": "state"})
    assert "or say which one cell all of it is of" in no.value.details["fields"]["column_cell"][0]
    assert cells.import_preview(job.id, NOW, tmp_path).problem == "Choose which cell all of it is of"


def test_bad_rows_of_a_file_of_one_cell_are_refused_by_their_lines(cell, tmp_path):
    seen = cells.import_preview(offered(ALONE, tmp_path, of_cell="C01").id, NOW, tmp_path)
    job = bring(ALONE, tmp_path, of_cell="C01")

    assert [(row.line, row.told is not None) for row in seen.first] == [(2, True), (3, False), (4, False)]
    assert {line: what for line, (what, _) in refused(job, tmp_path).items()} == {
        3: "yesterday is no time",
        4: "it has 3 fields",
    }


@pytest.mark.parametrize(
    ("content", "rules", "says"),
    [
        (ALONE, {"of_cell": "C77"}, "must be a cell's short name: there is no C77"),
        (ALONE, {"of_cell": "C77/", "new_cells": "retired"}, "must be 1 to 20 letters"),
        (text(GOOD), {"of_cell": "C01"}, "must be empty: the column cell says whose each row is"),
    ],
)
def test_whose_a_file_is_must_be_one_answer(cell, tmp_path, content, rules, says):
    with pytest.raises(Invalid) as no:
        offered(content, tmp_path, **rules)

    assert says in no.value.details["fields"]["of_cell"][0]


def test_what_is_begun_is_not_changed_any_more(cell, tmp_path):
    job = bring(text(GOOD), tmp_path)

    with pytest.raises(WrongState):
        cells.cancel_import(job.id, "root", NOW)
    with pytest.raises((WrongState, Invalid)):
        cells.begin_import(job.id, "root", NOW, tmp_path)
    with pytest.raises(NotFound):
        cells.begin_import(job.id + 1, "root", NOW, tmp_path) if cells.one_import(job.id + 1) else None


def test_a_name_out_of_another_world(cell, tmp_path):
    job = cells.offer_import(
        io.BytesIO(text(GOOD).encode()), "C:\\x\\..\\a\0\n" + "b" * 300, "UTC", "root", NOW, tmp_path
    )

    assert job.name.startswith("b")
    assert len(job.name) == 200


def test_rows_of_a_time_of_which_only_days_are_known_still(cell, tmp_path):
    with transaction():
        db.session.execute(update(ledger.Progress).values(kept_from_hour=second("09:00") // 3600))

    job = bring(text(GOOD, f"C01,running,{DAY}09:00Z,{DAY}10:00Z"), tmp_path)

    assert "times from 2026-03-03T09:00:00Z" in refused(job, tmp_path)[2][1]
    assert states("C01") == [("running", "09:00", "10:00")]
