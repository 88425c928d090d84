"""Rows as JSON a piece at a time, and as a spreadsheet on disk: a file of any length costs the same memory."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

import orjson
import xlsxwriter

from webapp.lib.refusal import Refusal

#: A sheet's own limit, less its head.
MOST_ROWS = 1_048_575
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 32_768  # bytes


class TooManyRows(Refusal):
    code = "TOO_LARGE"
    status = 413


def json_lines(about: Mapping[str, object], head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """One object: what `about` says, then "rows", an object for each row, a line each."""
    yield orjson.dumps(about)[:-1] + (b"," if about else b"") + b'"rows":['
    held, between = bytearray(), b"\n"
    for row in rows:
        held += between + orjson.dumps(dict(zip(head, row, strict=True)))
        between = b",\n"
        if len(held) > PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held) + b"]}\n"


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """An open file, gone when it is closed. Raises TooManyRows where a sheet could not hold them.

    Text stays text: nothing in it becomes a formula or a link.
    """
    file = tempfile.TemporaryFile(prefix="sheet-")  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    book = xlsxwriter.Workbook(file, options)
    try:
        _fill(book, head, rows)
    except TooManyRows:
        file.close()
        raise
    book.close()
    file.seek(0)
    return file


def _fill(book: xlsxwriter.Workbook, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet("Rows")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 18)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for n, row in enumerate(rows, start=1):
        if n > MOST_ROWS:
            raise TooManyRows(f"A spreadsheet holds {MOST_ROWS:,} rows: take CSV, or a shorter time")
        for column, value in enumerate(row):
            _write(sheet, n, column, value)


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, bool) or value is None:
        sheet.write_string(row, column, "" if value is None else str(value).lower())
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """It, piece by piece; closed at the end, or when nobody reads on."""
    with file:
        yield from iter(lambda: file.read(PIECE), b"")
