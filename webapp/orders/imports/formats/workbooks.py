"""Rows of a workbook: of its first sheet that has any, each under its number there."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from webapp.lib.lines import BadFile, Numbered
from webapp.orders.imports.formats.bounds import NO_WORKBOOK, check_workbook


def workbook_rows(path: Path) -> Iterator[Numbered]:
    """The first one names the columns. Raises BadFile."""
    bounds = check_workbook(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            place, sheet = _first_sheet(book)
            bad = bounds.bad_rows(place)
            for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
                fields = [shown(cell) for cell in cells]
                if any(fields) or number in bad:
                    yield number, bad.get(number, fields)
    except (CalamineError, OSError, ValueError) as damage:
        raise BadFile(NO_WORKBOOK) from damage
    except BaseException as panic:
        # What a damaged workbook makes of its reader is no Exception, and has no name that could be imported.
        if type(panic).__name__ == "PanicException":
            raise BadFile(NO_WORKBOOK) from None
        raise


def _first_sheet(book: CalamineWorkbook) -> tuple[int, CalamineSheet]:
    for place, about in enumerate(book.sheets_metadata):
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_index(place)
            if sheet.total_height:
                return place, sheet
    raise BadFile("it is empty; the first row of a sheet must name its columns")


def shown(cell: object) -> str:
    """As a person would type it: a cell is text, a number, a day, a time of a day, or a length of time."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return f"{_whole(cell):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    return " ".join(str(cell).split())


def _whole(at: datetime) -> datetime:
    """A spreadsheet keeps days as fractions: a second may come out a thousandth early."""
    return (at + timedelta(milliseconds=500)).replace(microsecond=0)
