"""What the factory decides on its own pages: sites, and what x1…x10 mean here."""

import pytest

from tests.screens.desk import complained_of, leads_to, values, words
from tests.world import make_person, make_site
from webapp import cells, journal, projects

SITE = {"name": "North Works", "zone": "Europe/Berlin", "target": "85"}
X3 = {
    "label": "Layer height",
    "unit": "mm",
    "help": "Thin is slow",
    "allowed": "",
    "low": "0.05",
    "high": "0.3",
    "in_use": "y",
}
PATHS = ["/admin/settings/sites", "/admin/settings/sites/1", "/admin/settings/parameters/1"]


@pytest.fixture
def root(app, client):
    make_person("root")
    client.sign_in("root")
    return client


def test_nobody_is_sent_to_sign_in(client):
    make_site()

    assert client.get("/admin/settings").location == "/login?next=/admin/settings"
    assert {client.post(path).status_code for path in PATHS} == {401}


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "pat", "oli"])
def test_only_who_administers_may(client, username):
    make_site()
    make_person(username)
    client.sign_in(username)

    pages = ["/admin/settings", "/admin/settings/sites/new", *PATHS[1:]]
    assert {client.get(path).status_code for path in pages} | {client.post(path).status_code for path in PATHS} == {403}


def test_what_is_not_there_is_not_found(root):
    for path in ("sites/99", "parameters/0", "parameters/11"):
        assert root.get(f"/admin/settings/{path}").status_code == 404
        assert root.post(f"/admin/settings/{path}", data=SITE | X3).status_code == 404


def test_before_there_is_a_site_it_says_so(root):
    assert "No site yet" in words(root.get("/admin/settings"))


def test_a_site_is_added(root):
    answer = root.post("/admin/settings/sites", data=SITE)

    [site] = cells.sites()
    assert leads_to(answer, "/admin/settings")
    assert (site.name, site.zone, site.target) == ("North Works", "Europe/Berlin", 85)
    assert "North Works Europe/Berlin 85 %" in words(root.get("/admin/settings"))
    assert [entry.by for entry in journal.recent(f"site:{site.id}")] == ["root"]


def test_a_new_site_has_a_target_to_start_from(root):
    assert values(root.get("/admin/settings/sites/new"))["target"] == "80"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"target": "0"}, "target"),
        ({"target": "101"}, "target"),
        ({"target": "80.5"}, "target"),
        ({"target": ""}, "target"),
    ],
)
def test_a_site_that_cannot_be_is_told_at_its_field(root, wrong, field):
    for path in ("/admin/settings/sites", f"/admin/settings/sites/{make_site().id}"):
        answer = root.post(path, data={**SITE, **wrong})

        assert answer.status_code == 422
        assert complained_of(answer) == [field]
        assert {name: values(answer)[name] for name in SITE} == {**SITE, **wrong}
    assert [site.name for site in cells.sites()] == ["Hall 1"]


def test_a_sites_name_is_taken_once(root):
    root.post("/admin/settings/sites", data=SITE)

    again = root.post("/admin/settings/sites", data=SITE)

    assert again.status_code == 422
    assert "Name is taken" in words(again)
    assert len(cells.sites()) == 1


def test_a_site_is_changed_and_pages_follow_its_clock(root):
    site = make_site()
    form = values(root.get(f"/admin/settings/sites/{site.id}"))

    answer = root.post(f"/admin/settings/sites/{site.id}", data={**form, "zone": "Asia/Kolkata"})

    assert leads_to(answer, "/admin/settings")
    assert "UTC+5:30" in words(root.get("/utilization"))
    [change, _] = journal.recent(f"site:{site.id}")
    assert (change.details["before"]["zone"], change.details["after"]["zone"]) == ("UTC", "Asia/Kolkata")


def test_ten_parameters_are_listed(root):
    said = words(root.get("/admin/settings"))

    assert all(f"x{n} " in said for n in range(1, 11))
    assert "x11" not in said
    assert said.count("Any text") == said.count("Shown") == 10


def test_a_parameter_is_described_and_the_form_shows_it(root):
    answer = root.post("/admin/settings/parameters/3", data=X3)

    x3 = projects.parameters()[2]
    assert leads_to(answer, "/admin/settings")
    assert (x3.label, x3.unit, x3.help, x3.low, x3.high, x3.in_use) == (
        "Layer height",
        "mm",
        "Thin is slow",
        0.05,
        0.3,
        True,
    )
    assert "Layer height Thin is slow mm 0.05 to 0.3" in words(root.get("/admin/settings"))
    assert "Layer height" in words(root.get("/projects/new"))


def test_one_that_is_hidden_is_not_on_the_form(root):
    root.post("/admin/settings/parameters/3", data={name: text for name, text in X3.items() if name != "in_use"})

    assert "Hidden" in words(root.get("/admin/settings"))
    assert 'name="x3"' not in root.get("/projects/new").text


def test_allowed_values_become_a_menu(root):
    root.post("/admin/settings/parameters/1", data={"allowed": "AlSi10Mg, Ti64 ,", "in_use": "y"})

    assert projects.parameters()[0].allowed == ["AlSi10Mg", "Ti64"]
    assert '<option value="Ti64"' in root.get("/projects/new").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": "x" * 61}, "label"),
        ({"unit": "x" * 21}, "unit"),
        ({"help": "x" * 201}, "help"),
        ({"low": "thin"}, "low"),
        ({"low": "1e400"}, "low"),
        ({"high": "inf"}, "high"),
        ({"low": "1", "high": "0"}, "high"),
        ({"allowed": "a, b, a"}, "allowed"),
    ],
)
def test_a_parameter_that_cannot_be_is_told_at_its_field(root, wrong, field):
    answer = root.post("/admin/settings/parameters/3", data={**X3, **wrong})

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    assert values(answer)[field] == {**X3, **wrong}[field]
    assert projects.parameters()[2].label == ""


def test_saving_what_was_shown_changes_nothing_and_is_not_logged(root):
    root.post("/admin/settings/parameters/3", data=X3)
    form = values(root.get("/admin/settings/parameters/3"))

    root.post("/admin/settings/parameters/3", data=form)

    assert (form["low"], form["high"]) == ("0.05", "0.3")
    assert len(journal.recent("parameter:3")) == 1


def test_markup_in_what_was_typed_is_text(root):
    root.post("/admin/settings/sites", data={**SITE, "name": "<script>x</script>"})
    root.post("/admin/settings/parameters/3", data={**X3, "label": "<script>x</script>", "help": '"><img>'})

    for path in ("/admin/settings", "/admin/settings/parameters/3", "/projects/new", "/log"):
        assert "<script>x" not in root.get(path).text
