"""The rules of a plan, each with a given now; and what they offer where they say no."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import NOW, at
from webapp.orders.rules import Around, Span, Step, Taken, earliest_start, latest_start, nearest, slots, violations


def span(start, end):
    return Span(at(start), at(end))


def cut(start="10:00", end="11:00", idx=1):
    return Step(f"OP-{idx}", idx, "Cut", at(start), at(end))


def taken(start, end, kind="operation"):
    return Taken(at(start), at(end), kind, "operation:9", "WO-9 step 1, mill", "OP-9")


def around(previous=None, following=None, *lane, now="08:00"):
    return Around(at(now), previous, following, lane)


EMPTY = around()
AFTER_CUT = around(cut())
BEFORE_CUT = around(None, cut(idx=3))
BESIDE = around(None, None, taken("10:00", "11:00"))
KEPT_FIT = around(None, None, taken("10:00", "11:00", "maintenance"))


@pytest.mark.parametrize(
    ("rule", "start", "end", "scene", "legal"),
    [
        ("FORM", "10:00", "10:00", EMPTY, False),
        ("FORM", "10:00", "09:00", AFTER_CUT, False),
        ("R3", "07:59", "09:00", EMPTY, False),
        ("R3", "08:00", "09:00", EMPTY, True),  # now is not the past
        ("R1", "10:59", "12:00", AFTER_CUT, False),
        ("R1", "11:00", "12:00", AFTER_CUT, True),  # ends that touch are legal
        ("R1", "09:00", "10:00", AFTER_CUT, False),  # in front of what has to come first
        ("R1", "09:00", "10:01", BEFORE_CUT, False),
        ("R1", "09:00", "10:00", BEFORE_CUT, True),
        ("R1", "11:00", "12:00", BEFORE_CUT, False),
        ("R2", "09:00", "10:01", BESIDE, False),
        ("R2", "09:00", "10:00", BESIDE, True),
        ("R2", "11:00", "12:00", BESIDE, True),
        ("R2", "10:15", "10:30", BESIDE, False),  # within it
        ("R2", "09:00", "12:00", BESIDE, False),  # around it
        ("R4", "10:59", "12:00", KEPT_FIT, False),
        ("R4", "11:00", "12:00", KEPT_FIT, True),
        ("R4", "09:00", "10:00", KEPT_FIT, True),
    ],
)
def test_each_rule_by_itself(rule, start, end, scene, legal):
    found = violations(span(start, end), scene)

    assert [no.rule for no in found] == ([] if legal else [rule])


def test_they_are_asked_in_the_order_of_the_contract():
    scene = around(cut(), cut("10:30", "12:00", idx=3), taken("08:00", "12:00"), taken("08:00", "12:00", "maintenance"))

    found = violations(span("07:00", "11:30"), scene)

    assert [no.rule for no in found] == ["R3", "R1", "R1", "R2", "R4"]


@pytest.mark.parametrize(
    ("scene", "message", "saw"),
    [
        (
            AFTER_CUT,
            "Operation must start after previous (idx 1 ends)",
            {"prev_end": at("11:00"), "prev_name": "Cut", "earliest_start": at("11:00")},
        ),
        (
            BEFORE_CUT,
            "Operation must end before next (idx 3 starts)",
            {"next_start": at("10:00"), "next_name": "Cut", "earliest_start": None},
        ),
        (
            BESIDE,
            "Operation must not overlap another on its machine (WO-9 step 1, mill)",
            {
                "conflicts_with": "OP-9",
                "conflict_start": at("10:00"),
                "conflict_end": at("11:00"),
                "earliest_start": at("11:00"),
            },
        ),
        (
            KEPT_FIT,
            "Operation must not lie in maintenance (WO-9 step 1, mill)",
            {
                "maintenance": "WO-9 step 1, mill",
                "maintenance_start": at("10:00"),
                "maintenance_end": at("11:00"),
                "earliest_start": at("11:00"),
            },
        ),
        (around(now="10:00"), "Start cannot be before now", {"now": at("10:00"), "earliest_start": at("10:00")}),
    ],
)
def test_a_no_says_what_the_rule_saw(scene, message, saw):
    [no] = violations(span("09:30", "10:30"), scene)

    assert (no.message, no.details) == (message, saw)


def test_the_first_legal_start_steps_over_all_that_is_in_the_way():
    scene = around(cut(), None, taken("11:30", "12:30"), taken("13:00", "14:00"), taken("13:30", "15:00"))

    assert earliest_start(span("09:00", "10:00"), scene) == at("15:00")
    assert earliest_start(span("09:00", "09:30"), scene) == at("11:00")


def test_there_may_be_no_legal_start():
    assert earliest_start(span("09:00", "11:00"), around(cut(), cut("12:00", "13:00", idx=3))) is None


def test_both_sides_are_offered():
    near = nearest(span("10:30", "11:00"), BESIDE)

    assert near.spans == [span("09:30", "10:00"), span("11:00", "11:30")]


def test_nothing_is_offered_for_what_is_legal_or_no_time_at_all():
    assert nearest(span("11:00", "12:00"), BESIDE).spans == []
    assert nearest(span("12:00", "11:00"), BESIDE).spans == []


def test_nothing_is_offered_in_the_past():
    assert nearest(span("10:30", "11:00"), around(None, None, taken("10:00", "11:00"), now="09:45")).before is None


def test_slots_fill_the_gaps_one_behind_the_other():
    scene = around(None, cut("13:30", "14:00", idx=3), taken("09:00", "10:00"))

    found = slots(scene, at("07:00"), 3600, at("20:00"), most=9)

    assert found == [span("08:00", "09:00"), span("10:00", "11:00"), span("11:00", "12:00"), span("12:00", "13:00")]
    assert slots(scene, at("07:00"), 3600, at("11:00"), most=9) == found[:2]
    assert slots(scene, at("07:00"), 3600, at("20:00"), most=1) == found[:1]


HORIZON = 40
MINUTES = st.integers(0, HORIZON)


def minute(n):
    return NOW + timedelta(minutes=n)


@st.composite
def scenes(draw):
    """Anything at all around an operation, on a grid of minutes."""
    lane = []
    for _ in range(draw(st.integers(0, 5))):
        start, length = draw(MINUTES), draw(st.integers(1, 8))
        kind = draw(st.sampled_from(["operation", "maintenance"]))
        lane.append(Taken(minute(start), minute(start + length), kind, "what", "label"))
    previous = Step("A", 1, "A", minute(0), minute(draw(MINUTES))) if draw(st.booleans()) else None
    following = Step("C", 3, "C", minute(draw(MINUTES)), minute(99)) if draw(st.booleans()) else None
    return Around(minute(draw(st.integers(0, 9))), previous, following, tuple(sorted(lane, key=lambda t: t.start)))


@settings(max_examples=60, deadline=None)
@given(scenes(), MINUTES, st.integers(1, 9))
def test_what_is_offered_is_what_looking_at_each_minute_finds(scene, start, length):
    asked = Span(minute(start), minute(start + length))
    legal = [n for n in range(2 * HORIZON) if not violations(asked.begun_at(minute(n)), scene)]

    later = [minute(n) for n in legal if n >= start]
    earlier = [minute(n) for n in legal if n <= start]

    assert earliest_start(asked, scene) == (later[0] if later else None)
    assert latest_start(asked, scene) == (earlier[-1] if earlier else None)
    offered = nearest(asked, scene).spans
    assert all(not violations(one, scene) for one in offered)
    assert len(offered) == (0 if start in legal else bool(later) + bool(earlier))
    for one in slots(scene, asked.start, length * 60, minute(2 * HORIZON), most=30):
        assert not violations(one, scene)
