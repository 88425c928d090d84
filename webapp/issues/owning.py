"""Who has an issue: taking it, handing it to somebody else, letting it go. Of two who take it, one wins."""

from datetime import datetime

from webapp import people
from webapp.extensions import transaction
from webapp.issues.models import Issue
from webapp.issues.stepping import held_open, step
from webapp.lib.refusal import Invalid, WrongState
from webapp.people import User


def take_issue(issue_id: int, by: str, now: datetime) -> Issue:
    """WrongState where somebody else has it; taking what one has already changes nothing."""
    with transaction():
        issue = held_open(issue_id)
        if issue.owner and issue.owner != by:
            raise WrongState(f"{issue.owner} has issue {issue.id} already", owner=issue.owner)
        if not issue.owner:
            given_to(issue, by, now)
            step(issue, "taken", by, now, owner=by)
    return issue


def hand_over(issue_id: int, to: str, by: str, now: datetime, seen: str | None = None) -> Issue:
    """to: the username of somebody who may own issues. seen: who had it when that was decided; WrongState if it is
    somebody else by now."""
    with transaction():
        issue = held_open(issue_id)
        _unless_moved_on(issue, seen)
        _check_may_own(to)
        if issue.owner != to:
            given_to(issue, to, now)
            step(issue, "handed over", by, now, owner=to)
    return issue


def let_issue_go(issue_id: int, by: str, now: datetime, seen: str | None = None) -> Issue:
    """Nobody has it any more, such as at the end of a shift; a stop then calls for somebody again."""
    with transaction():
        issue = held_open(issue_id)
        _unless_moved_on(issue, seen)
        if issue.owner:
            issue.owner = ""
            step(issue, "let go", by, now)
    return issue


def given_to(issue: Issue, owner: str, now: datetime) -> None:
    """The clock to the first owner stops once and for all."""
    issue.owner = owner
    issue.taken_at = issue.taken_at or now


def _unless_moved_on(issue: Issue, seen: str | None) -> None:
    if seen is not None and issue.owner != seen:
        raise WrongState(f"{issue.owner or 'Nobody'} has issue {issue.id} by now", owner=issue.owner)


def owners() -> list[User]:
    """Whoever an issue may be handed to, by username."""
    may = [role for role, verbs in people.ROLES.items() if "own issue" in verbs]
    return sorted(people.in_roles(may), key=lambda user: user.username)


def _check_may_own(username: str) -> None:
    if username not in {user.username for user in owners()}:
        raise Invalid(to="must be somebody who may own issues: an operator, a supervisor or an administrator")
