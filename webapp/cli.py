"""The shell's door: `flask --app webapp ...`."""

from flask import Flask


def attach(app: Flask) -> None:
    """Add each group of commands."""
