"""Time's door: what happens by itself, on the clock or because somebody rang.

A job is a bell: it hurries what rows already say is owed. A lost one costs seconds, never work.
"""

from typing import TYPE_CHECKING

from webapp.jobs.bell import Bell, wake

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["attach", "wake"]


def attach(app: "Flask") -> None:
    """Give the app a bell; nothing is connected to before it is rung."""
    app.extensions["bell"] = Bell(app.extensions["factory"].redis_url)
