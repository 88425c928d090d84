"""The OpenAPI document, and its page, which asks nobody else for anything."""

from typing import Any

from flask import Response, current_app, render_template

from webapp.api.answering import answer
from webapp.api.document import ANYBODY, tells
from webapp.api.door import bp
from webapp.lib.guard import may

TAGS = {
    "session": "Signing in and out",
    "projects": "From creation to the end, and why one waits",
    "engineers": "Who is at work",
    "cells": "Utilization, what is behind it, and readings pushed by machines",
    "work_orders": "What is ordered, and its steps in sequence",
    "operations": "The plan: moving one, and asking the rules beforehand",
    "running": "Operations begin and end",
    "maintenance": "Windows and duties",
    "logs": "What happened, and its files",
    "health": "For supervisors and load balancers",
    "docs": "This document",
}


@bp.get("/openapi.json")
@tells("This document", {"type": "object"}, needs=ANYBODY)
@may("see api docs")
def openapi() -> Response:
    return answer(document())


@bp.get("/docs")
@tells("This document as a page", needs=ANYBODY, kind="text/html")
@may("see api docs")
def docs() -> str:
    return render_template("api/docs.html")


def document() -> dict[str, Any]:
    """Its tags are the modules of this door, in the order in which one reads them."""
    found: dict[str, Any] = current_app.extensions["api_document"].spec.to_dict()
    return found | {"tags": [{"name": name, "description": says} for name, says in TAGS.items()]}
