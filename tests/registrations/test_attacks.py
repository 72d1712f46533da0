"""What somebody who means ill would try on the pages of groups, lists and letters."""

import re

from core.db import db, write
from core.reference import Sector
from events.models import Event
from registrations import services
from registrations.models import Registration
from registrations.news.services import event_changed
from registrations.parties.models import Party
from registrations.parties.rules import How
from registrations.queries import public as queries
from registrations.rules import Source, Status
from tests.conftest import NOW, open_client
from tests.registrations import make
from tests.registrations.make_lists import url, user
from tests.registrations.make_papers import fetch_internal
from tests.registrations.make_parties import FORM, colleague, rows

HIDDEN = {
    "first_name": "Bo", "last_name": "Linda", "email": "bo.linda@habo.example.se",
    "organisation": "Habo kommun", "protected": True,
}  # fmt: skip


def group_page(client, event, *persons, **more):
    """What the page of a party tells that has just named these persons; names and numbers aside."""
    browser = open_client(client.application)
    form = FORM | rows(*persons) | more
    answer = browser.submit(f"/evenemang/{event.slug}/anmalan/grupp", **form)
    assert (answer.status_code, answer.location) == (303, "/min-grupp")
    page = browser.get("/min-grupp").text
    page = page[page.index("De ni har anmält") : page.index("Var och en har fått")]
    return re.sub(r"/\d+/", "/*/", re.sub(r"Lind[a-z]", "Lind*", page))


def choice_field(client, event):
    """What the field of the only slot is called, without the number of the row."""
    page = client.get(f"/evenemang/{event.slug}/anmalan/grupp").text
    [name] = set(re.findall(r'name="(choice_[^"]+)_1"', page))
    return name


def cancel(person):
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, person.id), now=NOW, notify=False
    ))  # fmt: skip


def test_a_group_form_does_not_tell_that_somebody_is_protected(client):
    event = make.conference(room=9)
    make.registration(event, **HIDDEN, source=Source.STAFF)
    assert group_page(client, event, colleague("a")) == group_page(client, event, colleague("b"))


def test_nor_that_somebody_protected_has_cancelled(client):
    event = make.conference(room=9)
    cancel(make.registration(event, **HIDDEN, source=Source.STAFF))
    assert group_page(client, event, colleague("a")) == group_page(client, event, colleague("b"))


def test_a_group_form_with_choices_does_not_tell_who_is_registered(client):
    event = make.conference(room=9)
    first, _second = make.parallel(event, seats=(9, None))
    make.registration(event, **HIDDEN | {"protected": False})
    field = choice_field(client, event)
    pages = [
        group_page(client, event, colleague(letter, **{field: str(first.id)})) for letter in "ab"
    ]
    assert pages[0] == pages[1]


def test_a_group_form_does_not_tell_by_a_place_in_the_queue_who_is_registered(client):
    event = make.conference(room=1, online=None)
    make.registration(event, **HIDDEN | {"protected": False})
    pages = [group_page(client, event, colleague(letter), how=How.QUEUE) for letter in "ab"]
    assert pages[0] == pages[1]


def test_who_was_protected_stays_so_when_registered_again(app, client, staff):
    event = make.conference(room=9)
    before = make.registration(event, **HIDDEN, source=Source.STAFF)
    cancel(before)
    make.registration(event, **HIDDEN | {"protected": False})
    after = make.again(before)
    assert (after.status, after.protected) == (Status.CONFIRMED, True)
    assert after.search == ""
    assert "Linda" not in fetch_internal(staff("reader"), event).text


def test_filters_do_not_tell_those_who_only_read_where_somebody_protected_is_from(app, staff):
    event = make.conference()
    make.registration(event, **HIDDEN, municipality="0512", sector=Sector.MUNICIPALITY)
    assert "Skyddad deltagare" in staff("reader").get(url(event)).text
    assert "Skyddad deltagare" not in staff("reader").get(url(event) + "?lan=05").text
    assert "Linda, Bo" in staff("organiser").get(url(event) + "?lan=05").text


def test_the_contact_can_leave_the_choices_as_they_were_and_is_not_told_them(client):
    event = make.conference(room=9)
    last_seat, _other = make.parallel(event, seats=(1, None))
    make.registration(event, **HIDDEN | {"protected": False, "last_name": "Lindx"})
    field = choice_field(client, event)
    form = FORM | rows(colleague("a", **{field: str(last_seat.id)}), colleague("x"))
    assert client.submit(f"/evenemang/{event.slug}/anmalan/grupp", **form).status_code == 303
    made = db.session.query(Party).one()
    ours, stranger = made.members
    pages = [client.get(f"/min-grupp/{one.id}/byt").text for one in (ours, stranger)]
    same = [re.sub(r"Lind[a-z]|grupp/\d+|value=\"[^\"]{20,}\"", "*", page) for page in pages]
    assert same[0] == same[1]
    new = {"first_name": "Eva", "last_name": "Ny", "email": "eva.ny@habo.example.se"}
    assert client.submit(f"/min-grupp/{ours.id}/byt", **new).status_code == 303
    [eva] = db.session.query(Registration).filter_by(last_name="Ny")
    assert list(queries.chosen(db.session, eva.id)) == [last_seat.id]


def test_a_letter_that_waits_takes_no_live_link_to_an_address_that_was_wrong(app, post, staff):
    """The letter about the new address tells of the new time too, and the older one is not sent."""
    staff()
    for number, email in enumerate((None, "organiser.jonkoping@example.se")):
        event = make.conference(title=f"Dag {number}")
        person = make.registration(event, number)
        post()
        event_id, wrong, right = event.id, person.email, f"ratt{number}@example.se"

        def moved(event_id=event_id, wrong=wrong):
            event_changed(db.session, db.session.get_one(Event, event_id), {"starts": NOW}, NOW)
            services.send_links(db.session, wrong, language="sv", now=NOW)

        def corrected(id_=person.id, right=right, email=email):
            services.change(
                db.session, db.session.get_one(Registration, id_), facts={"email": right}, now=NOW,
                by=user(email) if email else None,
            )  # fmt: skip

        write(moved)
        write(corrected)
        told = {mail["Subject"]: mail["To"] for mail in post()}
        assert told == {f"Ändrad anmälan: Dag {number}": right}
