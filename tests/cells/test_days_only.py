"""Of a time long ago only whole days are known: nothing more can be said of it, and nothing that was said gets lost."""

from datetime import timedelta

import pytest

from tests.cells.calendars import shift
from tests.cells.stopped import DOWN, IDLE, explain, noted, reason, stopped_cell
from tests.world import NOW, at, forget_seconds
from webapp import cells, journal
from webapp.lib.refusal import Invalid, WrongState
from webapp.lib.window import Window

MIDNIGHT = at("00:00") + timedelta(days=1)


def later(hours):
    return NOW + timedelta(hours=hours)


def correct(cell, window=DOWN, state="running", now=NOW):
    return cells.correct_history(cell.id, window, state, "It ran", "sam", now)


def test_it_cannot_be_corrected_and_the_first_moment_that_can_is_named(app):
    cell = stopped_cell()
    forget_seconds(MIDNIGHT)

    with pytest.raises(Invalid) as no:
        correct(cell)

    [says] = no.value.details["fields"]["start"]
    assert says == "must be 2026-03-05T00:00:00Z or later: of the time before only whole days are known"
    assert (cells.corrections(), cells.restatements(DOWN)) == ([], [])
    assert "corrected history" not in [entry.verb for entry in journal.recent(f"cell:{cell.id}")]


def test_nor_can_the_half_of_it(app):
    cell = stopped_cell()
    forget_seconds(MIDNIGHT)
    tomorrow = later(48)

    with pytest.raises(Invalid):
        correct(cell, Window(at("09:00"), later(20)), now=tomorrow)
    whole = correct(cell, Window(later(14), later(20)), now=tomorrow)

    assert whole.start == later(14)


def test_no_reason_is_given_for_it(app):
    cell = stopped_cell()
    forget_seconds(MIDNIGHT)

    for say in (
        lambda: explain(cell),
        lambda: cells.split_interval(cell.id, DOWN, at("09:30"), reason("Crash"), None, "oli", NOW),
    ):
        with pytest.raises(Invalid) as no:
            say()
        assert "whole days" in no.value.details["fields"]["start"][0]
    assert not noted(cell)


def test_what_was_said_of_it_is_not_taken_back(app):
    cell = stopped_cell()
    note, change = explain(cell), correct(cell, IDLE)
    forget_seconds(MIDNIGHT)

    for take_back in (
        lambda: cells.take_reason_back(note.id, "oli", NOW),
        lambda: cells.take_correction_back(change.id, "sam", NOW),
    ):
        with pytest.raises(WrongState, match="2026-03-05T00:00:00Z"):
            take_back()
    assert noted(cell) == [("Tool broke", "09:20", "09:50")]


def test_a_late_reading_is_refused_by_itself(app):
    cell = stopped_cell()
    forget_seconds(at("00:00"))
    old, new = (cells.ReadingItem("setup", moment) for moment in (later(-11), at("09:55")))

    kept = cells.keep_readings(cell.id, [old, new], NOW)

    assert kept.kept == 1
    [no] = kept.refused
    assert (no.index, no.message) == (
        0,
        "at must be 2026-03-04T00:00:00Z or later: of the time before only whole days are known",
    )


def test_what_a_reason_explains_stays_when_a_calendar_changes_later(app):
    cell = stopped_cell()
    explain(cell)
    cells.count_notes()
    while cells.derive_accounts(later(3)):
        pass
    before = cells.losses(Window(at("00:00"), later(14)), NOW)
    forget_seconds(MIDNIGHT)

    nights = cells.add_calendar("Nights", "UTC", [shift("20:00", "24:00")], "root", NOW)
    cells.use_calendar([cell.id], nights.id, at("00:00"), "root", NOW)
    cells.count_notes()

    after = cells.losses(Window(at("00:00"), later(14)), later(15))
    assert [loss.seconds for loss in before if loss.reason] == [loss.seconds for loss in after if loss.reason] == [1800]
