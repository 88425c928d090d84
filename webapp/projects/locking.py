"""Taking hold of one project, so that of two people who change it at once neither loses anything. A move."""

from sqlalchemy import select

from webapp.extensions import db
from webapp.lib.refusal import NotFound
from webapp.projects.models import Project

LARGEST_ID = 2**31 - 1


def one(project_id: int) -> Project:
    """The project with this number; raises NotFound."""
    project = db.session.get(Project, project_id) if 0 < project_id <= LARGEST_ID else None
    return _there(project)


def held(project_id: int) -> Project:
    """The same as it is at this moment, locked until the transaction ends."""
    if not 0 < project_id <= LARGEST_ID:
        return _there(None)
    query = select(Project).where(Project.id == project_id).with_for_update(of=Project)
    return _there(db.session.scalar(query.execution_options(populate_existing=True)))


def _there(project: Project | None) -> Project:
    if project is None:
        raise NotFound("There is no such project")
    return project
