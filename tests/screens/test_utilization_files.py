"""The same table as CSV, JSON and a spreadsheet: every column of every row."""

import csv
import io
from typing import Any

import pytest

from tests.screens.sheet import sheet_rows
from tests.screens.test_utilization import HOUR, asked
from tests.screens.test_utilization_opening import make_works, past
from webapp import cells
from webapp.lib.clock import utcnow
from webapp.lib.window import Window

__all__ = ["past"]


def plain(table: list[list[Any]]) -> list[list[str]]:
    """As texts alone; when it was computed is left out, since each file is computed by itself."""
    own = [n for n, name in enumerate(table[0]) if name != "computed_at"]
    return [[told(row[n]) if n < len(row) else "" for n in own] for row in table]


def told(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value)
    return text.removeprefix("'").removesuffix(".0")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("utilization", ""),
        ("utilization", "compare=1"),
        ("utilization/down", "all=1"),
        ("utilization/losses", ""),
        ("utilization/stops", ""),
        ("utilization/restated", ""),
    ],
)
def test_the_three_files_are_one_table(client, past, name, more):
    made = make_works(past)
    over = Window(past[0] + HOUR, past[0] + 2 * HOUR)
    cells.correct_history(made[2].id, over, "running", "=1+1, because", "sam", utcnow())

    lines = client.get(asked(f"/{name}.csv", past) + "&" + more).text
    rows = client.get(asked(f"/{name}.json", past) + "&" + more).json["rows"]
    sheet = sheet_rows(client.get(asked(f"/{name}.xlsx", past) + "&" + more))

    table = plain(list(csv.reader(io.StringIO(lines))))
    assert len(table) > 1
    assert table == plain([list(rows[0]), *(list(row.values()) for row in rows)])
    assert table == plain(sheet)
