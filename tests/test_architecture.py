"""The map of the house: which room may know which, and what no room may know. A new arrow is a decision, made here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEBAPP = Path(__file__).resolve().parents[1] / "webapp"
ROOMS = {
    "journal": set(),
    "ledger": set(),
    "people": {"journal"},
    "cells": {"ledger", "journal"},
    # Keeping machines fit lies under all that runs on them: before work starts, both kinds ask what is due.
    "upkeep": {"cells", "ledger", "people", "journal"},
    "projects": {"cells", "upkeep", "people", "journal"},
    "orders": {"cells", "upkeep", "people", "journal"},
    "issues": {"cells", "people", "journal"},
}
# signing is the hall behind both doors that requests come through: it finds out who is asking.
DOORS = {
    "signing": set(),
    "screens": {"jobs", "signing"},
    "api": {"jobs", "signing"},
    "cli": {"jobs", "demo"},
    "jobs": set(),
    "demo": set(),
    "live": set(),
}
LEAVES = {"lib", "extensions", "config", "logs", "backups"}
#: What a room hears of the world is handed to it.
OUTSIDE = {"flask", "flask_login", "flask_wtf", "werkzeug", "rq", "redis"}
READS_ENVIRONMENT = re.compile(r"\bos\.(environ|getenv)\b")
CLOCKS = {"utcnow", "clock.utcnow", "time.time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def allowed(part: str) -> set[str]:
    """The parts of webapp that this one may import."""
    if part in ROOMS:
        return LEAVES | ROOMS[part] | {part}
    if part in DOORS:
        return LEAVES | set(ROOMS) | DOORS[part] | {part}
    return LEAVES


def files(part: str) -> list[Path]:
    folder = WEBAPP / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imports(path: Path) -> Iterator[str]:
    """Each imported name in full: webapp.cells.models.Cell."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(path: Path) -> list[list[str]]:
    """What it imports of webapp, as lists of names after that word; a process of its own begins with create_app."""
    names = [name for name in imports(path) if name.startswith("webapp.") and name != "webapp.create_app"]
    return [name.split(".")[1:] for name in names]


def where(path: Path) -> str:
    return str(path.relative_to(WEBAPP))


def test_every_part_of_the_house_is_on_the_map() -> None:
    parts = {path.stem for path in WEBAPP.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert parts - {"__init__"} == set(ROOMS) | set(DOORS) | LEAVES


@pytest.mark.parametrize("part", sorted(set(ROOMS) | set(DOORS) | LEAVES))
def test_arrows_point_down(part: str) -> None:
    wrong = [
        f"{where(path)}: {name[0]}" for path in files(part) for name in inside(path) if name[0] not in allowed(part)
    ]

    assert not wrong


@pytest.mark.parametrize("part", sorted(set(ROOMS) | set(DOORS)))
def test_rooms_are_entered_by_their_front_door(part: str) -> None:
    past = [
        f"{where(path)}: {'.'.join(name)}"
        for path in files(part)
        for name in inside(path)
        if name[0] in ROOMS and name[0] != part and is_file_of(name)
    ]

    assert not past


def is_file_of(name: list[str]) -> bool:
    """Whether it names a file inside a room, or something out of one."""
    return len(name) > 1 and ((WEBAPP / name[0] / f"{name[1]}.py").exists() or (WEBAPP / name[0] / name[1]).is_dir())


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_knows_no_request_and_no_queue(room: str) -> None:
    wrong = [
        f"{where(path)}: {name}" for path in files(room) for name in imports(path) if name.split(".")[0] in OUTSIDE
    ]

    assert not wrong


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_is_told_the_time(room: str) -> None:
    wrong = [f"{where(path)}: {name}" for path in files(room) for name in clocks_read(path)]

    assert not wrong


def clocks_read(path: Path) -> Iterator[str]:
    """Calls that tell the time. A monotonic clock only measures, and may be asked."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS:
            yield ast.unparse(node.func)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_the_front_door_names_all_it_shows(room: str) -> None:
    tree = ast.parse((WEBAPP / room / "__init__.py").read_text())
    shown = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    listed: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and isinstance(node.targets[0], ast.Name):
            listed[node.targets[0].id] = ast.literal_eval(node.value)

    assert ast.get_docstring(tree)
    assert {name for names in listed.values() for name in names} == shown


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_only_acts_begin_transactions(room: str) -> None:
    """One transaction per function at most, and models begin none."""
    wrong = [
        f"{where(path)}: {node.name}"
        for path in files(room)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and ast.unparse(node).count("with transaction()") > (0 if path.name == "models.py" else 1)
    ]

    assert not wrong


def test_the_environment_is_read_in_one_place() -> None:
    readers = [where(path) for path in WEBAPP.rglob("*.py") if READS_ENVIRONMENT.search(path.read_text())]

    assert readers == ["config.py"]


def test_no_file_is_too_long() -> None:
    long = [where(path) for path in WEBAPP.rglob("*.py") if len(path.read_text().splitlines()) > 300]

    assert not long
