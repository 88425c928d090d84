"""A long past is read in pieces and shown in pages: neither changes a row of it."""

from datetime import timedelta

import pytest

from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.cells import history
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch
from webapp.lib.window import Window

DAY = timedelta(days=1)
BEGIN = NOW - 60 * DAY
WHOLE = Window(BEGIN - DAY, BEGIN + 43 * DAY)


@pytest.fixture
def cell(app):
    """One stop of forty days, of which the machine said A and later B, then short ones; explained, corrected, held."""
    made = make_cell(in_service_from=BEGIN - DAY, now=BEGIN)
    use_shifts(made)
    down(made, BEGIN, BEGIN + 40 * DAY)
    says(made, BEGIN, "A")
    says(made, BEGIN + 20 * DAY, "B")
    for n in range(5):
        start = BEGIN + 41 * DAY + n * 9 * timedelta(hours=1)
        down(made, start, start + timedelta(hours=2))
        says(made, start, f"short {n}")
    explain(made, BEGIN + 29 * DAY, BEGIN + 32 * DAY)
    for start, why in ((2, "first"), (4, "second")):
        over = Window(BEGIN + start * DAY, BEGIN + (start + 2) * DAY)
        cells.correct_history(made.id, over, "down", why, "sam", NOW)
    hold(made, BEGIN + 33 * DAY, BEGIN + 36 * DAY)
    return made


def use_shifts(cell):
    shift = cells.Shift("Day", 6 * 60, 14 * 60, (), tuple(range(7)))
    calendar = cells.add_calendar("Day", "UTC", [shift], by="root", now=NOW)
    cells.use_calendar([cell.id], calendar.id, BEGIN + 38 * DAY, by="root", now=NOW)


def down(cell, start, end):
    with transaction():
        ledger.assign(cell.book_id, cell.id, epoch(start), epoch(end), ledger.State.DOWN, ledger.Source.FEED)


def says(cell, at, words):
    with transaction():
        db.session.add(cells.Reading(cell_id=cell.id, at=at, state="down", detail=words, received_at=at, owed=False))


def explain(cell, start, end):
    reason = cells.reasons("down")[0]
    cells.give_reason(cell.id, Window(start, end), reason.id, by="sam", now=NOW)


def hold(cell, start, end):
    with transaction():
        claim = cells.claim(cell, "project:5", start)
        cells.release(claim, end, "over", stop_owed=False)


def test_a_stop_is_told_by_the_words_it_began_with_however_long_it_is(cell):
    found = [one for one in cells.timeline(cell.id, WHOLE, NOW) if one.start < BEGIN + 40 * DAY][1:]

    assert [((one.start - BEGIN).days, one.reason, one.source) for one in found] == [
        (0, "A", "feed"),
        (2, "first (sam)", "person"),
        (6, "A", "feed"),
        (29, cells.reasons("down")[0].name, "feed"),
        (32, "A", "feed"),
    ]


@pytest.mark.parametrize("days", [1, 3, 31])
def test_how_much_is_read_at_once_changes_no_row(cell, days, monkeypatch):
    monkeypatch.setattr(history, "AT_ONCE", 400 * DAY)
    timeline, evidence = cells.timeline(cell.id, WHOLE, NOW), [*cells.evidence(WHOLE, NOW)]

    monkeypatch.setattr(history, "AT_ONCE", days * DAY)

    assert cells.timeline(cell.id, WHOLE, NOW) == timeline
    assert [*cells.evidence(WHOLE, NOW)] == evidence


def test_who_turns_a_page_reads_what_would_have_followed(cell):
    timeline, evidence = cells.timeline(cell.id, WHOLE, NOW), [*cells.evidence(WHOLE, NOW)]

    for n, row in enumerate(evidence, start=1):
        assert [*cells.evidence(WHOLE, NOW, after=row.place)] == evidence[n:]
    for n, interval in enumerate(timeline, start=1):
        assert [*cells.long_timeline(cell.id, WHOLE, NOW, after=interval.end)] == timeline[n:]


def test_the_rows_behind_a_figure_are_those_of_the_timeline_cut_further(cell):
    evidence = {(row.start, row.reason) for row in cells.evidence(WHOLE, NOW)}

    assert {(one.start, one.reason) for one in cells.timeline(cell.id, WHOLE, NOW)} <= evidence
    assert {row.what for row in cells.evidence(WHOLE, NOW)} == {None, "project:5"}


def test_hands_that_change_within_a_second_are_one_row(app):
    cell = make_cell(in_service_from=BEGIN, now=BEGIN)
    hold(cell, BEGIN + DAY, BEGIN + 2 * DAY)
    hold(cell, BEGIN + 2 * DAY, BEGIN + 3 * DAY)

    rows = [*cells.evidence(Window(BEGIN, BEGIN + 4 * DAY), NOW)]

    assert [((row.start - BEGIN).days, row.what) for row in rows] == [(0, None), (1, "project:5"), (3, None)]
