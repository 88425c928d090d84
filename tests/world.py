"""Plain builders: everything optional, a test names only what matters. And the cast of every story.

ada and eizumoto are engineers, sam a shift supervisor, dee a department head, pat a planner, oli an operator,
root the administrator.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from webapp import people

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
