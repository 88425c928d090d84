"""Dream Factory: software that runs a factory floor. `create_app` is its table of contents."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Config


def create_app(config: "Config | None" = None) -> "Flask":
    """The app with its parts attached, in order. Without a config, the environment is read."""
    # Imported when an app is built: whoever wants only webapp.config, as bin/run does, does not pay for the rest.
    from flask import Flask

    from webapp import api, cli, extensions, jobs, live, logs, screens, signing
    from webapp.config import from_environment
    from webapp.lib import build, headers, statics, traffic

    config = config or from_environment()
    app = Flask(__name__, template_folder="../templates", static_folder=None)
    app.extensions["factory"] = config
    for part in (logs, traffic, statics, build, headers, extensions, signing, screens, api, jobs, live, cli):
        part.attach(app)
    return app


def create_worker(config: "Config") -> "Flask":
    """The app as jobs see it: the rooms, and no door but theirs. It is there half a second sooner."""
    from flask import Flask

    from webapp import extensions, jobs, live, logs

    app = Flask(__name__, static_folder=None)
    app.extensions["factory"] = config
    for part in (logs, extensions, jobs):
        part.attach(app)
    live.attach_worker(app)
    return app
