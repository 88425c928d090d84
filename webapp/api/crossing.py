"""CORS: off, but for the origins that CORS_ORIGINS names. They come with a token; the cookie never crosses."""

from flask import Response, request

from webapp.lib.settings import settings

METHODS = "GET, POST, PATCH, OPTIONS"
ASKED = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
TOLD = "ETag, Location, Retry-After, Idempotent-Replayed, X-Request-Id"
TEN_MINUTES = "600"


def let_cross(answer: Response) -> Response:
    """To be run after each request."""
    if not request.path.startswith("/api/") or not settings().cors_origins:
        return answer
    answer.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in settings().cors_origins:
        return answer
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Expose-Headers"] = TOLD
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = ASKED
        answer.headers["Access-Control-Max-Age"] = TEN_MINUTES
    return answer
