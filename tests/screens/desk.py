"""What the tests of pages share: who sits at the browser, and what stands on the page before them."""

import re
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from tests.tree import Element, Tree
from tests.world import CAST, idle_cell, make_project, person
from webapp import cells, projects
from webapp.config import networks
from webapp.lib.clock import utcnow

#: A model, a configuration, and nothing else.
TYPED = {"cad_model": "s3:models/housing_r4.step", "config": "s3:models/config.yml"}
READERS = ("dee", "pat", "oli")
NOBODYS_PORT = 9
INLINE = {"a", "b", "i", "time"}


def sits(client: FlaskClient, username: str) -> None:
    """This one of the cast is at the browser now."""
    assert username in CAST
    person(username)
    client.post("/logout")
    client.sign_in(username)  # type: ignore[attr-defined]


def tree(page: Any) -> Element:
    return Tree(page.get_data(as_text=True)).root


def words(page: Any) -> str:
    """All that it says, in one line."""
    return " ".join("".join(_said(tree(page))).split())


def _said(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "svg"):
        return
    between = "" if element.tag in INLINE else " "
    yield between
    for child in element.children:
        yield from [child] if isinstance(child, str) else _said(child)
    yield between


def values(page: Any) -> dict[str, str]:
    """What stands in the fields of its forms that post."""
    forms = [form for form in tree(page) if form.tag == "form" and form.attrs.get("method") == "post"]
    fields = [field for form in forms for field in form if field.tag in ("input", "select", "textarea")]
    return {field.attrs["name"]: _value(field) for field in fields if field.attrs["name"] != "csrf_token"}


def _value(field: Element) -> str:
    if field.tag != "select":
        return field.attrs.get("value", field.text)
    options = [option for option in field if option.tag == "option"]
    chosen = [option for option in options if "selected" in option.attrs] or options
    return chosen[0].attrs.get("value", chosen[0].text)


def complained_of(page: Any) -> list[str]:
    """The fields its summary of errors leads to."""
    return [
        link.attrs["href"].removeprefix("#")
        for summary in tree(page)
        if "data-errors" in summary.attrs
        for link in summary
        if link.tag == "a"
    ]


def listed(page: Any) -> list[str]:
    """The projects of its table, as people call them."""
    return [row.split("-")[1] for row in re.findall(r'<tr id="(project-\d+)"', page.get_data(as_text=True))]


def leads_to(answer: Any, path: str) -> bool:
    return (answer.status_code, answer.location) == (303, path)


def silent_project(by: str = "ada") -> Any:
    """Handed to a cell that does not answer: it may have started."""
    project = make_project(by, requested_cell_id=_unreachable().id)
    projects.start_dispatched(utcnow(), networks(f"127.0.0.1/32:{NOBODYS_PORT}"))
    return projects.one(project.id)


def _unreachable() -> cells.Cell:
    reach = networks(f"127.0.0.1/32:{NOBODYS_PORT}")
    cell: cells.Cell = idle_cell("C09", address=f"http://127.0.0.1:{NOBODYS_PORT}/cell", networks=reach)
    return cell
