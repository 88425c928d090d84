"""python -m bench.live_lab.factory PORT CELLS: a factory whose running board is full. Through the product's own acts.

python -m bench.live_lab.factory changes: for each line "count seconds" so many commits, so far apart; says how long
each took. Each renames a running project, so that its number and its moment stand on the board.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from bench.live_lab.loop import summary
from webapp import cells, create_app, create_worker, people, projects
from webapp.config import from_environment
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

PASSWORD = "correct horse battery"
WAITING, PATIENCE = 10, 240


def build(machines: int, count: int) -> None:
    """Cells whose machines answer, an engineer, and a project for each of them and for some that wait."""
    now = utcnow()
    site = cells.add_site("Bench", "Europe/Berlin", 80, "bench", now)
    people.add_user("ada", PASSWORD, ["engineer"], now, "bench", "Ada", "Byron")
    for number in range(1, count + 1):
        address = f"http://127.0.0.1:{machines}/cell/{number}"
        details = cells.CellDetails(name=f"C{number:02}", kind="mill", site_id=site.id, address=address)
        cells.add_cell(details, "bench", now - timedelta(minutes=1), settings().cell_networks)


def order(count: int) -> None:
    ada = people.caller(people.user_named("ada"))
    for number in range(count):
        spec = projects.ProjectSpec(cad_model=f"s3:plant-models/housing_r{number}.step", config="s3:plant-models/c.yml")
        projects.create(spec, ada, utcnow(), settings().sample_every)


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            sys.exit("the factory did not get ready")
        time.sleep(0.5)
        db.session.rollback()


def all_idle() -> bool:
    standings = cells.standings(utcnow(), settings().sample_every).values()
    return all(standing.state == "idle" for standing in standings)


def all_running(count: int) -> bool:
    return projects.count(projects.Filters(status="running")) == count


def change(number: int, project_id: int) -> float:
    """Milliseconds of the act; the mark is from before it."""
    began = time.monotonic_ns()
    ada = people.caller(people.user_named("ada"))
    projects.revise(project_id, {"name": f"change {number}.{began}"}, ada, utcnow())
    return (time.monotonic_ns() - began) / 1e6


def changes() -> None:
    [one, *_] = projects.search(projects.Filters(status="running")).projects
    project_id, number = one.id, 0
    for line in sys.stdin:
        count, every = line.split()
        taken, due = [], time.monotonic()
        for _ in range(int(count)):
            time.sleep(max(0.0, due - time.monotonic()))
            due, number = due + float(every), number + 1
            taken.append(change(number, project_id))
        print(json.dumps({"changes": int(count), "newest": number, "commit": summary(taken)}), flush=True)


def main(word: str, *more: str) -> None:
    app = create_worker(from_environment()) if word == "changes" else create_app()
    with app.app_context():
        if word == "changes":
            return changes()
        count = int(more[0])
        build(int(word), count)
        wait_for(all_idle)
        order(count + WAITING)
        return wait_for(lambda: all_running(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
