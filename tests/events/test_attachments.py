"""Cases U1 and U2 for files of events, and the organiser's way with them."""

import io
import threading
import tracemalloc
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from PIL import Image

from core import files
from core.db import db, write
from core.errors import Refusal
from core.storage import Storage, place_of
from core.text import clean_line
from core.web import disposition
from events import services as event_services
from events.attachments import content, services
from events.attachments.models import Attachment
from events.attachments.receiving import receive
from events.attachments.rules import FileKind, Visibility, file_name
from events.models import Event
from tests.events import make
from tests.events import make_files as sent
from tests.reading import forms

PUBLIC = {"visibility": "public", "access": "accessible"}


def send(browser, url, body, name="Program.pdf", **fields):
    values = forms(browser.get(url).text)[0]["fields"]
    at = next(f for f in forms(browser.get(url).text) if "multipart" in f["enctype"])
    values = {k: v for k, v in at["fields"].items() if v is not None} | fields
    if body is not None:
        values["file"] = (io.BytesIO(body), name)
    return browser.post(url, data=values, content_type="multipart/form-data")


def rows():
    db.session.rollback()
    return list(db.session.scalars(sa.select(Attachment).order_by(Attachment.position)))


def copied(row):
    return SimpleNamespace(id=row.id, token=row.token, key=row.key)


def there():
    return {key for key, _put_at in files.storage().all()}


GOOD = [
    (sent.PDF, FileKind.PDF), (sent.docx(), FileKind.DOCX), (sent.pptx(), FileKind.PPTX),
    (sent.odt(), FileKind.ODT), (sent.odt("presentation"), FileKind.ODP),
    (sent.located(), FileKind.JPEG), (sent.picture("PNG", mode="RGBA"), FileKind.PNG),
    (sent.picture("PNG", mode="P"), FileKind.PNG), (sent.picture("WEBP"), FileKind.JPEG),
    (sent.picture(mode="CMYK"), FileKind.JPEG),
    (sent.picture(size=(5000, 100)) + b"<script>alert(1)</script>", FileKind.JPEG),
]  # fmt: skip
BAD = [
    (b"", "tom"), (b"hej", "Välj en PDF"), (b"<svg onload='x'/>", "Välj en PDF"),
    (b"<!doctype html><script>", "Välj en PDF"), (b"GIF89a" + b"\0" * 50, "Välj en PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Välj en PDF"),
    (b"MZ\x90" + b"\0" * 99, "Välj en PDF"), (b"%PDF-1.7 utan slut", "inte hel"),
    (sent.zipped(("a.txt", "x")), "Välj en PDF"),
    (sent.odt("spreadsheet"), "Välj en PDF"),
    (sent.zipped(("mimetype", "application/vnd.oasis.opendocument.text ")), "Välj en PDF"),
    (sent.office("xl/workbook.xml", sent.WORD), "Välj en PDF"),
    (sent.office("word/document.xml", "text/plain"), "Välj en PDF"),
    (sent.docx(("word/vbaProject.bin", "x")), "makron"),
    (sent.docx(("WORD/VBAPROJECT.BIN", "x")), "makron"),
    (sent.docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "makron"),
    (sent.docx(("word/activeX/activeX1.bin", "x")), "makron"),
    (sent.docx(("a", b"\0" * 40_000_000)), "packas upp"),
    (sent.claiming(sent.docx(("a", "x" * 90)), 4_000_000_000), "packas upp"),
    (sent.locked(sent.docx()), "lösenord"),
    (sent.directory_of(sent.docx(), 60_000, 200), "packas upp"),
    (sent.directory_of(sent.docx(), 2, 900_000_000), "packas upp"),
    (sent.docx()[:-30], "går inte att läsa"), (sent.docx() + b"x", "går inte att läsa"),
    (sent.docx()[:60] + b"\xff" * 90 + sent.docx()[150:], "går inte att läsa"),
    (sent.pixel_bomb(), "40 miljoner"), (sent.picture()[:900], "går inte att läsa"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "går inte att läsa"),
]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_is_what_it_holds_and_never_what_it_is_called(app):
    """Case U1."""
    for body, kind in GOOD:
        ready = content.look(io.BytesIO(body))
        assert ready.kind is kind
        kept = ready.body.read()
        assert len(kept) == ready.size
        if kind in {FileKind.JPEG, FileKind.PNG}:
            assert b"hemlig" not in kept
            assert b"script" not in kept
            image = Image.open(io.BytesIO(kept))
            assert (dict(image.getexif()), max(image.size) <= 2400) == ({}, True)
        else:
            assert kept == body
    for body, says in BAD:
        tracemalloc.start()
        with pytest.raises(Refusal, match=says) as refused:
            content.look(io.BytesIO(body))
        assert refused.value.field == "file"
        assert tracemalloc.get_traced_memory()[1] < 8_000_000, "nothing is unpacked"
        tracemalloc.stop()
    with pytest.raises(RuntimeError, match="inside a write"):
        write(lambda: content.look(io.BytesIO(sent.PDF)))


NAMES = {
    "../../etc/passwd": "passwd.pdf", "C:\\x\\Program 1.PDF": "Program 1.pdf", "a\0.png": "a.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie x=1.pdf", "å" * 300 + ".pdf": "å" * 95 + ".pdf",
    "faktura\u202efdp.exe": "fakturafdp.pdf", ".htaccess": "htaccess.pdf", "": "fil.pdf",
    'a"; filename="b.html': "a; filename=b.pdf", "<img src=x>.pdf": "img src=x.pdf",
    "Årsmöte – 50 %.pdf": "Årsmöte – 50 %.pdf", "...": "fil.pdf", "😀.pptx": "😀.pdf",
}  # fmt: skip


def test_whatever_a_file_is_called_it_lies_under_a_random_key(app, staff, client):
    """Case U2: read back from the raw header by a parser of our own."""
    event = make.event(published=True)
    browser, url = staff(), f"/arbeta/evenemang/{event.id}/handlingar"
    for given, kept in NAMES.items():
        assert file_name(clean_line(given), FileKind.PDF) == kept, given
    # (The others would end the header that the name stands in: no browser sends them so.)
    names = {name: kept for name, kept in NAMES.items() if name and not set('\r\\"') & set(name)}
    for name in names:
        assert send(browser, url, sent.PDF, name, **PUBLIC).status_code == 303, name
    found = rows()
    assert len({row.key for row in found}) == len(found)
    assert there() == {row.key for row in found}
    for row, (given, kept) in zip(found, names.items(), strict=True):
        assert row.name == kept, given
        answer = client.get(f"/handlingar/{row.token}")
        lines = [value for name, value in answer.headers if name == "Content-Disposition"]
        assert len(lines) == 1
        how, plain, extended = lines[0].split("; ", 2) if lines[0].count(";") == 2 else ("",) * 3
        assert how == "attachment", lines[0]
        assert plain.startswith('filename="')
        assert plain.count('"') == 2
        assert plain.isascii()
        assert extended.startswith("filename*=UTF-8''")
        assert client.get(url).status_code == 302
    page = client.get(f"/evenemang/{event.slug}").text
    assert "<img src=x>" not in page
    assert "&lt;img" in page or "img src=x" in page
    assert disposition("a;b\u2028c").count("\n") == 0


def test_an_organiser_attaches_changes_orders_and_removes(app, staff, client):
    event = make.event(published=True)
    item = make.item(event, "Lägesbild")
    browser, url = staff(), f"/arbeta/evenemang/{event.id}/handlingar"
    page = f"/evenemang/{event.slug}"
    etag = client.get(page).headers["ETag"]
    for fields, says in [
        ({"visibility": "public"}, "Säg om filen är tillgänglig"),
        ({"visibility": "public", "access": "elsewhere"}, "adressen till den tillgängliga"),
        ({"visibility": "public", "access": "exempt"}, "Skriv skälet"),
        ({"visibility": "public", "access": "elsewhere", "access_url": "javascript:x"}, "webb"),
        ({"item": "999"}, "Välj ett av alternativen"),
    ]:
        answer = send(browser, url, sent.PDF, title="Behåll mig", **fields)
        assert (answer.status_code, says in answer.text) == (422, True), fields
        assert "Behåll mig" in answer.text
    answer = send(browser, url, sent.picture(), "a.jpg", **PUBLIC)
    assert (answer.status_code, "Beskriv bilden i ord" in answer.text) == (422, True)
    assert "Välj en fil" in send(browser, url, None).text
    assert (rows(), there()) == ([], set()), "what was refused leaves nothing"

    assert send(browser, url, sent.PDF, title="Program <1>", **PUBLIC).status_code == 303
    later = PUBLIC | {"access": "exempt", "access_reason": "Någon annans bilder."}
    send(browser, url, sent.pptx(), "bilder.ppt", item=str(item.id), **later)
    send(browser, url, sent.docx(), "internt.docx")
    first, second, third = [copied(row) for row in rows()]
    assert [row.title for row in rows()] == ["Program <1>", "bilder.pptx", "internt.docx"]
    shown = client.get(page, headers={"If-None-Match": etag})
    assert shown.status_code == 200
    assert "Program &lt;1&gt;" in shown.text
    assert "bilder.pptx" not in shown.text, "its line has not been released"
    assert client.get(f"/handlingar/{second.token}").status_code == 404
    assert "internt" not in shown.text
    write(lambda: event_services.release_programme(
        db.session, db.session.get_one(Event, event.id), by=None, now=make.NOW))  # fmt: skip
    shown = client.get(page).text
    assert "Till: Lägesbild" in shown
    assert "Någon annans bilder." in shown
    assert shown.index("Program &lt;1&gt;") < shown.index("bilder.pptx")

    move = f"/arbeta/handling/{second.id}/flytta"
    assert browser.submit(url, _to=move, vart="upp").status_code == 303
    assert [row.id for row in rows()] == [second.id, first.id, third.id]
    shown = client.get(page).text
    assert shown.index("bilder.pptx") < shown.index("Program &lt;1&gt;")

    old, edit = first.key, f"/arbeta/handling/{first.id}"
    before = client.get(f"/handlingar/{first.token}")
    assert (before.data, before.mimetype) == (sent.PDF, "application/pdf")
    new = sent.odt()
    assert send(browser, edit, new, "ny.odt").status_code == 303
    after = client.get(
        f"/handlingar/{first.token}", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert (after.data, after.status_code) == (new, 200), "the same address"
    assert old not in there()
    stale = forms(browser.get(edit).text)
    send(browser, edit, None, title="Nytt namn")
    values = {k: v for f in stale if "multipart" in f["enctype"] for k, v in f["fields"].items()}
    answer = browser.post(edit, data=values | {"title": "Mitt"}, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "Mitt" in answer.text

    browser.submit(edit, _at=1, _to=f"{edit}/ta-bort")
    assert [row.id for row in rows()] == [second.id, third.id]
    assert there() == {second.key, third.key}
    assert client.get(f"/handlingar/{first.token}").status_code == 404
    assert "Nytt namn" not in client.get(page).text
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 0, done.output
    write(lambda: event_services.remove_item(
        db.session, rows()[0].item, by=None, now=make.NOW))  # fmt: skip
    assert (rows()[0].item_id, rows()[0].visibility.value) == (None, "public")


def test_what_is_handed_over_is_saved_and_opened_nowhere(app, staff, client):
    event = make.event(published=True)
    url = f"/arbeta/evenemang/{event.id}/handlingar"
    browser = staff()
    form = next(f for f in forms(browser.get(url).text) if "multipart" in f["enctype"])
    for _twice in range(2):
        values = {k: v for k, v in form["fields"].items() if v is not None} | PUBLIC
        values["file"] = (io.BytesIO(sent.PDF), "Årsmöte.pdf")
        answer = browser.post(url, data=values, content_type="multipart/form-data")
        assert answer.status_code == 303
    assert (len(rows()), len(there())) == (1, 1), "sent twice it is there once"
    address = f"/handlingar/{rows()[0].token}"
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Arsmote.pdf\"; filename*=UTF-8''%C3%85rsm%C3%B6te.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert int(answer.headers["Content-Length"]) == len(sent.PDF)
    assert answer.headers.getlist("Set-Cookie") == []
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(sent.PDF)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_file_of_the_same_name_sent_with_a_form_gone_back_to_is_not_lost_unseen(app, staff):
    browser, url = staff(), f"/arbeta/evenemang/{make.event().id}/handlingar"
    form = next(f for f in forms(browser.get(url).text) if "multipart" in f["enctype"])

    def again(body):
        values = form["fields"] | {"file": (io.BytesIO(body), "Program.pdf")}
        return browser.post(url, data=values, content_type="multipart/form-data")

    assert [again(sent.PDF).status_code for _time in range(2)] == [303, 303]
    answer = again(sent.PDF + b"\n%%EOF")
    assert (answer.status_code, "har redan skickats" in answer.text) == (422, True)
    assert len(rows()) == 1
    assert there() == {rows()[0].key}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_too_much_is_refused_before_it_is_kept(app, staff, monkeypatch):
    event = make.event()
    browser, url = staff(), f"/arbeta/evenemang/{event.id}/handlingar"
    answer = send(browser, url, sent.PDF + b"\0" * 26 * 1024 * 1024)
    assert answer.status_code == 413
    answer = send(browser, url, b"%PDF-" + b"\0" * 25 * 1024 * 1024 + b"%%EOF")
    assert (answer.status_code, "större än 25 MB" in answer.text) == (422, True)
    monkeypatch.setattr(services, "MOST_FILES", 1)
    assert send(browser, url, sent.PDF).status_code == 303
    assert "så många filer som får plats" in send(browser, url, sent.PDF).text
    monkeypatch.setattr("events.attachments.receiving.MOST_AN_HOUR", 2)
    assert "Vänta en timme" in send(browser, url, sent.PDF).text
    assert there() == {rows()[0].key}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_the_store_is_away_nothing_is_half_done(app, staff, client, monkeypatch):
    event = make.event(published=True)
    browser, url = staff(), f"/arbeta/evenemang/{event.id}/handlingar"
    send(browser, url, sent.PDF, **PUBLIC)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "prov")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "prov")
    dead = Storage(place_of("s3://samling?endpoint=http://127.0.0.1:9"))
    monkeypatch.setitem(app.extensions, "files", dead)
    answer = send(browser, url, sent.PDF, title="Nummer två")
    assert answer.status_code == 503
    assert "Lagret för filer svarar inte" in answer.text
    answer = client.get(f"/handlingar/{rows()[0].token}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get(f"/evenemang/{event.slug}").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reasons"]) == (503, ["lagret för filer svarar inte"])
    assert len(rows()) == 1
    assert db.session.scalar(sa.select(Event.attached)) == 1
    browser.submit(url, _to=f"/arbeta/handling/{rows()[0].id}/ta-bort")
    assert rows() == [], "the row goes; the file is swept later"


def test_all_who_attach_at_once_are_counted_and_no_more_than_there_is_room_for(app, monkeypatch):
    monkeypatch.setattr(services, "MOST_FILES", 4)
    event_id, ready = make.event(published=True).id, threading.Barrier(6)
    refused = []
    db.session.rollback()

    def attach(number):
        with app.app_context():
            received = receive(io.BytesIO(sent.PDF), "a.pdf", whose=f"user:{number}", now=make.NOW)
            ready.wait()
            try:
                write(
                    lambda: services.attach(
                        db.session, db.session.get_one(Event, event_id), received, by=None,
                        facts=services.Facts(title="", visibility=Visibility.STAFF), now=make.NOW,
                    )
                )  # fmt: skip
            except Refusal as refusal:
                refused.append(str(refusal))
            db.session.remove()

    threads = [threading.Thread(target=attach, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows()), len(refused)) == (4, 2)
    assert db.session.get_one(Event, event_id).attached == 4
