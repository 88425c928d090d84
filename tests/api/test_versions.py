"""ETag, If-Match and If-None-Match."""

from dataclasses import replace

from tests.api.programs import assert_refused, create, free_cell, nobody, program_of, running


def test_of_two_who_saw_the_same_one_wins(app):
    ada = program_of(app, "ada")
    path = f"/projects/{create(ada)['project_id']}"
    tag = ada.get(path).headers["ETag"]

    first, second = [ada.patch(path, {"x-params": {"x3": word}}, If_Match=tag) for word in "AB"]

    assert first.status_code == 200
    details = assert_refused(second, 412, "STALE")
    assert details["values"] == {"x3": {"yours": "B", "now": "A"}}
    assert ada.get(path).json["x3"] == "A"


def test_the_answer_to_a_change_carries_the_next_tag(app):
    ada = program_of(app, "ada")
    path = f"/projects/{create(ada)['project_id']}"

    tag = ada.patch(path, {"x-params": {"x3": "A"}}).headers["ETag"]

    assert ada.patch(path, {"x-params": {"x3": "B"}}, If_Match=tag).status_code == 200


def test_the_tag_of_creation_counts(app):
    ada = program_of(app, "ada")
    answer = ada.post("/projects", {"cad_model": "a", "config": "b"})

    changed = ada.patch(answer.headers["Location"].removeprefix("/api"), {"name": "c"}, If_Match=answer.headers["ETag"])

    assert changed.status_code == 200


def test_several_tags_and_a_star(app):
    ada = program_of(app, "ada")
    path = f"/projects/{create(ada)['project_id']}"
    tag = ada.get(path).headers["ETag"]

    assert ada.patch(path, {"name": "a"}, If_Match=f'"9-x", {tag}').status_code == 200
    assert ada.patch(path, {"name": "b"}, If_Match="*").status_code == 200
    for odd in ('"', 'W/"1"', "x" * 5_000, '"1-1", "2-2"', '"", "b,"', ""):
        assert_refused(ada.patch(path, {"name": "c"}, If_Match=odd), 412, "STALE")


def test_ending_heeds_it_too(app):
    free_cell("C01")
    ada = program_of(app, "ada")
    path = f"/projects/{running(ada)}"
    old = ada.get(path).headers["ETag"]
    ada.patch(path, {"name": "a"})

    assert_refused(ada.patch(f"{path}/status", {"status": "finished"}, If_Match=old), 412, "STALE")
    assert ada.get(path).json["status"] == "running"
    new = ada.get(path).headers["ETag"]
    assert ada.patch(f"{path}/status", {"status": "finished"}, If_Match=new).status_code == 200


def test_what_is_still_true_is_304(app):
    path = f"/projects/{create(program_of(app, 'ada'))['project_id']}"
    seen = nobody(app).get(path)

    again = nobody(app).get(path, If_None_Match=seen.headers["ETag"])

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", seen.headers["ETag"])
    assert nobody(app).get(path, If_None_Match='"other"').status_code == 200


def test_a_stranger_hears_nothing_by_a_tag(app, monkeypatch):
    path = f"/projects/{create(program_of(app, 'ada'))['project_id']}"
    tag = nobody(app).get(path).headers["ETag"]
    monkeypatch.setitem(app.extensions, "factory", replace(app.extensions["factory"], public_boards=False))

    assert_refused(nobody(app).get(path, If_None_Match=tag), 401, "NOT_SIGNED_IN")
