"""/utilization/<measure>: every number opens to its formula, its seconds, its cells and the stretches behind it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from webapp import cells, ledger
from webapp.cells import Counting, Evidence, Loss, Report, Restatement
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens.times import site_zone
from webapp.screens.utilization import files, finely, stops, story, stretches
from webapp.screens.utilization.asked import Asked
from webapp.screens.utilization.door import bp
from webapp.screens.utilization.held import held
from webapp.screens.utilization.losing import IN_BREAKS, NONE_GIVEN, PLANNED, Line, key_of, named, pareto
from webapp.screens.utilization.measures import MEASURES
from webapp.screens.utilization.page import reports, strictly
from webapp.screens.utilization.reading import read_asked

KEYS = ",".join(f"'{key}'" for key in MEASURES)
SHOWN = 200  # rows of a page; its file has all of them
LOSSES = (
    *("state", "reason", "seconds", "share", "cumulative_share", "stretches", "start_time", "end_time"),
    *finely.COLUMNS,
)
RESTATED = ("at", "kind", "by", "why", "from", "to", "cell", "calendar_id")


@bp.get(f"/utilization/<any({KEYS}):measure>")
@may("see utilization")
def open(measure: str) -> str | tuple[str, int]:
    now, number = utcnow(), MEASURES[measure]
    asked, every = read_asked(now, site_zone()), "all" in request.args
    report, before = reports(asked, now)
    page = render_template(
        "utilization/open.html",
        measure=number,
        report=report,
        part=number.part(report.account),
        whole=number.whole(report.account) if number.whole else None,
        value=number.value(report.account),
        before=before,
        sources=story.sources(report.account),
        found=stretches.one_page(asked, number.counts, finely.days_by_cell(asked, number.part, now), now, every),
        every=every,
        **_around(asked, now),
    )
    return (page, 400) if asked.errors else page


@bp.get(f"/utilization/<any({KEYS}):measure>.csv", defaults={"kind": "csv"})
@bp.get(f"/utilization/<any({KEYS}):measure>.json", defaults={"kind": "json"})
@bp.get(f"/utilization/<any({KEYS}):measure>.xlsx", defaults={"kind": "xlsx"})
@may("export boards")
@held
def rows(measure: str, kind: str) -> Response:
    now, number = utcnow(), MEASURES[measure]
    asked = strictly(read_asked(now, site_zone()))
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    whole = number.whole(report.account) if number.whole else None
    about = {
        **_about(asked, report, report.computed_at),
        **_rests_on(report),
        "measure": measure,
        "formula": number.formula,
        "numerator_seconds": number.part(report.account),
        "denominator_seconds": whole,
        "per_cent": number.value(report.account),
        "coverage": report.figures.coverage,
    }
    days = finely.days_by_cell(asked, number.part, now)
    found = stretches.file_rows(asked, number.counts, days, now, "all" in request.args)
    return files.answer(kind, files.named(measure, asked), about, stretches.HEAD, found)


@bp.get("/utilization/losses")
@may("see utilization")
def losses() -> str | tuple[str, int]:
    """All lost time; ?state=down&reason=…: the stretches of one line of it."""
    now = utcnow()
    asked, line = read_asked(now, site_zone()), _asked_line()
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    page = render_template(
        "utilization/losses.html",
        report=report,
        sources=story.sources(report.account),
        lines=pareto(cells.losses(asked.window, now, asked.chosen.ids)),
        line=line,
        named=named(line) if line else "",
        key=key_of(line) if line else "",
        found=stretches.one_page(asked, _is_of(line), _days_of(line, asked, now), now, every=False),
        **_around(asked, now),
    )
    return (page, 400) if asked.errors else page


@bp.get("/utilization/losses.csv", defaults={"kind": "csv"})
@bp.get("/utilization/losses.json", defaults={"kind": "json"})
@bp.get("/utilization/losses.xlsx", defaults={"kind": "xlsx"})
@may("export boards")
@held
def loss_rows(kind: str) -> Response:
    """The lines; of one line, its stretches."""
    now = utcnow()
    asked, line = strictly(read_asked(now, site_zone())), _asked_line()
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    about = {**_about(asked, report, now), **_rests_on(report)}
    if line:
        found = stretches.file_rows(asked, _is_of(line), _days_of(line, asked, now), now, every=False)
        return files.answer(kind, files.named("losses", asked), about, stretches.HEAD, found)
    times = [iso(asked.window.start), iso(asked.window.end), *finely.precision(report).values()]
    lines = pareto(cells.losses(asked.window, now, asked.chosen.ids))
    rows = [[*_cells_of(line), *times] for line in lines]
    return files.answer(kind, files.named("losses", asked), about, LOSSES, rows)


@bp.get("/utilization/stops")
@may("see utilization")
def list_stops() -> str | tuple[str, int]:
    now = utcnow()
    asked = read_asked(now, site_zone())
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    told = {"report": report, "stops": stops.stops(report), "shown": SHOWN, "limits": (stops.UP_TO, stops.OF)}
    page = render_template("utilization/stops.html", **told, **_around(asked, now))
    return (page, 400) if asked.errors else page


@bp.get("/utilization/stops.csv", defaults={"kind": "csv"})
@bp.get("/utilization/stops.json", defaults={"kind": "json"})
@bp.get("/utilization/stops.xlsx", defaults={"kind": "xlsx"})
@may("export boards")
@held
def stop_rows(kind: str) -> Response:
    now = utcnow()
    asked = strictly(read_asked(now, site_zone()))
    report = cells.utilization_report(asked.window, now, asked.chosen.ids)
    found = stops.stops(report)
    if report.precision == "day":
        first = iso(cells.exact_since())
        raise Invalid(start_time=f"must be {first} or later: of the time before only whole days are known")
    if found is None:
        raise Invalid(end_time=f"must be within {stops.UP_TO} days of From, and at most {stops.OF} cells chosen")
    about = _about(asked, report, now)
    return files.answer(kind, files.named("stops", asked), about, stops.HEAD, stops.file_rows(found))


@bp.get("/utilization/restated")
@may("see utilization")
def restated() -> str | tuple[str, int]:
    now = utcnow()
    asked = read_asked(now, site_zone())
    page = render_template("utilization/restated.html", **_around(asked, now))
    return (page, 400) if asked.errors else page


@bp.get("/utilization/restated.csv", defaults={"kind": "csv"})
@bp.get("/utilization/restated.json", defaults={"kind": "json"})
@bp.get("/utilization/restated.xlsx", defaults={"kind": "xlsx"})
@may("export boards")
def restated_rows(kind: str) -> Response:
    now = utcnow()
    asked = strictly(read_asked(now, site_zone()))
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    told = cells.counting(asked.window, now)
    found = cells.every_restatement(told.counted or asked.window, asked.chosen.ids)
    rows = (_restated_row(one, names) for one in found)
    return files.answer(kind, files.named("restated", asked), _about(asked, told, now), RESTATED, rows)


def _restated_row(one: Restatement, names: dict[int, str]) -> list[object]:
    cell = names.get(one.cell_id) if one.cell_id else None
    return [iso(one.at), one.kind, one.by, one.why, iso(one.start), iso(one.end), cell, one.calendar_id]


def _cells_of(line: Line) -> list[object]:
    loss = line.loss
    return [
        loss.state,
        PLANNED if loss.planned else loss.reason,
        loss.seconds,
        line.share,
        line.cumulative,
        loss.stretches,
    ]


def _asked_line() -> Loss | None:
    state, reason = request.args.get("state", ""), request.args.get("reason", "")
    if state not in ledger.STATES:
        return None
    return Loss(state, None if reason in ("", NONE_GIVEN, IN_BREAKS) else reason, 0, None, planned=reason == IN_BREAKS)


def _is_of(line: Loss | None) -> stretches.Counts:
    """Stretches of this line; of all lines where none is asked for."""
    if line is None:
        return lambda piece: piece.scheduled and piece.state in ("idle", "setup", "down", "maintenance")
    return lambda piece: _fits(piece, line)


def _fits(piece: Evidence, line: Loss) -> bool:
    if piece.state != line.state:
        return False
    if line.state == "maintenance":
        return piece.scheduled
    if line.planned:
        return piece.scheduled and not piece.working
    return piece.working and piece.explained == (line.reason or "")


def _days_of(line: Loss | None, asked: Asked, now: datetime) -> Iterator[finely.Days]:
    def lost(window: Window) -> int:
        found = cells.losses(window, now, asked.chosen.ids)
        return sum(loss.seconds for loss in found if line is None or _is_line(loss, line))

    return finely.days_together(asked, now, lost)


def _is_line(loss: Loss, line: Loss) -> bool:
    return (loss.state, loss.reason, loss.planned) == (line.state, line.reason, line.planned)


def _about(asked: Asked, told: Counting | Report, at: datetime) -> dict[str, Any]:
    times = {"start_time": iso(asked.window.start), "end_time": iso(asked.window.end), "computed_at": iso(at)}
    return {**times, **finely.precision(told)}


def _rests_on(report: Report) -> dict[str, int]:
    """Scheduled seconds by who said so."""
    return {f"{part.key}_seconds": part.seconds for part in story.sources(report.account)}


def _around(asked: Asked, now: datetime) -> dict[str, Any]:
    every, told = cells.all_cells(retired=True), cells.counting(asked.window, now)
    return {
        "asked": asked,
        "told": told,
        "restated": cells.restatements(told.counted or asked.window, asked.chosen.ids, SHOWN),
        "restated_in_all": cells.count_restatements(told.counted or asked.window, asked.chosen.ids),
        "names": {cell.id: cell.name for cell in every},
        "classes": stretches.CLASSES,
        "kept_from": cells.exact_since(),
        "as_of": cells.as_of(now),
        "period": settings().sample_every,
        "now": now,
    }
