"""Files in a folder and in S3: a file before its row, no row without its file."""

import io
import os
import time
import urllib.request

import pytest
import sqlalchemy as sa
from moto.server import ThreadedMotoServer

from accounts.models import Authority
from core import files, storage
from core.db import db, write
from events.models import Photo
from tests import world


@pytest.fixture(scope="module")
def s3():
    """The address of an S3 on this machine, with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/samling", method="PUT")).close()
    yield address
    server.stop()


@pytest.fixture
def stored(request, make_app, tmp_path, monkeypatch):
    """An application whose files lie in a folder, or in that S3."""
    url = f"file://{tmp_path}/filer%20h%C3%A4r"
    if request.param == "s3":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "prov")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "prov")
        address = request.getfixturevalue("s3")
        url = f"s3://samling/{tmp_path.name}?endpoint={address}&region=us-east-1"
    app = make_app(FILES_URL=url)
    files.kept_by(app, Photo.token)
    with app.app_context():
        yield app


def put(body=b"innehall"):
    key = storage.new_key()
    files.storage().put(key, body, "application/pdf")
    return key


def row(key):
    authority = db.session.scalars(sa.select(Authority).limit(1)).one()
    photo = Photo(token=key, authority_id=authority.id, width=1, height=1, body=b"",
                  created=world.NOW)  # fmt: skip
    db.session.add(photo)


def there():
    return {key for key, _put_at in files.storage().all()}


@pytest.mark.parametrize("stored", ["folder", "s3"], indirect=True)
def test_a_file_is_kept_once_a_row_names_it_and_goes_with_the_row(stored):
    large = os.urandom(6 * 1024 * 1024)  # more than one part
    with stored.app_context():
        kept = put(io.BytesIO(large))
        write(lambda: row(kept))
        refused = put()  # whatever was to name it was refused
        assert b"".join(files.storage().get(kept)) == large
    assert there() == {kept}
    with pytest.raises(storage.Missing):
        files.storage().get(refused)
    with stored.app_context():
        files.forget(kept)  # but its row stays
    assert there() == {kept}
    done = stored.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 0, done.output
    with stored.app_context():
        write(lambda: db.session.execute(sa.delete(Photo)))
        files.forget(kept)
    assert there() == set()
    write(lambda: row(kept))
    done = stored.test_cli_runner().invoke(args=["check"])
    assert (done.exit_code, f": filen {kept} saknas" in done.output) == (1, True)
    with pytest.raises(RuntimeError, match="inside a write"):
        write(put)


@pytest.mark.parametrize("stored", ["folder", "s3"], indirect=True)
def test_what_a_killed_process_left_is_swept_after_a_day(stored, monkeypatch):
    keys = [storage.new_key() for _ in range(2)]
    for key in keys:
        files.storage().put(key, b"a", "text/plain")
    storage.touched().clear()  # as where the process was killed before the row was committed
    write(lambda: row(keys[0]))
    folder = files.storage().place.folder
    half = folder / f"{keys[1]}#1" if folder else None
    if half:
        half.write_bytes(b"half")  # as where it was killed while it wrote
    done = stored.test_cli_runner().invoke(args=["tidy"])
    assert "filer: 0 borttagna" in done.output, "it may be on its way"
    monkeypatch.setattr(files, "LEFT_OVER", files.LEFT_OVER * 0)
    time.sleep(1.1)  # S3 tells whole seconds
    done = stored.test_cli_runner().invoke(args=["tidy"])
    assert f"filer: {2 if half else 1} borttagna" in done.output
    assert there() == {keys[0]}
    assert not (half and half.exists())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_folder_is_in_the_backup(make_app, tmp_path):
    app = make_app()
    files.kept_by(app, Photo.token)
    with app.app_context():
        key = put(b"\x00hela filen")
        write(lambda: row(key))
        (tmp_path / "files" / "skrap").write_text("inte vår")
        done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "kopia")])
        assert done.exit_code == 0, done.output
        again = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "kopia")])
        assert "finns redan" in again.output
        assert (tmp_path / "kopia.files").stat().st_mode & 0o077 == 0
    new = make_app(DATABASE_URL=f"sqlite:///{tmp_path}/ny/s.db", FILES_URL=str(tmp_path / "nya"))
    files.kept_by(new, Photo.token)
    with new.app_context():
        (tmp_path / "nya").mkdir()
        (tmp_path / "nya" / "annat").write_text("x")
        full = new.test_cli_runner().invoke(args=["restore", str(tmp_path / "kopia")])
        assert "inte tom" in full.output
        (tmp_path / "nya" / "annat").unlink()
        done = new.test_cli_runner().invoke(args=["restore", str(tmp_path / "kopia")])
        assert done.exit_code == 0, done.output
        assert b"".join(files.storage().get(key)) == b"\x00hela filen"
        assert new.test_cli_runner().invoke(args=["check"]).exit_code == 0
        db.session.remove()


def test_no_key_leads_out_of_the_store(app):
    for key in ("../../etc/passwd", "ab/../../x", "/etc/passwd", "AB/" + "a" * 32, "", "ab/a\0b"):
        for act in (files.storage().get, files.storage().delete, files.forget):
            with pytest.raises(ValueError, match="no key"):
                act(key)
