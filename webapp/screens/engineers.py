"""Who has something running, and where."""

from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from webapp import cells, journal, projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.projects import Filters, Project

bp = Blueprint("engineers", __name__)

MOST = 1000


@bp.get("/engineers")
@may("see engineers")
def show() -> str:
    return render_template("engineers/show.html", **view("", utcnow()))


@bp.get("/engineers/part")
@may("see engineers")
def part() -> Response:
    return polled("engineers")


def view(_: str, now: datetime) -> Picture:
    running = projects.search(Filters(status="running"), limit=MOST).projects
    places = {cell.id: cell for cell in cells.all_cells(retired=True)}
    at_work = [
        (person, [project for project in running if project.created_by_id == person.id])
        for person in projects.engineers_at_work()
    ]
    painted = [(person.full_name, [_painted(one, places) for one in theirs]) for person, theirs in at_work]
    return {
        "at_work": at_work,
        "cells": places,
        "version": journal.digest(repr(painted).encode())[:16],
        "as_of": cells.as_of(now),
        "period": settings().sample_every,
        "now": now,
    }


def _painted(project: Project, places: dict[int, cells.Cell]) -> tuple[object, ...]:
    return project.id, project.name, places[project.cell_id].name if project.cell_id else "", project.started_at


REGIONS = (Region("engineers", "see engineers", "engineers/_part.html", view, heeds=("board",)),)
