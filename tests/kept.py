"""One application serves test after test; the next test gets another if it was changed by hand.

Making one takes as long as many a test: addresses, templates and SQL are compiled anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry

from core.db import db, write
from core.storage import Storage, place_of

Events = dict[str, list[Any]]


class Kept:
    """The application of one kind of database, as it was made by `make(url, folder)`."""

    def __init__(self, make: Callable[[str, Path], Flask]) -> None:
        self.make = make
        self.app: Flask | None = None

    def take(self, url: str, folder: Path) -> Flask:
        """An application as if newly made, on the database at `url`, its files in `folder`."""
        if self.app is None:
            self._begin(self.make(url, folder))
        assert self.app is not None
        self.app.config.clear()
        self.app.config.update(_copied(self.config))
        files = str(folder / "files")
        self.app.config |= {
            "DATABASE_URL": url, "SQLALCHEMY_DATABASE_URI": url, "FILES_URL": files,
        }  # fmt: skip
        self.app.extensions.clear()
        self.app.extensions.update(_copied(self.extensions) | {"files": Storage(place_of(files))})
        self.app.instance_path = str(folder)
        self.app._got_first_request = False
        with self.app.app_context():
            self._point_at(db.engine, url)
            write(lambda: None)  # what was remembered since the latest write is forgotten
        return self.app

    def give_back(self) -> None:
        """Keep the application for the next test, unless this one did something to it."""
        assert self.app is not None
        with self.app.app_context():
            db.session.remove()
            engine = db.engine
            whole = _state(self.app, engine) == self.state
            if engine.dialect.name == "sqlite" or engine.pool.checkedout() or not whole:
                engine.dispose()
        if not whole:
            self.app = None

    def close(self) -> None:
        """Close its connections."""
        if self.app is not None:
            with self.app.app_context():
                db.engine.dispose()

    def _begin(self, app: Flask) -> None:
        self.app, self.config, self.extensions = app, _copied(app.config), _copied(app.extensions)
        with app.app_context():
            engine = db.engine

            @sa.event.listens_for(engine, "do_connect")
            def connect(_dialect: Any, _entry: ConnectionPoolEntry, _args: Any, named: Any) -> None:
                if engine.dialect.name == "sqlite":
                    _args[0] = engine.url.database

            self.state = _state(app, engine)

    def _point_at(self, engine: Engine, url: str) -> None:
        if engine.dialect.name == "sqlite":
            engine.url = sa.make_url(url)
            vars(engine).pop("samling_reader", None)


def _copied(values: dict[str, Any]) -> dict[str, Any]:
    """A copy whose lists and dicts are copies too."""
    return {
        name: value.copy() if type(value) in {dict, list} else value
        for name, value in values.items()
    }


def _state(app: Flask, engine: Engine) -> list[Any]:
    """What is not set anew for each test: of an application that was left alone it is equal."""
    heard = [
        (name, len(getattr(of.dispatch, name)))
        for of in (engine, engine.pool, engine.dialect)
        for name in sorted(of.dispatch._event_names)
        if name != "engine_disposed"  # core.glimpse listens for it from its first question on
    ]
    asked = (
        app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
        app.template_context_processors,
    )  # fmt: skip
    return [
        heard, app.wsgi_app, len(list(app.url_map.iter_rules())), dict(app.view_functions),
        dict(app.jinja_env.globals), dict(app.jinja_env.filters),
        [{name: list(given) for name, given in of.items()} for of in asked],
    ]  # fmt: skip
