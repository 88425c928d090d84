"""The programs' door: JSON under /api."""

from flask import Flask


def attach(app: Flask) -> None:
    """Register the API."""
