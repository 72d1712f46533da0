"""What is printed: the programme, sheets for the doors, signs for the tables."""

import io
import re
import socket
import threading
import time

import pikepdf
import pytest

from core.db import db, write
from core.pdf import render
from events import services
from events.models import Event, Speaker
from tests.conftest import NOW
from tests.core.test_pdf import minutes, on_one_line, opened, section, tags, text_of
from tests.events import make

# Case G5: what a typesetter or a browser might fetch or read, in every text.
HOSTILE = (
    "<img src=http://127.0.0.1:{port}/a> <img src=file:///etc/hostname> "
    '<link rel=stylesheet href=http://127.0.0.1:{port}/b> @import "http://127.0.0.1:{port}/c"; '
    '#read("/etc/hostname") #image("/etc/passwd") image("http://127.0.0.1:{port}/d") '
    "url(http://127.0.0.1:{port}/e) \\input{{/etc/passwd}} {{{{ config }}}} $sum$"
)


def released(event):
    write(
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW
        )
    )


@pytest.fixture
def loopback():
    """Whoever connects is remembered."""
    met = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen():
            while not done.is_set():
                try:
                    connection, _address = server.accept()
                    met.append(connection.recv(200))
                    connection.close()
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], met
        done.set()
        thread.join()


def test_a_sheet_for_each_door_and_a_sign_for_each_who_agrees(staff, post):
    event = make.event(published=True)
    karin, bo = make.speaker("Karin Ek"), make.speaker("Bo Holm")
    shy = make.speaker("Hemlig Person", consent=False)
    make.item(event, "Lägesbild", room="Vättern", speakers=(karin, shy))
    make.item(event, "Panel", room="Bryggan", after=1, speakers=(karin, bo))
    make.item(event, "Nästa dag", room="Vättern", after=24)
    make.item(event, "Utan rum", after=2)
    browser = staff()
    page = f"/arbeta/evenemang/{event.id}/program/utskrifter"
    assert browser.get(f"{page}/dorrskyltar.pdf").status_code == 404
    released(event)
    make.item(event, "Bara utkast", room="Vättern", after=4)
    text = browser.get(page).text
    assert "Vättern, torsdag 4 mars 2027: 1 punkt" in text
    assert "1 punkt har inget rum" in text
    doors = browser.get(f"{page}/dorrskyltar.pdf").data
    assert len(opened(doors).pages) == 3
    first = [on_one_line(text) for text in text_of(doors).split("\f")]
    assert "Bryggan" in first[0]
    assert "Panel" in first[0]
    assert "09.30–10.30 Lägesbild" in first[1]
    assert "Vättern fredag 5 mars 2027" in first[2]
    everything = " ".join(first)
    assert "Bara utkast" not in everything
    assert "Hemlig" not in everything
    signs = browser.get(f"{page}/namnskyltar.pdf").data
    found = [on_one_line(text) for text in text_of(signs).split("\f") if text.strip()]
    assert len(found) == 2
    assert "Karin Ek" in found[0]
    assert "Bo Holm" in found[1]
    for document in (doors, signs):
        with opened(document).open_metadata() as xmp:
            assert (xmp.pdfa_status, xmp["pdfuaid:part"]) == ("2A", "1")
        assert "/H1" in tags(document)
        assert str(opened(document).Root.Lang) == "sv-SE"
    write(
        lambda: services.change_speaker(
            db.session, db.session.get_one(Speaker, karin.id), facts={"consent": False},
            by=None, now=NOW,
        )
    )  # fmt: skip
    assert "Karin" not in text_of(browser.get(f"{page}/namnskyltar.pdf").data)
    assert "Karin" not in text_of(browser.get(f"{page}/dorrskyltar.pdf").data)


def test_no_text_of_a_programme_fetches_or_reads_anything(app, client, staff, loopback):
    port, met = loopback
    text = HOSTILE.format(port=port)
    event = make.event(published=True, title=text[:200], lead=text, venue_name=text[:200])
    speaker = make.speaker(text[:200], title=text[:200], organisation=text[:200], text=text)
    for n in range(2):
        make.item(event, text[:200], text=text, room=text[:100], after=n, speakers=(speaker,))
    released(event)
    browser = staff()
    staff_page = f"/arbeta/evenemang/{event.id}/program/utskrifter"
    documents = [
        client.get(f"/evenemang/{event.slug}/program.pdf").data,
        client.get(f"/en/evenemang/{event.slug}/program.pdf").data,
        browser.get(f"{staff_page}/dorrskyltar.pdf").data,
        browser.get(f"{staff_page}/namnskyltar.pdf").data,
    ]
    markdown = f"{text}\n\n![bild](http://127.0.0.1:{port}/f) ![fil](file:///etc/passwd)"
    documents.append(render("minutes", minutes(sections=[section(markdown, text[:200])])))
    host = socket.gethostname()
    for document in documents:
        words = on_one_line(text_of(document))
        assert "root:" not in words
        assert host not in words
        raw = b"".join(
            one.read_bytes() for one in pikepdf.open(io.BytesIO(document)).objects
            if isinstance(one, pikepdf.Stream) and "/Image" not in str(one.get("/Subtype", ""))
        )  # fmt: skip
        assert b"root:x" not in raw
    time.sleep(0.3)
    assert met == []


def test_the_programme_says_its_version_and_page_in_both_languages(app, client):
    event = make.event(published=True)
    for n in range(40):
        make.item(event, f"Arbetsmarknadsetablering {n}", text="Ord " * 60, after=n / 10)
    released(event)
    address = f"/evenemang/{event.slug}/program.pdf"
    for prefix, lang, words in (("", "sv-SE", "Version 2"), ("/en", "en", "Version 2")):
        document = client.get(prefix + address).data
        pages = text_of(document).split("\f")
        assert re.search(rf"\b1 \({len(pages) - 1}\)", pages[0])
        assert words in pages[0]
        assert str(opened(document).Root.Lang) == lang
        with opened(document).open_metadata() as xmp:
            assert (xmp.pdfa_status, xmp["pdfuaid:part"]) == ("2A", "1")
