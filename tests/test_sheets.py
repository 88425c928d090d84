"""Files of any length: the same memory, and a clear word where a spreadsheet ends."""

import json
import tracemalloc

import pytest

from webapp.lib import sheets
from webapp.lib.tables import csv_lines


def rows(count):
    return ([f"C{n}", n, n / 7, None] for n in range(count))


HEAD = ["cell", "n", "share", "none"]
KINDS = {
    "csv": lambda rows: csv_lines(HEAD, rows),
    "json": lambda rows: sheets.json_lines({}, HEAD, rows),
    "xlsx": lambda rows: sheets.pieces_of(sheets.xlsx_file(HEAD, rows)),
}


def peak_of(kind, count):
    tracemalloc.start()
    for _ in KINDS[kind](rows(count)):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_file_costs_what_a_short_one_costs(kind):
    assert peak_of(kind, 8000) < 1.5 * peak_of(kind, 2000)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)

    with pytest.raises(sheets.TooManyRows, match="holds 10 rows: take CSV"):
        sheets.xlsx_file(["cell", "n", "share", "none"], rows(11))
    sheets.xlsx_file(["cell", "n", "share", "none"], rows(10)).close()


@pytest.mark.parametrize("count", [0, 1, 3000])
def test_json_in_pieces_is_one_object(count):
    told = b"".join(sheets.json_lines({"start_time": "x"}, ["cell", "n", "share", "none"], rows(count)))

    read = json.loads(told)
    assert (read["start_time"], len(read["rows"])) == ("x", count)
    assert not count or read["rows"][0] == {"cell": "C0", "n": 0, "share": 0.0, "none": None}
    assert json.loads(b"".join(sheets.json_lines({}, ["n"], []))) == {"rows": []}
