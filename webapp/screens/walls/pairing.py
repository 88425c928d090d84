"""What a screen shows that nobody has paired yet: a code, until somebody has typed it at the desk."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.session import whence
from webapp.screens.walls.door import bp
from webapp.signing import SCREEN, remember_screen


@bp.get("")
@may("sign in")
def begin() -> Response:
    """The same code again while it is good, then another; once it was typed, this browser's own wall."""
    now, token = utcnow(), request.cookies.get(SCREEN, "")
    caller = people.caller_for_screen(token) if token else None
    if caller and caller.screen:
        return remember_screen(redirect(url_for("wall.show_display", id=caller.screen.id)), token)
    if not (token and people.is_waiting(token, now)):
        token = people.show_code(*whence(), now)
    return remember_screen(make_response(render_template("wall/pairing.html", code=people.code_of(token))), token)
