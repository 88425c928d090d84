"""The decision record: each attempt to place a project, the cells it looked at, and what it found. Moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from webapp import journal
from webapp.extensions import db, touch
from webapp.lib.clock import whole
from webapp.projects.models import Decision, Project
from webapp.projects.reasons import Reason
from webapp.projects.rules import Candidate, Found, No


def digest_of(outcome: str, found: Found) -> str:
    """What makes two attempts the same: the outcome, the reason's code, and of each cell the rule it fails."""
    code = "" if found.best else found.reason.code
    return journal.digest(outcome.encode(), code.encode(), found.rules.encode())[:16]


def note_waiting(project: Project, found: Found, now: datetime) -> None:
    """It waits: a new row, or once more what the last one says."""
    digest = digest_of("waiting", found)
    last = db.session.execute(
        select(Decision.id, Decision.digest).where(Decision.project_id == project.id).order_by(Decision.id.desc())
    ).first()
    if last is not None and last.digest == digest:
        again([last.id], now)
    else:
        _add(project, "waiting", found.reason, _candidates(found), digest, now)


def note_placed(project: Project, found: Found, cell: Candidate, now: datetime) -> None:
    """It got a cell. Of those that passed, the others were only less preferred."""
    reason = Reason("placed", f"{cell.name} was the best of those that fit", cell.cell_id)
    _add(project, "placed", reason, _candidates(found), digest_of("placed", found), now)


def note_refused(project: Project, cell_id: int, name: str, why: str, now: datetime) -> None:
    """It was handed to a cell, which would not take it."""
    no = No("takes the job", f"It refused: {why}" if why else "It refused", {"why": why})
    reason = Reason("refused", f"{name} refused it: {why}"[:300] if why else f"{name} refused it", cell_id)
    _add(project, "refused", reason, [_seen(cell_id, name, no)], journal.digest(why.encode())[:16], now)


def again(decision_ids: Sequence[int], now: datetime) -> None:
    """The same was found once more."""
    repeated = update(Decision).where(Decision.id.in_(decision_ids))
    db.session.execute(
        repeated.values(last_at=whole(now), times=Decision.times + 1), execution_options={"synchronize_session": False}
    )


def last_digests(project_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """project id -> (id, digest) of its newest decision."""
    newest = select(func.max(Decision.id)).where(Decision.project_id.in_(project_ids)).group_by(Decision.project_id)
    rows = db.session.execute(select(Decision.project_id, Decision.id, Decision.digest).where(Decision.id.in_(newest)))
    return {project_id: (decision_id, digest) for project_id, decision_id, digest in rows}


def decisions(project_id: int, limit: int = 100, before: int | None = None) -> list[Decision]:
    """Why a project is where it is: its attempts, newest first. before: the id of one, to read on from there."""
    query = select(Decision).where(Decision.project_id == project_id).order_by(Decision.id.desc()).limit(limit)
    return list(db.session.scalars(query if before is None else query.where(Decision.id < before)))


def _candidates(found: Found) -> list[dict[str, Any]]:
    return [_seen(cell.cell_id, cell.name, no) for cell, no in found.verdicts]


def _seen(cell_id: int, name: str, no: No | None) -> dict[str, Any]:
    rule, message, values = (no.rule, no.message, no.values) if no else ("", "It fits", {})
    return {
        "cell_id": cell_id,
        "name": name,
        "accepted": no is None,
        "rule": rule,
        "message": message,
        "values": values,
    }


def _add(
    project: Project, outcome: str, reason: Reason, candidates: list[dict[str, Any]], digest: str, now: datetime
) -> None:
    db.session.add(
        Decision(
            project_id=project.id,
            at=whole(now),
            last_at=whole(now),
            outcome=outcome,
            cell_id=reason.cell_id if outcome != "waiting" else None,
            code=reason.code,
            message=reason.message,
            candidates=candidates,
            digest=digest,
        )
    )
    touch(f"project:{project.id}")
