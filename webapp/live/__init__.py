"""The push door: what a commit changed is painted once and sent to every open screen.

topics  ->  `webapp.lib.regions`: offered by the doors for people
publish     after a commit: say which words changed (Redis channel `dirty`)
renderer    a process: paints each changed topic once, whoever many screens look (channels `live:<topic>`)
hub         a process: holds every screen's socket, knows nothing of the factory
stream      GET /live?topics=a,b: who may see what; then the socket changes hands
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def attach(app: "Flask") -> None:
    """For the web: the stream's route, and news after each commit."""
    # Imported here: the hub, which needs no Flask, passes this file on its way in.
    from webapp.live import publish, stream

    publish.attach(app)
    stream.attach(app)


def attach_worker(app: "Flask") -> None:
    """For workers: news after each commit."""
    from webapp.live import publish

    publish.attach(app)
