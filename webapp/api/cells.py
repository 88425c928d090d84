"""Cells: their utilization, the intervals behind it, and the readings they push."""

from datetime import timedelta
from typing import Any

from flask import Response
from flask_login import current_user

from webapp import cells
from webapp.api import results, schemas, shapes
from webapp.api.answering import answer
from webapp.api.document import tells
from webapp.api.door import bp
from webapp.api.idempotency import HEADER, once
from webapp.api.reading import json_body, plain, query, window
from webapp.cells import Interval
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotAllowed
from webapp.lib.settings import settings
from webapp.lib.tables import csv_lines

READINGS = {"oneOf": [schemas.Reading, {"type": "array", "items": schemas.Reading}]}
COLUMNS = ("state", "from", "to", "reason", "source")


@bp.get("/cells")
@tells(
    "Utilization of every cell in service in the window; the last 24 hours where none is given",
    results.Utilization,
    query=schemas.CellQuery,
    refuses=[400],
)
@may("see cells")
def list_cells() -> Response:
    now, asked = utcnow(), query(schemas.CellQuery)
    report = cells.utilization_report(window(asked, now), now)
    standings = cells.standings(now, settings().sample_every)
    return answer(shapes.utilization(report, standings, columns=asked.get("columns") == "1"))


@bp.get("/cells/<id:id>/timeline")
@tells(
    "The intervals behind the figures, oldest first", results.Timeline, query=schemas.TimelineQuery, refuses=[400, 404]
)
@may("see cells")
def show_timeline(id: int) -> Response:
    now, asked = utcnow(), query(schemas.TimelineQuery)
    span, cell = window(asked, now), cells.one(id)
    left = span.cut(asked.get("after"), None)
    found = cells.timeline(id, left, now) if left else []
    page = found[: asked["limit"]]
    return answer(
        {
            "cell_id": cell.id,
            "name": cell.name,
            "start_time": iso(span.start),
            "end_time": iso(span.end),
            "intervals": [shapes.interval(interval) for interval in page],
            "next": iso(page[-1].end) if len(found) > len(page) else None,
        }
    )


@bp.get("/cells/<id:id>/timeline.csv")
@tells(
    "The same rows, all of them, as a file",
    kind="text/csv",
    query=schemas.Windowed,
    headers=["Content-Disposition"],
    refuses=[400, 404],
)
@may("export boards")
def download_timeline(id: int) -> Response:
    now = utcnow()
    span, cell = window(query(schemas.Windowed), now), cells.one(id)
    rows = [_row(interval) for interval in cells.timeline(id, span, now)]
    name = f"timeline-cell-{cell.id}-{span.start:%Y%m%dT%H%M%SZ}-{span.end:%Y%m%dT%H%M%SZ}.csv"
    return Response(
        csv_lines(COLUMNS, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


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
    kept = cells.keep_readings(id, batch, utcnow(), keep=timedelta(days=settings().keep_rows_days))
    if kept.refused and not isinstance(sent, list):
        raise kept.refused[0].no
    return answer(shapes.kept(kept), 202)
