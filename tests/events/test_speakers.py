"""The register of speakers, and photos that nobody should have sent."""

import gc
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from core.db import db, write
from core.errors import Refusal
from events import services
from events.models import Event, Photo, Release, Speaker
from events.photos import make_jpeg
from tests.conftest import forms
from tests.events import make
from tests.events.make_files import picture, pixel_bomb

NEW = "/arbeta/medverkande/ny"


def send(browser, body, name="foto.jpg", url=NEW, **fields):
    values = forms(browser.get(url).text)[0]["fields"] | {"name": "Maria Holm"} | fields
    return browser.post(
        url, data=values | {"photo": (io.BytesIO(body), name)}, content_type="multipart/form-data"
    )


def count(model):
    return db.session.scalar(sa.select(sa.func.count(model.id)))


def test_a_speaker_with_photo_and_consent_is_kept(staff, client):
    browser = staff("organiser")
    answer = send(
        browser,
        picture(size=(900, 1200)),
        title="kulturchef",
        organisation="Haparanda",
        name_ok="y",
        photo_ok="y",
    )
    assert answer.status_code == 303, answer.text
    speaker = db.session.scalars(sa.select(Speaker)).one()
    assert (speaker.name, speaker.by, speaker.name_given) == (
        "Maria Holm", "kulturchef, Haparanda", make.NOW
    )  # fmt: skip
    assert (speaker.photo.width, speaker.photo.height) == (450, 600)
    shown = client.get(f"/bild/{speaker.photo.token}.jpg")
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    text = browser.get("/arbeta/medverkande").text
    assert "Får publiceras" in text
    assert "2026-11-22" in text


def test_photos_are_made_anew_without_metadata(app):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x8825] = {1: "N", 2: (57.0, 46.0, 58.0)}
    exif[0x0100] = 7
    broken = exif.tobytes().replace(b"\x01\x00\x00\x04", b"\x01\x00\x00\x05")  # no fraction
    made = make_jpeg(picture(size=(900, 1200), exif=broken) + b"<script>alert(1)</script>")
    again = Image.open(io.BytesIO(made.body))
    assert again.format == "JPEG"
    assert again.size == (600, 450)  # upright
    assert not again.getexif()
    assert b"script" not in made.body
    for kind, mode in (
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "I;16"),
    ):
        one = Image.open(io.BytesIO(make_jpeg(picture(kind, mode=mode)).body))
        assert (one.format, one.mode) == ("JPEG", "RGB")


def animated():
    out = io.BytesIO()
    frames = [Image.new("P", (80, 80), n) for n in range(50)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (pixel_bomb(), "40 miljoner bildpunkter"),
        (animated(), "JPEG, PNG eller WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "JPEG, PNG eller WebP"),
        (b"<html><script>alert(1)</script></html>", "JPEG, PNG eller WebP"),
        (picture()[:900], "går inte att läsa"),
        (picture("PNG")[:-200], "går inte att läsa"),
        (b"%PDF-1.7", "JPEG, PNG eller WebP"),
        (picture(size=(10, 10)), "för liten"),
    ],
    ids=["bomb", "gif", "svg", "html", "truncated", "truncated-png", "pdf", "tiny"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_a_sentence(staff, body, sentence):
    answer = send(staff("organiser"), body, organisation="Kvar")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Kvar"' in answer.text
    assert (count(Speaker), count(Photo)) == (0, 0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_photo_may_be_larger_than_other_forms_but_not_endless(staff):
    browser = staff("organiser")
    padded = picture() + b"\0" * (3 * 1024 * 1024)
    assert send(browser, padded).status_code == 303
    assert send(browser, b"\0" * (9 * 1024 * 1024)).status_code == 413
    anonymous = browser.post("/logga-in", data={"email": "x" * (2 * 1024 * 1024)})
    assert anonymous.status_code == 413
    gc.collect()  # the unnamed temporary file of the request that was cut off


@pytest.mark.parametrize(
    "name",
    ["../../x.jpg", "C:\\x.jpg", "a\0.png", "a\r\nSet-Cookie: x=1.jpg", "å" * 300,
     "\u202egpj.exe", ".htaccess", ""],
)  # fmt: skip
def test_the_name_of_a_file_is_used_for_nothing(staff, name):
    browser = staff("organiser")
    answer = send(browser, picture(), name=name)
    if answer.status_code == 400:
        assert count(Photo) == 0
        return
    assert answer.status_code == 303
    photos = db.session.scalars(sa.select(Photo)).all()
    assert all(len(photo.token) == 43 for photo in photos)
    if name.strip():
        assert name not in browser.get(answer.location).text


def test_a_consent_taken_back_takes_the_name_out_of_what_is_published(staff, client):
    browser = staff("organiser")
    event = make.event()
    one, other = make.speaker("Maria Holm"), make.speaker("Bo Ek")
    make.item(event, speakers=(one, other))
    write(
        lambda: services.publish(
            db.session, db.session.get_one(Event, event.id), by=None, now=make.NOW
        )
    )
    assert "Maria Holm" in client.get(f"/evenemang/{event.slug}").text
    answer = browser.submit(f"/arbeta/medverkande/{one.id}", name_ok=None)
    assert answer.status_code == 303
    public = client.get(f"/evenemang/{event.slug}").text
    assert "Maria Holm" not in public
    assert "Bo Ek" in public
    release = db.session.scalars(sa.select(Release)).one()
    assert "Maria Holm" in str(release.frozen)  # what was released stays in the archive
    assert "Maria Holm" not in str(release.content)
    assert db.session.get_one(Speaker, one.id).name_given is None


def test_a_photo_taken_away_is_gone_everywhere(staff, client):
    browser = staff("organiser")
    send(browser, picture(), name_ok="y", photo_ok="y")
    speaker = db.session.scalars(sa.select(Speaker)).one()
    token = speaker.photo.token
    event = make.event()
    make.item(event, speakers=(speaker,))
    write(
        lambda: services.publish(
            db.session, db.session.get_one(Event, event.id), by=None, now=make.NOW
        )
    )
    assert token in client.get(f"/evenemang/{event.slug}").text
    assert browser.submit(f"/arbeta/medverkande/{speaker.id}", _at=1).status_code == 303
    assert token not in client.get(f"/evenemang/{event.slug}").text
    assert client.get(f"/bild/{token}.jpg").status_code == 404
    assert count(Photo) == 0


def test_the_register_is_searched_and_sorted_in_swedish(staff):
    browser = staff("organiser")
    for name in ("Örjan Berg", "Zara Ek", "Åsa Lind", "Änna Dal"):
        make.speaker(name)
    make.speaker("Någon Annan", "skane")
    text = browser.get("/arbeta/medverkande").text
    places = [text.index(name) for name in ("Zara Ek", "Åsa Lind", "Änna Dal", "Örjan Berg")]
    assert places == sorted(places)
    assert "Någon Annan" not in text
    text = browser.get("/arbeta/medverkande?q=ÅSA").text
    assert "Åsa Lind" in text
    assert "Zara Ek" not in text


def test_what_is_no_field_of_the_form_changes_nothing(staff):
    browser = staff("organiser")
    speaker = make.speaker()
    before = {c.key: getattr(speaker, c.key) for c in sa.inspect(Speaker).columns}
    answer = browser.submit(
        f"/arbeta/medverkande/{speaker.id}", authority_id=str(make.board("skane").id), id="9",
        photo_id="1", name_given="1999-01-01", authority="skane",
    )  # fmt: skip
    assert answer.status_code == 303
    after = db.session.get_one(Speaker, speaker.id)
    assert {c.key: getattr(after, c.key) for c in sa.inspect(Speaker).columns} == before


def test_a_photo_is_never_made_while_the_database_is_held(app):
    with pytest.raises(RuntimeError, match="inside a write transaction"):
        write(lambda: make_jpeg(picture()))
    with pytest.raises(Refusal, match="8 MB"):
        make_jpeg(b"\0" * (8 * 1024 * 1024 + 1))
