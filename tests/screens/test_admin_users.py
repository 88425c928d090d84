import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import journal, people

NEW = {"username": "lin", "password": PASSWORD, "first_name": "Lin", "last_name": "Wu", "role": "planner"}


@pytest.fixture
def ada(app):
    return make_person("ada")


@pytest.fixture
def root(app, client):
    person = make_person("root")
    client.sign_in("root")
    return person


def paths(ada):
    acts = ("", "/password", "/disabling", "/enabling")
    return ["/admin/users", *(f"/admin/users/{ada.id}{act}" for act in acts)]


def test_nobody_is_sent_to_sign_in(client, ada):
    assert {client.post(path).status_code for path in paths(ada)} == {401}
    assert client.get("/admin/users").location == "/login?next=/admin/users"


@pytest.mark.parametrize("username", ["eizumoto", "sam", "dee", "pat", "oli"])
def test_only_who_administers_may(client, ada, username):
    make_person(username)
    client.sign_in(username)

    assert {client.post(path).status_code for path in paths(ada)} == {403}
    assert {client.get(f"/admin/users{page}").status_code for page in ("", "/new", f"/{ada.id}/edit")} == {403}


def test_who_is_not_there_is_not_found(client, root):
    assert client.get("/admin/users/99/edit").status_code == 404
    for act in ("", "/password", "/disabling", "/enabling"):
        given = {"role": "planner", "new": "a staple of batteries"}
        assert client.post(f"/admin/users/99{act}", data=given).status_code == 404


def test_the_list_tells_names_roles_and_who_came(client, root, ada):
    page = client.get("/admin/users").text

    assert "2 people" in page
    assert "Ada Byron" in page
    assert "Engineer" in page
    assert "Not signed in yet" in page


def test_the_list_is_searched_and_filtered(client, root, ada):
    make_person("sam")

    found = client.get("/admin/users?q=byr&role=engineer&status=active").text
    none = client.get("/admin/users?q=byr&role=planner").text

    assert "Ada Byron" in found
    assert "Sam Okafor" not in found
    assert "No people match" in none


def test_a_long_list_has_pages(client, root):
    for n in range(55):
        make_person(f"op{n:02}", roles=["operator"])

    first = client.get("/admin/users").text
    second = client.get("/admin/users?after=op49").text

    assert "op48" in first
    assert "op50" not in first
    assert "after=op49" in first
    assert "op50" in second


def test_a_new_person_can_sign_in(client, root, app):
    answer = client.post("/admin/users", data={**NEW, "also": ["operator", "planner"]})

    lin = people.user_named("lin")
    assert answer.location == "/admin/users"
    assert (lin.full_name, lin.roles) == ("Lin Wu", ["planner", "operator"])
    assert app.test_client().sign_in("lin").status_code == 303
    assert [entry.by for entry in journal.recent(f"user:{lin.id}") if entry.verb == "added user"] == ["root"]


def test_a_name_that_is_taken_is_told_at_its_field(client, root, ada):
    answer = client.post("/admin/users", data={**NEW, "username": "ada"})

    assert answer.status_code == 422
    assert "Username is taken" in answer.text
    assert 'value="Wu"' in answer.text
    assert PASSWORD not in answer.text


def test_a_role_that_there_is_not_is_refused(client, root):
    assert client.post("/admin/users", data={**NEW, "role": "king"}).status_code == 422


def test_names_and_roles_are_edited(client, root, ada):
    page = client.get(f"/admin/users/{ada.id}/edit").text
    client.post(
        f"/admin/users/{ada.id}",
        data={"first_name": "Augusta", "last_name": "King", "role": "head", "also": ["engineer"]},
    )

    assert 'value="Byron"' in page
    assert people.one_user(ada.id).full_name == "Augusta King"
    assert people.one_user(ada.id).roles == ["head", "engineer"]


def test_a_new_password_is_set_for_somebody(client, root, ada, app):
    hers = app.test_client()
    hers.sign_in("ada")

    answer = client.post(f"/admin/users/{ada.id}/password", data={"new": "a staple of batteries"})

    assert answer.location == f"/admin/users/{ada.id}/edit"
    assert hers.get("/account").status_code == 302
    assert hers.sign_in("ada", "a staple of batteries").status_code == 303


def test_a_weak_one_is_refused_at_its_field(client, root, ada):
    answer = client.post(f"/admin/users/{ada.id}/password", data={"new": "short"})

    assert answer.status_code == 422
    assert "New password must have 8 characters or more" in answer.text


def test_somebody_is_shut_out_and_let_in_again(client, root, ada, app):
    client.post(f"/admin/users/{ada.id}/disabling")
    out = app.test_client().sign_in("ada").status_code
    page = client.get(f"/admin/users/{ada.id}/edit").text
    client.post(f"/admin/users/{ada.id}/enabling")

    assert out == 401
    assert "cannot sign in" in page
    assert app.test_client().sign_in("ada").status_code == 303


def test_one_does_not_shut_oneself_out(client, root):
    answer = client.post(f"/admin/users/{root.id}/disabling")

    assert answer.status_code == 409
    assert "You cannot disable yourself" in answer.text


def test_the_last_administrator_stays_one(client, root):
    answer = client.post(f"/admin/users/{root.id}", data={"role": "planner"})

    assert answer.status_code == 409
    assert people.has_admin()


def test_markup_in_a_name_is_text(client, root):
    ada = make_person("ada", first_name="<script>x</script>", last_name='"><img>')
    people.set_disabled(ada.id, True, "root", NOW)

    for path in ("/admin/users", f"/admin/users/{ada.id}/edit"):
        assert "<script>x" not in client.get(path).text
