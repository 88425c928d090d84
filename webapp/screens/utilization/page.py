"""/utilization, and its table as a file."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from webapp import cells, projects
from webapp.cells import Report
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens.times import site_zone
from webapp.screens.utilization import files, finely, picture, story, table
from webapp.screens.utilization.asked import Asked, address
from webapp.screens.utilization.door import bp
from webapp.screens.utilization.elsewhere import elsewhere
from webapp.screens.utilization.held import held
from webapp.screens.utilization.losing import pareto
from webapp.screens.utilization.measures import MEASURES
from webapp.screens.utilization.ranges import PRESETS
from webapp.screens.utilization.reading import ranges_of, read_asked
from webapp.screens.utilization.stops import stops

TABLES = ("map", "days")  # charts that can be asked for as a table in their place
MOST_RESTATED = 200


@bp.get("/utilization")
@may("see utilization")
def show() -> str | Answer | tuple[str, int]:
    now, zone = utcnow(), site_zone()
    asked = read_asked(now, zone)
    if "from" in request.args and not asked.errors:
        return redirect(address("utilization.show", [*asked.range_words, *asked.other_words]))
    report, before = reports(asked, now)
    page = render_template(
        "utilization/show.html",
        asked=asked,
        report=report,
        before=before,
        elsewhere=elsewhere(asked, report, zone),
        **_around(asked, now),
        **_page(asked, report, before, now, zone),
    )
    return (page, 400) if asked.errors else page


@bp.get("/utilization.csv", defaults={"kind": "csv"})
@bp.get("/utilization.json", defaults={"kind": "json"})
@bp.get("/utilization.xlsx", defaults={"kind": "xlsx"})
@may("export boards")
@held
def download(kind: str) -> Response:
    now = utcnow()
    asked = strictly(read_asked(now, site_zone()))
    report, before = reports(asked, now)
    rows = table.file_rows(report, before)
    return files.answer(kind, files.named("utilization", asked), table.about(report, before), table.head(before), rows)


def reports(asked: Asked, now: datetime) -> tuple[Report, Report | None]:
    """Of what is asked for, and of the period before where that is."""
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    return report, cells.utilization_report(asked.before, now, asked.chosen.ids) if asked.compare else None


def strictly(asked: Asked) -> Asked:
    """For a file, in which nobody would read a complaint."""
    if asked.errors:
        raise Invalid(**asked.errors)
    return asked


def _around(asked: Asked, now: datetime) -> dict[str, Any]:
    """The form, and how old the data are."""
    every = cells.all_cells(retired=True)
    known = ranges_of(asked.chosen, now)
    return {
        "ranges": {key: known[key] for key in known if key in PRESETS or key.endswith("shift") or key == asked.preset},
        "sites": cells.sites(),
        "kinds": sorted({cell.kind for cell in every}),
        "tags": sorted({tag for cell in every for tag in cell.tags}),
        "every": every,
        "wall_view": "wall.show" if "wall.show" in current_app.view_functions else None,
        "as_of": cells.as_of(now),
        "period": settings().sample_every,
        "now": now,
    }


def _page(asked: Asked, report: Report, before: Report | None, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    if report.too_short:
        return {"kept_from": cells.exact_since(), "around": finely.days_around(report.window)}
    if not report.cut or not report.cells:
        return {}
    rows = table.table_rows(report, before)
    return {
        "rows": rows,
        "ended": projects.ended_in(report.window, asked.chosen.ids),
        "ended_before": projects.ended_in(asked.before, asked.chosen.ids) if asked.compare else None,
        "stops": stops(report),
        "sources": story.sources(report.account),
        "states": story.by_state(report.account),
        "losses": pareto(cells.losses(report.window, now, asked.chosen.ids)),
        "restated": story.told(cells.restatements(report.counted or report.window, asked.chosen.ids, MOST_RESTATED)),
        "unassigned": cells.unassigned_running(report.account),
        "kept_from": cells.exact_since(),
        "measures": MEASURES,
        "rise": table.points(report.figures, before.figures if before else None),
        **_charts(asked, report, report.cut, rows, now, zone),
    }


def _charts(
    asked: Asked, report: Report, cut: Window, rows: list[table.Row], now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    target = story.target_of(report)
    fold = picture.folded(rows, whole_in(request.args.get("part", "")) or 1)
    days = picture.trend(asked, report, cut, target, now, zone)
    return {
        "target": target,
        "fold": fold,
        "size": f"cells-{_step(len(fold.rows))}",
        "bars": picture.bars(fold, target, asked),
        "map": picture.use_map(fold, report, cut, now, zone),
        "trend": days,
        "sparks": story.sparks(days.buckets, asked.chosen.ids),
        "as_table": request.args.get("table") if request.args.get("table") in TABLES else None,
    }


def _step(count: int) -> int:
    """The height of the charts of rows, in steps that the style sheet knows."""
    return next((step for step in (1, 3, 6, 12, 20, 30) if count <= step), 40)
