"""Case B4: the disk is full. Nothing is half saved, the page says so, no restart is needed.

(Case B3, a connection lost at COMMIT and a kill after it, is in `test_lost_answer` and in
`registrations/test_places`.)
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from core.db import db
from tests import world
from tests.conftest import forms
from tests.registrations import make

SENTENCE = "Inget är sparat"


@contextmanager
def full_disk():
    """A database that can grow no more: by its page limit, or answering as a full disk does."""
    engine = db.engine
    db.session.rollback()
    if engine.dialect.name == "sqlite":

        def limit(connection, *_rest):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        sa.event.listen(engine, "checkout", limit)
        try:
            yield
        finally:
            sa.event.remove(engine, "checkout", limit)
            engine.dispose()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE INSERT ON outbox EXECUTE FUNCTION full_disk()"
        )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full_disk ON outbox")
            connection.exec_driver_sql("DROP FUNCTION full_disk()")


def test_on_a_full_disk_nothing_is_saved_what_was_typed_is_kept_and_it_recovers(app, client):
    event = make.conference()
    url = f"/evenemang/{event.slug}/anmalan"
    fields = forms(client.get(url).text)[0]["fields"] | make.PERSON
    long = {"access_needs": "ramp " * 60, "organisation": "Förbundet " * 19}
    before = world.checksum(app)
    with full_disk():
        filled = 0
        answer = client.post(url, data=fields | long)
        while answer.status_code == 303 and filled < 60:  # what is left of the last page
            filled += 1
            before = world.checksum(app)
            fields = forms(client.get(url).text)[0]["fields"] | make.PERSON
            fields["email"] = f"asa{filled}@example.se"
            answer = client.post(url, data=fields | long)
        assert answer.status_code == 503
        assert SENTENCE in answer.text
        assert make.PERSON["last_name"] in answer.text, "what was typed is kept"
        assert "Retry-After" in answer.headers
        assert world.checksum(app) == before, "no half rows"
        assert client.get(url.removesuffix("/anmalan")).status_code == 200, "reading goes on"
    again = client.post(url, data=fields | long)
    assert (again.status_code, again.location) == (303, f"{url}/tack")


@contextmanager
def little_disk():
    """The outbox on a disk of its own that is full; a function that makes room, or None.

    None where no disk can be mounted, or the database server is somewhere else.
    """
    db.session.rollback()
    with db.engine.connect() as connection:
        data = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    place = Path(tempfile.mkdtemp())
    owner = data.stat() if data.exists() else None
    how = f"size=1m,mode=0700,uid={owner.st_uid},gid={owner.st_gid}" if owner else ""
    mount = ["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(place)]
    if owner is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    ballast = place / "ballast"
    try:
        _say(f"CREATE TABLESPACE little LOCATION '{place}'")
        _say("ALTER TABLE outbox SET TABLESPACE little")
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        yield lambda: ballast.unlink(missing_ok=True)
    finally:
        ballast.unlink(missing_ok=True)
        db.session.rollback()
        _say("ALTER TABLE outbox SET TABLESPACE pg_default")
        _say("DROP TABLESPACE IF EXISTS little")
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


def _say(statement):
    engine = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


SQUEEZED = """
import os, resource, signal, sys
from datetime import datetime
from pathlib import Path
url, database, cookie, body = sys.argv[1:5]
from wsgi import create_app
from core.db import db
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
app = create_app(ENV="test", DATABASE_URL=database, BASE_URL="http://localhost",
                 FAKE_NOW=datetime.fromisoformat("2026-11-22T09:00+00:00"))
client = app.test_client()
client.set_cookie("visitor", cookie)
form = {"data": body, "content_type": "application/x-www-form-urlencoded"}
assert client.get(url).status_code == 200
wal = Path(database.removeprefix("sqlite:///") + "-wal")
size = wal.stat().st_size if wal.exists() else 0
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (max(size, 4096), hard))
squeezed = client.post(url, **form)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
again = client.post(url, **form)
print(squeezed.status_code, "Inget är sparat" in squeezed.text, again.status_code)
"""


def test_a_file_that_cannot_grow_is_answered_alike_and_recovers_in_the_same_process(
    app, client, database_url
):
    event = make.conference()
    url = f"/evenemang/{event.slug}/anmalan"
    if not database_url.startswith("sqlite"):
        with little_disk() as make_room:
            if make_room is not None:
                _fill_the_outbox(app, client, url, make_room)
        return
    fields = forms(client.get(url).text)[0]["fields"] | make.PERSON
    cookie = client.get_cookie("visitor").value
    db.session.rollback()
    child = subprocess.run(
        [sys.executable, "-c", SQUEEZED, url, database_url, cookie, urlencode(fields)],
        check=False, env=os.environ | {"PYTHONPATH": "."}, timeout=60, capture_output=True,
        text=True,
    )  # fmt: skip
    assert child.stdout.split() == ["503", "True", "303"], child.stderr
    assert make.statuses(event) == {"Öberg": "confirmed"}


def _fill_the_outbox(app, client, url, make_room):
    """Register until the disk is full: the answer says so, nothing is half saved, it recovers."""
    for number in range(100):
        form = forms(client.get(url).text)[0]["fields"] | make.PERSON
        form |= {"email": f"asa{number}@example.se"}
        before = world.checksum(app)
        answer = client.post(url, data=form)
        if answer.status_code != 303:
            break
    assert answer.status_code == 503
    assert SENTENCE in answer.text
    assert world.checksum(app) == before
    make_room()
    assert client.post(url, data=form).status_code == 303
