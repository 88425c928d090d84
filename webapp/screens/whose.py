"""Whose project it is, and what follows from that: one's own, or by role anybody's."""

from flask_login import current_user

from webapp import projects
from webapp.lib.guard import require
from webapp.lib.refusal import NotAllowed
from webapp.projects import Project


def may_touch(project: Project, act: str) -> bool:
    """Own projects or, by role, any."""
    own = current_user.user is not None and project.created_by_id == current_user.user.id
    return current_user.may(f"{act} any project") or (own and current_user.may(f"{act} project"))


def require_touch(id: int, act: str) -> Project:
    """The project; raises unless the caller may edit, finish or fail it."""
    project = projects.one(id)
    if not may_touch(project, act):
        require(f"{act} project")
        others = "an administrator" if act == "edit" else "a supervisor or an administrator"
        raise NotAllowed(
            f"{project.label} is {project.created_by.full_name}'s; only its owner or {others} may {act} it"
        )
    return project
