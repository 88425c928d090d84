"""A file of any format as rows on disk, one JSON line to a row: read once, looked at and told as often as it takes."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from webapp.lib.lines import GZIP, BadFile, Lines, Numbered, checked_header
from webapp.orders.imports.formats.bounds import MOST_ROWS, NO_WORKBOOK
from webapp.orders.imports.formats.listings import listing_rows
from webapp.orders.imports.formats.workbooks import workbook_rows

SUCH_AS = "order,step,operation,machine,start,end"
LONGEST_ROW = 64 * 1024
MOST_BYTES = 256 * 1024 * 1024
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Rows:
    """The rows that a file came to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open(encoding="utf-8") as kept:
            self.header: list[str] = json.loads(next(kept))[1]

    def rows(self, after: int = 0) -> Iterator[Numbered]:
        """(number, fields), or (number, what is wrong with it), of the rows after this one."""
        with self.path.open(encoding="utf-8") as kept:
            next(kept)
            for line in kept:
                number, fields = json.loads(line)
                if number > after:
                    yield number, fields


def unpack(file: Path, rows: Path) -> Rows:
    """Raises BadFile where it cannot be read."""
    numbered = _numbered(file)
    first, header = next(numbered, (1, ""))
    if isinstance(header, str):
        raise BadFile(header or "it is empty; its first row must name its columns")
    checked = checked_header(header, SUCH_AS)
    left = MOST_BYTES
    with rows.open("w", encoding="utf-8") as out:
        for count, (number, fields) in enumerate(chain([(first, checked)], numbered)):
            left -= out.write(json.dumps([number, _bounded(fields)]) + "\n")
            if count > MOST_ROWS or left < 0:
                raise BadFile(
                    f"it has more than {MOST_ROWS:,} rows or {MOST_BYTES // 1024**2} MB: bring it in in parts"
                )
    return Rows(rows)


def _bounded(fields: list[str] | str) -> list[str] | str:
    if isinstance(fields, str) or sum(map(len, fields)) <= LONGEST_ROW:
        return fields
    return f"it has more than {LONGEST_ROW} characters"


def _numbered(file: Path) -> Iterator[Numbered]:
    with file.open("rb") as look:
        start = look.read(4096)
    if start.startswith(ZIP):
        return workbook_rows(file)
    if start.startswith(OLD_OFFICE):
        raise BadFile("it is an old .xls, or locked by a password; " + NO_WORKBOOK.partition("; ")[2])
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{") and not start.startswith(GZIP):
        return listing_rows(file)
    return _csv_rows(file)


def _csv_rows(file: Path) -> Iterator[Numbered]:
    lines = Lines(file, SUCH_AS)
    yield 1, lines.header
    yield from lines.rows()
