"""Puts the application together. Start reading here."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.cli
import accounts.gate
import accounts.jobs.views
import accounts.views
import core.assets
import core.backup
import core.csrf
import core.db
import core.errors
import core.files
import core.flash
import core.headers
import core.health
import core.i18n
import core.interpreter
import core.jobs.worker
import core.mail
import core.outbox.worker
import core.pages
import core.policy
import core.settings
import core.text
import core.tidy
import core.web
import demo.cli
import events.views
import events.wiring
import minutes.views
import minutes.wiring
import registrations.views
import registrations.wiring


def create_app(**settings: Any) -> Flask:
    """The application. `settings` (names without prefix) win over the environment."""
    app = Flask(__name__, static_folder="static")
    core.settings.init_app(app, settings)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    for part in (
        core.policy, core.csrf, core.flash, core.db, core.i18n, core.text, core.assets, core.web,
        core.mail,
        core.outbox.worker, core.health, core.tidy, core.files, core.jobs.worker, core.backup,
        core.pages,
        core.errors,
        core.headers, accounts.gate, accounts.cli, accounts.jobs.views, events.wiring,
        registrations.wiring,
        minutes.wiring,
        demo.cli,
    ):  # fmt: skip
        part.init_app(app)
    for part in (
        accounts.views, accounts.jobs.views, events.views, registrations.views, minutes.views,
    ):  # fmt: skip
        app.register_blueprint(part.bp)
    core.policy.close(app)
    core.interpreter.init_app(app)
    if app.config["WORKER"] == "embedded":
        core.outbox.worker.start(app)
        core.jobs.worker.start(app)
    return app
