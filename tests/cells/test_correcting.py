"""A correction keeps what it replaced, and can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.cells.imports.files import bring, text
from tests.cells.stopped import DOWN, MORNING, report, stopped_cell, told
from tests.world import NOW, at
from webapp import cells, journal, ledger
from webapp.cells.models import Correction
from webapp.extensions import db, transaction
from webapp.ledger import Source, State
from webapp.lib.clock import epoch
from webapp.lib.refusal import NotFound, WrongState
from webapp.lib.window import Window

BEFORE = [("running", "08:30", "09:20", ""), ("down", "09:20", "09:50", "E-417"), ("idle", "09:50", "10:00", "")]
PART = Window(at("09:10"), at("09:30"))


def correct(cell, window=PART, state="maintenance", why="Belt changed"):
    return cells.correct_history(cell.id, window, state, why, "sam", NOW)


def test_taken_back_the_history_reads_as_before(app):
    cell = stopped_cell()
    change = correct(cell)
    between = told(cell)

    cells.take_correction_back(change.id, "root", NOW)

    assert between[1] == ("maintenance", "09:10", "09:30", "Belt changed (sam)")
    assert told(cell) == BEFORE
    [kept] = cells.corrections([cell.id])
    assert (kept.taken_back_by, kept.taken_back_at) == ("root", NOW)
    assert journal.recent(f"cell:{cell.id}")[0].verb == "took a correction back"


def test_each_part_is_again_the_word_of_whoever_said_it(app):
    cell = stopped_cell(said=(("09:00", "running", ""),))
    say(cell, "08:45", "08:50", State.SETUP, Source.INFERRED)
    before = shares(cell)
    change = correct(cell, Window(at("08:40"), at("09:30")))
    between = shares(cell)

    cells.take_correction_back(change.id, "root", NOW)

    assert between == {Source.NONE: 600, Source.PERSON: 3000, Source.FEED: 1800}
    assert shares(cell) == before == {Source.NONE: 1500, Source.INFERRED: 300, Source.FEED: 3600}


def test_what_nobody_knew_can_be_told_again(app):
    cell = stopped_cell(said=(("09:00", "running", ""),))
    change = correct(cell, Window(at("08:40"), at("08:50")), "running")

    cells.take_correction_back(change.id, "root", NOW)
    untold = told(cell)
    report(cell, ("08:40", "setup", ""))

    assert untold == [("unknown", "08:30", "09:00", ""), ("running", "09:00", "10:00", "")]
    assert told(cell)[1] == ("setup", "08:40", "09:00", "")
    assert Source.PERSON not in shares(cell)


def test_what_the_machine_told_meanwhile_counts(app):
    cell = stopped_cell(said=(("09:00", "running", ""),))
    change = correct(cell, Window(at("08:40"), at("08:50")), "maintenance")
    report(cell, ("08:35", "setup", ""), ("08:45", "idle", ""))
    between = told(cell)

    cells.take_correction_back(change.id, "root", NOW)

    assert ("maintenance", "08:40", "08:50", "Belt changed (sam)") in between
    assert told(cell)[1:3] == [("setup", "08:35", "08:45", ""), ("idle", "08:45", "09:00", "")]
    assert Source.PERSON not in shares(cell)


def test_what_somebody_said_over_it_since_stays(app):
    cell = stopped_cell()
    change = correct(cell)
    say(cell, "09:15", "09:20", State.SETUP, Source.PERSON)

    cells.take_correction_back(change.id, "root", NOW)

    assert shares(cell)[Source.PERSON] == 300
    assert [(state, start, end) for state, start, end, _ in told(cell)][:3] == [
        ("running", "08:30", "09:15"),
        ("setup", "09:15", "09:20"),
        ("down", "09:20", "09:50"),
    ]


def test_a_file_that_somebody_brought_in_since_is_not_undone_with_it(app, tmp_path):
    cell = stopped_cell()
    change = correct(cell, state="setup")
    noted = text(f"C01,setup,{at('09:15').isoformat()},{at('09:20').isoformat()}")
    bring(noted, tmp_path, NOW + timedelta(minutes=1), source="person", why="Noted by hand")

    with pytest.raises(WrongState) as no:
        cells.take_correction_back(change.id, "sam", NOW)

    assert no.value.message == "A file that root brought in later covers some of this time: correct the parts instead"


def test_one_kept_before_sources_were_is_put_back_as_a_persons_word(app):
    cell = stopped_cell()
    change = correct(cell)
    with transaction():
        without = [piece[:3] for piece in change.was]
        db.session.execute(update(Correction).values(was=without))
    db.session.expire_all()

    cells.take_correction_back(change.id, "root", NOW)

    assert [(state, start, end) for state, start, end, _ in merged(told(cell))] == [piece[:3] for piece in BEFORE]
    assert shares(cell) == {Source.FEED: 4200, Source.PERSON: 1200}


def merged(found):
    """Whoever said so."""
    together = []
    for state, start, end, reason in found:
        if together and together[-1][0] == state:
            start = together.pop()[1]
        together.append((state, start, end, reason))
    return together


def say(cell, start, end, state, source):
    with transaction():
        ledger.assign(cell.book_id, cell.id, epoch(at(start)), epoch(at(end)), state, source)


def shares(cell):
    """Seconds of the morning by whoever said what it did."""
    found = {}
    for span in ledger.spans(cell.id, epoch(MORNING.start), epoch(MORNING.end)):
        found[span.source] = found.get(span.source, 0) + span.end - span.start
    return found


def test_twice_is_refused(app):
    cell = stopped_cell()
    change = correct(cell)
    cells.take_correction_back(change.id, "root", NOW)

    with pytest.raises(WrongState) as no:
        cells.take_correction_back(change.id, "sam", NOW)

    assert no.value.message == "root took it back already"


def test_a_later_one_is_taken_back_first(app):
    cell = stopped_cell()
    first, second = correct(cell), correct(cell, DOWN, "running", "It ran")

    with pytest.raises(WrongState):
        cells.take_correction_back(first.id, "sam", NOW)
    cells.take_correction_back(second.id, "sam", NOW)
    cells.take_correction_back(first.id, "sam", NOW)

    assert told(cell) == BEFORE


def test_both_are_restated_figures(app):
    cell = stopped_cell()
    change = correct(cell)
    cells.take_correction_back(change.id, "root", NOW)

    assert [(one.by, one.why) for one in cells.restatements(MORNING)] == [
        ("root", "Taken back: Belt changed"),
        ("sam", "Belt changed"),
    ]


def test_a_missing_one(app):
    with pytest.raises(NotFound):
        cells.take_correction_back(77, "sam", NOW)
