"""A file of history comes in: what its rows say, and that the order and the number of times change nothing."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.cells.imports.files import CHANGES, INTERVALS, ITEMS, bring, history, packed, second, states, text
from tests.world import NOW, make_cell
from webapp import cells, journal
from webapp.extensions import db
from webapp.lib.clock import moment
from webapp.lib.window import Window

DAY = "2026-03-03T"
LONG_AGO = NOW.replace(year=2025)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cell(app):
    return make_cell("C01", in_service_from=LONG_AGO)


def row(state, start, end, name="C01"):
    return f"{name},{state},{DAY}{start}Z,{DAY}{end}Z"


def test_intervals(cell, tmp_path):
    job = bring(text(row("running", "08:00", "09:30"), row("down", "09:30", "10:00:07")), tmp_path)

    assert (job.status, job.good, job.refused, job.cells_done) == ("done", 2, 0, 1)
    assert history("C01") == [("running", "feed", "08:00", "09:30"), ("down", "feed", "09:30", "10:00:07")]


def test_changes_hold_until_the_next_or_the_longest_silence(cell, tmp_path):
    rows = [f"C01,{DAY}{at}Z,{state}" for at, state in [("08:00", "running"), ("08:30", "idle"), ("12:00", "down")]]

    bring(text(*rows, header=CHANGES), tmp_path, silence=60)

    assert states("C01") == [("running", "08:00", "08:30"), ("idle", "08:30", "09:30"), ("down", "12:00", "13:00")]


def test_without_a_longest_silence_the_last_change_holds_for_nothing(cell, tmp_path):
    rows = [f"C01,{DAY}08:00Z,running", f"C01,{DAY}20:00Z,idle"]

    bring(text(*rows, header=CHANGES), tmp_path, silence=None)

    assert states("C01") == [("running", "08:00", "20:00")]


def items(*said, name="C01"):
    rows = (f"{name},{DAY}{at}Z,{key},{value}" for at, key, value in (line.split() for line in said))
    return text(*rows, header=ITEMS)


def test_a_machines_data_items(cell, tmp_path):
    told = items(
        "06:00 avail AVAILABLE",
        "06:00 execution READY",
        "06:00 mode AUTOMATIC",
        "07:00 execution ACTIVE",
        "08:00 program 31",
        "09:00 estop TRIGGERED",
        "09:05 estop ARMED",
        "10:00 execution WAIT",
        "10:05 mode MANUAL",
        "10:10 execution ACTIVE",
        "11:00 avail UNAVAILABLE",
    )

    job = bring(told, tmp_path, silence=60)

    assert (job.good, job.spare, job.refused) == (10, 1, 0)
    assert states("C01") == [
        ("idle", "06:00", "07:00"),
        ("running", "07:00", "08:00"),
        ("down", "09:00", "09:05"),
        ("running", "09:05", "10:01"),
        ("idle", "10:01", "11:00"),
        ("unknown", "11:00", "12:00"),
    ]


def test_keys_and_words_of_another_name(cell, tmp_path):
    told = items("06:00 Program_Status an", "07:00 Program_Status AUS")

    bring(told, tmp_path, silence=30, keys={"program_status": "execution"}, words={"an": "ACTIVE", "aus": "READY"})

    assert states("C01") == [("running", "06:00", "06:30"), ("idle", "07:00", "07:30")]


def test_columns_of_another_name_and_states_of_another_tongue(cell, tmp_path):
    rows = [f"8;C01;läuft;{DAY}08:00Z;{DAY}09:00Z", f"9;C01;EXECUTE;{DAY}09:00Z;{DAY}10:00Z"]
    columns = {"cell": "Anlage", "state": "Zustand", "start": "von", "end": "bis"}

    bring(
        text(*rows, header="Nr;Anlage;Zustand;von;bis"),
        tmp_path,
        shape="intervals",
        columns=columns,
        words={"LÄUFT": "running"},
    )

    assert states("C01") == [("running", "08:00", "10:00")]


@pytest.mark.parametrize(
    "rows",
    [
        ["time,state", f"{DAY}08:00Z,running", f"{DAY}09:00Z,idle", f"{DAY}09:30Z,unknown"],
        ["state,from,to", f"running,{DAY}08:00Z,{DAY}09:00Z", f"idle,{DAY}09:00Z,{DAY}09:30Z"],
        [
            "timestamp,key,value",
            f"{DAY}08:00Z,execution,ACTIVE",
            f"{DAY}09:00Z,execution,READY",
            f"{DAY}09:30Z,avail,UNAVAILABLE",
        ],
    ],
)
def test_a_file_without_a_column_of_cells_is_of_the_cell_somebody_chose(cell, tmp_path, rows):
    for _ in range(2):
        job = bring("\n".join(rows), tmp_path, of_cell="C01", silence=60)

        assert (job.status, job.refused, job.cells_done) == ("done", 0, 1)
        assert states("C01")[:2] == [("running", "08:00", "09:00"), ("idle", "09:00", "09:30")]
        assert {state for state, _, _ in states("C01")[2:]} <= {"unknown"}


def test_of_one_cell_in_a_file_and_among_others_it_is_the_same(cell, tmp_path):
    make_cell("C02", in_service_from=LONG_AGO)
    said = [f"{DAY}08:00Z,running", f"{DAY}08:30Z,idle", f"{DAY}12:00Z,down"]

    bring(text(*[f"C01,{row}" for row in said], header=CHANGES), tmp_path, silence=60)
    bring(text(*said, header="time,state"), tmp_path, silence=60, of_cell="C02")

    assert history("C02") == history("C01") != []


def test_the_cell_a_file_is_of_is_made_where_asked(cell, tmp_path):
    alone = text(f"{DAY}08:00Z,running", header="time,state")

    bring(alone, tmp_path, of_cell="C09", new_cells="in service", silence=60)

    assert states("C09") == [("running", "08:00", "09:00")]


def test_of_overlapping_rows_the_one_that_began_last_is_believed(cell, tmp_path):
    rows = [row("running", "08:00", "12:00"), row("idle", "09:00", "10:00"), row("down", "09:00", "09:30")]

    for order in (rows, rows[::-1]):
        bring(text(*order), tmp_path)

        assert states("C01") == [
            ("running", "08:00", "09:00"),
            ("down", "09:00", "09:30"),
            ("idle", "09:30", "10:00"),
            ("running", "10:00", "12:00"),
        ]


def scattered(chance, shape):
    """Rows of an awkward day, overlapping and repeating themselves."""
    times = [
        f"{DAY}{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}.5Z" for _ in range(60)
    ]
    said = ["running", "idle", "down", "setup", "unknown"]
    words = [("execution", "ACTIVE WAIT READY UNAVAILABLE"), ("estop", "ARMED TRIGGERED"), ("mode", "MANUAL AUTOMATIC")]
    if shape == INTERVALS:
        return [f"C01,{chance.choice(said)},{min(pair)},{max(pair)}" for pair in pairwise(times) if len(set(pair)) > 1]
    if shape == CHANGES:
        return [f"C01,{at},{chance.choice(said)}" for at in times]
    keys = [(key, word) for key, all_of in words for word in all_of.split()]
    return [f"C01,{at},{key},{word}" for at in times for key, word in [chance.choice(keys)]]


@pytest.mark.parametrize("shape", [INTERVALS, CHANGES, ITEMS])
@pytest.mark.parametrize("seed", range(4))
def test_twice_shuffled_or_in_two_files_is_the_same_history(app, tmp_path, shape, seed):
    chance = random.Random(seed)
    rows = scattered(chance, shape)
    mixed = chance.sample(rows, len(rows))
    half = len(rows) // 2
    for name in ("A", "B", "D"):
        make_cell(name, in_service_from=LONG_AGO)

    def told(name, *parts):
        for part in parts:
            lines = [line.replace("C01", name, 1) for line in part]
            assert bring(text(*lines, header=shape), tmp_path, silence=90).status == "done"
        return history(name)

    once = told("A", rows)
    assert once
    assert told("A", rows) == once
    assert told("B", mixed + mixed[:9]) == once
    assert told("D", mixed[half:], mixed[:half]) == once


def test_packed_by_gzip_and_with_a_mark_of_its_encoding(cell, tmp_path):
    bring(packed(text(row("running", "08:00", "09:00"))), tmp_path)
    bring("\ufeff" + text(row("idle", "09:00", "10:00")), tmp_path)

    assert states("C01") == [("running", "08:00", "09:00"), ("idle", "09:00", "10:00")]


def test_a_machines_file_does_not_undo_what_a_person_said(cell, tmp_path):
    bring(text(row("down", "08:00", "09:00")), tmp_path, source="person", why="Torn belt")
    bring(text(row("running", "07:00", "10:00")), tmp_path)

    assert history("C01") == [
        ("running", "feed", "07:00", "08:00"),
        ("down", "person", "08:00", "09:00"),
        ("running", "feed", "09:00", "10:00"),
    ]


def test_the_timeline_says_why_a_person_brought_it_in(cell, tmp_path):
    bring(text(row("running", "07:00", "10:00")), tmp_path, why="Log of the machine")
    bring(text(row("down", "08:00", "09:00")), tmp_path, source="person", why="Torn belt")
    cells.correct_history(cell.id, between("08:30", "08:40"), "setup", "It was set up", "sam", NOW + MINUTE)

    told = [(one.state, one.reason) for one in cells.timeline(cell.id, between("07:00", "10:00"), NOW)]

    assert told == [
        ("running", ""),
        ("down", "Torn belt (root)"),
        ("setup", "It was set up (sam)"),
        ("down", "Torn belt (root)"),
        ("running", ""),
    ]


def between(start, end):
    return Window(moment(second(start)), moment(second(end)))


def test_what_it_came_to_is_kept_by_cell_and_told(cell, tmp_path):
    job = bring(text(row("running", "08:00", "09:30"), row("down", "09:30", "10:00:07")), tmp_path)

    [(result, of)] = cells.import_results(job.id)
    assert (of.name, result.rows, result.seconds) == ("C01", 2, {"running": 5400, "down": 1807})
    assert (f"{result.start:%H:%M}", f"{result.end:%H:%M:%S}") == ("08:00", "10:00:07")
    assert [entry.verb for entry in journal.recent(f"import:{job.id}")] == [
        "finished import",
        "began import",
        "offered import",
    ]
    [restated] = cells.restatements(Window(result.start, result.end))
    assert (restated.kind, restated.cell_id, restated.why) == ("import", cell.id, "import of history.csv")


def test_a_cell_that_is_not_there_can_be_made(cell, tmp_path):
    rows = [row("running", "08:00", "09:00", "Gone"), row("running", "08:00", "09:00")]

    assert bring(text(*rows), tmp_path).refused == 1
    assert cells.by_name("Gone") is None

    bring(text(*rows), tmp_path, new_cells="retired", new_kind="lathe")
    made = cells.by_name("Gone")
    assert (made.kind, f"{made.in_service_from:%H:%M}", f"{made.in_service_to:%H:%M}") == ("lathe", "08:00", "09:00")
    assert cells.by_name("C01").in_service_to is None

    bring(
        text(row("idle", "10:00", "11:00", "Gone"), row("idle", "06:00", "07:00", "Gone")),
        tmp_path,
        new_cells="retired",
    )
    db.session.expire_all()
    made = cells.by_name("Gone")
    assert (f"{made.in_service_from:%H:%M}", f"{made.in_service_to:%H:%M}") == ("06:00", "11:00")
    assert len(states("Gone")) == 3


def test_history_from_before_its_service_moves_the_beginning_of_its_service(app, tmp_path):
    make_cell("C01")

    bring(text("C01,running,2019-06-03T08:00:00Z,2019-06-03T09:00:00Z"), tmp_path)

    cell = cells.by_name("C01")
    assert cell.in_service_from.isoformat() == "2019-06-03T08:00:00+00:00"
    day = Window(cell.in_service_from, cell.in_service_from.replace(hour=12))
    assert [(part.state, part.source) for part in cells.timeline(cell.id, day, NOW)] == [
        ("running", "feed"),
        ("unknown", "none"),
    ]
