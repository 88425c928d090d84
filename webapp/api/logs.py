"""What happened: a page of it, or all of it as a file, filtered alike."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context
from flask_login import current_user

from webapp import journal, projects
from webapp.api import results, schemas, shapes
from webapp.api.answering import answer
from webapp.api.document import tells
from webapp.api.door import bp
from webapp.api.reading import query
from webapp.journal import Entry
from webapp.lib.guard import may
from webapp.lib.names import name_typed, names_of
from webapp.lib.refusal import Invalid
from webapp.lib.tables import csv_lines

SIGNED_IN: list[dict[str, list[str]]] = [{"token": []}, {"cookie": []}]
COLUMNS = ("time", "type", "what", "subject", "name", "by", "from", "details")
MORE = "Engineers get what is about their own projects. `from` is for administrators."


@bp.get("/logs")
@tells(
    "What happened, newest first", results.Logs, query=schemas.LogPage, refuses=[400, 401], needs=SIGNED_IN, more=MORE
)
@may("see log")
def list_logs() -> Response:
    asked = query(schemas.LogPage)
    limit = asked["limit"]
    found = journal.recent(**_filters(asked), before=asked.get("after"), limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    return answer({"logs": _shaped(found[:limit]), "next": more})


@bp.get("/logs.csv")
@tells(
    "The same rows, all of them, as a file",
    kind="text/csv",
    query=schemas.LogQuery,
    headers=["Content-Disposition"],
    refuses=[400, 401],
    needs=SIGNED_IN,
    more="What a spreadsheet would run as a formula begins with an apostrophe.",
)
@may("see log")
def download_logs_csv() -> Response:
    rows = ([_flat(row[column]) for column in COLUMNS] for row in _every(query(schemas.LogQuery)))
    return _file(csv_lines(COLUMNS, rows), "text/csv", "log.csv")


@bp.get("/logs.json")
@tells(
    "The same rows, all of them, as one list",
    {"type": "array", "items": results.Log},
    query=schemas.LogQuery,
    headers=["Content-Disposition"],
    refuses=[400, 401],
    needs=SIGNED_IN,
)
@may("see log")
def download_logs_json() -> Response:
    return _file(_json_lines(_every(query(schemas.LogQuery))), "application/json", "log.json")


def _file(pieces: Iterator[str], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(pieces), mimetype=kind, headers=headers)


def _every(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A batch at a time: however long the log, no more of it than that is held."""
    filters = _filters(asked)
    return (row for batch in journal.walk(**filters) for row in _shaped(batch))


def _shaped(entries: list[Entry]) -> list[dict[str, Any]]:
    names, sees_origin = names_of(entry.subject for entry in entries), current_user.may("administer users")
    return [shapes.log(entry, names.get(entry.subject), sees_origin) for entry in entries]


def _json_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    between = "[\n"
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _flat(value: Any) -> Any:
    """Details as "why: new spindle; fence: 3": a cell of a table holds text."""
    return "; ".join(f"{name}: {held}" for name, held in value.items()) if isinstance(value, dict) else value


def _filters(asked: dict[str, Any]) -> dict[str, Any]:
    start, end = asked.get("start_time"), asked.get("end_time")
    if start and end and start >= end:
        raise Invalid(end_time="must be later than start_time")
    return {
        "kind": asked.get("type"),
        "subject": _subject(asked.get("subject")),
        "by": asked.get("by"),
        "start": start,
        "end": end,
        "subjects": _own(),
    }


def _subject(said: str | None) -> str | None:
    if said is None:
        return None
    found = name_typed(said)
    if found is None:
        raise Invalid(subject="must name something there is, such as project:7, order:WO-1001 or cell:C03")
    return found


def _own() -> list[str] | None:
    """None: all of it."""
    if current_user.may("see whole log"):
        return None
    return [f"project:{n}" for n in projects.ids_of(current_user.user.id)]
