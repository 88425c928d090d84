"""Files of orders as a planner brings them."""

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.desk import complained_of, leads_to, values, words
from tests.world import make_person, make_site
from webapp import cells, orders
from webapp.lib.clock import utcnow

DAY = f"{utcnow() - timedelta(days=3):%Y-%m-%d}"
HEAD = "order,product,qty,step,operation,machine,start,end\n"
GOOD = HEAD + f"WO-1,Ring,10,1,Cut,Saw 1 - Sawing,{DAY} 08:00,{DAY} 09:00\n"
BAD = GOOD + "WO-1,Ring,10,2,Bend,Press 1,24:00.0,43:00.0\n"


@pytest.fixture
def folder(app):
    place = Path(app.extensions["factory"].data_dir) / "order-imports"
    shutil.rmtree(place, ignore_errors=True)  # another test of this process may have brought files of its own
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def pat(client, folder):
    make_site()
    make_person("pat")
    client.sign_in("pat")
    return client


def upload(client, content=GOOD, name="plan.csv", **fields):
    data = {"file": (io.BytesIO(content.encode()), name), "zone": "UTC", **fields}
    return client.post("/orders/imports", data=data, content_type="multipart/form-data")


def brought(client, content=GOOD):
    return int(upload(client, content).location.rsplit("/", 1)[1])


def told(client, id):
    """The rules as the page shows them."""
    return values(client.get(f"/orders/imports/{id}"))


def work(folder):
    while orders.go_on_importing(folder, utcnow):
        pass


def test_only_who_plans_may(client, folder):
    make_site()
    job = orders.offer_import(io.BytesIO(GOOD.encode()), "a.csv", "UTC", "pat", utcnow(), folder)
    acts = ("", f"/{job.id}/rules", f"/{job.id}/beginning", f"/{job.id}/cancellation")
    assert client.get("/orders/imports").location == "/login?next=/orders/imports"
    assert {client.post(f"/orders/imports{act}").status_code for act in acts} == {401}

    make_person("oli")
    client.sign_in("oli")

    pages = ("", f"/{job.id}", f"/{job.id}/part", f"/{job.id}/refused.csv")
    assert {client.get(f"/orders/imports{page}").status_code for page in pages} == {403}
    assert {client.post(f"/orders/imports{act}").status_code for act in acts} == {403}


def test_what_is_not_there_is_not_found(pat):
    for page in ("", "/part", "/refused.csv"):
        assert pat.get(f"/orders/imports/99{page}").status_code == 404
    for act in ("/rules", "/beginning", "/cancellation"):
        assert pat.post(f"/orders/imports/99{act}").status_code == 404


def test_from_the_file_to_the_orders(pat, folder):
    id = brought(pat, BAD)
    page = words(pat.get(f"/orders/imports/{id}"))
    assert "Of the first 2 rows 1 are understood, of 1 orders: 1 tell what is over, 0 what is to come" in page
    assert "24:00.0 is no time" in page
    assert "Will be made" in page
    asked = told(pat, id)
    assert (asked["machines-0-text"], asked["machines-0-cell"], asked["machines-0-kind"]) == (
        "Press 1",
        "Press 1",
        "machine",
    )

    assert leads_to(pat.post(f"/orders/imports/{id}/beginning", data=asked), f"/orders/imports/{id}")
    assert "Waiting" in words(pat.get(f"/orders/imports/{id}"))
    work(folder)

    page = words(pat.get(f"/orders/imports/{id}"))
    assert "Orders 1 0 0 0 Operations 1 0 0 0 Machines 1" in page
    assert "No step begins before the one before it ends" in page
    assert cells.by_name("Saw 1").kind == "Sawing"
    listed = pat.get(f"/orders/imports/{id}/refused.csv").get_data(as_text=True).splitlines()
    assert listed[1].startswith("3,24:00.0 is no time")
    assert "plan.csv" in words(pat.get("/orders/imports"))


def test_columns_and_machines_are_told_on_the_page(pat, folder):
    make = cells.add_cell(cells.CellDetails("C01", "saw", driver=cells.HAND), "root", utcnow())
    id = brought(pat, f"Auftr;Was;Ort;Ab;Zu\nA-1;Sägen;Säge;{DAY} 08:00;{DAY} 09:00\n")
    assert "Choose which column names the order and which the operation" in words(pat.get(f"/orders/imports/{id}"))
    named = dict(zip(("order", "name", "machine", "start", "end"), ("Auftr", "Was", "Ort", "Ab", "Zu"), strict=True))
    asked = {**told(pat, id), **{f"column_{role}": name for role, name in named.items()}}

    pat.post(f"/orders/imports/{id}/rules", data=asked)
    pat.post(f"/orders/imports/{id}/beginning", data={**told(pat, id), "machines-0-cell": "C01"})
    work(folder)

    [op] = orders.one_order("A-1").operations
    assert (op.name, op.cell_id) == ("Sägen", make.id)


def test_a_cell_that_could_not_be_made(pat):
    id = brought(pat)

    answer = pat.post(f"/orders/imports/{id}/rules", data={**told(pat, id), "machines-0-cell": "Saw/1"})

    assert answer.status_code == 422
    assert "Saw/1 cannot be made: its name must be" in words(answer)


@pytest.mark.parametrize(
    ("content", "name", "field"), [("", "a.csv", "file"), ("x", "", "file"), ("order,operation\n", "a.csv", "file")]
)
def test_a_file_that_is_none(pat, content, name, field):
    answer = upload(pat, content, name)

    assert (answer.status_code, complained_of(answer)) == (422, [field])


def test_a_column_twice_and_a_zone_that_is_none(pat):
    id = brought(pat)

    answer = pat.post(
        f"/orders/imports/{id}/rules", data={**told(pat, id), "column_qty": "product", "zone": "Europe/Atlantis"}
    )

    assert answer.status_code == 422
    assert set(complained_of(answer)) == {"column_product", "column_qty", "zone"}


def test_it_is_called_off(pat, folder):
    id = brought(pat)
    pat.post(f"/orders/imports/{id}/beginning", data=told(pat, id))

    pat.post(f"/orders/imports/{id}/cancellation")
    work(folder)

    assert "Called off" in words(pat.get(f"/orders/imports/{id}"))
    assert pat.post(f"/orders/imports/{id}/cancellation").status_code == 409


def test_a_poll_that_finds_nothing_new_says_so(pat):
    id = brought(pat)
    pat.post(f"/orders/imports/{id}/beginning", data=told(pat, id))

    assert pat.get(f"/orders/imports/{id}/part?seen=waiting-0-0-0").status_code == 204
