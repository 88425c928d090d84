"""The blueprint that every file of this place hangs its routes on."""

from flask import Blueprint

bp = Blueprint("utilization", __name__)
