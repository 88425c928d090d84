"""Workbooks: formulas, times cut to minutes, and those that would take more than a file of orders needs."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from tests.orders.imports.files import bring, offered, refused, workbook
from tests.world import make_site
from webapp import orders
from webapp.lib.refusal import Invalid
from webapp.orders.imports.formats import bounds

DAY = "2026-03-05"
HEAD = ["order", "operation", "machine", "start", "end"]
ROW = ["W", "Cut", "M1", datetime(2026, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 5, 9, tzinfo=UTC)]
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = b'<worksheet xmlns="' + MAIN + b'"><sheetData>%s</sheetData></worksheet>'
TEXTS = b'<sst xmlns="' + MAIN + b'"><si><t>%s</t></si></sst>'
NAMES = {"sheet": "xl/worksheets/sheet1.xml", "texts": "xl/sharedStrings.xml", "theme": "xl/theme/theme1.xml"}
LONG = b'<row r="1"><c t="inlineStr"><is><t>' + b"x" * 33_000 + b"</t></is></c></row>"
FAR = b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
#: A few bytes; who opens it holds every cell in between.
TWO_CORNERS = b'<row r="1"><c r="GR1"><v>1</v></c></row><row r="199999"><c r="A199999"><v>1</v></c></row>'


@pytest.fixture(autouse=True)
def site(app):
    return make_site()


def test_formulas_count_as_what_they_came_to(tmp_path):
    def finish(book, sheet):
        for row, (formula, value) in enumerate((("=2*5", 10), ("=1/0", "#DIV/0!")), 2):
            sheet.write_row(row, 0, ["W", "Cut", "M1"])
            sheet.write_datetime(row, 3, ROW[3], book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
            sheet.write(row, 4, f"{DAY} {row + 10}:00")
            sheet.write_formula(row, 5, formula, None, value)

    job = bring(workbook([*HEAD, "qty"], [*ROW, "ten"], finish=finish), tmp_path)

    assert orders.one_order("W").qty == 10
    assert refused(job, tmp_path) == {2: "ten is no quantity", 4: "a formula in it comes to an error"}


def test_a_formula_that_nobody_worked_out(tmp_path):
    named = zip(b"ABCDE", HEAD, strict=True)
    head = b"".join(b'<c r="%c1" t="inlineStr"><is><t>%s</t></is></c>' % (c, name.encode()) for c, name in named)
    rest = b'<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>1</v></c></row>'

    job = bring(rewritten(sheet=SHEET % (b'<row r="1">%s</row>%s' % (head, rest))), tmp_path)

    assert "formula that nobody worked out" in refused(job, tmp_path)[2]


def test_times_that_a_spreadsheet_has_cut_to_minutes(tmp_path):
    job = bring(workbook(HEAD, ROW, ["W", "Cut", "M1", 0.0166, 0.0298]), tmp_path)

    assert "is no time" in refused(job, tmp_path)[3]


def rewritten(**parts):
    """A workbook of which these parts say something else: sheet, texts, theme."""
    inside, out = {NAMES[name]: said for name, said in parts.items()}, io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HEAD, ROW))) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for one in book.namelist():
            other.writestr(one, inside.get(one) or book.read(one))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: rewritten(sheet=SHEET % FAR), "200,000 rows"),
        (lambda: rewritten(sheet=SHEET % b'<row r="1"><c r="XFD1"><v>1</v></c></row>'), "200 columns"),
        (lambda: rewritten(sheet=SHEET % TWO_CORNERS), "4 million cells"),
        (lambda: rewritten(sheet=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "no .xlsx workbook"),
        (lambda: rewritten(sheet=SHEET % LONG), "32,767"),
        (lambda: rewritten(sheet=b"<worksheet><sheetData>"), "no .xlsx workbook"),
        (lambda: workbook(["Order", "Operation", "Machine"])[:-200], "no .xlsx workbook"),
        (lambda: workbook(), "empty"),
    ],
)
def test_a_workbook_that_would_take_too_much_is_not_opened(tmp_path, content, says):
    with pytest.raises(Invalid, match=says):
        offered(content(), tmp_path)


def test_a_workbook_that_unpacks_to_more_than_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_BYTES", 1024**2)

    with pytest.raises(Invalid, match="more than 1 MB"):
        offered(rewritten(theme=b"<a>" + b" " * 2 * 1024**2 + b"</a>"), tmp_path)


def test_a_long_text_that_many_cells_show(tmp_path):
    shown = b"".join(b'<row><c t="s"><v>0</v></c></row>' for _ in range(3000))

    with pytest.raises(Invalid, match="64 million characters"):
        offered(rewritten(sheet=SHEET % shown, texts=TEXTS % (b"x" * 30_000)), tmp_path)
