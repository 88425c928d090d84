"""The running app's settings, for doors. Rooms are handed what they need."""

from typing import cast

from flask import current_app

from webapp.config import Config


def settings() -> Config:
    return cast(Config, current_app.extensions["factory"])
