"""Rows as CSV, a piece at a time, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What a spreadsheet would run as a formula.
LIVE = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the text of the file, head first. Numbers stay numbers; text that a spreadsheet would run gets a '."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if out.tell() > 32_768:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def harmless(value: object) -> object:
    """As a spreadsheet may open it."""
    if isinstance(value, str) and (value.startswith(LIVE) or value.lstrip().startswith(LIVE)):
        return "'" + value
    return "" if value is None else value
