"""Cells: their utilization, the intervals behind it, and the readings they push."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from flask import Response, stream_with_context
from flask_login import current_user
from numpy.typing import NDArray

from webapp import cells
from webapp.api import results, schemas, shapes
from webapp.api.answering import JSON, answer, packed, quick
from webapp.api.document import tells
from webapp.api.door import bp
from webapp.api.idempotency import HEADER, once
from webapp.api.kept import Pieces, keep, kept, pieces_of
from webapp.api.reading import json_body, plain, query, window
from webapp.cells import Cell, Interval
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotAllowed
from webapp.lib.settings import settings
from webapp.lib.tables import csv_lines
from webapp.lib.tags import digest, named, seen
from webapp.lib.window import Window

READINGS = {"oneOf": [schemas.Reading, {"type": "array", "items": schemas.Reading}]}
COLUMNS = ("state", "from", "to", "reason", "source")
HELD = "Where the window lies in hours that are closed, it has a tag, and is not read again for whoever holds it."


@bp.get("/cells")
@tells(
    "Utilization of every cell in service in the window; the last 24 hours where none is given",
    results.Utilization,
    query=schemas.CellQuery,
    asking=["If-None-Match"],
    headers=["ETag"],
    refuses=[400],
    more="The tag is the same as long as all but `computed_at` is.",
)
@may("see cells")
def list_cells() -> Response:
    now, asked = utcnow(), query(schemas.CellQuery)
    states = cells.states_now(now, settings().sample_every)
    pieces = _utilization(window(asked, now), now, columns=asked.get("columns") == "1")
    said = [states.get(id, "unknown") for id in pieces.ids]
    tag = digest(pieces.digest, " ".join(said))
    if same := seen(tag, weak=True):
        return same
    return named(Response(pieces.put_together(said, iso(now) or ""), mimetype=JSON), tag, weak=True)


def _utilization(span: Window, now: datetime, columns: bool) -> Pieces:
    """Of a time that is over it is made once."""
    mark = cells.mark_of_figures(span)
    if mark and (found := kept((span, columns), mark)):
        return found
    made = pieces_of(cells.utilization_report(span, now), partial(shapes.utilization, columns=columns))
    if mark:
        keep((span, columns), mark, made)
    return made


HEAT_BYTES = {"type": "string", "format": "binary"}
#: In two bytes, where JSON has null: more than an hour has seconds.
NOT_KNOWN = 65_535


@bp.get("/cells/heatmap")
@tells(
    "Seconds in one state, for every cell and hour, or day",
    results.HeatMap,
    query=schemas.HeatQuery,
    asking=["If-None-Match"],
    headers=["ETag"],
    refuses=[400],
    also={"application/octet-stream": HEAT_BYTES},
    more="At most 10,000,000 numbers. With `format=u16`: the length of a head, in four bytes; the head, the same JSON "
    "without `seconds` and ended by blanks; then the numbers, cell by cell, two bytes each, 65535 for null. All "
    "little-endian.",
)
@may("see cells")
def show_heat_map() -> Response:
    now, asked = utcnow(), query(schemas.HeatQuery)
    span = window(asked, now)
    if asked["format"] == "u16" and asked["by"] == "day":
        raise Invalid(format="u16 holds hours only: a day has more seconds than two bytes can say")
    mark = cells.mark_of_past(span)
    tag = digest(mark, span, asked["state"], asked["by"], asked["format"])
    if mark and (same := seen(tag)):
        return same
    found = cells.heat_map(span, asked["state"], asked["by"], now)
    head = shapes.heat_map(found, span, asked["state"])
    given = packed(head, _words(found)) if asked["format"] == "u16" else quick({**head, "seconds": shapes.heat(found)})
    return named(given, tag) if mark else given


def _words(found: cells.HeatMap) -> NDArray[np.uint32]:
    words = found.seconds.copy()
    words[:, : found.unknown] = NOT_KNOWN
    return words


@bp.get("/cells/<id:id>/timeline")
@tells(
    "The intervals behind the figures, oldest first",
    results.Timeline,
    query=schemas.TimelineQuery,
    asking=["If-None-Match"],
    headers=["ETag"],
    refuses=[400, 404],
    more=HELD,
)
@may("see cells")
def show_timeline(id: int) -> Response:
    now, asked = utcnow(), query(schemas.TimelineQuery)
    span, cell = window(asked, now), cells.one(id)
    tag = _tag_of_history(cell, span, asked.get("after"), asked["limit"])
    if tag and (same := seen(tag)):
        return same
    told = _timeline(cell, span, asked, now)
    return named(told, tag) if tag else told


def _timeline(cell: Cell, span: Window, asked: dict[str, Any], now: datetime) -> Response:
    found = list(islice(_intervals(cell.id, span, now, asked.get("after")), asked["limit"] + 1))
    page = found[: asked["limit"]]
    return answer(
        {
            "cell_id": cell.id,
            "name": cell.name,
            "start_time": iso(span.start),
            "end_time": iso(span.end),
            **shapes.precision(cells.counting(span, now)),
            "intervals": [shapes.interval(interval) for interval in page],
            "next": iso(page[-1].end) if len(found) > len(page) else None,
        }
    )


def _intervals(id: int, span: Window, now: datetime, after: datetime | None = None) -> Iterator[Interval]:
    """Of time of which only whole days are known there are none."""
    kept = span.cut(cells.exact_since(), None)
    return cells.long_timeline(id, kept, now, after) if kept else iter(())


def _tag_of_history(cell: Cell, span: Window, *more: object) -> str | None:
    """None while some of it may still be told anew at any moment."""
    mark = cells.mark_of_history(span, [cell.id])
    return mark and digest(mark, cell.id, span, *more)


@bp.get("/cells/<id:id>/timeline.csv")
@tells(
    "The same rows, all of them, as a file",
    kind="text/csv",
    query=schemas.Windowed,
    asking=["If-None-Match"],
    headers=["Content-Disposition", "ETag"],
    refuses=[400, 404],
    more=HELD,
)
@may("export boards")
def download_timeline(id: int) -> Response:
    now = utcnow()
    span, cell = window(query(schemas.Windowed), now), cells.one(id)
    tag = _tag_of_history(cell, span)
    if tag and (same := seen(tag)):
        return same
    rows = (_row(interval) for interval in _intervals(id, span, now))
    name = f"timeline-cell-{cell.id}-{span.start:%Y%m%dT%H%M%SZ}-{span.end:%Y%m%dT%H%M%SZ}.csv"
    given = Response(
        stream_with_context(csv_lines(COLUMNS, rows)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    return named(given, tag) if tag else given


def _row(interval: Interval) -> list[Any]:
    shaped = shapes.interval(interval)
    return [shaped[column] for column in COLUMNS]


@bp.post("/cells/<id:id>/readings")
@tells(
    "Readings a cell pushes: one, or a list",
    results.Kept,
    202,
    body=READINGS,
    asking=[HEADER],
    headers=["Idempotent-Replayed"],
    refuses=[404, 409],
    needs=[{"token": []}],
    more="The cell's own token. In a list a bad reading is refused by itself; one sent alone is refused as the answer.",
)
@may("report readings")
@once
def report_readings(id: int) -> Response:
    if current_user.cell_id != id:
        raise NotAllowed("This token belongs to another cell")
    sent = plain(json_body())
    batch = sent if isinstance(sent, list) else [sent]
    told = cells.keep_readings(id, batch, utcnow(), keep=timedelta(days=settings().keep_rows_days))
    if told.refused and not isinstance(sent, list):
        raise told.refused[0].no
    return answer(shapes.kept(told), 202)
