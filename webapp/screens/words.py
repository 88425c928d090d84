"""Words the pages share beyond times and shares: what a journal entry tells, this page's address with a change."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for

from webapp import cells
from webapp.journal import Entry
from webapp.lib.clock import iso
from webapp.screens.times import site_zone

# How the details of an entry are named to a reader; what is not here is named as it is stored.
NAMES = {"cell": "on", "reason": "because", "why": "because", "cad_model": "CAD model", "parameters": ""}
NEVER = {"fence", "claim_id", "project_id", "cell_id", "token_id"}  # numbers only the program cares about


def attach(app: Flask) -> None:
    filters = {
        "sentence": sentence,
        "lower_first": lambda words: words[:1].lower() + words[1:],
        "told": told,
        "per_cent": per_cent,
        "hours": hours,
        "counted": counted,
        "zone": zone,
        "iso": iso,
        "figures": cells.figures,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals |= {"here": here, "here_again": here_again}


def here(**changes: object) -> str:
    """This page's address with some of its words changed; None takes one away."""
    # Not handed to url_for: an address may hold words that mean something to it, such as _external.
    words = {name: value for name, value in {**request.args.to_dict(), **changes}.items() if value is not None}
    return url_for(str(request.endpoint), **(request.view_args or {})) + ("?" + urlencode(words) if words else "")


def here_again(**changes: object) -> str:
    """As here(), where a word may come more than once, such as cell=3&cell=4."""
    kept = [word for word in request.args.items(multi=True) if word[0] not in changes]
    words = [*kept, *((name, value) for name, value in changes.items() if value is not None)]
    return url_for(str(request.endpoint), **(request.view_args or {})) + ("?" + urlencode(words) if words else "")


def sentence(verb: str) -> str:
    """'finished project' -> 'Finished project'."""
    return verb[:1].upper() + verb[1:]


def per_cent(value: float | None) -> str:
    """58.3 -> '58.3 %', as the API and the CSV have it."""
    return "–" if value is None else f"{value} %"


def hours(seconds: int) -> str:
    """Cell time, which adds up to more than days: 37 s, 48 min, 196 h 35."""
    if seconds < 3600:
        return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return f"{seconds // 3600} h {seconds // 60 % 60:02}"


def counted(value: float) -> str:
    """9, 228.9, 166 854: measured things have one decimal up to a thousand; groups of three beyond."""
    measured = isinstance(value, float) and abs(value) < 1000
    return f"{value:.1f}" if measured else f"{value:,.0f}".replace(",", "\u202f")


def zone(at: datetime) -> str:
    """UTC+2, as the site's clock stands then."""
    offset = at.astimezone(site_zone()).strftime("%z")
    hours, minutes = offset[:3], offset[3:]
    return "UTC" if offset == "+0000" else f"UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")


def told(entry: Entry) -> str:
    """An entry's details in words; a change as before → after. Empty where the verb says it all."""
    details = dict(entry.details or {})
    before, after = details.pop("before", None), details.pop("after", None)
    parts = _changes(before, after) if (before, after) != (None, None) else []
    parts += [
        f"{_name(name)} {_plain(value)}"
        for name, value in details.items()
        if name not in NEVER and not _says_nothing(value)
    ]
    return "; ".join(parts)


def _changes(before: Any, after: Any) -> list[str]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [f"{_plain(before)} → {_plain(after)}"]
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [f"{_name(name)}: {_plain(before.get(name))} → {_plain(after.get(name))}" for name in names]


def _says_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _name(name: str) -> str:
    return NAMES.get(name, name.replace("_", " "))


def _plain(value: Any) -> str:
    if _says_nothing(value):
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{_name(name)} {_plain(held)}" for name, held in value.items() if not _says_nothing(held))
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)
