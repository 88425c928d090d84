"""A photo, to those who may see issues, as nothing but a photo."""

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from webapp import issues
from webapp.lib.guard import may
from webapp.screens.issues.place import bp

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
#: Opened by itself it may load nothing and run nothing, whatever a browser takes it for.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@bp.get("/issues/<int:id>/photos/<int:photo_id>")
@may("see issues")
def photo(id: int, photo_id: int) -> Answer:
    """Kept by this person's browser, and asked for again each time: who was signed out sees it no more."""
    found = issues.one_photo(id, photo_id)
    answer = Response(mimetype=found.kind)
    answer.set_etag(found.digest)
    name = f"issue-{id}-photo-{photo_id}.{ENDINGS[found.kind]}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(found.digest):
        answer.status_code = 304
        return answer
    answer.set_data(issues.one_photo(id, photo_id, whole=True).data)
    return answer
