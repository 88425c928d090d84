"""Words the pages share beyond times and shares: what a journal entry tells, this page's address with a change."""

from datetime import datetime
from typing import Any

from flask import Flask, request, url_for

from webapp import cells
from webapp.journal import Entry
from webapp.lib.clock import iso
from webapp.screens.times import site_zone

# How the details of an entry are named to a reader; what is not here is named as it is stored.
NAMES = {"cell": "on", "reason": "because", "why": "because", "cad_model": "CAD model", "requested_cell_id": "cell"}
NEVER = {"fence", "claim_id", "project_id", "cell_id", "token_id"}  # numbers only the program cares about


def attach(app: Flask) -> None:
    filters = {
        "sentence": sentence,
        "told": told,
        "per_cent": per_cent,
        "zone": zone,
        "iso": iso,
        "figures": cells.figures,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals["here"] = here


def here(**changes: object) -> str:
    """This page's address with some of its words changed; None takes one away."""
    args = {**request.view_args, **request.args.to_dict(), **changes} if request.view_args else {**request.args.to_dict(), **changes}
    return url_for(str(request.endpoint), **{name: value for name, value in args.items() if value is not None})  # type: ignore[arg-type]


def sentence(verb: str) -> str:
    """'finished project' -> 'Finished project'."""
    return verb[:1].upper() + verb[1:]


def per_cent(value: float | None) -> str:
    """58.3 -> '58.3 %', as the API and the CSV have it."""
    return "–" if value is None else f"{value} %"


def zone(at: datetime) -> str:
    """UTC+2, as the site's clock stands then."""
    offset = at.astimezone(site_zone()).strftime("%z")
    hours, minutes = offset[:3], offset[3:]
    return "UTC" if offset == "+0000" else f"UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")


def told(entry: Entry) -> str:
    """An entry's details in words, a change as before → after; who did it where no details say more."""
    parts = [_part(name, value) for name, value in (entry.details or {}).items() if name not in NEVER and value not in (None, "", [], {})]
    return "; ".join([*parts, f"by {entry.by}"]) if parts else f"by {entry.by}"


def _part(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(_part(inner, held) for inner, held in value.items())
    if isinstance(value, list) and len(value) == 2:
        return f"{NAMES.get(name, name)}: {_plain(value[0])} → {_plain(value[1])}"
    return f"{NAMES.get(name, name)} {_plain(value)}"


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
