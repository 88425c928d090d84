"""The blueprint that every file of this place hangs its routes on."""

from flask import Blueprint

bp = Blueprint("wall", __name__, url_prefix="/wall")
