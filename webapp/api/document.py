"""The OpenAPI document: gathered by flask-smorest from what each view says of itself; it parses and answers nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask_smorest import Api as Smorest
from marshmallow import Schema

from webapp.api import results
from webapp.api.errors import PROBLEM
from webapp.api.idempotency import HEADER
from webapp.lib.failures import WORDS

View = TypeVar("View", bound=Callable[..., Any])

TITLE, VERSION = "Dream Factory", "1"
ABOUT = """What `docs/api.md` says in full, as a document for programs.

Times go out in UTC with `Z`. Windows are half open: `start_time <= t < end_time`. Errors are
`application/problem+json`. `Idempotency-Key` on every POST but signing in and out: the same key and body get the first
answer again for 24 hours, another body is 422; what was refused changed nothing, and its key may come again."""

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "From `POST /api/login` or the account page."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "factory", "description": "Set by signing in."},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "Beside the cookie, on every unsafe call.",
    },
}
READER: list[dict[str, list[str]]] = [{}, {"token": []}, {"cookie": []}]
WRITER: list[dict[str, list[str]]] = [{"token": []}, {"cookie": [], "csrf": []}]
ANYBODY: list[dict[str, list[str]]] = [{}]

HEADERS = {
    "ETag": {
        "description": "Version and digest. Send it back as If-Match or If-None-Match.",
        "schema": {"type": "string"},
    },
    "Location": {"description": "Where what was created is.", "schema": {"type": "string"}},
    "Link": {
        "description": 'rel="next": where the list goes on; missing on the last page.',
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "The first answer, given again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Content-Disposition": {"description": "A name for the file.", "schema": {"type": "string"}},
}
#: Headers a request may carry, as parameters.
ASKING = {
    "If-Match": "The ETag of the version the change was made on; 412 when it is an old one.",
    "If-None-Match": "The ETag of what is already there; 304 when that is still true.",
    HEADER: "The same key and body get the first answer again for 24 hours.",
}
KEY = {"type": "string", "minLength": 1, "maxLength": 150, "pattern": "^[ -~]+$"}
REFUSAL_HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "Seconds."},
    503: {"Retry-After": "Seconds."},
}


class Api(Smorest):
    """Its documentation alone: errors are told by api.errors under /api, and pages keep their own."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        """A refusal of each status, as problem+json. Named by number: HTTPStatus words differ between Pythons."""
        for status, (code, message) in WORDS.items():
            told = {"description": f"{message}. `{code}`", "content": {PROBLEM: {"schema": results.Problem}}}
            headers = {
                name: {"description": says, "schema": {"type": "string"}}
                for name, says in REFUSAL_HEADERS.get(status, {}).items()
            }
            self.spec.components.response(str(status), told | ({"headers": headers} if headers else {}), lazy=True)


def tells(
    summary: str,
    result: type[Schema] | dict[str, Any] | None = None,
    status: int = 200,
    *,
    kind: str = "application/json",
    query: type[Schema] | None = None,
    body: Any = None,
    asking: Sequence[str] = (),
    headers: Sequence[str] = (),
    refuses: Sequence[int] = (),
    needs: list[dict[str, list[str]]] = READER,
    also: Mapping[str, Any] | None = None,
    more: str = "",
) -> Callable[[View], View]:
    """What a view says of itself in the document. asking, headers: names of ASKING, HEADERS; refuses: statuses beside
    those that any call may get. also: other kinds of content it may have."""
    parameters = [_asking(name) for name in asking] + ([{"in": "query", "schema": query}] if query else [])
    told: dict[str, Any] = {
        "summary": summary,
        "security": needs,
        "responses": {str(status): _answer(result, status, kind, headers)} | _refusals(refuses, body, asking, needs),
    }
    told |= {"parameters": parameters} if parameters else {}
    told |= {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}} if body else {}
    told |= {"description": more} if more else {}
    for name, schema in (also or {}).items():
        told["responses"][str(status)]["content"][name] = {"schema": schema}

    def note(view: View) -> View:
        place = view.__module__.rpartition(".")[2]
        view._apidoc = {"manual_doc": told | {"tags": [place]}}  # type: ignore[attr-defined]
        return view

    return note


def _answer(result: Any, status: int, kind: str, headers: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": {200: "OK", 201: "Created", 202: "Accepted", 204: "Done"}[status]}
    told |= {"content": {kind: {"schema": result or {"type": "string"}}}} if status != 204 else {}
    return told | ({"headers": {name: HEADERS[name] for name in headers}} if headers else {})


def _refusals(refuses: Sequence[int], body: Any, asking: Sequence[str], needs: Any) -> dict[str, Any]:
    statuses = {*refuses, *((400, 413, 415) if body else ()), *((422,) if HEADER in asking else ())}
    statuses |= {412} if "If-Match" in asking else set()
    statuses |= {401, 403, 503} if needs is not ANYBODY else set()
    told: dict[str, Any] = {str(status): str(status) for status in sorted(statuses)}
    return told | ({"304": {"description": "Still true"}} if "If-None-Match" in asking else {})


def _asking(name: str) -> dict[str, Any]:
    kind = KEY if name == HEADER else {"type": "string"}
    return {"in": "header", "name": name, "required": False, "description": ASKING[name], "schema": kind}
