"""A canary in every field of every draft, and every address that is not for staff fetched."""

import gzip
import shutil
from datetime import timedelta

import pytest

from core.db import db, write
from events import services
from events.models import Event, ProgrammeItem, Speaker
from events.queries.manage import find_event
from events.rules import ItemKind, Kind, Mode, SpeakerRole
from registrations import services as registrations
from registrations.models import Registration
from tests import world
from tests.conftest import NOW
from tests.core.test_pdf import text_of as pdf_text
from tests.core.test_walk import policy_of, rules

CANARY = "Kanariefågel"
# A speaker's own page, and the calendar of those who work with the drafts.
MAY_SEE = ("/medverka", "/personalkalender")
PROSE = (
    "title", "lead", "purpose", "target_group", "case_number", "in_cooperation_with", "cost",
    "venue_name", "venue_address", "directions", "parking", "contact_name", "question",
    "can_achieve", "inviter_name", "inviter_title",
)  # fmt: skip


def plant(place):
    """A draft of the programme that differs everywhere, and an event that is a draft itself."""
    session = db.session
    event, item = session.get_one(Event, place.ids["event"]), session.get_one(
        ProgrammeItem, place.ids["item"]
    )  # fmt: skip
    register = {"title": "chef", "organisation": "Habo", "email": "ny@example.se", "consent": True}
    speaker = services.add_speaker(
        session, event.authority, by=None, now=NOW,
        facts={**register, "name": f"Ny {CANARY}", "text": f"Om {CANARY}"},
    )  # fmt: skip
    known = session.get_one(Speaker, place.ids["speaker"])
    services.change_speaker(
        session, known, by=None, now=NOW,
        facts={"title": f"{CANARY}chef", "organisation": CANARY, "text": CANARY},
    )  # fmt: skip
    facts = {"title": f"Titel {CANARY}", "text": f"Text {CANARY}", "room": f"Rum {CANARY}"}
    services.change_item(
        session, item, facts=facts, speakers=[(speaker, SpeakerRole.PANELLIST)], by=None, now=NOW
    )
    services.add_item(
        session, event, speakers=[(speaker, SpeakerRole.HOST)], by=None, now=NOW,
        facts={**facts, "kind": ItemKind.TALK, "starts": event.starts + timedelta(hours=2),
               "ends": event.starts + timedelta(hours=3)},
    )  # fmt: skip
    draft = services.create_event(
        session, authority=event.authority, kind=Kind.ISSUE_COUNCIL, by=None, now=NOW,
        capacity={Mode.ROOM: 5},
        facts=dict.fromkeys(PROSE, f"Utkast {CANARY}")
        | {"slug": "utkast", "starts": event.starts, "ends": event.ends,
           "contact_email": f"{CANARY.replace('å', 'a').lower()}@example.se",
           "online_url": "https://mote.example.se/kanarie"},
    )  # fmt: skip
    services.add_item(
        session, draft, speakers=[(speaker, SpeakerRole.SPEAKER)], by=None, now=NOW,
        facts={**facts, "kind": ItemKind.TALK, "starts": event.starts,
               "ends": event.starts + timedelta(hours=1)},
    )  # fmt: skip


@pytest.fixture
def planted(app):
    place = world.build("jonkoping")
    write(lambda: plant(place))
    return place


def addresses(app, place):
    """Every address that is not for staff, of the public event and the draft, in both tongues."""
    found = []
    draft = world.Place(place.board, place.ids, "utkast", place.tokens, place.assignment)
    for rule in rules(app):
        open_to_all = policy_of(app, rule).name in {"public", "link"}
        own = rule.endpoint == "static" or rule.rule.startswith(MAY_SEE)
        if open_to_all and "GET" in rule.methods and not own:
            for here in (place, draft):
                address = world.address(app, rule, here)
                found += [address, f"/en{address}"]
    searched = ("/", "/sok", "/sakrad", "/sakrad.json", "/sakrad.csv", "/kalender.ics")
    found += [f"{address}?q={CANARY}" for address in searched]
    return list(dict.fromkeys(found))


def said(answer):
    """What an answer says, whatever it is written in."""
    body = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if body.startswith(b"%PDF"):
        return pdf_text(body) if shutil.which("pdftotext") else ""
    return body.decode("utf-8", "replace").replace("\r\n ", "")


def leaks(text, address):
    """Whether a draft is read there; a search repeats what was asked for."""
    planted = [f"{word} {CANARY}" for word in ("Ny", "Om", "Titel", "Text", "Rum", "Utkast")]
    words = planted if CANARY in address else [CANARY, "kanarief", "mote.example.se/kanarie"]
    return any(word.casefold() in text.casefold() for word in words)


def test_no_public_address_shows_what_is_a_draft(app, planted, client):
    fetched = 0
    for address in addresses(app, planted):
        answer = client.get(address)
        fetched += answer.status_code == 200
        assert not leaks(said(answer), address), address
    assert fetched > 40
    assert client.get("/evenemang/utkast").status_code == 404
    write(
        lambda: services.release_programme(
            db.session, find_event(planted.ids["event"]), by=None, now=NOW
        )
    )
    files = ("", ".ics", *(["/program.pdf"] if shutil.which("pdftotext") else []))
    shown = [f"/evenemang/{planted.slug}{rest}" for rest in files]
    assert all(CANARY in said(client.get(address)) for address in shown)


def test_no_letter_and_no_own_page_shows_what_is_a_draft(app, planted, client, post):
    person_id = planted.ids["registration"]
    letters = post()
    client.get(f"/min-anmalan/{planted.tokens['registration']}")
    pages = ["/min-anmalan", "/min-anmalan/andra", "/min-anmalan/kalender.ics"]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Bostaden" in said(answer) or address.endswith((".ics", "andra"))
        assert not leaks(said(answer), address), address
    write(
        lambda: registrations.change(
            db.session, db.session.get_one(Registration, person_id), now=NOW,
            facts={"organisation": "Habo kommun"},
        )
    )  # fmt: skip
    letters += post()
    assert any("Bostaden" in mail.as_string() for mail in letters)
    for mail in letters:
        for part in mail.walk():
            body = part.get_payload(decode=True)
            assert body is None or "kanarief" not in body.decode("utf-8", "replace").casefold()
