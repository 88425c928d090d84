"""What a calendar may hold, and how people write it: each refusal names its field and what would be legal."""

from datetime import date

import pytest

from tests.cells.calendars import WORKDAYS, plan, shift
from webapp.cells.calendars.rules import check_date, check_name, check_seams, check_since, check_week
from webapp.cells.calendars.shifts import OtherDay, Shift
from webapp.cells.calendars.texts import breaks_text, days_text, end_text, read_date, read_line, read_shift, told
from webapp.lib.refusal import Invalid


def refused(act, *args) -> dict[str, str]:
    with pytest.raises(Invalid) as no:
        act(*args)
    return {field: says[0] for field, says in no.value.details["fields"].items()}


@pytest.mark.parametrize(
    ("start", "end", "breaks", "minutes"),
    [
        ("06:00", "14:00", "", (360, 840)),
        ("6:00", "14:30", "", (360, 870)),
        ("22:00", "06:00", "", (1320, 1800)),
        ("22:00", "30:00", "", (1320, 1800)),
        ("00:00", "24:00", "", (0, 1440)),
        ("06:00", "30:00", "", (360, 1800)),
        ("16:00", "00:00", "", (960, 1440)),
    ],
)
def test_times_as_people_write_them(start, end, breaks, minutes):
    read = read_shift("Early", start, end, breaks)

    assert (read.start, read.end) == minutes


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("", ()),
        ("23:00-23:15", ((1380, 1395),)),
        ("02:00-02:30, 23:00–23:15", ((1380, 1395), (1560, 1590))),
        ("23:50 to 00:10;", ((1430, 1450),)),
        ("26:00-26:30", ((1560, 1590),)),
    ],
)
def test_breaks_of_a_night_shift_are_after_its_start(text, breaks):
    assert read_shift("Night", "22:00", "06:00", text).breaks == breaks


@pytest.mark.parametrize(
    ("start", "end", "breaks", "field"),
    [
        ("", "14:00", "", "start"),
        ("24:00", "14:00", "", "start"),
        ("6", "14:00", "", "start"),
        ("06:60", "14:00", "", "start"),
        ("٠٦:٠٠", "14:00", "", "start"),
        ("06:00", "2pm", "", "end"),
        ("06:00", "48:01", "", "end"),
        ("06:00", "14:00", "9", "breaks"),
        ("06:00", "14:00", "09:00-09:75", "breaks"),
        ("06:00", "14:00", "09:00-09:15 12:00", "breaks"),
    ],
)
def test_what_cannot_be_read_is_told(start, end, breaks, field):
    assert list(refused(read_shift, "Early", start, end, breaks)) == [field]


@pytest.mark.parametrize("given", [("06:00", "14:00"), ("22:00", "06:00"), ("00:00", "24:00"), ("06:00", "30:00")])
def test_what_is_shown_is_read_as_the_same(given):
    read = shift(*given, "10:00-10:15" if given[0] == "06:00" else "")

    again = read_shift(read.name, given[0], end_text(read), breaks_text(read), read.days)

    assert again == read


@pytest.mark.parametrize(
    ("bad", "fields"),
    [
        ([shift("06:00", "06:00")], {"shifts-0-end": "06:00 to 30:00"}),
        ([shift("06:00", "30:01")], {"shifts-0-end": "at most 24 hours"}),
        ([shift(name="")], {"shifts-0-name": "1 to 20 characters"}),
        ([shift(name="x" * 21)], {"shifts-0-name": "1 to 20 characters"}),
        ([shift(name="E\x00")], {"shifts-0-name": "1 to 20 characters"}),
        ([shift(days=[])], {"shifts-0-days": "at least one day"}),
        ([shift("06:00", "14:00", "05:00-05:15")], {"shifts-0-breaks": "inside the shift, 06:00 to 14:00"}),
        ([shift("06:00", "14:00", "13:50-14:10")], {"shifts-0-breaks": "inside the shift"}),
        ([shift("06:00", "14:00", "09:00-09:00")], {"shifts-0-breaks": "each ending later"}),
        ([shift("06:00", "14:00", "09:00-09:30, 09:15-09:45")], {"shifts-0-breaks": "is not over at 09:15"}),
        (
            [shift(), shift("13:00", "20:00", name="Late")],
            {"shifts-1-start": "on Mon Late begins at 13:00, before Early"},
        ),
        ([shift(), shift("13:00", "20:00", name="Late", days=[3])], {"shifts-1-start": "on Thu Late begins at 13:00"}),
        ([shift("22:00", "06:30", name="Night"), shift()], {"shifts-1-start": "Early begins at 06:00, before Night"}),
        (
            [shift("22:00", "06:00", name="Night", days=[6]), shift("05:00", "13:00", days=[0])],
            {"shifts-1-start": "on Mon Early begins at 05:00, before Night ends at 06:00"},
        ),
        ([Shift("Early", 0, 60)] * 41, {"shifts": "up to 40"}),
    ],
)
def test_a_week_that_cannot_be(bad, fields):
    found = refused(check_week, bad)

    for field, says in fields.items():
        assert says in found[field]


@pytest.mark.parametrize(
    "good",
    [
        [],
        [shift(), shift("14:00", "22:00"), shift("22:00", "06:00")],
        [shift("00:00", "24:00")],
        [shift("06:00", "30:00")],
        [shift("22:00", "06:00", days=[6]), shift("06:00", "14:00", days=[0])],
        [shift("06:00", "14:00", "06:00-06:15, 06:15-06:30, 13:45-14:00")],
    ],
)
def test_a_week_that_can(good):
    check_week(good)


def test_shifts_of_one_date_are_held_to_the_same():
    check_date([shift(days=[]), shift("14:00", "22:00", days=[])])

    found = refused(check_date, [shift(days=[]), shift("13:00", "22:00", name="Late", days=[])])

    assert "Late begins at 13:00, before Early ends at 14:00" in found["shifts-1-start"]


def test_a_pattern_may_not_run_into_the_next():
    night = shift("22:00", "06:00", name="Night")
    made = plan(night, weeks=[(date(2026, 3, 9), [shift("05:00", "13:00")])])

    found = refused(check_seams, made, [date(2026, 3, 9)], "since")

    assert "Night runs until 06:00 on 2026-03-09, when Early has begun at 05:00" in found["since"]


def test_a_date_may_not_run_into_the_next():
    long = (shift("20:00", "07:00", name="Long", days=[]),)
    made = plan(shift(), days={date(2026, 3, 9): OtherDay("Stocktaking", long)})

    assert "2026-03-10" in refused(check_seams, made, [date(2026, 3, 9)], "days")["days"]


@pytest.mark.parametrize(
    ("name", "zone", "field"),
    [
        ("", "UTC", "name"),
        ("x" * 61, "UTC", "name"),
        ("a\nb", "UTC", "name"),
        ("Two shifts", "Mars/Olympus", "zone"),
        ("Two shifts", "../etc/passwd", "zone"),
        ("Two shifts", "", "zone"),
    ],
)
def test_absurd_names_and_unknown_zones(name, zone, field):
    assert list(refused(check_name, name, zone)) == [field]


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "monday", "", "20260301", "2026-3-1", "٢٠٢٦-03-01"])
def test_a_date_that_does_not_exist(text):
    assert "2026-03-02" in refused(read_date, text, "since")["since"]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Overtime 06:00-12:00", shift("06:00", "12:00", name="Overtime", days=[])),
        ("Long day 6:00 – 18:00 (12:00-12:30)", shift("06:00", "18:00", "12:00-12:30", "Long day", [])),
        ("06:00-12:00", shift("06:00", "12:00", name="Shift", days=[])),
    ],
)
def test_a_shift_in_one_line(line, read):
    assert read_line(line) == read


@pytest.mark.parametrize("line", ["", "Overtime", "Overtime 6-12", "Overtime 06:00-12:00 09:00-09:15", "x" * 70])
def test_a_line_that_is_no_shift(line):
    assert "Early 06:00-14:00" in refused(read_line, line)["line"]


def test_dates_nobody_plans():
    assert refused(check_since, date(1969, 12, 31))
    assert refused(check_since, date(2200, 1, 1))


def test_a_shift_in_words():
    assert told(shift("22:00", "06:00", "02:00-02:30", "Night", WORKDAYS)) == (
        "Night Mon–Fri 22:00–06:00 (02:00-02:30)"
    )
    assert days_text([0, 2, 5, 6]) == "Mon, Wed, Sat–Sun"
