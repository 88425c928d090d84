"""Signing in and out."""

from datetime import timedelta

from flask import Response, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from webapp import people, signing
from webapp.api import results, schemas, shapes
from webapp.api.answering import answer
from webapp.api.document import ANYBODY, WRITER, tells
from webapp.api.door import bp
from webapp.api.reading import body
from webapp.lib.clock import utcnow, whole
from webapp.lib.guard import may
from webapp.lib.refusal import NotSignedIn

LIFETIME = timedelta(hours=12)


@bp.post("/login")
@tells(
    "Sign in: a token for 12 hours, and a session by cookie",
    results.SignedIn,
    body=schemas.SignIn,
    refuses=[401, 403, 429, 503],
    needs=ANYBODY,
    more="One message for every mismatch. An `Idempotency-Key` has no meaning here: a token is never stored.",
)
@may("sign in")
def sign_in() -> Response:
    now, given = utcnow(), body(schemas.SignIn)
    user, secret = people.sign_in(**given, origin=request.remote_addr or "", browser=request.user_agent.string, now=now)
    caller = people.caller_for_session(secret, now)
    if caller is None:  # shut out in this very moment
        raise NotSignedIn("This session has ended; sign in again")
    expires_at = whole(now) + LIFETIME
    _, token = people.issue_token(user.id, "API sign-in", "all", expires_at, caller, now, caller.sign_in_id)
    signing.remember(secret)
    return answer(shapes.signed_in(user, token, generate_csrf(), expires_at))


@bp.post("/logout")
@tells(
    "Sign out: the session and the token that came with it are dead at once",
    status=204,
    needs=WRITER,
    more="An `Idempotency-Key` has no meaning here.",
)
@may("see own account")
def sign_out() -> Response:
    people.leave(current_user, utcnow())
    signing.forget()
    return Response(status=204)
