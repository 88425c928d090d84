"""What every list of issues needs to say who and what."""

from collections.abc import Iterable
from typing import Any

from webapp import people
from webapp.issues import Issue
from webapp.lib.names import Named, names_of
from webapp.screens.issues.forms import SEVERITIES

GLYPHS = {"stopped": "down", "care": "maintenance", "info": "idle"}


def words(found: Iterable[Issue]) -> dict[str, Any]:
    return {"called": called(), "labels": labels(found), "glyphs": GLYPHS, "severities": SEVERITIES}


def labels(found: Iterable[Issue]) -> dict[str, Named]:
    """What they are about, as people call it."""
    return names_of(link.what for issue in found for link in issue.links)


def called() -> dict[str, str]:
    """{username: full name}"""
    return {user.username: user.full_name for user in people.users(limit=1000)}
