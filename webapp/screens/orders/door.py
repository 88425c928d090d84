"""The blueprint that every file of this place hangs its routes on."""

from flask import Blueprint

bp = Blueprint("orders", __name__)
