"""Who may sign in to a demonstration, and with what."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from webapp.demo.cast import CAST
from webapp.people import TITLES

FILE = "demo-logins.txt"


def passwords(one_for_all: str) -> dict[str, str]:
    """username -> password; random ones where none is given."""
    return {person.username: one_for_all or secrets.token_urlsafe(9) for person in CAST}


def keep_logins(chosen: Mapping[str, str], given: bool, data_dir: Path) -> None:
    """For its owner's eyes only. given: the password was somebody's choice; such a one is not written down."""
    lines = [
        _line(person.username, person.role, "DEMO_PASSWORD" if given else chosen[person.username]) for person in CAST
    ]
    path = data_dir / FILE
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("Sign in to the demonstration as\n" + "".join(lines))


def _line(username: str, role: str, password: str) -> str:
    return f"  {username:<10} {password:<16} {TITLES[role]}\n"
