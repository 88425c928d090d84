"""Screens on the wall: read from five metres, by anybody, for weeks. Nothing on them can be pressed.

board.py and utilization.py are what a wall can show; playing.py is a paired screen that shows them in turn; pairing.py
is what a screen shows that nobody has paired yet.
"""

from webapp.screens.walls.board import REGION as BOARD
from webapp.screens.walls.door import bp
from webapp.screens.walls.pairing import begin
from webapp.screens.walls.playing import REGION as DISPLAY
from webapp.screens.walls.utilization import REGION as UTILIZATION

REGIONS = (BOARD, UTILIZATION, DISPLAY)

__all__ = ["REGIONS", "begin", "bp"]
