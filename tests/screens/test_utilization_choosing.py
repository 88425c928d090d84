"""Which time and which cells: all of it stands in the address, and what cannot be read is named."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.screens.desk import listed, tree, words
from tests.screens.test_utilization import HOUR, asked, lines_of, rows_of, was
from tests.world import idle_cell, make_cell, make_running, make_site, person
from webapp import cells, projects
from webapp.lib.clock import iso, utcnow, whole
from webapp.lib.window import Window


@pytest.fixture
def works():
    """Two sites, three cells of two kinds; all there for days."""
    near, far = make_site("Hall A", target=80), make_site("Hall B", target=70)
    since = {"now": utcnow(), "in_service_from": utcnow() - timedelta(days=3)}
    make_cell("C01", kind="mill", tags=["steel"], site_id=near.id, **since)
    make_cell("C02", kind="lathe", tags=["steel", "alu"], site_id=near.id, **since)
    make_cell("C03", kind="mill", site_id=far.id, **since)
    return near, far


def shown(page):
    return [name for name in rows_of(page) if name]


def number_of(name):
    return cells.by_name(name).id


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["C01", "C02", "C03"]),
        ("site=1", ["C01", "C02"]),
        ("kind=mill", ["C01", "C03"]),
        ("tag=steel", ["C01", "C02"]),
        ("site=1&kind=mill&tag=steel", ["C01"]),
        ("site=&kind=&tag=", ["C01", "C02", "C03"]),
    ],
)
def test_filters_let_through_what_all_of_them_let_through(client, works, query, names):
    query = query.replace("site=1", f"site={works[0].id}")

    assert shown(client.get(f"/utilization?{query}")) == names
    assert [line["cell"] for line in lines_of(client.get(f"/utilization.csv?{query}"))] == names


def test_several_cells_by_their_numbers(client, works):
    query = f"cell={number_of('C01')}&cell={number_of('C03')}"

    page = client.get(f"/utilization?{query}")

    assert shown(page) == ["C01", "C03"]
    assert "2 of 3 cells" in words(page)


def test_no_cell_matches_and_a_way_on(client, works):
    page = client.get(f"/utilization?site={works[1].id}&kind=lathe")

    assert (page.status_code, "No cells match" in words(page)) == (200, True)
    assert [link.attrs["href"] for link in tree(page) if link.text == "All cells"] == ["/utilization?r=24h"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("site=99", "Site must be one of"),
        ("site=x", "Site must be one of"),
        ("kind=crane", "Kind must be one of lathe, mill"),
        ("tag=gold", "Tag must be one of alu, steel"),
        ("cell=99999", "Cell must be the number of a cell"),
        ("cell=C01", "Cell must be the number of a cell"),
        ("compare=maybe", "Compare must be 1 or left out"),
        ("r=fortnight&kind=crane", "Kind must be one of lathe, mill"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_the_page_is_shown(client, works, query, says):
    page = client.get(f"/utilization?{query}")

    assert page.status_code == 400
    assert says in words(page)
    assert shown(page) == ["C01", "C02", "C03"]
    assert client.get(f"/utilization.csv?{query}").status_code == 400


def test_every_link_of_the_page_keeps_the_cells(client, works):
    page = client.get("/utilization?r=7d&kind=mill&compare=1")

    presets = [link.attrs["href"] for link in tree(page) if link.tag == "a" and "r=" in link.attrs["href"]]
    assert presets
    for href in presets:
        said = dict(parse_qsl(urlsplit(href).query))
        assert (said.get("kind"), said.get("compare")) in {("mill", "1"), (None, None)}  # the latter clears them


def test_what_is_typed_keeps_the_cells_too(client, works):
    answer = client.get(f"/utilization?from=2026-03-01&to=2026-03-02&kind=mill&cell={number_of('C01')}")

    assert answer.location.endswith(f"end=2026-03-02T00:00:00Z&kind=mill&cell={number_of('C01')}")


def test_compared_with_the_period_before(client):
    now = whole(utcnow())
    cell = make_cell("C01", now=utcnow(), in_service_from=now - timedelta(days=3))
    past = now - 5 * HOUR, now - HOUR
    was(cell, "running", past[0] - 4 * HOUR, 3600)
    was(cell, "running", past[0], 2 * 3600)

    page = client.get(asked("/utilization", past) + "&compare=1")
    [line] = lines_of(client.get(asked("/utilization.csv", past) + "&compare=1"))

    assert "25.0 points more than the same time before, 25.0 %" in words(page)
    assert (line["utilization"], line["utilization_before"]) == ("50.0", "25.0")
    assert line["start_time_before"] == iso(past[0] - 4 * HOUR)
    assert "utilization_before" not in lines_of(client.get(asked("/utilization.csv", past)))[0]


def test_where_sites_aim_at_different_shares_each_stands_in_the_table(client, works):
    both, one = client.get("/utilization"), client.get(f"/utilization?site={works[1].id}")

    assert "targets differ by site" in words(both)
    assert "Target 70 %" in words(one)
    assert [cell.text for row in tree(both) if row.tag == "tr" for cell in row][-1] != ""
    heads = [head.text for head in tree(both) if head.tag == "th"]
    assert heads.count("Target") == 1


def test_shifts_are_offered_where_a_calendar_gives_them(client, works):
    assert "shift" not in words(client.get("/utilization"))
    _two_shifts()

    page = client.get("/utilization?r=last-shift&compare=1")

    assert page.status_code == 200
    assert "Last shift (" in words(page)
    assert "than the shift before it" in words(page) or "as in the shift before it" in words(page)
    window = cells.shift_windows(cells.chosen(), utcnow()).last.window
    assert f"start={iso(window.start)}" in page.get_data(as_text=True).replace("%3A", ":")
    assert client.get("/utilization?r=shift").status_code == 200


def _two_shifts():
    shifts = [
        cells.Shift(name, start * 60, (start + 12) * 60, days=tuple(range(7))) for name, start in (("A", 6), ("B", 18))
    ]
    calendar = cells.add_calendar("Round the clock", "UTC", shifts, by="root", now=utcnow())
    since = utcnow() - timedelta(days=2)
    cells.use_calendar([cell.id for cell in cells.all_cells()], calendar.id, since, by="root", now=utcnow())


def test_out_of_shift_running_has_its_own_line(client):
    now = whole(utcnow())
    cell = make_cell("C01", now=utcnow(), in_service_from=now - timedelta(days=3))
    yesterday = (now - timedelta(days=1)).replace(hour=0, minute=0, second=0)
    shift = cells.Shift("Early", 6 * 60, 14 * 60, days=tuple(range(7)))
    calendar = cells.add_calendar("One shift", "UTC", [shift], by="root", now=now)
    cells.use_calendar([cell.id], calendar.id, now - timedelta(days=3), by="root", now=now)
    was(cell, "running", yesterday + 5 * HOUR, 3 * 3600)

    said = words(client.get("/utilization?r=yesterday"))

    assert "1 h 00 running out of shift not in the utilization" in said
    assert "2 h 00 running unassigned" in said
    assert "Utilization, all cells, of scheduled time" in said


def test_a_restated_figure_says_so_with_who_and_why(client):
    now = whole(utcnow())
    cell = make_cell("C01", now=utcnow(), in_service_from=now - timedelta(days=3))
    cells.correct_history(cell.id, Window(now - 3 * HOUR, now - 2 * HOUR), "running", "The plug was out", "Sam", now)

    page = client.get("/utilization")

    assert "Restated corrected by Sam on" in words(page)
    assert "The plug was out" in words(page)
    assert "entered by people" in words(page)


def test_many_cells_are_turned_over_the_worst_first(client):
    now = whole(utcnow())
    for n in range(45):
        make_cell(f"C{n:02}", now=utcnow(), in_service_from=now - timedelta(days=2))
    was(cells.by_name("C07"), "running", now - 3 * HOUR, 3600)

    first, second = client.get("/utilization"), client.get("/utilization?part=2")

    assert "The 40 least used of 45 cells" in words(first)
    assert "41–45 of 45" in words(second)
    assert len(shown(first)) == len(shown(second)) == 45
    assert "C07" in second.get_data(as_text=True).split("data-figure='")[1].split("'")[0]
    assert client.get("/utilization?part=x").status_code == 200


@pytest.mark.parametrize("which", ["map", "days"])
def test_each_chart_as_a_table_whose_numbers_open(client, works, which):
    was(cells.by_name("C01"), "running", whole(utcnow()) - 2 * HOUR, 3600)

    page = client.get(f"/utilization?table={which}")

    assert f'id="{which}"' not in page.get_data(as_text=True)
    assert "Show as chart" in words(page)
    links = [link.attrs["href"] for link in tree(page) if link.tag == "a"]
    assert sum("/utilization/utilization?start=" in href for href in links) > 14


def ran(name, end, at):
    """A project that ran on this cell and ended so."""
    end(make_running(requested_cell_id=number_of(name), now=at - HOUR).id, person(), at, reason="Over")


def test_projects_that_ended_open_to_as_many(client):
    near, far = make_site("Hall A"), make_site("Hall B")
    idle_cell("C01", kind="mill", tags=["steel"], site_id=near.id)
    idle_cell("C02", kind="lathe", site_id=near.id)
    idle_cell("C03", kind="mill", site_id=far.id)
    end = whole(utcnow())
    for name, ended in (
        ("C01", projects.finish),
        ("C02", projects.finish),
        ("C02", projects.fail),
        ("C03", projects.fail),
    ):
        ran(name, ended, end - 2 * HOUR)
    ran("C01", projects.finish, end - 9 * HOUR)
    some = f"cell={number_of('C01')}&cell={number_of('C03')}"

    for query in ("", "kind=lathe", "tag=steel", f"site={near.id}", some):
        page = client.get(asked("/utilization", (end - 4 * HOUR, end)) + "&" + query)
        opens = {a.text: a.attrs["href"] for a in tree(page) if a.attrs.get("href", "").startswith("/projects?status=")}
        assert opens
        for number, href in opens.items():
            assert len(listed(client.get(href))) == int(number.split()[0]), href
