"""Who has something running, and where."""

from flask import Blueprint, render_template

from webapp import cells, projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.projects import Filters

bp = Blueprint("engineers", __name__)


@bp.get("/engineers")
@may("see engineers")
def show() -> str:
    running = projects.search(Filters(status="running"), limit=1000).projects
    return render_template(
        "engineers/show.html",
        people=projects.engineers_at_work(),
        running={
            user_id: [p for p in running if p.created_by_id == user_id]
            for user_id in {p.created_by_id for p in running}
        },
        cells={cell.id: cell for cell in cells.all_cells(retired=True)},
        now=utcnow(),
    )
