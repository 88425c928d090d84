"""Imports of history as an administrator brings them."""

import io
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.desk import complained_of, leads_to, values, words
from tests.world import NOW, make_cell, make_person
from webapp import cells
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

HEAD = b"cell,state,from,to\n"
GOOD = HEAD + b"C01,running,2026-03-03T08:00Z,2026-03-03T09:00Z\nC01,down,2026-03-03T09:00Z,2026-03-03T10:00Z\n"
BAD = GOOD + b"C01,down,1970-01-01T09:00Z,1970-01-01T10:00Z\nC77,down,2026-03-03T09:00Z,2026-03-03T10:00Z\n"


@pytest.fixture
def folder(app):
    place = Path(app.extensions["factory"].data_dir) / "imports"
    shutil.rmtree(place, ignore_errors=True)  # another test of this process may have brought files of its own
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def root(client, folder):
    make_cell("C01")
    make_person("root")
    client.sign_in("root")
    return client


def upload(client, content=GOOD, name="shop.csv", **fields):
    data = {"file": (io.BytesIO(content), name), "zone": "UTC", **fields}
    return client.post("/admin/imports", data=data, content_type="multipart/form-data")


def brought(client, content=GOOD):
    return int(upload(client, content).location.rsplit("/", 1)[1])


def told(client, id):
    """The rules as the page shows them."""
    return values(client.get(f"/admin/imports/{id}"))


def work(folder):
    while cells.go_on_importing(folder, utcnow):
        pass


def test_what_will_be_kept_by_whole_days_is_said_before_and_after(root, folder):
    kept = settings().keep_seconds_days
    old = f"{utcnow() - timedelta(days=kept + 30):%Y-%m-%d}"
    content = GOOD + f"C01,running,{old}T08:00Z,{old}T09:00Z\n".encode()
    id = brought(root, content)

    before = words(root.get(f"/admin/imports/{id}"))
    cells.begin_import(id, "root", utcnow(), folder)
    work(folder)
    after = words(root.get(f"/admin/imports/{id}"))

    assert f"1 of them is older than {kept:,} days" in before
    assert "KEEP_BLOCKS_DAYS" in before
    assert f"C01 reaches back beyond {kept:,} days" in after
    assert "older than" not in words(root.get(f"/admin/imports/{brought(root)}"))


def test_only_who_administers_may(client, folder):
    job = cells.offer_import(io.BytesIO(GOOD), "a.csv", "UTC", "root", NOW, folder)
    acts = ("", f"/{job.id}/rules", f"/{job.id}/beginning", f"/{job.id}/cancellation")
    assert client.get("/admin/imports").location == "/login?next=/admin/imports"
    assert {client.post(f"/admin/imports{act}").status_code for act in acts} == {401}

    make_person("sam")
    client.sign_in("sam")

    pages = ("", f"/{job.id}", f"/{job.id}/part", f"/{job.id}/refused.csv")
    assert {client.get(f"/admin/imports{page}").status_code for page in pages} == {403}
    assert {client.post(f"/admin/imports{act}").status_code for act in acts} == {403}


def test_what_is_not_there_is_not_found(root):
    for page in ("", "/part", "/refused.csv"):
        assert root.get(f"/admin/imports/99{page}").status_code == 404
        assert root.get(f"/admin/imports/{'9' * 30}{page}").status_code == 404
    for act in ("/rules", "/beginning", "/cancellation"):
        assert root.post(f"/admin/imports/99{act}").status_code == 404


def test_from_the_file_to_what_each_cell_got(root, folder):
    assert "No imports yet" in words(root.get("/admin/imports"))
    id = brought(root, BAD)
    page = words(root.get(f"/admin/imports/{id}"))
    assert "Of the first 4 rows 2 are understood and 2 will be refused" in page
    assert "running from 2026-03-03T08:00:00Z to 2026-03-03T09:00:00Z" in page
    assert "there is no cell C77" in page

    assert leads_to(root.post(f"/admin/imports/{id}/beginning", data=told(root, id)), f"/admin/imports/{id}")
    assert "Waiting" in words(root.get(f"/admin/imports/{id}"))
    assert "hx-get" in root.get(f"/admin/imports/{id}/part").get_data(as_text=True)
    work(folder)

    page = words(root.get(f"/admin/imports/{id}"))
    assert "Done" in page
    assert "1 h 00 min" in page or "1 h" in page
    assert "1970-01-01T09:00Z lies outside of what is read" in page
    listed = root.get(f"/admin/imports/{id}/refused.csv").get_data(as_text=True).splitlines()
    assert listed[0] == "line,what was wrong,what would be accepted"
    assert [line.split(",")[0] for line in listed[1:]] == ["4", "5"]
    assert "shop.csv" in words(root.get("/admin/imports"))


def test_a_poll_that_finds_nothing_new_says_so(root, folder):
    id = brought(root)
    root.post(f"/admin/imports/{id}/beginning", data=told(root, id))

    assert root.get(f"/admin/imports/{id}/part?seen=waiting-0-0-0").status_code == 204


def test_columns_and_words_are_told_on_the_page(root, folder):
    id = brought(root, "Anlage;Zustand;von;bis\nC01;läuft;2026-03-03 08:00;2026-03-03 09:00\n".encode())
    assert "Choose what the columns are" in words(root.get(f"/admin/imports/{id}"))
    named = {"column_cell": "Anlage", "column_state": "Zustand", "column_start": "von", "column_end": "bis"}
    asked = {**told(root, id), "shape": "intervals", **named, "zone": "Europe/Berlin"}

    root.post(f"/admin/imports/{id}/rules", data=asked)
    assert "läuft is no state" in words(root.get(f"/admin/imports/{id}"))
    root.post(f"/admin/imports/{id}/rules", data={**asked, "words": "läuft = running"})

    page = words(root.get(f"/admin/imports/{id}"))
    assert "running from 2026-03-03T07:00:00Z" in page
    assert told(root, id)["words"] == "läuft = running"


def test_whose_a_file_without_a_column_of_cells_is_is_chosen_on_the_page(root, folder):
    id = brought(root, b"time,state\n2026-03-03T08:00Z,running\n2026-03-03T09:00Z,idle\n")
    assert "Choose which cell all of it is of" in words(root.get(f"/admin/imports/{id}"))
    assert complained_of(root.post(f"/admin/imports/{id}/beginning", data=told(root, id))) == ["column_cell"]

    root.post(f"/admin/imports/{id}/rules", data={**told(root, id), "of_cell": "C01"})
    assert "C01 running from 2026-03-03T08:00:00Z" in words(root.get(f"/admin/imports/{id}"))
    root.post(f"/admin/imports/{id}/beginning", data=told(root, id))
    work(folder)

    assert [(cell.name, result.rows) for result, cell in cells.import_results(id)] == [("C01", 2)]


def test_keys_that_are_passed_over_are_named(root):
    rows = b"machine,timestamp,key,value\nC01,2026-03-03T08:00Z,Program_Status,ACTIVE\nC01,2026-03-03T08:00Z,parts,7\n"
    id = brought(root, rows)
    page = words(root.get(f"/admin/imports/{id}"))
    assert "0 are understood, 2 say nothing of a state" in page
    assert "Passed over: Program_Status, parts" in page

    root.post(f"/admin/imports/{id}/rules", data={**told(root, id), "keys": "Program_Status = execution"})

    assert "1 are understood, 1 say nothing of a state" in words(root.get(f"/admin/imports/{id}"))


def test_rules_that_cannot_be_are_said_at_their_fields(root):
    id = brought(root)
    wrong = {
        "shape": "items",
        "zone": "Mars",
        "not_before": "1066",
        "silence": "0",
        "source": "person",
        "most_bad": "101",
        "new_kind": "",
    }

    answer = root.post(f"/admin/imports/{id}/beginning", data={**told(root, id), **wrong})

    assert answer.status_code == 422
    assert {"zone", "not_before", "silence", "why", "most_bad", "new_kind", "column_key"} <= set(complained_of(answer))
    assert complained_of(root.post(f"/admin/imports/{id}/rules", data={**told(root, id), "words": "x"})) == ["words"]
    assert complained_of(root.post(f"/admin/imports/{id}/rules", data={**told(root, id), "words": "x = y"})) == [
        "words"
    ]
    assert complained_of(root.post(f"/admin/imports/{id}/rules", data={**told(root, id), "keys": "x = y"})) == ["keys"]
    assert cells.one_import(id).status == "offered"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        ("cell,state,from,to\n".encode("utf-16"), "UTF-16"),
        ("cell,state,from,to,größe\n".encode("latin-1"), "not UTF-8"),
        (b"cell,state,from,from\n", "two columns called from"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
        (b"x" * 70_000, "more than 65536 characters"),
        (b"just words\n", "must name its columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_kept(root, folder, content, says):
    answer = upload(root, content)

    assert (answer.status_code, complained_of(answer)) == (422, ["file"])
    assert says in words(answer)
    assert cells.recent_imports() == []
    assert list(folder.iterdir()) == []


def test_no_file_at_all_and_a_zone_that_is_none(root):
    assert complained_of(root.post("/admin/imports", data={"zone": "UTC"})) == ["file"]
    assert complained_of(upload(root, zone="Mars")) == ["zone"]


def test_a_file_larger_than_a_page_takes_is_told_the_way_out(root, monkeypatch, app):
    view = app.view_functions["admin_imports.offer"]
    monkeypatch.setattr(view, "largest_body", 1000)

    answer = upload(root, GOOD * 100)

    assert answer.status_code == 413
    assert "flask history import FILE" in words(answer)
    monkeypatch.undo()
    assert upload(root, GOOD + b"C01,idle,2026-03-03T10:00Z,2026-03-03T11:00Z\n" * 40_000).status_code == 303


def test_an_import_is_called_off(root, folder):
    id = brought(root)

    assert leads_to(root.post(f"/admin/imports/{id}/cancellation"), f"/admin/imports/{id}")

    work(folder)
    assert "Called off" in words(root.get(f"/admin/imports/{id}"))
    assert root.post(f"/admin/imports/{id}/cancellation").status_code == 409
    assert root.post(f"/admin/imports/{id}/beginning", data={}).status_code in (409, 422)
    assert cells.import_results(id) == []
