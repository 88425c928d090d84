"""A table as a file: CSV, JSON or a spreadsheet, written as it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response, stream_with_context

from webapp.lib.sheets import XLSX, json_lines, pieces_of, xlsx_file
from webapp.lib.tables import csv_lines
from webapp.screens.utilization.asked import Asked

KINDS = {"csv": "text/csv", "json": "application/json", "xlsx": XLSX}


def answer(
    kind: str, name: str, about: Mapping[str, object], head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Response:
    """about: what a JSON reader is told beside the rows."""
    pieces: Iterable[str | bytes]
    if kind == "xlsx":
        pieces = pieces_of(xlsx_file(head, rows))
    else:
        pieces = stream_with_context(csv_lines(head, rows) if kind == "csv" else json_lines(about, head, rows))
    disposition = f'attachment; filename="{name}.{kind}"'
    return Response(pieces, mimetype=KINDS[kind], headers={"Content-Disposition": disposition})


def named(about: str, asked: Asked) -> str:
    """utilization-20260301T0000Z-20260302T0000Z"""
    return f"{about}-{asked.window.start:%Y%m%dT%H%MZ}-{asked.window.end:%Y%m%dT%H%MZ}"
