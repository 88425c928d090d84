"""Calendars as acts: who follows which since when, what is scheduled then, and how far back a change reaches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import select

from tests.cells.calendars import WORKDAYS, shift
from tests.world import NOW, at, make_cell
from webapp import cells, journal
from webapp.cells import OFF, WORKING, OtherDay, calendar_marks
from webapp.cells.account_models import Stale as Outdated
from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.lib.refusal import Invalid, NotFound, Stale, WrongState
from webapp.lib.window import Window, last

# NOW is a Wednesday, 4 March 2026, 10:00 UTC.
EARLY = shift("06:00", "14:00", days=WORKDAYS)
BERLIN = "Europe/Berlin"


def day_shift(name="Day", *pattern, zone="UTC"):
    return cells.add_calendar(name, zone, pattern or (EARLY,), by="root", now=NOW)


def follows(cell, calendar, since=None):
    return cells.use_calendar([cell.id], calendar and calendar.id, since or at("00:00"), by="root", now=NOW)


def read(cell, start, end):
    marks = calendar_marks([cell.id], epoch(start), epoch(end))[cell.id]
    return marks and [(int(m - epoch(start)) // 3600, int(k)) for m, k in zip(marks.at, marks.klass, strict=True)]


def refused(act, *args, **given):
    with pytest.raises(Invalid) as no:
        act(*args, **given)
    return list(no.value.details["fields"])


def outdated():
    return [tuple(row) for row in db.session.execute(select(Outdated.start, Outdated.end))]


@pytest.fixture
def cell(app):
    return make_cell("C01")


def basis(cell, window):
    return cells.utilization_report(window, NOW, [cell.id]).basis


def test_without_a_calendar_all_hours_count(cell):
    assert calendar_marks([cell.id], epoch(at("00:00")), epoch(at("10:00"))) == {cell.id: None}
    assert basis(cell, last(NOW, hours=2)) == "calendar"
    assert cells.shift_windows([cell.id], NOW) == cells.ShiftWindows(None, None)


def test_with_one_its_shifts_do(cell):
    follows(cell, day_shift())

    assert read(cell, at("00:00"), at("23:00")) == [(0, OFF), (6, WORKING), (14, OFF)]
    assert basis(cell, last(NOW, hours=2)) == "schedule"


def test_before_it_followed_one_all_hours_count(cell):
    follows(cell, day_shift(), since=at("08:00"))

    assert read(cell, at("00:00"), at("23:00")) == [(0, WORKING), (14, OFF)]
    assert basis(cell, Window(at("00:00"), at("08:00"))) == "calendar"
    assert basis(cell, Window(at("00:00"), at("09:00"))) == "mixed"
    assert basis(cell, Window(at("08:00"), at("09:00"))) == "schedule"


def test_and_after_it_was_taken_off(cell):
    follows(cell, day_shift())
    follows(cell, None, since=at("20:00"))

    assert read(cell, at("00:00"), at("23:00")) == [(0, OFF), (6, WORKING), (14, OFF), (20, WORKING)]


def test_cells_of_one_calendar_share_their_marks(cell):
    other, alone = make_cell("C02"), make_cell("C03")
    cells.use_calendar([cell.id, other.id], day_shift().id, at("00:00"), by="root", now=NOW)

    found = calendar_marks([cell.id, other.id, alone.id], epoch(at("01:00")), epoch(NOW))

    assert found[cell.id] is found[other.id]
    assert found[alone.id] is None


def test_what_is_kept_in_memory_follows_each_change(cell):
    calendar = day_shift()
    follows(cell, calendar)
    token = cells.calendars_token()
    assert read(cell, at("00:00"), at("23:00"))[1] == (6, WORKING)

    cells.change_week(calendar.id, date(1970, 1, 1), [shift("07:00", "15:00")], by="root", now=NOW)

    assert read(cell, at("00:00"), at("23:00")) == [(0, OFF), (7, WORKING), (15, OFF)]
    assert cells.calendars_token() != token


def test_an_act_that_is_refused_leaves_everything(cell):
    calendar = day_shift()
    follows(cell, calendar)
    token, before = cells.calendars_token(), read(cell, at("00:00"), at("23:00"))

    refused(cells.change_week, calendar.id, date(2026, 3, 9), [shift("06:00", "06:00")], by="root", now=NOW)

    assert (cells.calendars_token(), read(cell, at("00:00"), at("23:00"))) == (token, before)


def test_a_change_from_next_monday_restates_nothing(cell):
    calendar = day_shift()
    follows(cell, calendar)
    db.session.execute(Outdated.__table__.delete())
    db.session.commit()

    reach = cells.change_week(calendar.id, date(2026, 3, 9), [shift("06:00", "15:00")], by="root", now=NOW)

    assert (reach.window, reach.cells, outdated()) == (None, 0, [])
    monday = datetime(2026, 3, 9, tzinfo=UTC)
    assert read(cell, monday, monday + timedelta(hours=23)) == [(0, OFF), (6, WORKING), (15, OFF)]


def test_a_change_of_the_past_restates_from_the_first_second_that_counts_otherwise(cell):
    calendar, other = day_shift(), make_cell("C02")
    since = datetime(2026, 3, 2, tzinfo=UTC)
    cells.use_calendar([cell.id, other.id], calendar.id, since, by="root", now=NOW)
    make_cell("C03")
    wanted = [shift("06:00", "15:00", days=WORKDAYS)]
    asked = cells.reach_of_week(calendar.id, date(2026, 1, 1), wanted, NOW)

    reach = cells.change_week(calendar.id, date(2026, 1, 1), wanted, by="root", now=NOW)

    changed = Window(datetime(2026, 3, 2, 14, tzinfo=UTC), datetime(2026, 3, 3, 15, tzinfo=UTC))
    assert reach == asked == cells.Reach(changed, (cell.id, other.id))
    assert (epoch(changed.start), epoch(changed.end)) in outdated()
    [told, *_] = cells.restatements(last(NOW, days=3))
    assert (told.kind, told.calendar_id, told.start, told.end) == ("calendar", calendar.id, changed.start, changed.end)


def test_asking_changes_nothing(cell):
    calendar = day_shift()
    follows(cell, calendar)
    token = cells.calendars_token()

    cells.reach_of_week(calendar.id, date(2026, 1, 1), [shift("06:00", "15:00")], NOW)
    cells.reach_of_days(calendar.id, {date(2026, 3, 3): OtherDay("Off")}, NOW)
    cells.reach_of_following([cell.id], None, at("00:00"), NOW)
    cells.reach_of_zone(calendar.id, BERLIN, NOW)

    assert cells.calendars_token() == token
    assert journal.recent(f"calendar:{calendar.id}")[0].verb == "added calendar"


def test_following_in_the_past_restates_and_in_the_future_does_not(cell):
    calendar = day_shift()

    ahead = follows(cell, calendar, since=at("20:00"))
    asked = cells.reach_of_following([cell.id], calendar.id, at("05:00"), NOW)
    behind = follows(cell, calendar, since=at("05:00"))

    assert ahead == cells.Reach()
    assert behind == asked == cells.Reach(Window(at("05:00"), at("06:00")), (cell.id,))
    [told] = cells.restatements(last(NOW, days=1))
    assert (told.cell_id, told.why) == (cell.id, "Day for C01")


def test_what_was_chosen_for_later_is_replaced(cell):
    first, second = day_shift("First"), day_shift("Second", shift("08:00", "10:00"))
    follows(cell, first, since=at("12:00"))
    follows(cell, second, since=at("04:00"))

    assert read(cell, at("00:00"), at("23:00")) == [(0, WORKING), (4, OFF), (8, WORKING), (10, OFF)]


def test_the_same_twice_is_harmless(cell):
    calendar = day_shift()
    follows(cell, calendar)

    assert follows(cell, calendar, since=at("05:00")) == cells.Reach()
    assert len(db.session.scalars(select(cells.CalendarUse)).all()) == 1


def test_a_holiday_of_the_past_restates_its_shifts(cell):
    calendar = day_shift()
    follows(cell, calendar, since=NOW - timedelta(days=9))

    off = dict.fromkeys([date(2026, 3, 2), date(2026, 4, 3)], OtherDay("Off"))

    reach = cells.set_days(calendar.id, off, by="root", now=NOW)

    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert reach.window == Window(monday + timedelta(hours=6), monday + timedelta(hours=14))
    assert read(cell, monday, monday + timedelta(hours=23)) == [(0, OFF)]
    again = cells.clear_day(calendar.id, date(2026, 3, 2), by="root", now=NOW)
    assert again.window == reach.window
    assert read(cell, monday, monday + timedelta(hours=23)) == [(0, OFF), (6, WORKING), (14, OFF)]


def test_a_day_is_set_again(cell):
    calendar = day_shift()
    saturday = date(2026, 3, 7)
    cells.set_days(calendar.id, {saturday: OtherDay("Off")}, by="root", now=NOW)
    overtime = OtherDay("Overtime", (shift("08:00", "12:00", days=[]),), extra=True)

    cells.set_days(calendar.id, {saturday: overtime}, by="root", now=NOW)

    [day] = cells.one_calendar(calendar.id).days
    assert (day.name, day.extra) == ("Overtime", True)
    assert [one.name for one in cells.plan_of(calendar.id).shifts_on(saturday)] == ["Early"]


def test_a_day_that_is_not_set_cannot_be_cleared(app):
    with pytest.raises(WrongState, match="Nothing is set"):
        cells.clear_day(day_shift().id, date(2026, 3, 2), by="root", now=NOW)


def test_a_day_that_would_run_into_the_next_is_refused(app):
    calendar = day_shift()
    long = OtherDay("Stocktaking", (shift("20:00", "07:00", name="Long", days=[]),))

    assert refused(cells.set_days, calendar.id, {date(2026, 3, 2): long}, by="root", now=NOW) == ["days"]
    assert cells.one_calendar(calendar.id).days == []


@pytest.mark.parametrize(
    ("days", "other", "field"),
    [
        ([], OtherDay("Off"), "days"),
        ([date(1969, 1, 1)], OtherDay("Off"), "days"),
        ([date(2026, 3, 2)], OtherDay(""), "name"),
        ([date(2026, 3, 2)], OtherDay("x" * 61), "name"),
        ([date(2026, 3, 2)], OtherDay("Other", (shift("06:00", "06:00", days=[]),)), "shifts-0-end"),
        ([date(2026, 1, 1) + timedelta(days=n) for n in range(401)], OtherDay("Off"), "days"),
    ],
)
def test_days_that_cannot_be(app, days, other, field):
    assert refused(cells.set_days, day_shift().id, dict.fromkeys(days, other), by="root", now=NOW) == [field]


def test_a_pattern_that_would_run_into_the_next_is_refused(app):
    calendar = day_shift("Nights", shift("22:00", "06:00", name="Night"))
    earlier = [shift("05:00", "13:00")]

    assert refused(cells.change_week, calendar.id, date(2026, 3, 9), earlier, by="root", now=NOW) == ["since"]


def test_a_change_to_come_is_taken_back_and_one_that_has_begun_is_not(app):
    calendar = day_shift()
    for since in (date(2026, 3, 4), date(2026, 3, 9)):
        cells.change_week(calendar.id, since, [shift("06:00", "15:00")], by="root", now=NOW)

    cells.drop_week(calendar.id, date(2026, 3, 9), by="root", now=NOW)

    assert [week.since for week in cells.one_calendar(calendar.id).weeks] == [date(1970, 1, 1), date(2026, 3, 4)]
    for since in (date(2026, 3, 4), date(2026, 3, 9), date(1970, 1, 1)):
        with pytest.raises(WrongState, match="still to come"):
            cells.drop_week(calendar.id, since, by="root", now=NOW)


def test_another_zone_is_another_time(cell):
    calendar = day_shift()
    follows(cell, calendar, since=NOW - timedelta(days=1))

    reach = cells.change_calendar(calendar.id, "Day", BERLIN, by="root", now=NOW)

    assert read(cell, at("00:00"), at("23:00")) == [(0, OFF), (5, WORKING), (13, OFF)]
    assert reach.window.end == at("06:00")
    assert cells.change_calendar(calendar.id, "Daytime", BERLIN, by="root", now=NOW) == cells.Reach()


def test_a_name_is_taken_once(app):
    day_shift("Day")
    other = day_shift("Other")

    assert refused(day_shift, "Day") == ["name"]
    assert refused(cells.change_calendar, other.id, "Day", "UTC", by="root", now=NOW) == ["name"]


def test_of_two_who_edit_at_once_the_second_is_told(app):
    calendar = day_shift()
    seen = calendar.version
    cells.change_week(calendar.id, date(2026, 3, 9), [], by="ada", now=NOW, version=seen)

    with pytest.raises(Stale) as no:
        cells.set_days(calendar.id, {date(2026, 3, 2): OtherDay("Off")}, by="root", now=NOW, version=seen)

    assert no.value.details["changed_by"] == "ada"
    assert no.value.details["version"] == cells.one_calendar(calendar.id).version != seen


def test_a_retired_calendar_is_hidden_and_goes_on(cell):
    calendar = day_shift()
    follows(cell, calendar)

    cells.retire_calendar(calendar.id, by="root", now=NOW)

    assert cells.all_calendars() == []
    assert [one.id for one in cells.all_calendars(retired=True)] == [calendar.id]
    assert cells.calendar_of(cell.id, NOW) == calendar.id
    assert refused(follows, make_cell("C02"), calendar) == ["calendar"]
    cells.restore_calendar(calendar.id, by="root", now=NOW)
    assert [one.id for one in cells.all_calendars()] == [calendar.id]


@pytest.mark.parametrize(
    ("since", "field"),
    [(datetime(1969, 1, 1, tzinfo=UTC), "since"), (datetime(2050, 1, 1, tzinfo=UTC), "since")],
)
def test_nobody_follows_since_before_time_or_after(cell, since, field):
    assert refused(follows, cell, day_shift(), since) == [field]


def test_cells_that_are_not_there_follow_nothing(cell):
    calendar = day_shift()

    assert refused(cells.use_calendar, [], calendar.id, NOW, by="root", now=NOW) == ["cells"]
    assert refused(cells.use_calendar, [cell.id, 99], calendar.id, NOW, by="root", now=NOW) == ["cells"]
    with pytest.raises(NotFound):
        cells.use_calendar([cell.id], 99, NOW, by="root", now=NOW)
    with pytest.raises(NotFound):
        cells.one_calendar(2**40)


def test_this_shift_and_the_last_by_what_most_cells_follow(app):
    three = [shift(), shift("14:00", "22:00", name="Late"), shift("22:00", "06:00", name="Night")]
    common, rare = day_shift("Three", *three), day_shift("Rare", shift("09:00", "11:00", name="Short"))
    ids = [make_cell(f"C0{n}").id for n in range(1, 5)]
    cells.use_calendar(ids[:2], common.id, NOW - timedelta(days=3), by="root", now=NOW)
    cells.use_calendar(ids[2:3], rare.id, NOW - timedelta(days=3), by="root", now=NOW)

    found = cells.shift_windows(ids, NOW)

    assert (found.this.name, found.this.window) == ("Early", Window(at("06:00"), at("14:00")))
    assert (found.last.name, found.last.window.end) == ("Night", at("06:00"))
    assert cells.shift_windows(ids[2:], NOW).this.name == "Short"
    assert cells.shift_windows(ids[3:], NOW) == cells.ShiftWindows(None, None)
    assert [one.name for one in cells.shift_spans(ids, Window(at("05:00"), at("15:00")))] == ["Night", "Early", "Late"]


def test_between_shifts_there_is_a_last_one_and_none_now(cell):
    follows(cell, day_shift(), since=NOW - timedelta(days=9))

    found = cells.shift_windows([cell.id], datetime(2026, 3, 8, 12, tzinfo=UTC))  # Sunday

    assert found.this is None
    assert (found.last.name, found.last.window.end) == ("Early", datetime(2026, 3, 6, 14, tzinfo=UTC))


def test_each_act_is_in_the_journal_with_before_and_after(cell):
    calendar = day_shift()
    follows(cell, calendar)
    cells.change_week(calendar.id, date(2026, 3, 9), [shift("06:00", "15:00")], by="ada", now=NOW)

    [change, added] = journal.recent(f"calendar:{calendar.id}")
    assert (added.verb, change.verb, change.by) == ("added calendar", "changed week", "ada")
    assert change.details["before"] == "Early Mon–Fri 06:00–14:00"
    assert change.details["after"] == "Early Mon–Sun 06:00–15:00"
    assert journal.recent(f"cell:{cell.id}")[0].details["after"] == "Day"


def test_marks_cannot_be_written_to(cell):
    follows(cell, day_shift())
    marks = calendar_marks([cell.id], epoch(at("00:00")), epoch(NOW))[cell.id]

    with pytest.raises(ValueError, match="read-only"):
        marks.klass[0] = np.uint8(1)


def test_of_several_who_make_the_first_change_at_once_nobody_fails(app):
    def make(n: int) -> str:
        with app.app_context():
            return cells.add_calendar(f"Day {n}", "UTC", [EARLY], by="root", now=NOW).name

    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(make, range(4)))

    assert sorted(one.name for one in cells.all_calendars()) == names


def test_a_cell_is_told_of_its_own_calendars_changes(app):
    mine, other = make_cell("C01"), make_cell("C02")
    second = day_shift("Second")
    cells.use_calendar([mine.id], day_shift("First").id, at("00:00"), "root", NOW)
    cells.use_calendar([other.id, make_cell("C03").id], second.id, at("00:00"), "root", NOW)

    cells.change_week(second.id, date(2026, 1, 1), [shift("06:00", "08:00")], "root", NOW)

    told = {cell.name: [one.why for one in cells.restatements(last(NOW, days=1), [cell.id])] for cell in (mine, other)}
    assert told["C01"] == ["First for C01"]
    assert len(told["C02"]) == 2
    assert "Second for C02, C03" in told["C02"]


def test_and_of_a_calendar_that_was_taken_away(app):
    those = [make_cell(name).id for name in ("C01", "C02")]
    calendar = day_shift()
    cells.use_calendar([*those, make_cell("C03").id], calendar.id, at("00:00"), "root", NOW)
    cells.use_calendar(those, None, at("05:00"), "root", NOW)

    def told(cell_id, start):
        return [one.why for one in cells.restatements(Window(at(start), NOW), [cell_id])]

    assert told(those[0], "04:00")[0] == "no calendar for C01, C02"
    assert "no calendar for C01, C02" not in told(those[1] + 1, "04:00")
