"""A spreadsheet as tests read it: its only sheet, row by row."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_rows(answer: Any) -> list[list[object]]:
    """Numbers as numbers, text as text; a formula would raise."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{MAIN}f"))
    assert not list(sheet.iter(f"{MAIN}hyperlink"))
    return [[_value(cell) for cell in row] for row in sheet.iter(f"{MAIN}row")]


def _value(cell: ElementTree.Element) -> object:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    number = float(cell.findtext(f"{MAIN}v", "nan"))
    return int(number) if number.is_integer() else number
