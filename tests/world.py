"""Plain builders: everything optional, a test names only what matters. And the cast of every story.

ada and eizumoto are engineers, sam a shift supervisor, dee a department head, pat a planner, oli an operator,
root the administrator.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from webapp import ledger, people
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
CAST = {
    "ada": ("Ada", "Byron", "engineer"),
    "eizumoto": ("Eiko", "Izumoto", "engineer"),
    "sam": ("Sam", "Okafor", "supervisor"),
    "dee": ("Dee", "Lindqvist", "head"),
    "pat": ("Pat", "Moreau", "planner"),
    "oli": ("Oli", "Varga", "operator"),
    "root": ("Ruth", "Oduya", "admin"),
}


def make_person(username: str = "ada", **given: Any) -> Any:
    """A user who can sign in with PASSWORD; a name of the cast brings its own role."""
    first_name, last_name, role = CAST.get(username, ("", "", "engineer"))
    details: dict[str, Any] = {
        "password": PASSWORD,
        "roles": [role],
        "now": NOW,
        "first_name": first_name,
        "last_name": last_name,
    }
    return people.add_user(username, **{**details, **given})


def at(clock: str) -> datetime:
    """at("09:30"): that time on the day of NOW, UTC."""
    hours, minutes = clock.split(":")[:2]
    return NOW.replace(hour=int(hours), minute=int(minutes))


def make_site(name: str = "Hall 1", zone: str = "UTC", target: int = 80) -> Any:
    from webapp import cells

    return cells.add_site(name, zone, target, by="root", now=NOW)


def make_cell(name: str = "C01", **given: Any) -> Any:
    """A cell in service for a day. With an address it is asked over HTTP (networks=...); else it reports by itself."""
    from webapp import cells

    now, networks = given.pop("now", NOW), given.pop("networks", ())
    if not cells.sites():
        make_site()
    details: dict[str, Any] = {
        "name": name,
        "kind": "mill",
        "driver": "http" if "address" in given else "push",
        "in_service_from": now - timedelta(days=1),
    }
    return cells.add_cell(cells.CellDetails(**{**details, **given}), by="root", now=now, networks=networks)


def person(username: str = "ada") -> Any:
    """The caller who this one of the cast is, made when first asked for."""
    found = next((user for user in people.users() if user.username == username), None)
    return people.caller(found or make_person(username))


def idle_cell(name: str = "C01", **given: Any) -> Any:
    """A cell that said just now, by the door's clock, that it is idle. state, detail: what it says instead."""
    from webapp.lib.clock import utcnow

    now, said = utcnow(), {word: given.pop(word) for word in ("state", "detail") if word in given}
    cell = make_cell(name, now=now, **given)
    says(cell, **said)
    return cell


def says(cell: Any, state: str = "idle", detail: str = "") -> None:
    """That is the last that was heard of it, and it was heard now."""
    from webapp.cells import Sighting
    from webapp.extensions import db, transaction
    from webapp.lib.clock import utcnow

    with transaction():
        row = db.session.get_one(Sighting, cell.id)
        row.state, row.detail, row.since, row.silent_since = state, detail, utcnow() - timedelta(hours=1), utcnow()


def make_project(by: str = "ada", **asks: Any) -> Any:
    """It gets a cell if one is free, and waits otherwise."""
    from webapp import projects
    from webapp.lib.clock import utcnow

    spec = {"cad_model": "s3:models/housing_r4.step", "config": "s3:models/config.yml", **asks}
    now = spec.pop("now", utcnow())
    return projects.create(projects.ProjectSpec(**spec), person(by), now, period=5)


def make_running(by: str = "ada", **asks: Any) -> Any:
    """A free cell took it: there must be one."""
    from webapp import projects

    project = make_project(by, **asks)
    if project.cell_id is None:
        raise AssertionError(f"no cell is free for it: {project.waiting_message}")
    projects.confirm_start(project.id, project.cell_id, project.fence, project.created_at)
    return projects.one(project.id)


def paired_screen(name: str = "Hall A") -> str:
    """The token of a screen that the desk has paired: what its browser's cookie "screen" holds."""
    from webapp.lib.clock import utcnow

    token = people.show_code("10.0.0.7", "Television", utcnow())
    people.pair_display(people.code_of(token), people.DisplayDetails(name), "root", utcnow())
    return token


def forget_seconds(until: datetime) -> None:
    """As long retention does: of the time before this midnight, UTC, only whole days are known from now on."""
    with transaction():
        db.session.execute(update(ledger.Progress).values(kept_from_hour=epoch(until) // 3600))
