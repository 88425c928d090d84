"""Static files: their address changes with their content, so a browser may keep them for a year."""

import os
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import Client

from webapp.lib.statics import FOLDER, Shelf, digest


def test_another_content_is_another_address(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a {}")
    before = digest(tmp_path)

    (tmp_path / "app.css").write_text("b {}")

    assert digest(tmp_path) != before


def test_another_name_is_another_address(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a {}")
    before = digest(tmp_path)

    (tmp_path / "app.css").rename(tmp_path / "page.css")

    assert digest(tmp_path) != before


def test_packed_copies_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "app.css").write_text("a {}")
    before = digest(tmp_path)

    (tmp_path / "app.css.br").write_bytes(b"packed")

    assert digest(tmp_path) == before


def test_a_file_is_served_for_a_year(app: Flask, client: FlaskClient) -> None:
    some_file = next(path for path in sorted(FOLDER.rglob("*")) if path.is_file() and path.suffix in (".css", ".js"))
    with app.test_request_context():
        address = url_for("static", filename=some_file.relative_to(FOLDER).as_posix())

    answer = client.get(address)

    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("age", "sent"), [(-60, None), (60, "br")])
def test_a_packed_copy_is_sent_unless_it_is_old(tmp_path: Path, age: float, sent: str | None) -> None:
    (tmp_path / "app.css").write_text("a {}" * 100)
    (tmp_path / "app.css.br").write_bytes(b"packed")
    made = (tmp_path / "app.css").stat().st_mtime
    os.utime(tmp_path / "app.css.br", (made + age, made + age))
    shelf = Shelf(Flask(__name__).wsgi_app, root=tmp_path)

    answer = Client(shelf).get("/app.css", headers={"Accept-Encoding": "br"})

    assert answer.headers.get("Content-Encoding") == sent


def test_nothing_outside_the_folder_is_served(client: FlaskClient) -> None:
    assert client.get(f"/static/{digest(FOLDER)}/../webapp/config.py").status_code == 404
