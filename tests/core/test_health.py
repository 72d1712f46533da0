"""Case B7: what endangers the data makes /readyz red, with the reason."""

import contextlib
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from core.db import db, write
from core.health import checks, trouble
from core.outbox.services import enqueue
from registrations.models import Registration
from tests.conftest import NOW, open_client
from tests.registrations import make as registrations


def ready(app):
    with app.app_context():
        answer = open_client(app).get("/readyz")
        return answer.status_code, answer.json["reasons"]


def test_a_sound_service_is_ready(app):
    assert ready(app) == (200, [])
    assert open_client(app).get("/healthz").text == "ok\n"


@pytest.mark.parametrize(
    ("pragma", "says"),
    [("synchronous=NORMAL", "synchronous är 1"), ("synchronous=OFF", "synchronous är 0"),
     ("foreign_keys=OFF", "foreign_keys är 0"), ("journal_mode=DELETE", "journal_mode är delete")],
)  # fmt: skip
def test_an_unsafe_sqlite_is_red(make_app, pragma, says):
    app = make_app()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("SQLite's own settings")

        @event.listens_for(db.engine, "connect")
        def unsafe(dbapi, _record):
            dbapi.execute(f"PRAGMA {pragma}")

    code, reasons = ready(app)
    assert code == 503
    assert says in reasons[0]


@contextlib.contextmanager
def server_setting(app, change, undo):
    with app.app_context():
        url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in change:
                connection.exec_driver_sql(statement)
        db.engine.dispose()
        try:
            yield
        finally:
            with engine.connect() as connection:
                for statement in undo:
                    connection.exec_driver_sql(statement)
            engine.dispose()
            db.engine.dispose()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_an_unsafe_postgresql_is_red(make_app, name):
    app = make_app()
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("PostgreSQL's own settings")
        db.session.rollback()
    reload = "SELECT pg_reload_conf(), pg_sleep(0.5)"
    with server_setting(
        app, [f"ALTER SYSTEM SET {name} = off", reload], [f"ALTER SYSTEM RESET {name}", reload]
    ):
        code, reasons = ready(app)
    assert code == 503
    assert f"{name} är off" in reasons[0]
    assert ready(app)[0] == 200


def test_a_database_whose_clock_is_wrong_is_red(make_app):
    app = make_app()
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no clock")
        name = db.engine.url.database
    wrong = (
        "CREATE FUNCTION wrong.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
        "$$ SELECT pg_catalog.clock_timestamp() + interval '2 minutes' $$"
    )
    with server_setting(
        app,
        ["CREATE SCHEMA wrong", wrong,
         f"ALTER DATABASE {name} SET search_path = wrong, pg_catalog, public"],
        [f"ALTER DATABASE {name} RESET search_path", "DROP SCHEMA wrong CASCADE"],
    ):  # fmt: skip
        code, reasons = ready(app)
    assert code == 503
    assert "sekunder fel" in " ".join(reasons)


def test_tables_of_another_version_are_red(make_app):
    app = make_app()
    with app.app_context():
        version = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))

        def stamp(number):
            change = sa.text("UPDATE alembic_version SET version_num = :number")
            write(lambda: db.session.execute(change, {"number": number}))

        stamp("x")
        try:
            code, reasons = ready(app)
        finally:
            stamp(version)
    assert code == 503
    assert "flask db upgrade" in reasons[0]


def test_a_database_that_is_away_is_red_and_pages_say_so(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/finns/inte/a.db")
    code, reasons = ready(app)
    assert code == 503
    assert "svarar inte" in reasons[0]
    away = make_app(DATABASE_URL="postgresql://ingen@127.0.0.1:1/inget")
    for broken in (app, away):
        with broken.app_context():
            page = open_client(broken).get("/")
        assert page.status_code == 503
        assert "Tjänsten svarar inte just nu" in page.text
        assert page.headers["Retry-After"]


def test_post_that_stands_still_is_red(make_app):
    from datetime import timedelta  # noqa: PLC0415

    app = make_app(FAKE_NOW=NOW + timedelta(minutes=16))
    with app.app_context():
        write(lambda: enqueue(db.session, kind="x", to="a@example.se", payload={}, now=NOW))
    code, reasons = ready(app)
    assert code == 503
    assert "post har väntat" in reasons[0]


def test_asking_whether_it_is_ready_takes_no_lock(app):
    with db.engine.begin() as writing:
        writing.execute(sa.text("UPDATE authority SET phone = ''"))
        assert trouble() == []


def test_the_check_sees_one_moment_while_people_register(app):
    """On PostgreSQL each question else sees its own moment, and counts would seem to differ."""
    conference = registrations.conference()
    seen = []

    def between(session):
        seen.append(session.scalar(sa.select(sa.func.count(Registration.id))))
        if len(seen) == 1:
            done = threading.Thread(target=meanwhile)
            done.start()
            done.join()
        return []

    def meanwhile():
        with app.app_context():
            registrations.registration(conference)
            db.session.remove()

    for _twice in range(2):
        checks(app, between)
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 0, answer.output
    assert seen == [0, 0]
