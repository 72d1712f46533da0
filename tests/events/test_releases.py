"""What a release changed, in plain words, and the releases at their own addresses."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.clock import STOCKHOLM
from core.db import db, write
from core.i18n import speaking
from events import services
from events.models import Event, ProgrammeItem, Speaker
from events.releasing.rules import changes, loud
from events.releasing.words import sentences
from tests.conftest import NOW
from tests.events import make


def item(id_, title, at="13.00", to="14.00", day=4, *people, **more):
    def when(clock):
        hour, minute = map(int, clock.split("."))
        return datetime(2027, 3, day, hour, minute, tzinfo=STOCKHOLM).isoformat()

    speakers = [{"id": n, "name": name, "role": "speaker", "by": ""} for n, name in people]
    return {
        "id": id_, "title": title, "kind": "talk", "starts": when(at), "ends": when(to),
        "text": "", "room": "", "group": "", "pause": False, "speakers": speakers, **more,
    }  # fmt: skip


def programme(*items):
    people = {one["id"]: one for it in items for one in it["speakers"]}
    return {
        "items": list(items),
        "speakers": [{"id": id_, "name": one["name"], "text": ""} for id_, one in people.items()],
    }


def said(app, before, after, language="sv"):
    with speaking(language):
        return sentences(changes(programme(*before), programme(*after)))


KARIN, BO = (1, "Karin Ek"), (2, "Bo Holm")


def test_each_change_is_a_sentence_that_people_understand(app):
    one = item(1, "Seminarium B")
    cases = [
        ([one], [item(1, "Seminarium B", "13.15", "14.15")],
         "”Seminarium B” börjar 13.15 i stället för 13.00."),
        ([one], [item(1, "Seminarium B", "13.00", "14.30")],
         "”Seminarium B” slutar 14.30 i stället för 14.00."),
        ([one], [item(1, "Seminarium B", "13.30", "14.00")],
         "”Seminarium B” är 13.30–14.00 i stället för 13.00–14.00."),
        ([one, item(2, "Kväll", day=5)], [item(1, "Seminarium B", day=5), item(2, "Kväll", day=5)],
         "”Seminarium B” har flyttat till fredag 5 mars 2027 kl. 13.00."),
        ([item(1, "B", room="Bryggan")], [item(1, "B", room="Vättern")],
         "”B” har flyttat till rum Vättern."),
        ([item(1, "B", room="Bryggan")], [item(1, "B", room="Stora salen")],
         "”B” har flyttat till Stora salen."),
        ([item(1, "B", room="Bryggan")], [one | {"title": "B"}],
         "Rummet för ”B” är inte bestämt än."),
        ([one], [one, item(2, "Frågestund", "15.00", "16.00")],
         "Ny punkt kl. 15.00: ”Frågestund”."),
        ([one, item(2, "Frågestund", "15.00", "16.00")], [one],
         "”Frågestund” kl. 15.00 utgår."),
        ([one, item(2, "A", "9.00", "10.00", 4, KARIN)], [one, item(2, "A", "9.00", "10.00")],
         "Karin Ek medverkar inte längre."),
        ([item(1, "B", "9.00", "10.00", 4, KARIN), item(2, "A", "9.00", "10.00", 4, KARIN)],
         [item(1, "B", "9.00", "10.00", 4, KARIN), item(2, "A", "9.00", "10.00")],
         "Karin Ek medverkar inte längre i ”A”."),
        ([item(2, "A", "9.00", "10.00", 4, KARIN)], [item(2, "A", "9.00", "10.00", 4, BO)],
         "I ”A” medverkar Bo Holm i stället för Karin Ek."),
        ([item(2, "A")], [item(2, "A", "13.00", "14.00", 4, KARIN, BO)],
         "Nya medverkande i ”A”: Karin Ek och Bo Holm."),
        ([item(1, "Bostäder")], [item(1, "Skolan som motor")],
         "”Bostäder” heter nu ”Skolan som motor”."),
        ([one], [one | {"text": "Ny"}], "Texten om ”Seminarium B” är ändrad."),
        ([one], [one | {"kind": "panel"}], "Uppgifterna om ”Seminarium B” är ändrade."),
        ([], [one], "Programmet är klart."),
    ]  # fmt: skip
    for before, after, sentence in cases:
        assert said(app, before, after) == [sentence]
        [english] = said(app, before, after, "en")
        assert english != sentence
    assert said(app, [one], [one]) == []
    english = said(app, [one], [item(1, "Seminarium B", "13.15", "14.15")], "en")
    assert english == ["“Seminarium B” starts at 13:15 instead of 13:00."]


def test_what_is_shifted_together_is_told_of_at_once(app):
    day = [item(n, f"Punkt {n}", f"{9 + n}.00", f"{9 + n}.45") for n in range(1, 6)]
    later = [*day[:2], *(item(n, f"Punkt {n}", f"{9 + n}.15", f"{10 + n}.00") for n in (3, 4, 5))]
    assert said(app, day, later) == ["Allt från kl. 12.00 börjar 15 minuter senare."]
    assert said(app, later, day) == ["Allt från kl. 12.15 börjar 15 minuter tidigare."]
    moved = [item(n, f"Punkt {n}", f"{9 + n}.00", f"{9 + n}.45", 11) for n in range(1, 6)]
    assert said(app, day, moved) == [
        (
            "Programmet har flyttat från torsdag 4 mars 2027 till torsdag 11 mars 2027, "
            "på samma klockslag."
        )
    ]
    some = [*day[:2], later[2], day[3], later[4]]
    assert len(said(app, day, some)) == 2


def test_a_slip_of_the_pen_and_a_text_are_no_news_to_anybody():
    def found(before, after):
        return changes(programme(before), programme(after))

    assert not loud(found(item(1, "Bostadr nu"), item(1, "Bostäder nu")))
    assert not loud(found(item(1, "A"), item(1, "A", text="Ny")))
    assert loud(found(item(1, "Bostäder"), item(1, "Skolan")))
    [change] = found(item(1, "A", group="11"), item(1, "A", group="11", room="Vättern"))
    assert not change.common
    assert change.concerns({1})
    assert not change.concerns({2})


def release(event, **more):
    write(
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=NOW, **more
        )
    )


def change(one, **facts):
    write(
        lambda: services.change_item(
            db.session, db.session.get_one(ProgrammeItem, one.id), facts=facts, by=None, now=NOW
        )
    )


def test_every_release_stays_at_its_address_and_says_that_it_is_earlier(app, client):
    event = make.event(published=True)
    maria = make.speaker("Maria Lind", text="Om Maria.")
    first = make.item(event, "Lägesbild", room="Bryggan", speakers=(maria,))
    release(event)
    write(
        lambda: services.change_item(
            db.session, db.session.get_one(ProgrammeItem, first.id), facts={"room": "Vättern"},
            speakers=[], by=None, now=NOW,
        )
    )  # fmt: skip
    release(event)
    address = f"/evenemang/{event.slug}"
    page = client.get(address).text
    assert "”Lägesbild” har flyttat till rum Vättern." in page
    assert "Maria Lind medverkar inte längre." in page
    assert f'href="{address}/program/2"' in page
    earlier = client.get(f"{address}/program/2")
    assert "Tidigare version." in earlier.text
    assert "Bryggan" in earlier.text
    assert "Maria Lind" in earlier.text
    assert 'content="noindex"' in earlier.text
    assert "Programmet är klart." in earlier.text
    assert client.get(f"{address}/program/2", headers={"If-None-Match": earlier.headers["ETag"]}
                      ).status_code == 304  # fmt: skip
    assert "Det här är programmet som gäller nu." in client.get(f"{address}/program/3").text
    assert "Earlier version." in client.get(f"/en{address}/program/2").text
    for number in (0, 4, 99):
        assert client.get(f"{address}/program/{number}").status_code == 404
    write(
        lambda: services.change_speaker(
            db.session, db.session.get_one(Speaker, maria.id), facts={"consent": False},
            by=None, now=NOW,
        )
    )  # fmt: skip
    for number in ("", "/program/1", "/program/2", "/program/3", ".ics"):
        assert "Maria" not in client.get(f"{address}{number}").text


def test_a_page_of_many_releases_asks_as_much_as_one_of_two(app, client):
    event = make.event(published=True)
    one = make.item(event, "Lägesbild", speakers=(make.speaker(),))
    asked = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def cost(address):
        asked.clear()
        assert client.get(address).status_code == 200
        return len(asked)

    address = f"/evenemang/{event.slug}"
    release(event)
    few = cost(address), cost(f"{address}/program/2")
    for n in range(6):
        change(one, room=f"Sal {n}")
        release(event)
        for _m in range(4):
            make.item(event, f"Punkt {n}", after=1, speakers=(make.speaker(f"Person {n}"),))
    assert (cost(address), cost(f"{address}/program/2")) == few
    assert cost(address) <= 2


def test_a_programme_that_is_published_cannot_be_published_again_unchanged(staff):
    event = make.event(published=True)
    make.item(event, "Lägesbild", room="Bryggan")
    browser = staff()
    address = f"/arbeta/evenemang/{event.id}/program/publicera"
    page = browser.get(address)
    assert page.status_code == 200
    assert browser.submit(address).status_code == 303
    assert "Inget är ändrat" in browser.get(address).text
    later = make.item(event, "Panel", after=1)
    old = browser.get(address)
    assert "Ny punkt kl. 10.30: ”Panel”." in old.text
    change(later, starts=later.starts + timedelta(minutes=5), ends=later.ends)
    stale = browser.submit(address, seen="0" * 32)
    assert stale.status_code == 409
    assert "Programmet har ändrats sedan du öppnade sidan." in stale.text
    assert "Ny punkt kl. 10.35: ”Panel”." in stale.text
