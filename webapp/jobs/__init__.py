"""Time's door: what happens by itself."""

from flask import Flask


def attach(app: Flask) -> None:
    """Make the queue reachable from this app."""
