"""Which build this is: a digest of all that decides how a page looks and behaves. Screens of another load anew."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

HOUSE = Path(__file__).resolve().parents[1]
DECIDES = {"webapp": ("*.py",), "templates": ("*.html", "*.svg"), "static": ("*.js", "*.css", "*.svg")}


def attach(app: Flask) -> None:
    app.jinja_env.globals["build"] = build()


@cache
def build() -> str:
    """Twelve hexadecimal digits."""
    found = hashlib.sha256()
    for folder, patterns in DECIDES.items():
        for path in sorted(path for pattern in patterns for path in (HOUSE.parent / folder).rglob(pattern)):
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]
