"""The programs' door: JSON under /api, with the contract's own paths and words."""

from flask import Flask

from webapp.api import (
    cells,
    docs,
    engineers,
    health,
    logs,
    maintenance,
    operations,
    projects,
    results,
    running,
    session,
    work_orders,
)
from webapp.api.crossing import let_cross
from webapp.api.document import ABOUT, SCHEMES, TITLE, VERSION, Api
from webapp.api.door import Identity, Ref, bp
from webapp.api.errors import problem
from webapp.lib.failures import answer_under

__all__ = [
    "attach",
    "cells",
    "docs",
    "engineers",
    "health",
    "logs",
    "maintenance",
    "operations",
    "projects",
    "running",
    "session",
    "work_orders",
]


def attach(app: Flask) -> None:
    """Register the routes, their document, and how this door says no."""
    app.url_map.converters["id"] = Identity
    app.url_map.converters["ref"] = Ref
    app.register_blueprint(health.root)
    document = Api(spec_kwargs={"title": TITLE, "version": VERSION, "openapi_version": "3.1.0"})
    document.init_app(app, spec_kwargs={"info": {"description": ABOUT}})
    document.register_converter(Identity, lambda number: {"type": "integer", "minimum": 1, "maximum": 999_999_999})
    document.register_converter(Ref, lambda name: {"type": "string", "minLength": 1, "maxLength": 60})
    document.spec.components.schema("Cell", schema=results.Cell)
    for name, scheme in SCHEMES.items():
        document.spec.components.security_scheme(name, scheme)
    document.register_blueprint(bp)
    app.extensions["api_document"] = document
    app.after_request(let_cross)
    answer_under(app, "/api", problem)
