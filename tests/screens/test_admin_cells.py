"""Cells as an administrator keeps them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.screens.desk import complained_of, leads_to, tree, values, words
from tests.world import idle_cell, make_cell, make_person, make_project, make_site
from webapp import cells, journal, people
from webapp.config import networks
from webapp.lib.clock import utcnow

NEW = {
    "name": "C01",
    "kind": "5-axis mill",
    "driver": "http",
    "address": "http://10.1.0.7:7000/cell/1",
    "heartbeat": "60",
}
PUSHING = {**NEW, "driver": "push", "address": ""}


@pytest.fixture
def root(app, client, monkeypatch):
    reach = replace(app.extensions["factory"], cell_networks=networks("10.1.0.0/16:7000-7099"))
    monkeypatch.setitem(app.extensions, "factory", reach)
    make_site()
    make_person("root")
    client.sign_in("root")
    return client


def secret_on(page):
    return next((field.attrs["value"] for field in tree(page) if field.attrs.get("id") == "secret"), None)


def acts(cell):
    return [entry.verb for entry in journal.recent(f"cell:{cell.id}")]


def test_nobody_is_sent_to_sign_in(client):
    cell = make_cell()

    assert client.get("/admin/cells").location == "/login?next=/admin/cells"
    for act in ("", f"/{cell.id}", f"/{cell.id}/retirement", f"/{cell.id}/tokens", f"/{cell.id}/tokens/1/revocation"):
        assert client.post(f"/admin/cells{act}").status_code == 401


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "pat", "oli"])
def test_only_who_administers_may(client, username):
    cell = make_cell()
    make_person(username)
    client.sign_in(username)

    gets = {
        client.get(f"/admin/cells{page}").status_code for page in ("", "/new", f"/{cell.id}/edit", f"/{cell.id}/tokens")
    }
    posts = {client.post(f"/admin/cells{act}").status_code for act in ("", f"/{cell.id}", f"/{cell.id}/retirement")}
    assert gets | posts == {403}


def test_a_cell_that_is_not_there_is_not_found(root):
    for path in ("/admin/cells/99/edit", "/admin/cells/99/tokens"):
        assert root.get(path).status_code == 404
    for act in ("", "/retirement", "/tokens", "/tokens/1/revocation"):
        assert root.post(f"/admin/cells/99{act}", data=NEW).status_code == 404


def test_before_there_is_a_site_the_form_asks_for_one(client):
    make_person("root")
    client.sign_in("root")

    assert "A site comes first" in words(client.get("/admin/cells/new"))
    assert client.post("/admin/cells", data=PUSHING).status_code == 422


def test_no_cells_yet_and_none_that_match(root):
    assert "No cells yet" in words(root.get("/admin/cells"))
    make_cell("C01")

    assert "No cells match" in words(root.get("/admin/cells?q=lathe"))
    assert "C01" in words(root.get("/admin/cells?q=MILL"))


def test_a_cell_that_is_asked_is_added(root):
    answer = root.post("/admin/cells", data={**NEW, "tags": "steel,  5-axis ,", "specs": "memory: 64 GB\nrpm: 12000"})

    cell = cells.by_name("C01")
    assert leads_to(answer, "/admin/cells")
    assert (cell.kind, cell.tags, cell.specs) == (
        "5-axis mill",
        ["steel", "5-axis"],
        {"memory": "64 GB", "rpm": "12000"},
    )
    assert (cell.feeds[0].kind, cell.feeds[0].address) == ("http", "http://10.1.0.7:7000/cell/1")
    assert [entry.by for entry in journal.recent(f"cell:{cell.id}")] == ["root"]
    assert "C01 added" in words(root.get("/admin/cells"))


def test_one_that_reports_by_itself_is_led_to_its_token(root):
    answer = root.post("/admin/cells", data={**PUSHING, "heartbeat": "30"})

    cell = cells.by_name("C01")
    assert leads_to(answer, f"/admin/cells/{cell.id}/tokens")
    assert cell.feeds[0].heartbeat == 30
    assert "No token yet" in words(root.get(answer.location))


def test_the_same_form_sent_twice_adds_one(root):
    form = {**NEW, "key": values(root.get("/admin/cells/new"))["key"]}

    first, second = root.post("/admin/cells", data=form), root.post("/admin/cells", data=form)

    assert first.location == second.location == "/admin/cells"
    assert len(cells.all_cells()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "http://10.2.0.7:7000/cell/1"}, "address"),
        ({"address": "http://10.1.0.7:8000/cell/1"}, "address"),
        ({"address": "http://127.0.0.1:7000/"}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"address": ""}, "address"),
        ({"name": ""}, "name"),
        ({"name": "<script>"}, "name"),
        ({"kind": ""}, "kind"),
        ({"driver": "telepathy"}, "driver"),
        ({"driver": "push", "heartbeat": "0"}, "heartbeat"),
        ({"heartbeat": "soon"}, "heartbeat"),
        ({"site_id": "99"}, "site_id"),
        ({"site_id": "hall"}, "site_id"),
        ({"tags": "x" * 41}, "tags"),
        ({"specs": "64 GB"}, "specs"),
        ({"specs": "{memory: 64}"}, "specs"),
        ({"specs": '{"a": {"b": 1} }'}, "specs"),
        ({"specs": '{"a": Infinity}'}, "specs"),
        ({"specs": "[" * 5000}, "specs"),
        ({"specs": '{"a":' * 5000}, "specs"),
        ({"in_service_from": "monday"}, "in_service_from"),
        ({"in_service_from": "9999-12-31 23:59"}, "in_service_from"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(root, wrong, field):
    sent = {**NEW, "location": "Bay 1 · Machining", **wrong}

    answer = root.post("/admin/cells", data=sent)

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    shown = values(answer)
    assert {name: shown[name] for name in sent if name not in ("driver", "site_id", "specs")} == {
        name: text for name, text in sent.items() if name not in ("driver", "site_id", "specs")
    }
    assert cells.all_cells() == []


def test_an_address_outside_the_networks_is_told_with_those_allowed(root):
    page = root.post("/admin/cells", data={**NEW, "address": "http://192.168.0.1:7000/"})

    assert "10.1.0.0/16:7000-7099" in words(page)


def test_a_name_that_is_taken_is_told_at_its_field(root):
    make_cell("C01")

    answer = root.post("/admin/cells", data=NEW)

    assert answer.status_code == 422
    assert complained_of(answer) == ["name"]
    assert "Short name is taken" in words(answer)


def test_specs_may_be_json(root):
    root.post("/admin/cells", data={**NEW, "specs": '{"memory": "64 GB", "rpm": 12000}'})

    assert cells.by_name("C01").specs == {"memory": "64 GB", "rpm": 12000}


def test_in_service_since_a_time_at_the_site(client):
    make_site(zone="Europe/Berlin")
    make_person("root")
    client.sign_in("root")

    client.post("/admin/cells", data={**PUSHING, "in_service_from": "2026-07-01 06:00"})

    assert cells.by_name("C01").in_service_from == datetime(2026, 7, 1, 4, tzinfo=UTC)


def test_a_cell_is_changed(root):
    cell = make_cell("C01")
    form = values(root.get(f"/admin/cells/{cell.id}/edit"))

    answer = root.post(f"/admin/cells/{cell.id}", data={**form, "name": "C07", "tags": "steel"})

    assert leads_to(answer, "/admin/cells")
    assert (cells.one(cell.id).name, cells.one(cell.id).tags) == ("C07", ["steel"])
    [change, _] = journal.recent(f"cell:{cell.id}")
    assert change.details == {"before": {"name": "C01", "tags": []}, "after": {"name": "C07", "tags": ["steel"]}}


def test_saving_what_was_shown_changes_nothing(root):
    since = utcnow().replace(microsecond=0) - timedelta(hours=3, seconds=7)
    cell = make_cell("C01", now=utcnow(), in_service_from=since.replace(second=37), specs={"memory": "64 GB"})
    form = values(root.get(f"/admin/cells/{cell.id}/edit"))

    root.post(f"/admin/cells/{cell.id}", data=form)

    assert cells.one(cell.id).in_service_from == since.replace(second=37)
    assert journal.recent(f"cell:{cell.id}")[0].details == {"before": {}, "after": {}}


def test_a_bench_without_a_feed_stays_without_one(root):
    root.post("/admin/cells", data={**NEW, "driver": "none", "takes": "operation", "address": ""})
    bench = cells.by_name("C01")
    form = values(root.get(f"/admin/cells/{bench.id}/edit"))

    root.post(f"/admin/cells/{bench.id}", data={**form, "location": "Bay 2"})

    assert (cells.one(bench.id).location, cells.one(bench.id).takes) == ("Bay 2", ["operation"])
    assert cells.one(bench.id).feeds == []


def test_a_change_that_cannot_be_is_told_at_its_field(root):
    cell = make_cell("C01")

    answer = root.post(f"/admin/cells/{cell.id}", data={**NEW, "address": "http://10.9.9.9/"})

    assert answer.status_code == 422
    assert complained_of(answer) == ["address"]
    assert cells.one(cell.id).feeds[0].kind == "push"


def test_a_cell_is_retired_and_its_history_stays(root):
    cell = make_cell("C01")

    answer = root.post(f"/admin/cells/{cell.id}/retirement")

    assert leads_to(answer, "/admin/cells")
    assert "C01 is out of service" in words(root.get("/admin/cells"))
    assert f"/cells/{cell.id}" not in root.get("/admin/cells").text
    assert "Out of service" in words(root.get("/admin/cells?retired=1"))
    assert "Take C01 out of service" not in words(root.get(f"/admin/cells/{cell.id}/edit"))


def test_twice_is_told_and_harmless(root):
    cell = make_cell("C01")
    root.post(f"/admin/cells/{cell.id}/retirement")

    again = root.post(f"/admin/cells/{cell.id}/retirement")

    assert again.status_code == 409
    assert "C01 is out of service since" in words(again)
    assert acts(cell).count("retired cell") == 1


def test_one_that_holds_a_project_stays(root):
    cell = idle_cell("C01")
    project = make_project()

    answer = root.post(f"/admin/cells/{cell.id}/retirement")

    assert answer.status_code == 409
    assert f"holds project {project.id}" in words(answer)
    assert cells.one(cell.id).in_service_to is None


def test_a_token_is_shown_once_and_works(root, app):
    cell = make_cell("C01", now=utcnow())

    page = root.post(f"/admin/cells/{cell.id}/tokens")

    secret = secret_on(page)
    report = {"headers": {"Authorization": f"Bearer {secret}"}, "json": {"state": "idle"}}
    assert app.test_client().post(f"/api/cells/{cell.id}/readings", **report).status_code == 202
    assert "Copy it now; it is shown once" in words(page)
    assert secret not in root.get(f"/admin/cells/{cell.id}/tokens").text
    assert secret_on(root.get(f"/admin/cells/{cell.id}/tokens")) is None


def test_a_token_that_is_revoked_is_dead_at_once(root, app):
    cell = make_cell("C01", now=utcnow())
    secret = secret_on(root.post(f"/admin/cells/{cell.id}/tokens"))
    [token] = people.tokens_of(cell_id=cell.id)

    answers = [root.post(f"/admin/cells/{cell.id}/tokens/{token.id}/revocation") for _ in range(2)]

    assert all(leads_to(answer, f"/admin/cells/{cell.id}/tokens") for answer in answers)
    report = {"headers": {"Authorization": f"Bearer {secret}"}, "json": {"state": "idle"}}
    assert app.test_client().post(f"/api/cells/{cell.id}/readings", **report).status_code == 401
    assert acts(cell).count("revoked token") == 1
    assert root.post(f"/admin/cells/{cell.id}/tokens/999/revocation").status_code == 404


def test_markup_in_what_was_typed_is_text(root):
    root.post("/admin/cells", data={**NEW, "kind": "<script>x</script>", "location": '"><img>', "tags": "<b>"})

    for path in ("/admin/cells", f"/admin/cells/{cells.by_name('C01').id}/edit"):
        assert "<script>x" not in root.get(path).text
