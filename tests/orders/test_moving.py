"""Moving operations: with their machine's time, together or not at all, and with the reason where it is refused."""

import pytest

from tests.orders.plans import booked, machine, move, order, rules_broken, step, where
from tests.world import NOW, at
from webapp import cells, journal, orders
from webapp.cells import Slot
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid, NotFound, Stale, WrongState
from webapp.orders import Move, RuleViolation


def test_a_move_takes_its_machines_time_with_it(app):
    order(step("11:00", "12:00"))

    moved = move("WO-1-1", "13:00", "15:30", on="M2")

    assert (where("WO-1-1"), moved.seconds, moved.version) == ("M2 13:00-15:30", 9000, 2)
    assert (booked("M1"), booked("M2")) == ({}, {"WO-1 step 1, cut": "13:00-15:30"})


def test_it_is_written_down_with_before_and_after(app):
    order(step("11:00", "12:00"))

    move("WO-1-1", "13:00", "14:00")

    [entry] = journal.recent(orders.one_operation("WO-1-1").what)
    assert (entry.verb, entry.by) == ("moved operation", "pat")
    assert entry.details["before"] == {"machine": "M1", "start": "2026-03-04T11:00:00Z", "end": "2026-03-04T12:00:00Z"}
    assert entry.details["after"] == {"machine": "M1", "start": "2026-03-04T13:00:00Z", "end": "2026-03-04T14:00:00Z"}


def test_a_refused_move_changes_nothing_and_says_what_would_be_legal(app):
    order(step("11:00", "12:00"), step("12:00", "13:00"))
    order(step("14:00", "15:00"), ref="WO-2")

    with pytest.raises(RuleViolation) as no:
        move("WO-1-2", "14:30", "15:30")

    assert (no.value.details["rule"], no.value.details["earliest_start"]) == ("R2", at("15:00"))
    assert [f"{span.start:%H:%M}" for span in no.value.nearest.spans] == ["13:00", "15:00"]
    assert (where("WO-1-2"), orders.one_operation("WO-1-2").version) == ("M1 12:00-13:00", 1)


def test_a_change_that_keeps_its_rules_passes_though_others_are_broken(app):
    order(step("11:00", "13:00"), step("12:00", "14:00"))
    order(step("12:30", "14:00"), ref="WO-2")
    broken = rules_broken()

    move("WO-2-1", "15:00", "16:00")

    assert ("R2", "WO-1-2", "WO-1-1") in broken
    assert rules_broken() == [("R1", "WO-1-2", "WO-1-1"), ("R2", "WO-1-2", "WO-1-1")]


def test_of_two_that_begin_together_all_answers_speak_of_the_same(app):
    order(step("11:00", "13:00"), ref="WO-2")
    order(step("11:00", "12:00"), ref="WO-3")
    order(step("14:00", "15:00"))

    asked = orders.check("WO-1-1", at("11:30"), at("12:30"), None, NOW)

    with pytest.raises(RuleViolation) as no:
        move("WO-1-1", "11:30", "12:30")
    assert asked.violations == no.value.violations


def test_maintenance_is_in_the_way(app):
    order(step("11:00", "12:00"))
    with transaction():
        cells.book([Slot("window:1", "maintenance", machine().id, at("13:00"), at("14:00"), "Oil change")])

    with pytest.raises(RuleViolation, match="Oil change") as no:
        move("WO-1-1", "13:30", "14:30")

    assert no.value.details["rule"] == "R4"


@pytest.mark.parametrize("status", ["running", "done", "failed", "cancelled"])
def test_what_runs_or_is_over_is_not_moved(app, status):
    order(step("11:00", "12:00"))
    with transaction():
        operation = orders.one_operation("WO-1-1")
        operation.status, operation.started_at, operation.ended_at = status, NOW, NOW

    for act in (
        lambda: move("WO-1-1", "13:00", "14:00"),
        lambda: orders.unplace("WO-1-1", "pat", NOW),
        lambda: orders.check("WO-1-1", at("13:00"), at("14:00"), None, NOW),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_predecessor_that_runs_binds_with_its_actual_times(app):
    order(step("10:00", "11:00"), step("11:00", "12:00", on="M2"))
    with transaction():
        operation = orders.one_operation("WO-1-1")
        operation.status, operation.started_at = "running", at("10:30")

    with pytest.raises(RuleViolation) as no:
        move("WO-1-2", "11:00", "12:00", now=at("10:45"))

    assert no.value.details["prev_end"] == at("11:30")
    move("WO-1-2", "11:30", "12:00", now=at("10:45"))


@pytest.mark.parametrize(
    ("start", "end", "on", "field"),
    [(at("11:00"), at("11:00").replace(year=2028), None, "end"), (at("11:00"), at("12:00"), 99, "cell_id")],
)
def test_what_is_no_slot_at_all(app, start, end, on, field):
    order(step("11:00", "12:00"))

    with pytest.raises(Invalid) as no:
        orders.reschedule("WO-1-1", start, end, on, "pat", NOW)

    assert list(no.value.details["fields"]) == [field]


def test_a_machine_of_another_kind_and_a_retired_one(app):
    order(step("11:00", "12:00", required_kind="mill"), step())
    lathe, old = machine("M2"), machine("M3")
    with transaction():
        lathe.kind = "lathe"
    cells.retire_cell(old.id, "root", NOW)

    for name, says in (("M2", "is a lathe"), ("M3", "is retired")):
        with pytest.raises(Invalid) as no:
            move("WO-1-1", "13:00", "14:00", on=name)
        assert says in no.value.details["fields"]["cell_id"][0]
    with pytest.raises(Invalid, match="Some values"):
        move("WO-1-2", "13:00", "14:00")
    with pytest.raises(NotFound):
        move("WO-9-1", "13:00", "14:00")


def test_who_saw_an_older_version_is_told_what_changed_and_by_whom(app):
    order(step("11:00", "12:00"))
    move("WO-1-1", "13:00", "14:00", by="root")

    with pytest.raises(Stale) as no:
        move("WO-1-1", "12:00", "14:00", version=1)

    assert no.value.details["values"] == {"start": {"yours": at("12:00"), "now": at("13:00")}}
    assert (no.value.details["changed_by"], no.value.details["version"]) == ("root", 2)


def test_several_move_together_into_each_others_places(app):
    order(step("11:00", "12:00"))
    order(step("12:00", "13:00"), ref="WO-2")
    swap = [Move("WO-1-1", None, at("12:00"), at("13:00")), Move("WO-2-1", None, at("11:00"), at("12:00"))]

    change = orders.reschedule_all(swap, "pat", NOW, "swapped")

    assert (where("WO-1-1"), where("WO-2-1")) == ("M1 12:00-13:00", "M1 11:00-12:00")
    assert [one["ref"] for one in change.moves] == ["WO-1-1", "WO-2-1"]
    assert booked() == {"WO-2 step 1, cut": "11:00-12:00", "WO-1 step 1, cut": "12:00-13:00"}


def test_several_move_together_or_not_at_all(app):
    order(step("11:00", "12:00"), step("13:00", "14:00"))
    moves = [Move("WO-1-1", None, at("15:00"), at("16:00")), Move("WO-1-2", None, at("15:30"), at("17:00"))]

    with pytest.raises(RuleViolation) as no:
        orders.reschedule_all(moves, "pat", NOW)

    assert (no.value.details["operation"], no.value.details["next_start"]) == ("WO-1-1", at("15:30"))
    assert (where("WO-1-1"), where("WO-1-2")) == ("M1 11:00-12:00", "M1 13:00-14:00")
    with pytest.raises(Invalid):
        orders.reschedule_all([moves[0], moves[0]], "pat", NOW)


def test_what_a_move_delays_can_be_done_with_it(app):
    order(step("11:00", "12:00"), step("12:00", "13:00", on="M2"))
    order(step("12:00", "13:00"), ref="WO-2")

    checked = orders.check("WO-1-1", at("11:30"), at("12:30"), None, NOW)

    assert [no.rule for no in checked.violations] == ["R1", "R2"]
    assert {delay.ref: f"{delay.becomes.start:%H:%M}" for delay in checked.ripple} == {
        "WO-1-2": "12:30",
        "WO-2-1": "12:30",
    }
    moves = [Move(one.ref, one.cell_id, one.becomes.start, one.becomes.end) for one in checked.ripple]
    orders.reschedule_all([Move("WO-1-1", None, at("11:30"), at("12:30")), *moves], "pat", NOW)
    assert rules_broken() == []


def test_a_pinned_operation_is_delayed_by_nobody(app):
    order(step("11:00", "12:00"))
    order(step("12:00", "13:00", pinned=True), ref="WO-2")

    assert orders.ripple("WO-1-1", at("11:30"), at("12:30"), None, NOW) == []

    orders.pin("WO-2-1", False, "pat", NOW)
    assert len(orders.ripple("WO-1-1", at("11:30"), at("12:30"), None, NOW)) == 1


def test_off_the_plan_it_keeps_the_time_it_needs(app):
    order(step("11:00", "12:30"))

    orders.unplace("WO-1-1", "pat", NOW)

    assert (where("WO-1-1"), orders.one_operation("WO-1-1").seconds, booked()) == ("nowhere", 5400, {})
    move("WO-1-1", "11:00", "12:00", on="M1")


def test_nothing_is_offered_where_it_could_not_be_put(app):
    order(step("11:00", "12:00", required_kind=machine().kind), step())
    lathe = machine("M9")
    with transaction():
        lathe.kind = "lathe"

    for ref, on, says in (("WO-1-1", lathe.id, "is a lathe"), ("WO-1-2", None, "is required")):
        with pytest.raises(Invalid) as no:
            orders.valid_slots(orders.one_operation(ref), on, NOW, 3600, at("13:00"), 5, NOW)
        assert no.value.details["fields"]["cell_id"][0].startswith(says)


def test_what_is_offered_leaves_a_moment_to_take_it(app):
    order(step("11:00", "12:00"))
    operation = orders.one_operation("WO-1-1")

    offered = orders.valid_slots(operation, None, NOW, 3600, at("13:00"), 5, NOW.replace(second=1))

    assert [f"{span.start:%H:%M}" for span in offered] == ["10:02", "11:02", "12:02"]
