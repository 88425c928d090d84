"""What people go on to say about an issue: how it develops, what was done, and that it is not over after all."""

from collections.abc import Sequence
from datetime import datetime

from webapp.extensions import transaction
from webapp.issues.models import Issue
from webapp.issues.owning import given_to
from webapp.issues.saying import read_photos, read_severity, read_words
from webapp.issues.stepping import held, held_open, step
from webapp.lib.refusal import Invalid, WrongState


def update_issue(
    issue_id: int, by: str, now: datetime, words: str = "", severity: str = "", photos: Sequence[bytes] = ()
) -> Issue:
    """A note, another severity, photos: any of them. severity: "" leaves it as it is."""
    said, pictures = read_words(words), read_photos(photos)
    worse = read_severity(severity) if severity else ""
    with transaction():
        issue = held_open(issue_id)
        changed = worse if worse != issue.severity else ""
        if not (said or pictures or changed):
            raise Invalid(words="must say something, or change what the cell is doing, or bring a photo")
        issue.severity = changed or issue.severity
        step(issue, "updated", by, now, said, pictures, **({"severity": changed} if changed else {}))
    return issue


def close_issue(issue_id: int, done: str, by: str, now: datetime, photos: Sequence[bytes] = ()) -> Issue:
    """done: what was done about it. Whoever closes what nobody had, has had it."""
    said, pictures = read_words(done, "done"), read_photos(photos)
    if not said:
        raise Invalid(done="must say what was done")
    with transaction():
        issue = held_open(issue_id)
        if not issue.owner:
            given_to(issue, by, now)
        issue.closed_at, issue.closed_by, issue.done = now, by, said
        step(issue, "closed", by, now, said, pictures)
    return issue


def reopen_issue(issue_id: int, words: str, by: str, now: datetime) -> Issue:
    """It is not over. Nobody has it: whoever thought it was done may have gone home."""
    said = read_words(words)
    with transaction():
        issue = held(issue_id)
        if issue.is_open:
            raise WrongState(f"Issue {issue.id} is open")
        issue.closed_at, issue.closed_by, issue.done, issue.owner = None, "", "", ""
        step(issue, "reopened", by, now, said)
    return issue
