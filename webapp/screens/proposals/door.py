"""The pages of proposed plans: the list with its form, one plan beside today's, and what is done with it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, orders
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.orders import Proposal
from webapp.screens.forms import number_in
from webapp.screens.proposals.forms import AcceptForm, AskForm
from webapp.screens.proposals.twin import twin
from webapp.screens.times import site_zone

bp = Blueprint("proposals", __name__)

STATUS_WORDS = {
    "waiting": "Begins at once",
    "planning": "Searching",
    "ready": "Ready",
    "discarded": "Discarded",
    "failed": "Failed",
}


@bp.get("/schedule/proposals")
@may("plan orders")
def index() -> str:
    return _index(AskForm(formdata=None))


def _index(form: AskForm) -> str:
    return render_template("proposals/index.html", form=form, proposals=orders.recent_proposals(), words=STATUS_WORDS)


@bp.post("/schedule/proposals")
@may("plan orders")
def ask() -> Response | tuple[str, int]:
    form, under_way = AskForm(), orders.plan_under_way()
    if under_way is not None:
        flash(f"A plan for {under_way.by} is being made; one is made at a time.", "warn")
        return redirect(url_for("proposals.show", id=under_way.id), 303)
    proposal: Proposal | None = None
    with form.heeding():
        proposal = orders.ask_for_plan(current_user.name, utcnow(), **form.asked)  # type: ignore[arg-type]
    if proposal is None:
        return _index(form), form.status
    wake(work.make_plans, "slow", first=True)
    return redirect(url_for("proposals.show", id=proposal.id), 303)


@bp.get("/schedule/proposals/<int:id>")
@may("plan orders")
def show(id: int) -> str:
    return _show(id, AcceptForm(formdata=None))


def _show(id: int, form: AcceptForm, together: list[str] | None = None) -> str:
    undo = number_in(request.args.get("undo_plan", ""))
    undo_action = url_for("schedule.take_back", id=undo) if undo else ""
    page = {"form": form, "together": together or [], "undo_action": undo_action}
    return render_template("proposals/show.html", **page, **_seen(id))


def _seen(id: int) -> dict[str, Any]:
    proposal, now = orders.one_proposal(id), utcnow()
    found = orders.compared(proposal)
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    return {
        "proposal": proposal,
        "found": found,
        "names": names,
        "twin": twin(found.differences, names, now, site_zone()),
        "words": STATUS_WORDS,
        "version": f"{proposal.status}-{proposal.plans}-{proposal.spent}-{proposal.bound}",
        "begun": sum(one.becomes.start < now for one in found.open) if proposal.status == "ready" else 0,
    }


@bp.get("/schedule/proposals/<int:id>/part")
@may("plan orders")
def part(id: int) -> str | tuple[str, int]:
    seen = _seen(id)
    if request.args.get("seen") == seen["version"]:
        return "", 204
    return render_template("proposals/_part.html", form=AcceptForm(formdata=None), together=[], **seen)


@bp.post("/schedule/proposals/<int:id>/stop")
@may("plan orders")
def stop(id: int) -> Response:
    orders.stop_planning(id, current_user.name, utcnow())
    wake(work.make_plans, "slow", first=True)
    return redirect(url_for("proposals.show", id=id), 303)


@bp.post("/schedule/proposals/<int:id>/rejection")
@may("plan orders")
def discard(id: int) -> Response:
    orders.discard_proposal(id, current_user.name, utcnow())
    flash("The plan is discarded. Nothing was moved.", "ok")
    return redirect(url_for("proposals.index"), 303)


@bp.post("/schedule/proposals/<int:id>/acceptance")
@may("plan orders")
def accept(id: int) -> Response | tuple[str, int]:
    form, now, change = AcceptForm(), utcnow(), None
    with form.heeding():
        change = orders.accept_proposal(id, form.refs, current_user.name, now)
    if change is None:
        chosen = form.refs if form.obstacles else None
        return _show(id, form, orders.with_their_company(id, chosen, now) if chosen else None), form.status
    count = len(change.moves)
    flash(f"{count} operation{'' if count == 1 else 's'} moved, as proposed.", "undo")
    return redirect(url_for("proposals.show", id=id, undo_plan=change.id), 303)
