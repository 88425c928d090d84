"""Reading an address: each word by itself, so that one that cannot be read is named and the page is still shown."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from webapp import cells
from webapp.cells import Cell
from webapp.lib.refusal import Invalid
from webapp.lib.window import MOST_YEARS, Window
from webapp.screens.times import shown_time, typed_time
from webapp.screens.utilization.asked import Asked, Chosen
from webapp.screens.utilization.ranges import NAMED, Range, Spans, stretch_before
from webapp.screens.utilization.shifts import shift_ranges

LARGEST_ID = 2**31
DEFAULT = "24h"

Errors = dict[str, str]


def read_asked(now: datetime, zone: ZoneInfo) -> Asked:
    """?r=24h, or ?start=&end= (UTC), or the form's ?from=&to= in site time; the last 24 hours where nothing is said."""
    errors: Errors = {}
    chosen = read_chosen(errors)
    asked = _read_range(now, zone, chosen, errors)
    return replace(asked, compare=_read_compare(errors), errors=errors)


def ranges_of(chosen: Chosen, now: datetime) -> dict[str, Range]:
    """Those an address may name for these cells, in their order."""
    return shift_ranges(chosen.ids, now) | NAMED


def _read_range(now: datetime, zone: ZoneInfo, chosen: Chosen, errors: Errors) -> Asked:
    args = request.args
    if {"start", "end", "from", "to"} & set(args):
        typed = args.get("from", args.get("start", "")), args.get("to", args.get("end", ""))
        return _typed(*typed, now, zone, chosen, errors)
    known, key = ranges_of(chosen, now), args.get("r", "") or DEFAULT
    if key not in known:
        errors["r"] = "must be one of " + ", ".join(known)
        key = DEFAULT
    return _named(key, known[key], now, zone, chosen)


def _named(key: str, named: Range, now: datetime, zone: ZoneInfo, chosen: Chosen) -> Asked:
    window, before = named.spans(now, zone)
    shown = shown_time(window.start, zone), shown_time(window.end, zone)
    return Asked(window, before, named.before, key, named.label, *shown, chosen)


def _typed(start: str, end: str, now: datetime, zone: ZoneInfo, chosen: Chosen, errors: Errors) -> Asked:
    window = _window(start, end, zone, errors)
    if window is None:
        spans = NAMED[DEFAULT].spans(now, zone)
        return Asked(*spans, NAMED[DEFAULT].before, None, "", start, end, chosen)
    spans = Spans(window, stretch_before(window))
    shown = shown_time(window.start, zone), shown_time(window.end, zone)
    return Asked(*spans, "the same time before", None, "", *shown, chosen)


def _window(start: str, end: str, zone: ZoneInfo, errors: Errors) -> Window | None:
    """None where it cannot be; both fields are read, so that both complaints are told."""
    times = {}
    for name, text in (("start_time", start), ("end_time", end)):
        try:
            times[name] = typed_time(text, name, zone)
        except Invalid as no:
            errors |= _told(no)
    if len(times) < 2:
        return None
    try:
        window = Window(times["start_time"], times["end_time"])
        stretch_before(window)
    except Invalid as no:
        errors |= _told(no)
        return None
    except OverflowError:
        window = None
    if window is None or window.too_long:
        errors["end_time"] = f"must be within {MOST_YEARS} years of From"
        return None
    return window


def _told(no: Invalid) -> Errors:
    return {name: says[0] for name, says in no.details["fields"].items()}  # type: ignore[attr-defined]


def read_chosen(errors: Errors) -> Chosen:
    """The filters: ?site=1&kind=mill&tag=steel&cell=3&cell=4."""
    every = cells.all_cells(retired=True)
    site = _read_site(errors)
    kind = _one_of("kind", {cell.kind for cell in every}, errors)
    tag = _one_of("tag", {tag for cell in every for tag in cell.tags}, errors)
    picked = _read_cells(every, errors)
    if not (site or kind or tag or picked):
        return Chosen()
    ids = cells.chosen(site.id if site else None, kind, tag, picked)
    return Chosen(site, kind, tag, picked, ids)


def _read_site(errors: Errors) -> cells.Site | None:
    said = request.args.get("site", "").strip()
    if not said:
        return None
    sites = {str(site.id): site for site in cells.sites()}
    if said not in sites:
        errors["site"] = "must be one of " + (", ".join(f"{id} ({site.name})" for id, site in sites.items()) or "none")
    return sites.get(said)


def _one_of(name: str, known: set[str], errors: Errors) -> str:
    said = request.args.get(name, "").strip()
    if said and said not in known:
        errors[name] = "must be one of " + (", ".join(sorted(known)) or "none")
        return ""
    return said


def _read_cells(every: list[Cell], errors: Errors) -> tuple[int, ...]:
    known = {str(cell.id): cell.id for cell in every}
    said = [word for word in request.args.getlist("cell") if word]
    if any(word not in known for word in said):
        errors["cell"] = "must be the number of a cell, such as " + next(iter(known), "1")
    return tuple(dict.fromkeys(known[word] for word in said if word in known))


def _read_compare(errors: Errors) -> bool:
    said = request.args.get("compare", "")
    if said not in ("", "0", "1"):
        errors["compare"] = "must be 1 or left out"
    return said == "1"
