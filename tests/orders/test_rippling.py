"""What a move delays: as little as the rules want, and never into another breach of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import NOW, at
from webapp.orders.rippling import Piece, delays
from webapp.orders.rules import Around, Span, Step, Taken, violations


def piece(name, order, idx, cell, start, end, fixed=False):
    return Piece(name, name, name, order, idx, cell, Span(at(start), at(end)), fixed)


def told(found):
    return {delay.ref: (f"{delay.becomes.start:%H:%M}", f"{delay.becomes.end:%H:%M}") for delay in found}


def test_nothing_gives_way_to_what_is_legal():
    moved, other = piece("A", 1, 1, 1, "11:00", "12:00"), piece("B", 2, 1, 1, "12:00", "13:00")

    assert delays(moved, [other], NOW) == []


def test_the_lane_and_the_order_give_way_and_what_follows_them():
    moved = piece("A1", 1, 1, 1, "11:30", "12:30")
    others = [
        piece("A2", 1, 2, 2, "12:00", "13:00"),
        piece("B1", 2, 1, 1, "12:00", "13:00"),
        piece("B2", 2, 2, 2, "13:15", "14:00"),
        piece("C1", 3, 1, 2, "14:30", "15:00"),
    ]

    found = delays(moved, others, NOW)

    assert told(found) == {"A2": ("12:30", "13:30"), "B1": ("12:30", "13:30"), "B2": ("13:30", "14:15")}
    assert [delay.was for delay in found if delay.ref == "B2"] == [others[2].span]


def test_what_is_pushed_goes_around_maintenance_and_behind_what_began_before():
    moved = piece("A", 1, 1, 1, "11:00", "12:00")
    others = [
        piece("B", 2, 1, 1, "11:30", "12:30"),
        piece("window", 0, 0, 1, "12:30", "13:00", fixed=True),
        piece("C", 3, 1, 1, "13:00", "13:30"),
        piece("D", 4, 1, 1, "14:00", "15:00"),
    ]

    assert told(delays(moved, others, NOW)) == {"B": ("13:30", "14:30"), "D": ("14:30", "15:30")}


@pytest.mark.parametrize(
    "blocker",
    [
        piece("B", 2, 1, 1, "11:30", "12:30", fixed=True),
        piece("A3", 1, 3, 2, "11:30", "12:30", fixed=True),
        piece("A1", 1, 1, 2, "10:30", "11:30"),  # first in the order: a delay would make it worse
    ],
)
def test_no_delay_helps_against_what_stays(blocker):
    assert delays(piece("A2", 1, 2, 1, "11:00", "12:00"), [blocker], NOW) is None


def test_a_start_in_the_past_is_mended_by_no_delay():
    assert delays(piece("A", 1, 1, 1, "09:00", "10:30"), [], NOW) is None


def minute(n):
    return NOW + timedelta(minutes=n)


@st.composite
def plans(draw):
    """Orders with steps on three machines, some of it as imported history is: in breach of the rules."""
    found = []
    for order in range(1, draw(st.integers(2, 5))):
        free = 0
        for idx in range(1, draw(st.integers(2, 5))):
            start = draw(st.integers(0, 30)) if draw(st.integers(0, 9)) == 0 else free + draw(st.integers(0, 5))
            free = start + draw(st.integers(1, 6))
            fixed = draw(st.integers(0, 9)) == 0
            name, cell = f"{order}.{idx}", draw(st.integers(1, 3))
            found.append(Piece(name, name, name, order, idx, cell, Span(minute(start), minute(free)), fixed))
    return found


def scene_of(one, plan):
    """As the room would tell it, by looking at everything."""
    same = [other for other in plan if other.order_id == one.order_id and other.what != one.what]
    steps = [Step(o.ref, o.idx, o.ref, o.span.start, o.span.end) for o in same]
    lane = [other for other in plan if other.cell_id == one.cell_id and other.what != one.what]
    return Around(
        NOW,
        max((step for step in steps if step.idx < one.idx), key=lambda step: step.end, default=None),
        min((step for step in steps if step.idx > one.idx), key=lambda step: step.start, default=None),
        tuple(sorted((Taken(o.span.start, o.span.end, "operation", o.what, "") for o in lane), key=lambda t: t.start)),
    )


@settings(max_examples=60, deadline=None)
@given(plans(), st.data())
def test_after_it_whatever_moved_keeps_the_rules(plan, data):
    one = data.draw(st.sampled_from(plan))
    start, length, cell = data.draw(st.tuples(st.integers(0, 30), st.integers(1, 8), st.integers(1, 3)))
    moved = replace(one, cell_id=cell, span=Span(minute(start), minute(start + length)), fixed=False)
    others = [other for other in plan if other.what != one.what]

    found = delays(moved, others, NOW)

    if found is None:
        assert violations(moved.span, scene_of(moved, [*others, moved]))
        return
    becomes = {delay.ref: delay.becomes for delay in found}
    after = [replace(other, span=becomes.get(other.what, other.span)) for other in others] + [moved]
    for other in after:
        if other.what in becomes or other is moved:
            assert violations(other.span, scene_of(other, after)) == []
    for delay in found:
        assert delay.becomes.start > delay.was.start
        assert delay.becomes.length == delay.was.length
    assert not any(other.fixed and other.what in becomes for other in others)
