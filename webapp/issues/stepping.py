"""How every act on an issue writes down what it did: a step with its photos, and a journal entry."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from webapp import journal
from webapp.extensions import db
from webapp.issues.models import Issue, Photo, Step
from webapp.issues.pictures import Picture
from webapp.lib.refusal import Invalid, NotFound, WrongState

#: Photos of one issue: they are kept for good, in every backup.
MOST_OF_ONE = 40
#: kind of step -> the journal's verb
VERBS = {
    "reported": "reported issue",
    "taken": "took issue",
    "handed over": "handed issue over",
    "let go": "let issue go",
    "updated": "updated issue",
    "closed": "closed issue",
    "reopened": "reopened issue",
}


def held(issue_id: int) -> Issue:
    """The issue, kept from everybody else until the commit: of two acts the second sees what the first did."""
    found = None
    if 0 < issue_id < 2**31:
        found = db.session.get(Issue, issue_id, with_for_update={"of": Issue}, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no issue {issue_id}")
    return found


def held_open(issue_id: int) -> Issue:
    issue = held(issue_id)
    if not issue.is_open:
        raise WrongState(
            f"{issue.closed_by} has closed issue {issue.id}", closed_by=issue.closed_by, ended_at=_at(issue.closed_at)
        )
    return issue


def _at(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def step(
    issue: Issue,
    kind: str,
    by: str,
    now: datetime,
    words: str = "",
    photos: Iterable[Picture] = (),
    **changed: str,
) -> Step:
    """changed: owner and severity, where they are another from now on."""
    issue.changed_at = now
    made = Step(issue_id=issue.id, at=now, by=by, kind=kind, words=words, **changed)
    db.session.add(made)
    db.session.flush()
    added = _keep(issue, made, photos)
    journal.record(VERBS[kind], issue.what, by, now, **_told(issue, words, added, changed))
    return made


def _keep(issue: Issue, made: Step, photos: Iterable[Picture]) -> int:
    """How many are new: a photo that is there already is not kept twice."""
    known = set(db.session.scalars(select(Photo.digest).where(Photo.issue_id == issue.id)))
    new = [picture for picture in photos if picture.digest not in known]
    if len(known) + len(new) > MOST_OF_ONE:
        raise Invalid(photo=f"may be {MOST_OF_ONE} of one issue, which has {len(known)}")
    for one in new:
        size = {"kind": one.kind, "width": one.width, "height": one.height}
        db.session.add(Photo(issue_id=issue.id, step_id=made.id, digest=one.digest, data=one.data, **size))
    return len(new)


def _told(issue: Issue, words: str, photos: int, changed: dict[str, str]) -> dict[str, object]:
    """What the log tells of it; what is empty is left out."""
    told = {"cell": issue.cell.name if issue.cell else "", "words": words, "photos": photos, **changed}
    return {name: value for name, value in told.items() if value}
