"""What counts as scheduled is said, also where some cells follow a calendar and some do not."""

from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.screens.test_utilization import asked, lines_of, past
from tests.world import make_cell
from webapp import cells
from webapp.lib.clock import iso, utcnow

__all__ = ["past"]


@pytest.fixture
def two(app, past):
    """C01 works early shifts, C02 has no calendar."""
    since = past[0] - timedelta(days=1)
    made = [make_cell(name, now=utcnow(), in_service_from=since) for name in ("C01", "C02")]
    shift = cells.Shift("Day", 6 * 60, 14 * 60, (), tuple(range(7)))
    calendar = cells.add_calendar("Day", "UTC", [shift], by="root", now=utcnow())
    cells.use_calendar([made[0].id], calendar.id, since, by="root", now=utcnow())
    return made


def test_a_mixed_basis_is_said_and_leads_to_who_has_no_calendar(client, two, past):
    page = client.get(asked("/utilization", past))

    assert "1 of 2 cells follow no calendar, or none for a part of this time: every such hour counts" in words(page)
    href = next(link.attrs["href"] for link in tree(page) if link.tag == "a" and link.text == "1 of 2 cells")
    opened = words(client.get(href))
    assert "every hour: no calendar" in opened
    assert opened.count("by calendar") >= 2


def test_programs_and_files_are_told_the_basis(client, two, past):
    window = f"start_time={iso(past[0])}&end_time={iso(past[1])}"
    rows = lines_of(client.get(asked("/utilization.csv", past)))

    assert client.get(f"/api/cells?{window}").json["basis"] == "mixed"
    assert client.get(asked("/utilization.json", past)).json["basis"] == "mixed"
    assert [row["basis"] for row in rows] == ["schedule", "calendar"]


@pytest.mark.parametrize(("number", "basis"), [(0, "schedule"), (1, "calendar")])
def test_of_one_cell_there_is_nothing_to_mix(client, two, past, number, basis):
    page = asked("/utilization", past) + f"&cell={two[number].id}"

    assert "follow no calendar" not in words(client.get(page))
    assert client.get(page.replace("?", ".json?", 1)).json["basis"] == basis
