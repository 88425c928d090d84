"""Engineers at work."""

from flask import Response

from webapp import projects
from webapp.api import results, shapes
from webapp.api.answering import answer
from webapp.api.document import tells
from webapp.api.door import bp
from webapp.lib.guard import may


@bp.get("/engineers")
@tells("Whoever has a running project, each once, by username", results.Engineers)
@may("see engineers")
def list_engineers() -> Response:
    return answer({"engineers": [shapes.engineer(user) for user in projects.engineers_at_work()]})
