"""Why a cell stood: given, split, taken back."""

import pytest

from tests.cells.stopped import DOWN, IDLE, MORNING, explain, noted, reason, report, stopped_cell, told
from tests.world import NOW, at
from webapp import cells, journal, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.lib.window import Window


def test_a_stop_has_a_reason(app):
    cell = stopped_cell()

    explain(cell, comment="Spare ordered")

    assert told(cell)[1:] == [
        ("down", "09:20", "09:50", "Tool broke: Spare ordered"),
        ("idle", "09:50", "10:00", ""),
    ]
    assert cells.timeline(cell.id, DOWN, NOW)[0].said == "E-417"
    entry = journal.recent(f"cell:{cell.id}")[0]
    assert (entry.verb, entry.by, entry.details["reason"]) == ("gave a reason", "oli", "Tool broke")


def test_a_part_of_it_leaves_the_rest(app):
    cell = stopped_cell()

    explain(cell, Window(at("09:30"), at("09:40")))

    assert told(cell)[1:4] == [
        ("down", "09:20", "09:30", "E-417"),
        ("down", "09:30", "09:40", "Tool broke"),
        ("down", "09:40", "09:50", "E-417"),
    ]


def test_notes_never_overlap(app):
    cell = stopped_cell()
    explain(cell)

    explain(cell, Window(at("09:30"), at("09:40")), "Crash")
    explain(cell, Window(at("09:45"), at("09:50")), "Electrical fault")

    assert noted(cell) == [
        ("Tool broke", "09:20", "09:30"),
        ("Crash", "09:30", "09:40"),
        ("Tool broke", "09:40", "09:45"),
        ("Electrical fault", "09:45", "09:50"),
    ]


def test_a_new_one_takes_the_place_of_what_it_covers(app):
    cell = stopped_cell()
    explain(cell, Window(at("09:20"), at("09:30")))
    explain(cell, Window(at("09:30"), at("09:50")), "Crash")

    explain(cell, name="Electrical fault")

    assert noted(cell) == [("Electrical fault", "09:20", "09:50")]


def test_taken_back_what_it_covered_stands_again(app):
    cell = stopped_cell()
    explain(cell, Window(at("09:20"), at("09:30")))
    over = explain(cell, name="Crash")

    cells.take_reason_back(over.id, "oli", NOW)

    assert noted(cell) == [("Tool broke", "09:20", "09:30")]
    assert journal.recent(f"cell:{cell.id}")[0].verb == "took a reason back"
    with pytest.raises(NotFound):
        cells.take_reason_back(over.id, "oli", NOW)


def test_taken_back_it_does_not_touch_what_was_said_later(app):
    cell = stopped_cell()
    explain(cell)
    over = explain(cell, name="Crash")
    explain(cell, Window(at("09:40"), at("09:50")), "Electrical fault")

    cells.take_reason_back(over.id, "oli", NOW)

    assert noted(cell) == [("Tool broke", "09:20", "09:40"), ("Electrical fault", "09:40", "09:50")]


def split(cell, clock="09:30", before="Tool broke", after="Crash", window=DOWN):
    named = [name and reason(name) for name in (before, after)]
    return cells.split_interval(cell.id, window, at(clock), *named, by="oli", now=NOW)


def test_a_stop_is_split_in_two(app):
    cell = stopped_cell()

    split(cell)

    assert noted(cell) == [("Tool broke", "09:20", "09:30"), ("Crash", "09:30", "09:50")]


@pytest.mark.parametrize(
    ("given", "left"),
    [({"after": None}, ("Tool broke", "09:20", "09:30")), ({"before": None}, ("Crash", "09:30", "09:50"))],
)
def test_one_half_may_stay_as_it_is(app, given, left):
    cell = stopped_cell()

    split(cell, **given)

    assert noted(cell) == [left]


@pytest.mark.parametrize("given", [{"clock": "09:20"}, {"clock": "09:50"}, {"before": None, "after": None}])
def test_a_split_that_cannot_be(app, given):
    cell = stopped_cell()

    with pytest.raises(Invalid):
        split(cell, **given)

    assert noted(cell) == []


def test_of_a_split_both_halves_are_kept_or_none(app):
    cell = stopped_cell()

    with pytest.raises(cells.Unfit):
        split(cell, after="No material")

    assert noted(cell) == []


def test_a_reason_of_another_state_is_refused_with_those_that_fit(app):
    cell = stopped_cell()

    with pytest.raises(cells.Unfit) as no:
        explain(cell, IDLE, "Tool broke")

    assert "C01 was idle then; “Tool broke” explains down" in no.value.message
    assert "No material" in no.value.details["fits"]
    assert "Crash" not in no.value.details["fits"]


def test_time_that_was_not_lost_wants_no_reason(app):
    cell = stopped_cell()

    with pytest.raises(cells.Unfit) as no:
        explain(cell, Window(at("08:40"), at("09:00")))

    assert no.value.message == "C01 was running then: no time was lost that wants a reason"


def test_a_retired_reason_explains_nothing_new(app):
    cell = stopped_cell()
    cells.change_reason(reason("Tool broke"), "Tool broke", ["down"], False, "root", NOW)

    with pytest.raises(WrongState):
        explain(cell)


@pytest.mark.parametrize("window", [Window(at("09:50"), at("10:30")), Window(at("00:00").replace(day=1), at("10:00"))])
def test_only_the_past_in_service_has_reasons(app, window):
    cell = stopped_cell()

    with pytest.raises(Invalid) as no:
        explain(cell, window, "No material")

    assert list(no.value.details["fields"]) == ["window"]


@pytest.mark.parametrize("comment", ["x" * 201, "two\nlines"])
def test_a_comment_is_one_line(app, comment):
    cell = stopped_cell()

    with pytest.raises(Invalid) as no:
        explain(cell, comment=comment)

    assert list(no.value.details["fields"]) == ["comment"]


def test_missing_ones(app):
    cell = stopped_cell()

    with pytest.raises(NotFound):
        cells.give_reason(77, DOWN, reason("Tool broke"), "oli", NOW)
    with pytest.raises(NotFound):
        cells.give_reason(cell.id, DOWN, 77, "oli", NOW)


def test_a_note_outlives_what_it_speaks_of(app):
    cell = stopped_cell()
    explain(cell)

    cells.correct_history(cell.id, DOWN, "running", "It ran", "sam", NOW)

    assert noted(cell) == [("Tool broke", "09:20", "09:50")]
    assert told(cell)[1][0::3] == ("running", "It ran (sam)")


def test_said_while_the_stop_lasts_it_is_good_to_its_end(app):
    cell = stopped_cell()
    explain(cell, IDLE, "No material", goes_on=True)
    later, latest = at("10:30"), at("11:00")

    lasted(cell, NOW, later)
    cells.carry_notes(later)
    growing = noted(cell)
    lasted(cell, later, latest)
    report(cell, ("10:40", "running", ""), now=latest)
    cells.carry_notes(latest)

    assert growing == [("No material", "09:50", "10:30")]
    assert noted(cell) == [("No material", "09:50", "10:40")]
    assert not cells.notes([cell.id], MORNING)[0].going_on


def test_it_does_not_grow_over_what_was_said_of_the_next_part(app):
    cell = stopped_cell()
    explain(cell, Window(at("09:50"), at("09:55")), "No material", goes_on=True)
    explain(cell, Window(at("09:57"), at("10:00")), "Break")

    cells.carry_notes(NOW)

    assert noted(cell) == [("No material", "09:50", "09:57"), ("Break", "09:57", "10:00")]


def lasted(cell, start, end):
    """It went on as it was."""
    lease = ledger.lease(cell.book_id, 60, epoch(start))
    state = ledger.spans(cell.id, epoch(start) - 1, epoch(start))[0].state
    with transaction():
        for second in range(epoch(start), epoch(end), 60):
            ledger.tick(lease, second, {cell.id: state})


def test_pressed_twice_it_is_said_once(app):
    cell = stopped_cell()
    first = explain(cell)

    assert explain(cell).id == first.id
    assert len([entry for entry in journal.recent(f"cell:{cell.id}") if entry.verb == "gave a reason"]) == 1
