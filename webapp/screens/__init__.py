"""The people's door: pages."""

from flask import Flask


def attach(app: Flask) -> None:
    """Register a blueprint per place."""
