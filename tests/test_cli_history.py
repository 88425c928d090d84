"""History brought in at the shell."""

from pathlib import Path

import pytest
from flask import Flask

from tests.world import make_cell
from webapp import cells

HEAD = "cell,state,from,to\n"
GOOD = "C01,running,2026-03-03T08:00Z,2026-03-03T09:00Z\n"
BAD = "C02,running,2026-03-03T08:00Z,2026-03-03T09:00Z\n"


def bring(app: Flask, tmp_path: Path, content: str, *options: str) -> tuple[int, str]:
    path = tmp_path / "shop.csv"
    path.write_text(content)
    said = app.test_cli_runner().invoke(args=["history", "import", str(path), *options])
    return said.exit_code, said.output


@pytest.fixture
def cell(app: Flask) -> cells.Cell:
    made: cells.Cell = make_cell("C01")
    return made


def test_all_of_it(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    code, said = bring(app, tmp_path, HEAD + GOOD)

    assert code == 0
    assert "1 lines, 0 refused, 1 of 1 cells" in said
    assert "C01: 1 rows, running 1.0 h" in said


def test_what_will_be_kept_by_whole_days_is_said(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    code, said = bring(app, tmp_path, HEAD + GOOD.replace("2026", "2016"), "--not-before", "2016-01-01")

    assert code == 0
    assert "1 of the first rows are older than 1,825 days" in said
    assert "KEEP_BLOCKS_DAYS" in said


def test_some_rows_are_refused(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    code, said = bring(app, tmp_path, HEAD + GOOD + BAD)

    assert code == 3
    assert "line 3: there is no cell C02; accepted: a cell's short name" in said
    assert "refused.csv" in said


def test_whose_a_file_without_a_column_of_cells_is_is_an_option(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    content = "time,state\n2026-03-03T08:00Z,running\n2026-03-03T09:00Z,unknown\n"

    code, said = bring(app, tmp_path, content, "--cell", "C01")

    assert (code, "C01: 2 rows, running 1.0 h" in said) == (0, True)
    assert bring(app, tmp_path, content)[0] == 1
    assert "there is no C77" in bring(app, tmp_path, content, "--cell", "C77")[1]


def test_cells_are_made_where_asked(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    code, _ = bring(app, tmp_path, HEAD + GOOD + BAD, "--make-cells", "retired", "--kind", "lathe")

    made = cells.by_name("C02")
    assert code == 0
    assert made
    assert (made.kind, bool(made.in_service_to)) == ("lathe", True)


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("a,b,c\n1,2,3\n", (), "shape must be chosen"),
        ("", (), "file it is empty"),
        (HEAD + GOOD + BAD, ("--all-or-nothing", "10"), "1 of 2 rows are bad, more than the 10 % that may be"),
        (HEAD + GOOD, ("--zone", "Mars"), "zone must be a zone"),
        (HEAD, (), "It has no rows"),
    ],
)
def test_nothing_is_written(
    app: Flask, cell: cells.Cell, tmp_path: Path, content: str, options: tuple[str, ...], says: str
) -> None:
    code, said = bring(app, tmp_path, content, *options)

    assert code == 1
    assert says in said


def test_columns_words_and_reasons_are_options(app: Flask, cell: cells.Cell, tmp_path: Path) -> None:
    content = "Anlage,Zustand,von,bis\nC01,an,2026-03-03 08:00,2026-03-03 09:00\n"
    columns = [word for pair in ("cell=Anlage", "state=Zustand", "start=von", "end=bis") for word in ("--column", pair)]
    how = ["--shape", "intervals", "--word", "an=running", "--zone", "Europe/Berlin", "--correct", "From the book"]

    code, said = bring(app, tmp_path, content, *columns, *how)

    assert (code, "running 1.0 h" in said) == (0, True)
    assert bring(app, tmp_path, content, "--column", "cell")[0] == 2
