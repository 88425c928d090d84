from datetime import timedelta

import plotly.graph_objects as go
import pytest

from tests.world import make_cell
from webapp import cells
from webapp.extensions import transaction
from webapp.lib.clock import utcnow
from webapp.screens.figures import DayHours, hours_on_one_axis


def booked(cell, start, end, kind="operation"):
    now = utcnow().replace(microsecond=0)
    with transaction():
        slot = cells.Slot("operation:1", kind, cell.id, now + timedelta(hours=start), now + timedelta(hours=end))
        cells.book([slot])


def test_a_week_that_was_and_the_days_to_come_stand_on_one_axis(client):
    cell = make_cell("C01", now=utcnow())
    booked(cell, 30, 40)

    page = client.get("/utilization/ahead").text

    assert "10 h 00" in page
    assert 'id="ahead"' in page
    assert page.count('<th scope="row">') >= 21


def test_can_we_take_this_order_is_answered(client):
    cell = make_cell("C01", now=utcnow())
    booked(cell, 0, 20)

    assert "Yes." in client.get("/utilization/ahead?hours=6.5").text
    soon = f"{utcnow() + timedelta(hours=22):%Y-%m-%dT%H:%MZ}"
    assert "No." in client.get(f"/utilization/ahead?hours=6&by={soon}").text
    booked(cell, 3, 19)
    assert "Not in one piece." in client.get(f"/utilization/ahead?hours=4&by={soon}").text


def test_a_closed_cell_is_not_counted_and_is_named(client):
    cell = make_cell("C01", now=utcnow())
    cells.set_mode(cell.id, "closed", "Rebuilt", "sam", utcnow())

    page = client.get("/utilization/ahead").text

    assert "No cells match" in page


@pytest.mark.parametrize("wrong", ["hours=x", "hours=-1", "by=x", "days=99", "kind=none", "by=9999-99-99", "hours=1e9"])
def test_what_cannot_be_read_is_named_and_the_page_is_shown(client, wrong):
    make_cell("C01", now=utcnow())

    answer = client.get(f"/utilization/ahead?{wrong}")

    assert answer.status_code == 400
    assert "Can we take this order?" in answer.text


def test_the_utilization_page_asks_for_it_once_it_is_shown(client):
    make_cell("C01", now=utcnow())

    page = client.get("/utilization?kind=mill").text

    assert 'hx-get="/utilization/ahead/part?kind=mill"' in page
    assert 'id="ahead-part"' in client.get("/utilization/ahead/part?kind=mill").text


def test_the_figure_is_one_that_plotly_knows():
    figure = hours_on_one_axis([DayHours("Mon 2 Mar", used=3600), DayHours("Tue 3 Mar", free=7200)], "Tue 3 Mar")

    go.Figure(figure)
    assert figure["data"][0]["y"] == [1.0, 0.0]
