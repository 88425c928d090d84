"""From the rooms' nouns to JSON: the only place where the API's words are put on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from webapp.cells import Columns, Counting, Figures, HeatMap, Interval, Kept, Report
from webapp.journal import Entry, kind_of
from webapp.lib.clock import iso, moment
from webapp.lib.names import Named
from webapp.lib.refusal import Refusal
from webapp.lib.window import Window
from webapp.people import User
from webapp.projects import Decision, Prediction, Project

Json = dict[str, Any]

# What a caller made up, such as names of fields that do not exist, comes back in an answer: cut short.
MOST_FIELDS, LONGEST_NAME = 20, 80


def problem(no: Refusal, title: str) -> Json:
    details = dict(no.details)
    if isinstance(details.get("fields"), dict):
        named = list(details["fields"].items())  # type: ignore[attr-defined]
        details["fields"] = {name[:LONGEST_NAME]: says for name, says in named[:MOST_FIELDS]}
    return {
        "type": "about:blank",
        "title": title,
        "status": no.status,
        "code": no.code,
        "message": no.message,
        "details": plain(saw(details) if no.code == "RULE_VIOLATION" else details),
    }


def plain(value: Any) -> Any:
    """Times as the API writes them, at any depth; what JSON has no word for, as text."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def project(project: Project, prediction: Prediction | None) -> Json:
    return {
        "project_id": project.id,
        "name": project.name,
        "cad_model": project.cad_model,
        "config": project.config,
        "cell_id": project.cell_id,
        "created_at_utc": iso(project.created_at),
        "updated_at_utc": iso(project.updated_at),
        "started_at_utc": iso(project.started_at),
        "ended_at_utc": iso(project.ended_at),
        "status": project.status,
        "created_by": project.created_by.username,
        **project.parameters,
        "waiting_reason": waiting_reason(project),
        "predicted_start_utc": predicted_start(project, prediction),
        "predicted_end_utc": iso(prediction.end) if prediction else None,
    }


def created(project: Project, prediction: Prediction | None) -> Json:
    return {
        "project_id": project.id,
        "created_by": project.created_by.username,
        "cell_id": project.cell_id,
        "x-params": project.given,
        "status": project.status,
        "waiting_reason": waiting_reason(project),
        "predicted_start_utc": predicted_start(project, prediction),
    }


def waiting_reason(project: Project) -> Json | None:
    why = project.waiting
    return {"code": why.code, "message": why.message, "needs_person": why.needs_person} if why else None


def predicted_start(project: Project, prediction: Prediction | None) -> str | None:
    """Of one that has started nothing is foretold any more: started_at_utc says it."""
    return iso(prediction.start) if prediction and project.started_at is None else None


def decision(decision: Decision) -> Json:
    return {
        "decision_id": decision.id,
        "at": iso(decision.at),
        "last_at": iso(decision.last_at),
        "times": decision.times,
        "outcome": decision.outcome,
        "cell_id": decision.cell_id,
        "code": decision.code,
        "message": decision.message,
        "candidates": plain(decision.candidates),
    }


def engineer(user: User) -> Json:
    return {"username": user.username, "first_name": user.first_name, "last_name": user.last_name}


def signed_in(user: User, token: str, csrf_token: str, expires_at: datetime) -> Json:
    return {
        **engineer(user),
        "role": user.role,
        "roles": user.roles,
        "token": token,
        "csrf_token": csrf_token,
        "expires_at_utc": iso(expires_at),
    }


def log(entry: Entry, named: Named | None, with_origin: bool) -> Json:
    return {
        "log_id": entry.id,
        "time": iso(entry.at),
        "type": kind_of(entry),
        "what": entry.verb,
        "subject": entry.subject,
        "name": named.label if named else "",
        "by": entry.by,
        "from": (entry.origin or "") if with_origin else "",
        "details": plain(entry.details or {}),
    }


def utilization(report: Report, states: Mapping[int, str], columns: bool = False) -> Json:
    """columns: one array per field, for many cells. Numbers may be numpy's: NaN is null."""
    told = cell_columns(report.columns, states)
    return {
        "cells": told if columns else as_rows(told),
        "start_time": iso(report.window.start),
        "end_time": iso(report.window.end),
        "duration": report.duration,
        **_total(report.figures),
        "basis": report.basis,
        "computed_at": iso(report.computed_at),
        "clipped_to": iso(_cut_at(report.window, report.cut)),
        **precision(report),
    }


def precision(told: Counting | Report) -> Json:
    """How finely a window is known, and what of it is counted; null where no second of it is."""
    return {
        "precision": told.precision,
        "counted_start_time": iso(told.counted.start) if told.counted else None,
        "counted_end_time": iso(told.counted.end) if told.counted else None,
    }


STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")
SOURCES = ("measured", "entered", "inferred")


def cell_columns(told: Columns, states: Mapping[int, str]) -> Json:
    """states: those of now; a cell that nobody asks any more is unknown."""
    ids, names, kinds, sites = zip(*told.entries, strict=True) if told.entries else ((), (), (), ())
    shares = told.shares
    return {
        "cell_id": ids,
        "name": names,
        "kind": kinds,
        "site": sites,
        "state": [states.get(id, "unknown") for id in ids],
        "utilization": shares["utilization"],
        "utilization_low": shares["utilization"],
        "utilization_high": shares["high"],
        "coverage": shares["coverage"],
        "calendar_utilization": shares["calendar"],
        "running_seconds": told["running"],
        "scheduled_seconds": told["scheduled"],
        "unknown_seconds": told["unknown"],
        "states": {state: told[state] for state in STATES},
        "sources": {source: told[source] for source in SOURCES},
    }


def as_rows(columns: Json) -> list[Json]:
    """Columns of columns are rows of rows."""
    plain = [as_rows(column) if isinstance(column, dict) else column for column in columns.values()]
    listed = [column.tolist() if isinstance(column, np.ndarray) else column for column in plain]
    return [dict(zip(columns, row, strict=True)) for row in zip(*listed, strict=True)]


def _total(figures: Figures) -> Json:
    return {
        "total_utilization": figures.utilization,
        "total_utilization_low": figures.low,
        "total_utilization_high": figures.high,
        "coverage": figures.coverage,
    }


def _cut_at(asked: Window, cut: Window | None) -> datetime | None:
    """Where the figures end, if that is before the window does: what has not happened is not counted."""
    if cut is None:
        return asked.start
    return cut.end if cut.end < asked.end else None


def heat_map(found: HeatMap, window: Window, state: str) -> Json:
    """All but the numbers themselves."""
    return {
        "cells": [{"cell_id": entry.id, "name": entry.name} for entry in found.entries],
        "state": state,
        "start_time": iso(window.start),
        "end_time": iso(window.end),
        "hours": [iso(moment(edge)) for edge in found.edges[:-1]],
        "precision": "day" if found.unknown else "second",
    }


def heat(found: HeatMap) -> Any:
    """The numbers; null of an hour whose day is all that is known."""
    if not found.unknown:
        return found.seconds
    return [[None] * found.unknown + row for row in found.seconds[:, found.unknown :].tolist()]


def interval(interval: Interval) -> Json:
    return {
        "state": interval.state,
        "from": iso(interval.start),
        "to": iso(interval.end),
        "reason": interval.reason,
        "source": interval.source,
    }


def kept(kept: Kept) -> Json:
    refused = [{"index": one.index, "code": one.code, "message": one.message} for one in kept.refused]
    return {"kept": kept.kept, "repeated": kept.repeated, "refused": refused}


def saw(details: Mapping[str, object]) -> Json:
    """What a rule saw, in the contract's spelling: prev_end -> prevEnd."""
    return {camel(name): value for name, value in details.items()}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
