"""What is scheduled, second by second: against the clock on the wall, minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cells.calendars import WORKDAYS, hours, plan, second, seconds_of, shift
from webapp.cells.calendars import shifts
from webapp.cells.calendars.shifts import OFF, PLANNED_STOP, WORKING, OtherDay, Plan, Shift, difference, marks, worked
from webapp.cells.calendars.wall_clock import DAY

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
NIGHT = shift("22:00", "06:00", name="Night")


def read(made: Plan, start: int, end: int) -> list[tuple[int, int]]:
    """(seconds after the start, class)"""
    drawn = marks(made, start, end)
    return [(int(at) - start, int(klass)) for at, klass in zip(drawn.at, drawn.klass, strict=True)]


def test_a_day_with_a_break():
    made = plan(shift("06:00", "14:00", "09:00-09:15"), zone="UTC")

    drawn = read(made, second("2026-03-02"), second("2026-03-03"))

    assert drawn == [
        (0, OFF),
        (6 * 3600, WORKING),
        (9 * 3600, PLANNED_STOP),
        (9 * 3600 + 900, WORKING),
        (14 * 3600, OFF),
    ]


def test_shifts_that_meet_are_one_stretch():
    made = plan(shift("06:00", "14:00"), shift("14:00", "22:00", name="Late"), NIGHT)

    assert read(made, second("2026-03-02"), second("2026-03-09")) == [(0, WORKING)]


def test_a_night_shift_belongs_to_the_date_it_begins_on():
    made = plan(shift("22:00", "06:00", days=[6]), zone=BERLIN)  # Sunday

    assert hours(made, "2026-03-01 00:00", "2026-03-02 00:00") == 2
    assert hours(made, "2026-03-02 00:00", "2026-03-03 00:00") == 6


def test_a_window_may_begin_anywhere():
    made = plan(shift("06:00", "14:00", "09:00-09:15"))
    start = second("2026-03-02 09:05")

    assert read(made, start, start + 3600) == [(0, PLANNED_STOP), (600, WORKING)]


@pytest.mark.parametrize(
    ("zone", "day", "change"),
    [
        (BERLIN, "2026-03-28", -1),
        (BERLIN, "2026-10-24", 1),
        (NEW_YORK, "2026-03-07", -1),
        (NEW_YORK, "2026-10-31", 1),
        (LORD_HOWE, "2026-10-03", -0.5),
        (LORD_HOWE, "2026-04-04", 0.5),
        ("Asia/Kolkata", "2026-03-28", 0),
    ],
)
def test_a_night_over_the_change_of_the_clock(zone, day, change):
    made = plan(NIGHT, zone=zone)
    noon, next_noon = f"{day} 12:00", f"{date.fromisoformat(day) + timedelta(days=1)} 12:00"

    assert hours(made, noon, next_noon) == 8 + change


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_round_the_clock_is_as_long_as_the_day(day, length):
    made = plan(shift("00:00", "24:00"), zone=BERLIN)

    assert hours(made, f"{day} 00:00", f"{date.fromisoformat(day) + timedelta(days=1)} 00:00") == length


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        ("02:15", "02:45", 0),  # the clock jumps over it
        ("01:00", "02:30", 1),  # ends where it jumps
        ("02:30", "04:00", 1),  # begins where it jumps
        ("02:00", "03:00", 0),
        ("01:00", "04:00", 2),
    ],
)
def test_times_that_the_clock_jumps_over_are_the_instant_it_jumps_to(start, end, length):
    made = plan(shift(start, end), zone=BERLIN)

    assert hours(made, "2026-03-29 00:00", "2026-03-30 00:00") == length


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        ("02:15", "02:45", 0.5),
        ("01:00", "02:30", 1.5),  # ends when the clock shows it first
        ("02:30", "04:00", 2.5),  # begins when the clock shows it first
        ("01:00", "04:00", 4),
    ],
)
def test_times_that_the_clock_shows_twice_are_the_first_of_them(start, end, length):
    made = plan(shift(start, end), zone=BERLIN)

    assert hours(made, "2026-10-25 00:00", "2026-10-26 00:00") == length


@pytest.mark.parametrize("meet", ["02:00", "02:30", "03:00"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])
def test_shifts_that_meet_on_the_clock_meet_in_time(meet, day):
    made = plan(shift("00:00", meet), shift(meet, "24:00", name="Late"), zone=BERLIN)
    midnight = second(f"{day} 00:00", BERLIN)

    assert read(made, midnight, midnight + 23 * 3600) == [(0, WORKING)]


def test_a_zone_whose_midnight_is_jumped_over():
    made = plan(shift("00:00", "08:00"), zone="Africa/Cairo")  # 2026-04-24 begins at 01:00

    assert hours(made, "2026-04-23 12:00", "2026-04-24 12:00") == 7


def test_a_change_from_monday_leaves_the_past_alone():
    made = plan(shift("06:00", "14:00"), weeks=[(date(2026, 3, 9), [shift("06:00", "16:00")])])

    assert hours(made, "2026-03-08 00:00", "2026-03-09 00:00") == 8
    assert hours(made, "2026-03-09 00:00", "2026-03-10 00:00") == 10


def test_a_holiday_has_no_shifts_but_the_night_before_ends_in_it():
    made = plan(NIGHT, zone=BERLIN, days={date(2026, 12, 25): OtherDay("Christmas Day")})

    assert hours(made, "2026-12-25 00:00", "2026-12-26 00:00") == 6
    assert hours(made, "2026-12-26 00:00", "2026-12-27 00:00") == 2


def test_other_shifts_of_a_date_come_instead_or_beside():
    saturday = date(2026, 3, 7)
    usual = shift("06:00", "14:00")
    other = (shift("15:00", "17:00", days=()),)

    instead = plan(usual, days={saturday: OtherDay("Stocktaking", other)})
    beside = plan(usual, days={saturday: OtherDay("Overtime", other, extra=True)})

    assert hours(instead, "2026-03-07 00:00", "2026-03-08 00:00") == 2
    assert hours(beside, "2026-03-07 00:00", "2026-03-08 00:00") == 10


def test_no_shifts_at_all_is_never_scheduled():
    assert read(plan(), second("2026-01-01"), second("2027-01-01")) == [(0, OFF)]


def test_a_break_may_touch_either_end():
    made = plan(
        shift("06:00", "14:00", "06:00-06:15, 13:45-14:00"), shift("14:00", "22:00", "14:00-14:05", name="Late")
    )

    assert read(made, second("2026-03-02 06:00"), second("2026-03-02 22:30")) == [
        (0, PLANNED_STOP),
        (900, WORKING),
        (7 * 3600 + 2700, PLANNED_STOP),
        (8 * 3600 + 300, WORKING),
        (16 * 3600, OFF),
    ]


def test_a_year_of_three_shifts_is_counted_once_and_kept():
    pattern = [shift("06:00", "14:00", "09:00-09:15"), shift("14:00", "22:00"), NIGHT]
    made = plan(*pattern, zone=BERLIN)
    start, end = second("2026-01-01", BERLIN), second("2027-01-01", BERLIN)

    assert marks(made, start, end) is marks(made, start, end)
    assert seconds_of(made, start, end).by_class == {OFF: 0, WORKING: (8760 * 4 - 365) * 900, PLANNED_STOP: 365 * 900}


def test_shifts_as_they_took_place():
    made = plan(
        shift("06:00", "14:00", days=WORKDAYS), shift("22:00", "06:00", name="Night", days=WORKDAYS), zone=BERLIN
    )

    found = worked(made, second("2026-03-28 00:00", BERLIN), second("2026-03-30 12:00", BERLIN))

    assert [(one.name, (one.end - one.start) / 3600) for one in found] == [("Night", 8), ("Early", 8)]
    assert found[0].start == second("2026-03-27 22:00", BERLIN)


def test_what_differs_between_two_calendars():
    start, end = second("2026-03-01"), second("2026-03-31")
    before = plan(shift("06:00", "14:00"))
    after = plan(shift("06:00", "14:00"), weeks=[(date(2026, 3, 9), [shift("06:00", "16:00")])])

    found = difference(marks(before, start, end), marks(after, start, end), end)

    assert found == (second("2026-03-09 14:00"), second("2026-03-30 16:00"))
    assert difference(marks(before, start, end), marks(before, start, end), end) is None


# Against the wall, minute by minute

ZONES = (BERLIN, NEW_YORK, LORD_HOWE, "Africa/Cairo", "Asia/Kathmandu", "UTC", "Pacific/Apia")
CHANGES = [
    date(2026, m, d) for m, d in ((3, 8), (3, 29), (4, 4), (4, 24), (10, 3), (10, 25), (10, 30), (11, 1), (6, 3))
]


@st.composite
def patterns(draw) -> tuple[Shift, ...]:
    """Shifts one after the other round the week, some with a break."""
    edges = sorted(draw(st.sets(st.integers(0, 7 * DAY // 15), max_size=12)))
    made = []
    for low, high in pairwise(edges):
        day, start = divmod(low * 15, DAY)
        end = min(start + (high - low) * 15, start + DAY)
        if day > 6 or draw(st.integers(0, 3)) == 0:
            continue
        third = (end - start) // 3 // 5 * 5
        breaks = ((start + third, start + 2 * third),) if third and draw(st.booleans()) else ()
        made.append(Shift(f"S{low}", start, end, breaks, (day,)))
    return tuple(made)


def brute(made: Plan, at: int, latest: dict[int, int]) -> int:
    """The class of the wall minute last reached: when the clock goes back, it has been there before."""
    local = datetime.fromtimestamp(at, made.zone)
    wall = int(local.replace(tzinfo=UTC, fold=0).timestamp()) // 60
    latest[0] = wall = max(wall, latest.get(0, 0))
    for back in (0, 1):
        day = date(1970, 1, 1) + timedelta(days=wall // DAY - back)
        minute = wall % DAY + back * DAY
        for one in made.shifts_on(day):
            if one.start <= minute < one.end:
                return PLANNED_STOP if any(a <= minute < b for a, b in one.breaks) else WORKING
    return OFF


@given(patterns(), patterns(), st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_it_is_what_the_wall_says_minute_by_minute(first, second_, zone, change, holidays):
    days = {change + timedelta(days=n): OtherDay("Off") for n in range(holidays)}
    weeks = [] if holidays else [(change, second_)]
    made = plan(*first, zone=zone, days=days, weeks=weeks)
    if weeks and _runs_over(made, change):
        return
    start = int(datetime(change.year, change.month, change.day, tzinfo=UTC).timestamp()) - 2 * 86_400
    minutes = np.arange(start - 86_400, start + 4 * 86_400, 60)

    latest: dict[int, int] = {}
    expected = [brute(made, int(at), latest) for at in minutes]

    drawn = marks(made, int(minutes[0]), int(minutes[-1]) + 60)
    assert shifts.classes_at(drawn, minutes).tolist() == expected
    assert drawn.at[0] == minutes[0]
    assert (np.diff(drawn.at) > 0).all()
    assert (np.diff(drawn.klass.astype(int)) != 0).all()


def _runs_over(made: Plan, day: date) -> bool:
    before, after = made.shifts_on(day - timedelta(days=1)), made.shifts_on(day)
    return bool(before and after and before[-1].end > DAY + after[0].start)
