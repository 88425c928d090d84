"""Calendars as an administrator keeps them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cells.calendars import WORKDAYS, shift
from tests.screens.desk import complained_of, leads_to, sits, tree, words
from tests.world import make_cell, make_person, make_site
from webapp import cells, journal
from webapp.cells import OtherDay
from webapp.lib.clock import utcnow
from webapp.screens.calendars.patterns import PATTERNS

EARLY = {
    "shifts-0-name": "Early",
    "shifts-0-start": "06:00",
    "shifts-0-end": "14:00",
    "shifts-0-breaks": "09:00-09:15",
    "shifts-0-days": ["0", "1", "2", "3", "4"],
}
NEW = {"name": "Day shift", "zone": "UTC", **EARLY}
ACTS = ("", "/1/week", "/1/name", "/1/days", "/1/days/2026-03-02/removal", "/1/weeks/2026-03-02/removal", "/1/cells")
ACTS += ("/1/retirement", "/1/restoration")
PAST = utcnow().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=10)


@pytest.fixture
def root(app, client):
    make_site()
    make_person("root")
    client.sign_in("root")
    return client


def made(*pattern, name="Day shift", zone="UTC"):
    return cells.add_calendar(name, zone, pattern or (shift(breaks="09:00-09:15"),), by="root", now=utcnow())


def followed(calendar, *names, since=PAST):
    """Cells in service before the past begins, that follow it since then."""
    ids = [make_cell(name, in_service_from=since - timedelta(days=1)).id for name in names]
    cells.use_calendar(ids, calendar.id, since, by="root", now=utcnow())
    return ids


def form(page, action):
    """What the form with this action would send, as it stands."""
    found = next(one for one in tree(page) if one.tag == "form" and one.attrs.get("action", "").endswith(action))
    sent: dict[str, list[str]] = {}
    for field in found:
        if field.tag not in ("input", "textarea") or field.attrs["name"] == "csrf_token":
            continue
        if field.attrs.get("type") not in ("checkbox", "radio") or "checked" in field.attrs:
            sent.setdefault(field.attrs["name"], []).append(field.attrs.get("value", field.text))
    return sent


def week_of(calendar):
    return cells.one_calendar(calendar.id).weeks


def test_nobody_is_sent_to_sign_in(client):
    made()

    for page in ("/admin/calendars", "/admin/calendars/new", "/admin/calendars/1"):
        assert client.get(page).location.startswith("/login?next=/admin/calendars")
    assert {client.post(f"/admin/calendars{act}").status_code for act in ACTS} == {401}


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "pat", "oli"])
def test_only_who_administers_may(client, username):
    made()
    cell = make_cell()
    sits(client, username)

    pages = ["/admin/calendars", "/admin/calendars/new", "/admin/calendars/1", f"/admin/cells/{cell.id}/calendar"]
    posts = [*(f"/admin/calendars{act}" for act in ACTS), f"/admin/cells/{cell.id}/calendar"]
    assert {client.get(path).status_code for path in pages} | {client.post(p).status_code for p in posts} == {403}


def test_what_is_not_there_is_not_found(root):
    assert root.get("/admin/calendars/99").status_code == 404
    assert root.get("/admin/cells/99/calendar").status_code == 404
    for act in ACTS[1:]:
        assert root.post("/admin/calendars" + act.replace("/1/", "/99/"), data=NEW).status_code == 404


def test_before_there_is_one_it_says_what_counts(root):
    assert "all hours in which a cell is in service count" in words(root.get("/admin/calendars"))


@pytest.mark.parametrize("word", PATTERNS)
def test_each_pattern_is_a_form_that_can_be_sent_as_it_is(root, word):
    sent = form(root.get(f"/admin/calendars/new?from={word}"), "/admin/calendars")

    answer = root.post("/admin/calendars", data={**sent, "name": "Ours", "do": "save"})

    [calendar] = cells.all_calendars()
    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    assert cells.plan_of(calendar.id).weeks[0].shifts == tuple(PATTERNS[word][1])


def test_one_is_added_and_listed(root):
    answer = root.post("/admin/calendars", data=NEW)

    [calendar] = cells.all_calendars()
    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    said = words(root.get("/admin/calendars"))
    assert "Day shift Early Mon–Fri 06:00–14:00 (09:00-09:15) 40 h UTC 0" in said
    assert [entry.by for entry in journal.recent(f"calendar:{calendar.id}")] == ["root"]


def test_the_same_form_sent_twice_adds_one(root):
    sent = {**NEW, "key": form(root.get("/admin/calendars/new"), "/admin/calendars")["key"]}

    first, second = root.post("/admin/calendars", data=sent), root.post("/admin/calendars", data=sent)

    assert first.location == second.location
    assert len(cells.all_calendars()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"shifts-0-name": ""}, "shifts-0-name"),
        ({"shifts-0-start": "6"}, "shifts-0-start"),
        ({"shifts-0-end": "06:00"}, "shifts-0-end"),
        ({"shifts-0-end": "31:00"}, "shifts-0-end"),
        ({"shifts-0-breaks": "9"}, "shifts-0-breaks"),
        ({"shifts-0-breaks": "13:50-14:10"}, "shifts-0-breaks"),
        ({"shifts-0-days": []}, "shifts-0-days"),
        ({"shifts-0-days": ["7", "x"]}, "shifts-0-days"),
        (
            {"shifts-1-name": "Late", "shifts-1-start": "13:00", "shifts-1-end": "22:00", "shifts-1-days": ["2"]},
            "shifts-1-start",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(root, wrong, field):
    answer = root.post("/admin/calendars", data={**NEW, **wrong})

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    shown = form(answer, "/admin/calendars")
    texts = {name: said for name, said in {**NEW, **wrong}.items() if isinstance(said, str)}
    assert {name: shown[name][0] for name in texts} == texts
    assert cells.all_calendars() == []


def test_a_name_that_is_taken_is_told_at_its_field(root):
    made()

    assert complained_of(root.post("/admin/calendars", data=NEW)) == ["name"]


def test_lines_come_and_go_without_losing_what_was_typed(root):
    more = root.post("/admin/calendars", data={**NEW, "shifts-0-end": "nonsense", "do": "add"})
    fewer = root.post(
        "/admin/calendars", data={**form(more, "/admin/calendars"), "shifts-1-name": "Late", "do": "remove-0"}
    )

    assert (more.status_code, fewer.status_code) == (200, 200)
    assert form(more, "/admin/calendars")["shifts-0-end"] == ["nonsense"]
    assert form(fewer, "/admin/calendars")["shifts-0-name"] == ["Late"]
    assert cells.all_calendars() == []


def test_the_picture_shows_what_was_typed(root):
    page = root.post("/admin/calendars", data={**NEW, "shifts-0-start": "22:00", "shifts-0-end": "06:00", "do": "look"})

    drawn = [one.attrs["aria-label"] for one in tree(page) if one.attrs.get("class") == "day"]
    assert drawn[0].startswith("Mon: Early 22:00–06:00")
    assert drawn[5].startswith("Sat: Early 22:00–06:00")
    assert drawn[6] == "Sun: no shifts"
    assert "Scheduled 40 h a week" in words(page)


def test_a_change_from_next_monday_is_saved_at_once(root):
    calendar = made()
    followed(calendar, "C01")
    sent = form(root.get(f"/admin/calendars/{calendar.id}"), "/week")

    answer = root.post(f"/admin/calendars/{calendar.id}/week", data={**sent, "shifts-0-end": "15:00"})

    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    assert "Figures of the past stay as they were" in words(root.get(answer.location))
    assert [week.since.weekday() for week in week_of(calendar)[1:]] == [0]
    assert week_of(calendar)[1].since > utcnow().date()


def test_a_change_of_the_past_says_how_far_back_before_it_is_saved(root):
    calendar = made()
    followed(calendar, "C01", "C02")
    sent = {**form(root.get(f"/admin/calendars/{calendar.id}"), "/week"), "since": "", "shifts-0-end": "15:00"}

    asked = root.post(f"/admin/calendars/{calendar.id}/week", data=sent)
    assert (asked.status_code, len(week_of(calendar))) == (200, 1)
    assert "2 cells. It will be marked and dated. Nothing is saved yet" in words(asked)

    answer = root.post(f"/admin/calendars/{calendar.id}/week", data=form(asked, "/week"))

    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    assert "It restates figures since" in words(root.get(answer.location))
    assert week_of(calendar)[0].shifts[0]["end"] == 15 * 60


def test_looking_at_a_week_saves_nothing(root):
    calendar = made()
    sent = {**form(root.get(f"/admin/calendars/{calendar.id}"), "/week"), "shifts-0-end": "15:00", "do": "look"}

    page = root.post(f"/admin/calendars/{calendar.id}/week", data=sent)

    assert "This leaves figures of the past as they are" in words(page)
    assert week_of(calendar)[0].shifts[0]["end"] == 14 * 60


def test_what_a_week_cannot_be_is_told(root):
    calendar = made(shift("22:00", "06:00", name="Night"))
    sent = form(root.get(f"/admin/calendars/{calendar.id}"), "/week")
    path = f"/admin/calendars/{calendar.id}/week"

    assert complained_of(root.post(path, data={**sent, "since": "2026-02-30"})) == ["since"]
    assert complained_of(root.post(path, data={**sent, "since": "1900-01-01"})) == ["since"]
    clash = {**sent, "since": "2050-03-07", "shifts-0-start": "05:00", "shifts-0-end": "13:00"}
    assert complained_of(root.post(path, data=clash)) == ["since"]


def test_of_two_who_edit_at_once_the_second_is_told_what_changed_and_may_go_on(root):
    calendar = made()
    sent = form(root.get(f"/admin/calendars/{calendar.id}"), "/week")
    cells.change_week(calendar.id, date(2090, 3, 6), [shift("07:00", "09:00")], by="ada", now=utcnow())

    told = root.post(f"/admin/calendars/{calendar.id}/week", data={**sent, "shifts-0-end": "15:00"})

    assert told.status_code == 412
    assert "by ada: changed week, now Early Mon–Sun 07:00–09:00" in words(told)
    again = root.post(f"/admin/calendars/{calendar.id}/week", data=form(told, "/week"))
    assert leads_to(again, f"/admin/calendars/{calendar.id}")


def test_a_change_to_come_is_taken_back(root):
    calendar = made()
    cells.change_week(calendar.id, date(2090, 3, 6), [], by="root", now=utcnow())
    assert "From 2090-03-06 no shifts" in words(root.get(f"/admin/calendars/{calendar.id}"))

    answers = [root.post(f"/admin/calendars/{calendar.id}/weeks/2090-03-06/removal") for _ in range(2)]

    assert leads_to(answers[0], f"/admin/calendars/{calendar.id}")
    assert answers[1].status_code == 409
    assert len(week_of(calendar)) == 1


def test_a_pattern_is_chosen_for_editing(root):
    calendar = made()
    cells.change_week(calendar.id, date(2090, 3, 6), [shift("07:00", "09:00")], by="root", now=utcnow())

    sent = form(root.get(f"/admin/calendars/{calendar.id}?since=2090-03-06"), "/week")

    assert (sent["since"], sent["shifts-0-start"]) == (["2090-03-06"], ["07:00"])


def test_holidays_are_pasted_and_listed(root):
    calendar = made()

    answer = root.post(
        f"/admin/calendars/{calendar.id}/days",
        data={
            "days-days": "2090-12-25 Christmas Day\n2090-12-26, 2090-12-31",
            "days-name": "Closed",
            "days-kind": "closed",
        },
    )

    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    said = words(root.get(f"/admin/calendars/{calendar.id}"))
    assert "2090-12-25 Christmas Day no shifts" in said
    assert "2090-12-31 Closed no shifts" in said


def test_extra_shifts_come_beside_the_usual(root):
    calendar = made(shift(days=WORKDAYS))
    extra = {
        "days-days": "2090-03-11",
        "days-name": "Overtime",
        "days-kind": "extra",
        "days-shifts": "06:00-12:00 (09:00-09:15)",
    }

    root.post(f"/admin/calendars/{calendar.id}/days", data=extra)

    assert "besides the usual: Shift 06:00–12:00 (09:00-09:15)" in words(root.get(f"/admin/calendars/{calendar.id}"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days-days": ""}, "days-days"),
        ({"days-days": "2026-02-29"}, "days-days"),
        ({"days-days": "tomorrow"}, "days-days"),
        ({"days-name": ""}, "days-name"),
        ({"days-kind": "extra"}, "days-shifts"),
        ({"days-kind": "instead", "days-shifts": "Early"}, "days-shifts"),
        ({"days-kind": "instead", "days-shifts": "Early 06:00-06:00"}, "days-shifts"),
        ({"days-kind": "extra", "days-shifts": "Early 07:00-08:00"}, "days-days"),
    ],
)
def test_days_that_cannot_be_are_told_and_nothing_typed_is_lost(root, wrong, field):
    calendar = made()
    sent = {"days-days": "2090-03-08", "days-name": "Closed", "days-kind": "closed", "days-shifts": "", **wrong}

    answer = root.post(f"/admin/calendars/{calendar.id}/days", data=sent)

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    assert form(answer, "/days")["days-name"] == [sent["days-name"]]
    assert cells.one_calendar(calendar.id).days == []


def test_a_day_of_the_past_is_cleared_once_its_reach_was_seen(root):
    calendar = made()
    followed(calendar, "C01")
    day = (PAST + timedelta(days=3)).date()
    cells.set_days(calendar.id, {day: OtherDay("Off")}, by="root", now=utcnow())
    path = f"/admin/calendars/{calendar.id}/days/{day}/removal"

    asked = root.post(path)
    assert f"{day} as every week again restates figures since" in words(asked)
    answer = root.post(path, data=form(asked, "/removal"))

    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    assert cells.one_calendar(calendar.id).days == []
    assert root.post(path, data=form(asked, "/removal")).status_code == 409


def test_cells_follow_by_site_kind_tag_or_one_by_one(root):
    calendar = made()
    mill, lathe, laser = (
        make_cell("C01"),
        make_cell("C02", kind="lathe", tags=["steel"]),
        make_cell("C03", kind="laser"),
    )
    path = f"/admin/calendars/{calendar.id}/cells"

    for sent in ({"follow-group": "kind:mill"}, {"follow-group": "tag:steel"}, {"cell": str(laser.id)}):
        assert leads_to(root.post(path, data=sent), f"/admin/calendars/{calendar.id}")

    assert cells.followers(utcnow()) == {calendar.id: [mill.id, lathe.id, laser.id]}
    other = made(name="Other")
    root.post(f"/admin/calendars/{other.id}/cells", data={"follow-group": f"site:{mill.site_id}"})
    assert sorted(cells.followers(utcnow() + timedelta(seconds=1))[other.id]) == [mill.id, lathe.id, laser.id]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "follow-group"),
        ({"follow-group": "kind:none such"}, "follow-group"),
        ({"follow-group": "kind:mill", "follow-since": "monday"}, "follow-since"),
        ({"follow-group": "kind:mill", "follow-since": "2500-01-01"}, "follow-since"),
        ({"cell": "99"}, ""),
    ],
)
def test_cells_that_cannot_follow_are_told(root, sent, field):
    calendar = made()
    make_cell("C01")

    answer = root.post(f"/admin/calendars/{calendar.id}/cells", data=sent)

    assert answer.status_code == 422
    assert complained_of(answer) == ([field] if field else [])
    assert cells.followers(utcnow()) == {}


def test_a_cells_own_page_says_which_it_follows_and_takes_it_off(root):
    calendar = made()
    [cell_id] = followed(calendar, "C01")
    path = f"/admin/cells/{cell_id}/calendar"
    assert "Follows Day shift" in words(root.get(path))
    assert path in root.get(f"/admin/cells/{cell_id}/edit").text

    asked = root.post(path, data={"follow-group": "none", "follow-since": f"{PAST:%Y-%m-%d %H:%M}"})
    assert "This restates figures since" in words(asked)
    answer = root.post(path, data={**form(asked, "/calendar"), "follow-group": "none"})

    assert leads_to(answer, path)
    assert cells.calendar_of(cell_id, utcnow()) is None
    assert root.post(path, data={"follow-group": "x"}).status_code == 422


def test_name_and_zone_are_changed(root):
    calendar = made()
    sent = form(root.get(f"/admin/calendars/{calendar.id}"), "/name")

    answer = root.post(f"/admin/calendars/{calendar.id}/name", data={**sent, "calendar-zone": "Europe/Berlin"})

    assert leads_to(answer, f"/admin/calendars/{calendar.id}")
    assert cells.one_calendar(calendar.id).zone == "Europe/Berlin"
    bad = root.post(f"/admin/calendars/{calendar.id}/name", data={"calendar-name": "", "calendar-zone": "UTC"})
    assert complained_of(bad) == ["calendar-name"]
    worse = root.post(f"/admin/calendars/{calendar.id}/name", data={"calendar-name": "A", "calendar-zone": "x"})
    assert complained_of(worse) == ["calendar-zone"]


def test_one_is_no_longer_offered_and_offered_again(root):
    calendar = made()
    cell = make_cell("C01")

    assert leads_to(root.post(f"/admin/calendars/{calendar.id}/retirement"), "/admin/calendars")
    assert f'<option value="{calendar.id}"' not in root.get(f"/admin/cells/{cell.id}/calendar").text
    assert "Show 1 no longer offered" in words(root.get("/admin/calendars"))
    assert "Day shift" in words(root.get("/admin/calendars?retired=1"))
    root.post(f"/admin/calendars/{calendar.id}/restoration")

    assert [one.id for one in cells.all_calendars()] == [calendar.id]


def test_the_coming_days_name_holidays_and_changes(root):
    calendar = made(shift())
    tomorrow = utcnow().date() + timedelta(days=1)
    cells.set_days(calendar.id, {tomorrow: OtherDay("Founders' day")}, by="root", now=utcnow())
    cells.change_week(calendar.id, tomorrow + timedelta(days=3), [], by="root", now=utcnow())

    said = words(root.get(f"/admin/calendars/{calendar.id}"))

    assert f"{tomorrow:%a} {tomorrow.day} {tomorrow:%b} Founders' day –" in said
    assert "New week pattern" in said


def test_markup_in_what_was_typed_is_text(root):
    root.post("/admin/calendars", data={**NEW, "name": "<script>x</script>", "shifts-0-name": '"><img>'})

    for path in ("/admin/calendars", "/admin/calendars/1", "/log"):
        assert "<script>x" not in root.get(path).text
        assert '"><img>' not in root.get(path).text


def test_absurdly_many_lines_are_cut(root):
    many = {f"shifts-{n}-start": "06:00" for n in range(500)}

    answer = root.post("/admin/calendars", data={**NEW, **many})

    assert answer.status_code == 422
    assert "shifts-39-start" in answer.text
    assert "shifts-40-start" not in answer.text


def test_since_is_read_at_the_sites_clock(client):
    make_site(zone="Europe/Berlin")
    sits(client, "root")
    calendar, cell = made(zone="Europe/Berlin"), make_cell("C01")

    client.post(
        f"/admin/calendars/{calendar.id}/cells", data={"cell": str(cell.id), "follow-since": "2027-07-01 06:00"}
    )

    assert cells.uses_of(cell.id) == [(datetime(2027, 7, 1, 4, tzinfo=UTC), calendar.id)]
