"""What the tests of issues share: people who may own one, a cell, and an issue on it."""

from typing import Any

import pytest

from tests.world import NOW, make_cell, make_person
from webapp import issues


@pytest.fixture
def crew(app: Any) -> None:
    for username in ("oli", "sam", "ada"):
        make_person(username)


@pytest.fixture
def cell(app: Any) -> Any:
    return make_cell("C09")


def make_issue(cell_id: int | None = None, severity: str = "stopped", by: str = "ada", **given: Any) -> Any:
    """One that was reported at NOW; of no cell it says something."""
    now = given.pop("now", NOW)
    given.setdefault("words", "" if cell_id else "The door to hall 2 does not close")
    return issues.report_issue(issues.IssueSpec(severity, cell_id, **given), by, now)


def steps(issue_id: int) -> list[str]:
    return [step.kind for step in issues.one_issue(issue_id).steps]
