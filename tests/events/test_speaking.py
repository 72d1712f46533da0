"""Speakers asked by letter: their own page, what they consent to, and what may be shown when."""

import io
import json
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.crypto import digest
from core.db import db, write
from core.i18n import day
from core.jobs.rounds import look_round
from core.outbox.models import Outbox
from events import services
from events.attachments.models import Attachment
from events.models import Event, Photo, Release, Speaker
from events.pdf import programme_data
from events.queries.releases import latest_release
from events.speaking import services as speaking
from events.speaking.models import Engagement
from registrations import disposal
from registrations.rules import DataKind
from tests.conftest import forms, open_client
from tests.events import make, make_files
from tests.events.make_files import picture, pixel_bomb
from tests.registrations.make_lists import statements

BAD = "=?utf-8?q?=0d=0aBcc:_x@evil.example?= <b>Eva</b>\u2028Bcc: y@evil.example"


@pytest.fixture
def event(app):
    """A published conference with two talks by Maria and one by Bo."""
    made = make.event()
    maria = make.speaker("Maria Holm", email="maria@example.se")
    bo = make.speaker("Bo Ek", email="bo@example.se", consent=False)
    make.item(made, "Skolan", speakers=(maria,), room="Sal A")
    make.item(made, "Bostaden", after=1, speakers=(maria, bo))
    write(lambda: services.publish(db.session, again(Event, made), by=None, now=make.NOW))
    return made


def again(model, thing):
    return db.session.get_one(model, thing.id)


def one(model, **facts):
    return db.session.scalars(sa.select(model).filter_by(**facts)).one()


def link_in(message):
    text = message.get_body(("plain",)).get_content()
    return re.search(r"http://localhost(/medverka/\S+)", text)[1]


def invited(browser, event, post):
    """Everybody is invited; the letters by address."""
    answer = browser.submit(f"/arbeta/evenemang/{event.id}/medverkande")
    assert answer.status_code == 303, answer.text
    return {str(message["To"]): message for message in post()}


def opened(app, letter):
    browser = open_client(app)
    answer = browser.get(link_in(letter))
    assert (answer.status_code, answer.location) == (303, "/medverka")
    return browser


def upload(browser, body, name="foto.jpg", **fields):
    values = forms(browser.get("/medverka/om-dig").text)[0]["fields"] | fields
    return browser.post(
        "/medverka/om-dig", data=values | {"photo": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )  # fmt: skip


def test_a_speaker_answers_by_the_link_of_the_letter(app, event, staff, client, post):
    organiser = staff("organiser")
    page = f"/arbeta/evenemang/{event.id}/medverkande"
    assert "0 av 2 har svarat" in organiser.get(page).text
    letters = invited(organiser, event, post)
    assert set(letters) == {"maria@example.se", "bo@example.se"}
    assert (
        "09.30–10.30 Skolan · Sal A"
        in letters["maria@example.se"].get_body(("plain",)).get_content()
    )
    token = link_in(letters["maria@example.se"]).rpartition("/")[2]
    held = one(Engagement, speaker_id=one(Speaker, name="Maria Holm").id)
    assert held.token_hash == digest(token)
    assert token not in str(db.session.execute(sa.select(Engagement.__table__)).all())

    maria = opened(app, letters["maria@example.se"])
    mine = maria.get("/medverka")
    assert mine.headers["Cache-Control"].startswith("no-store")
    assert "Bostaden" in mine.text
    assert maria.submit("/medverka/svar", answer="").status_code == 422
    assert maria.submit(
        "/medverka/svar", answer="yes", message="Jag kommer med tåget."
    ).status_code == 303  # fmt: skip
    assert maria.submit(
        "/medverka/rummet", needs=["projector", "hearing_loop"], other="En flipptavla"
    ).status_code == 303  # fmt: skip
    kept = one(Engagement, id=held.id)
    assert b"flipptavla" not in kept.needs
    answer = upload(maria, picture(), title="rektor", organisation="Tranås", text="Leder en skola.")
    assert answer.status_code == 303, answer.text
    assert maria.get("/medverka/foto.jpg").status_code == 200
    text = organiser.get(page).text
    for said in ("1 av 2 har svarat", "Kommer", "med tåget", "Projektor eller skärm, Hörslinga",
                 "En flipptavla", "inte ja från Maria Holm"):  # fmt: skip
        assert said in text, said

    bo = opened(app, letters["bo@example.se"])
    assert bo.submit("/medverka/svar", answer="no", message="Är på resa").status_code == 303
    assert "Tackar nej" in organiser.get(page).text
    assert client.get("/medverka").status_code == 404
    seen = json.loads(maria.submit(
        "/medverka", _at=-1, _to="/medverka/mina-uppgifter.json"
    ).text)  # fmt: skip
    assert seen["speaker"]["email"] == "maria@example.se"
    assert seen["engagements"][0]["needs_other"] == "En flipptavla"
    assert seen["mails"][0]["kind"] == "speaking.invitation"
    logged = " ".join(
        json.dumps(row.details, ensure_ascii=False) for row in db.session.scalars(
            sa.select(AuditEntry))
    )  # fmt: skip
    assert "flipptavla" not in logged
    assert "tåget" not in logged


def surfaces(client, slug):
    """Every public page and file that tells who takes part."""
    found = {}
    for address in (
        f"/evenemang/{slug}", f"/en/evenemang/{slug}", f"/evenemang/{slug}/medverkande",
        f"/evenemang/{slug}.ics", "/kalender.ics", f"/api/v1/events/{slug}",
        f"/api/v1/events/{slug}/speakers", "/sok?q=Maria", f"/evenemang/{slug}/program/1",
        f"/evenemang/{slug}/inbaddat",
    ):  # fmt: skip
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            found[address] = re.sub("</?mark>|\r\n ", "", answer.text)
    release = latest_release(db.session, one(Event, slug=slug).id)
    found["PDF"] = str(programme_data(release.event, release))
    return found


def test_a_consent_taken_back_is_gone_everywhere_at_once(app, event, staff, client, post):
    letters = invited(staff("organiser"), event, post)
    maria = opened(app, letters["maria@example.se"])
    assert upload(maria, picture()).status_code == 303
    until = str(date(2029, 3, 4))
    consents = maria.submit(
        "/medverka/samtycken", name_ok="y", name_until=until, photo_ok="y", photo_until=until,
        recording_ok="y", recording_until=until,
    )  # fmt: skip
    assert consents.status_code == 303, consents.text
    assert one(Speaker, name="Maria Holm").recording_until == date(2029, 3, 4)
    write(lambda: services.release_programme(db.session, again(Event, event), by=None,
                                             now=make.NOW))  # fmt: skip
    token = one(Speaker, name="Maria Holm").photo.token
    shown = surfaces(client, event.slug)
    assert token in shown[f"/evenemang/{event.slug}"]
    silent = {address for address, text in shown.items() if "Maria Holm" not in text}
    assert silent <= {f"/evenemang/{event.slug}.ics", "/kalender.ics"}
    assert "Skolan" in shown[f"/evenemang/{event.slug}/medverkande"]
    photo = client.get(f"/bild/{token}.jpg")
    assert (photo.status_code, photo.headers["Cache-Control"]) == (200, "public, no-cache")
    assert photo.headers["X-Content-Type-Options"] == "nosniff"

    def take_back(what):
        page = forms(maria.get("/medverka").text)
        form = next(f for f in page if f["fields"].get("what") == what)
        return maria.post(form["action"], data=form["fields"])

    assert take_back("photo").status_code == 303
    assert client.get(f"/bild/{token}.jpg").status_code == 404
    shown = surfaces(client, event.slug)
    assert "Maria Holm" in shown[f"/evenemang/{event.slug}"]
    assert not [address for address, text in shown.items() if token in text]
    assert take_back("name").status_code == 303
    assert not [a for a, text in surfaces(client, event.slug).items() if "Maria Holm" in text]
    for release in db.session.scalars(sa.select(Release)):
        assert "Maria Holm" not in str(release.content)
        assert "Maria Holm" in str(release.frozen)
    assert one(Speaker, name="Maria Holm").recording_given  # the others stay


def test_a_consent_ends_with_its_last_day_on_pages_that_are_kept(make_app, app, event, client):
    maria = one(Speaker, name="Maria Holm")
    write(lambda: services.set_consents(
        db.session, again(Speaker, maria), dict.fromkeys(["name"], date(2026, 11, 25)),
        by=None, now=make.NOW,
    ))  # fmt: skip
    address = f"/evenemang/{event.slug}"
    app.config["FAKE_NOW"] = make.NOW + timedelta(days=3, hours=13.9)  # 23.54 in Stockholm
    assert "Maria Holm" in client.get(address).text
    revision = again(Event, event).revision
    app.config["FAKE_NOW"] += timedelta(minutes=10)
    assert not [a for a, text in surfaces(client, event.slug).items()
                if "Maria Holm" in text and a != "/kalender.ics"]  # fmt: skip
    look_round(at_once=True)
    look_round(at_once=True)
    assert "Maria Holm" not in client.get("/kalender.ics").text
    assert again(Event, event).revision == revision + 1  # told once


def test_a_corrected_address_ends_the_link_and_sends_another(app, event, staff, post):
    organiser = staff("organiser")
    letters = invited(organiser, event, post)
    maria = opened(app, letters["maria@example.se"])
    speaker = one(Speaker, name="Maria Holm")
    answer = organiser.submit(f"/arbeta/medverkande/{speaker.id}", email="maria.holm@example.se")
    assert answer.status_code == 303
    assert maria.get("/medverka").status_code == 404
    assert open_client(app).get(link_in(letters["maria@example.se"])).status_code == 404
    (new,) = post()
    assert str(new["To"]) == "maria.holm@example.se"
    assert opened(app, new).get("/medverka").status_code == 200


def test_reminders_go_once_ever(app, event, staff, post):
    organiser = staff("organiser")
    letters = invited(organiser, event, post)
    maria = opened(app, letters["maria@example.se"])
    maria.submit("/medverka/svar", answer="yes")
    page = f"/arbeta/evenemang/{event.id}/medverkande"
    gone = make.speaker("Gone Girl", email="gone@example.se")
    write(lambda: speaking.invite(
        db.session, again(Event, event), again(Speaker, gone), by=None, now=make.NOW
    ))  # fmt: skip
    assert len(post()) == 1
    assert "Står inte längre i programmet" in organiser.get(page).text
    answer = organiser.submit(page, _at=0)
    assert "Påminn tidigast ett dygn" in organiser.get(answer.location).text

    def round_at(moment):
        app.config["FAKE_NOW"] = moment
        look_round(at_once=True)
        look_round(at_once=True)
        return [(str(m["To"]), str(m["Subject"]).partition(":")[0]) for m in post()]

    assert round_at(make.NOW + timedelta(days=6)) == []
    assert round_at(make.NOW + timedelta(days=7)) == [("bo@example.se", "Påminnelse")]
    assert round_at(make.NOW + timedelta(days=20)) == []
    assert round_at(make.STARTS - timedelta(days=4)) == [
        ("maria@example.se", f"Inför {event.title}")
    ]
    assert round_at(make.STARTS - timedelta(days=1)) == []


def test_who_was_asked_hears_that_the_event_is_off(app, event, staff, post):
    organiser = staff("organiser")
    letters = invited(organiser, event, post)
    opened(app, letters["bo@example.se"]).submit("/medverka/svar", answer="no")
    post()
    answer = organiser.submit(f"/arbeta/evenemang/{event.id}/stall-in", note="Snöstorm.")
    assert answer.status_code == 303, answer.text
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == ("maria@example.se", f"INSTÄLLT: {event.title}")
    told = letter.get_body(("plain",)).get_content()
    assert "inställt, och du behöver inte komma" in told
    assert "Snöstorm." in told
    assert open_client(app).get(link_in(letter)).status_code == 303


def test_who_was_asked_hears_of_the_new_day_and_that_it_takes_place(app, event, staff, post):
    organiser = staff("organiser")
    letters = invited(organiser, event, post)
    opened(app, letters["bo@example.se"]).submit("/medverka/svar", answer="no")
    organiser.submit(f"/arbeta/evenemang/{event.id}/flytta-fram", note="Snöstorm.")
    post()

    def told(verb, **facts):
        """What Maria, and nobody else, is told of it."""
        write(lambda: verb(db.session, again(Event, event), by=None, now=make.NOW, **facts))
        return [
            (m["To"], m["Subject"], m.get_body(("plain",)).get_content()) for m in post()
        ]  # fmt: skip

    week = {name: getattr(event, name) + timedelta(days=7) for name in ("starts", "ends")}
    ((to, subject, text),) = told(services.change_event, facts=week)
    assert (to, subject) == ("maria@example.se", f"FRAMFLYTTAT: {event.title}")
    assert "nu är den nya tiden bestämd" in text
    assert day(week["starts"]) in text
    assert told(services.change_event, facts={"venue_name": "Spira"}) == []
    ((_to, subject, text),) = told(services.publish)
    assert subject == f"Blir av: {event.title}"
    assert "Spira" in text
    ((_to, subject, text),) = told(services.change_event, facts={"venue_name": "Elmia"})
    assert subject == f"Ändrat: {event.title}"
    assert "Elmia" in text


def test_two_of_the_same_name_and_one_at_two_authorities_are_separate(app, event, staff, post):
    other = make.speaker("Maria Holm", email="maria@example.se", board_slug="skane")
    third = make.speaker("Maria Holm", email="annan@example.se")
    away = make.event("skane", title="I Skåne")
    make.item(away, speakers=(other,))
    make.item(event, "Vården", after=2, speakers=(third,))
    organiser = staff("organiser")
    letters = invited(organiser, event, post)
    assert set(letters) == {"maria@example.se", "annan@example.se", "bo@example.se"}
    opened(app, letters["annan@example.se"]).submit("/medverka/om-dig", text="Den andra")
    assert [row.text for row in db.session.scalars(
        sa.select(Speaker).filter_by(name="Maria Holm").order_by(Speaker.id)
    )] == ["", "", "Den andra"]  # fmt: skip
    skane = staff("organiser", "skane")
    engagement = db.session.scalars(sa.select(Engagement)).first()
    speaker = engagement.speaker_id
    for address in (
        f"/arbeta/evenemang/{event.id}/medverkande", f"/arbeta/medverkande/{speaker}/foto.jpg",
        f"/arbeta/evenemang/{event.id}/medverkande/{speaker}",
        f"/arbeta/evenemang/{away.id}/medverkande/{speaker}",
    ):  # fmt: skip
        assert skane.get(address).status_code == 404, address
    form = forms(skane.get(f"/arbeta/evenemang/{away.id}/medverkande").text)[0]["fields"]
    remind = f"/arbeta/medverkan/{engagement.id}/paminn"
    assert skane.post(remind, data=form).status_code == 404
    # A form that was opened for another link does nothing to this one.
    maria = opened(app, letters["maria@example.se"])
    assert maria.submit("/medverka/svar", answer="no", whose="99").status_code == 409


def test_what_is_no_photo_is_refused_and_names_reach_no_header(app, event, staff, post):
    maria = opened(app, invited(staff("organiser"), event, post)["maria@example.se"])
    gif = io.BytesIO()
    picture_frames = [make_frame(n) for n in range(200)]
    picture_frames[0].save(gif, "GIF", save_all=True, append_images=picture_frames[1:])
    for body, sentence in (
        (pixel_bomb(), "40 miljoner bildpunkter"), (gif.getvalue(), "JPEG, PNG eller WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "JPEG, PNG eller WebP"),
        (b"<html><script>alert(1)</script></html>", "JPEG, PNG eller WebP"),
        (picture()[:900], "går inte att läsa"),
    ):  # fmt: skip
        answer = upload(maria, body, "../../x\u202egpj.jpg", text="Kvar")
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Kvar" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 0
    for mode, more in (("CMYK", b""), ("RGB", b"<script>alert(1)</script>")):
        assert upload(maria, picture(mode=mode) + more).status_code == 303
        assert b"script" not in maria.get("/medverka/foto.jpg").data
    # Pictures that no release shows are not kept.
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 1
    speaker = one(Speaker, name="Bo Ek")
    write(lambda: services.change_speaker(
        db.session, again(Speaker, speaker), facts={"name": BAD, "email": "ny@example.se"},
        by=None, now=make.NOW,
    ))  # fmt: skip
    (letter,) = post()
    assert "Bcc" not in letter
    assert str(letter["To"]) == "ny@example.se"
    assert "<b>Eva" not in letter.get_body(("html",)).get_content()
    seconds = [maria.submit("/medverka/svar", answer="yes", message=str(n)) for n in range(62)]
    assert [s.status_code for s in seconds].count(303) < 60
    assert "Vänta en timme" in seconds[-1].text
    form = forms(maria.get("/medverka").text)
    back = next(f for f in form if f["fields"].get("what") == "name")
    assert maria.post(back["action"], data=back["fields"]).status_code == 303


def make_frame(number):
    from PIL import Image  # noqa: PLC0415

    return Image.new("P", (80, 80), number % 256)


def test_slides_are_handed_out_only_as_long_as_the_speaker_says_so(app, event, staff, client, post):
    organiser = staff("organiser")
    maria = opened(app, invited(organiser, event, post)["maria@example.se"])
    maria.submit("/medverka/svar", answer="yes")
    people = f"/arbeta/evenemang/{event.id}/medverkande"
    assert "bilder" in organiser.get(people).text.partition("<td>Bo")[0]

    def send(body, name):
        values = forms(maria.get("/medverka/presentation").text)[0]["fields"]
        return maria.post(
            "/medverka/presentation", data=values | {"file": (io.BytesIO(body), name)},
            content_type="multipart/form-data",
        )  # fmt: skip

    for body, sentence in (
        (b"<html><script>alert(1)</script>", "PDF"), (make_files.docx(), "PDF, PPTX eller ODP"),
        (picture(), "PDF, PPTX eller ODP"),
    ):  # fmt: skip
        answer = send(body, "bilder.pdf")
        assert answer.status_code == 422
        assert sentence in answer.text
    answer = send(make_files.pptx(), "../../Å\u202eftp.exe.pptx")
    assert answer.status_code == 303, answer.text
    kept = one(Attachment)
    assert (kept.visibility, kept.speaker.name) == ("staff", "Maria Holm")
    assert "har skickat en presentation" in organiser.get(people).text
    public = f"/handlingar/{kept.token}"
    assert client.get(public).status_code == 404
    answer = organiser.submit(
        f"/arbeta/handling/{kept.id}", title="Marias bilder", visibility="public",
        access="exempt", access_reason="Någon annans presentation.",
    )  # fmt: skip
    assert answer.status_code == 303
    page = f"/evenemang/{event.slug}"
    assert client.get(public).status_code == 404  # she has not said yes
    assert "Marias bilder" not in client.get(page).text
    answer = maria.submit("/medverka/samtycken", name_ok=None, slides_ok="y",
                          slides_until="2027-06-01")  # fmt: skip
    assert answer.status_code == 303
    with client.get(public) as answer:
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    assert "Marias bilder" in client.get(page).text
    form = next(f for f in forms(maria.get("/medverka").text) if f["fields"].get("what"))
    assert maria.post(form["action"], data=form["fields"] | {"what": "slides"}).status_code == 303
    assert client.get(public).status_code == 404
    assert "Marias bilder" not in client.get(page).text
    form = next(f for f in forms(maria.get("/medverka").text) if f["fields"].get("slides"))
    assert maria.post(form["action"], data=form["fields"]).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Attachment.id))) == 0


def test_an_organiser_types_in_what_somebody_says_by_telephone(app, event, staff):
    organiser = staff("organiser")
    speaker = one(Speaker, name="Bo Ek")
    address = f"/arbeta/evenemang/{event.id}/medverkande/{speaker.id}"
    answer = organiser.submit(address, answer="yes", needs=["own_computer"], other="Bord")
    assert answer.status_code == 303
    text = organiser.get(f"/arbeta/evenemang/{event.id}/medverkande").text
    assert "Egen dator, Bord" in text
    assert speaking.needs_of(one(Engagement))[0] == ("own_computer",)
    assert db.session.scalar(sa.select(sa.func.count(Outbox.id))) == 0
    assert organiser.submit(address, answer="yes", version="0").status_code == 409
    page = f"/arbeta/evenemang/{event.id}/medverkande"
    with statements() as few:
        organiser.get(page)
    for number in range(4):
        who = make.speaker(f"Ny {number}", email=f"ny.{number}@example.se")
        make.item(event, f"Punkt {number}", after=2 + number / 2, hours=0.5, speakers=(who,))
        organiser.submit(f"{page}/{who.id}", answer="yes")
    with statements() as many:
        organiser.get(page)
    assert len(many) == len(few)


def test_needs_and_addresses_are_erased_by_a_decision_and_the_link_dies(app, event, staff, post):
    maria = opened(app, invited(staff("organiser"), event, post)["maria@example.se"])
    maria.submit("/medverka/svar", answer="yes", message="Jag hör dåligt")
    maria.submit("/medverka/rummet", needs=["hearing_loop"], other="")
    later = make.event(title="Nästa", starts=make.STARTS + timedelta(days=400))
    make.item(later, speakers=(one(Speaker, name="Bo Ek"),))
    app.config["FAKE_NOW"] = make.STARTS + timedelta(days=60)

    def dispose():
        result = app.test_cli_runner().invoke(args=["dispose"])
        assert result.exit_code == 0, result.output
        db.session.rollback()
        return result.output

    assert "Medverkandes behov i rummet och meddelanden" in dispose()
    assert one(Engagement, speaker_id=one(Speaker, name="Maria Holm").id).needs
    for kind in (DataKind.SPEAKER_NEEDS, DataKind.SPEAKER_CONTACT):
        write(lambda kind=kind: disposal.set_rule(
            db.session, make.board(), kind=kind, days=30, decision_number="404-1-2026", by=None,
            now=make.NOW,
        ))  # fmt: skip
    dispose()
    kept = db.session.scalars(sa.select(Engagement)).all()
    assert [(row.needs, row.message, row.token_hash) for row in kept] == [(None, "", None)] * 2
    assert one(Speaker, name="Maria Holm").email == ""
    assert one(Speaker, name="Bo Ek").email == "bo@example.se"  # a later event needs it
    assert maria.get("/medverka").status_code == 404
    assert not [line for check in app.extensions["checks"] for line in check(db.session)
                if "gallring" in line]  # fmt: skip


class Body(io.BytesIO):
    """One that tells afterwards how much of it was read."""

    def close(self):
        pass


def test_a_large_body_is_not_read_from_whoever_has_no_link(app):
    stranger = open_client(app)
    stranger.get("/min-anmalan/ny-lank")
    for page in ("/medverka/om-dig", "/medverka/presentation"):
        body = Body(b"x" * 5_000_000)
        answer = stranger.post(
            page, input_stream=body, content_length=5_000_000,
            content_type="multipart/form-data; boundary=b",
        )  # fmt: skip
        assert (answer.status_code, body.tell()) == (404, 0)
        assert "Länken gäller inte." in answer.text
