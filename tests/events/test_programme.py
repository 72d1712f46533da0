"""The draft programme and its frozen releases."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from core.db import db, write
from core.errors import Refusal
from events import services
from events.models import Event, Pool, ProgrammeItem, Release, Speaker
from events.rules import SpeakerRole, State
from tests.events import make


def page(event, rest=""):
    return f"/arbeta/evenemang/{event.id}/program{rest}"


def latest(event):
    found = db.session.scalars(
        sa.select(Release).filter_by(event_id=event.id).order_by(Release.number)
    ).all()
    return found[-1]


def fingerprint(release):
    return hashlib.sha256(json.dumps(release.content, sort_keys=True).encode()).hexdigest()


def test_an_item_is_added_with_speakers_old_and_new(staff):
    browser = staff("organiser")
    event = make.event()
    known = make.speaker("Maria Holm")
    answer = browser.submit(
        page(event, "/ny"), title="Lokala exempel", kind="local_example", begins="10.00",
        stops="11.00", room="Sal A", **{"people-0-speaker": str(known.id)},
        new_name="Åsa Öberg", new_title="kulturchef", new_role="moderator", new_consent="y",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    item = db.session.scalars(sa.select(ProgrammeItem)).one()
    assert [(a.speaker.name, a.role) for a in item.appearances] == [
        ("Maria Holm", SpeakerRole.SPEAKER), ("Åsa Öberg", SpeakerRole.MODERATOR)
    ]  # fmt: skip
    text = browser.get(page(event)).text
    for words in ("10.00–11.00", "Lokala exempel", "Sal A", "Maria Holm", "Åsa Öberg (moderator)"):
        assert words in text
    assert db.session.scalars(sa.select(Speaker).filter_by(name="Åsa Öberg")).one().name_given


def test_the_next_item_begins_where_the_last_one_ended(staff):
    browser = staff("organiser")
    event = make.event()
    answer = browser.submit(
        page(event, "/ny"), title="Först", begins="09:30", stops="10:15", more="1"
    )
    assert answer.location == page(event, "/ny")
    assert 'value="10:15"' in browser.get(answer.location).text


def test_an_item_that_cannot_be_is_said_at_its_field(staff):
    browser = staff("organiser")
    event = make.event()
    other = make.speaker("Annan", "skane")
    for fields, sentence in (
        ({"stops": "09:00", "begins": "10:00"}, "Sluttiden måste vara senare"),
        ({"title": ""}, "Skriv en rubrik."),
        ({"people-0-speaker": str(other.id)}, "Välj ett av alternativen"),
        ({"people-0-speaker": "x"}, "Välj ett av alternativen"),
        ({"capacity": "-1"}, "Skriv ett heltal"),
    ):
        answer = browser.submit(page(event, "/ny"), **({"title": "Punkt", "room": "Kvar"} | fields))
        assert answer.status_code == 422, fields
        assert sentence in answer.text
        assert 'value="Kvar"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count(ProgrammeItem.id))) == 0


def test_a_release_is_frozen_and_changes_wait_until_they_are_published(staff, client):
    browser = staff("organiser")
    event = make.event()
    first, second = make.item(event, "Lägesbild"), make.item(event, "Panel", after=1)
    browser.submit(f"/arbeta/evenemang/{event.id}/publicera")
    before = fingerprint(latest(event))
    address = f"/evenemang/{event.slug}"
    assert "Lägesbild" in client.get(address).text
    item_page = f"/arbeta/programpunkt/{first.id}"
    assert browser.submit(item_page, title="Ny bild av läget").status_code == 303
    gone = browser.submit(f"/arbeta/programpunkt/{second.id}", _at=1)
    assert gone.status_code == 303
    browser.submit(page(event, "/ny"), title="Avslutning", begins="15:00", stops="16:00")
    text = browser.get(page(event)).text
    assert "3 ändringar är inte publicerade" in text
    assert "Borttagen: Panel." in text
    assert "Ny bild av läget" not in client.get(address).text
    assert browser.submit(page(event, "/publicera")).status_code == 303
    public = client.get(address).text
    assert "Ny bild av läget" in public
    assert "”Panel” kl. 10.30 utgår." in public
    assert "Panel</h3>" not in public
    first_release = db.session.scalars(sa.select(Release).order_by(Release.number)).first()
    assert fingerprint(first_release) == before
    assert latest(event).number == 2
    assert "inte publicera" not in browser.get(page(event)).text


def test_only_who_has_consented_is_named(staff, client):
    browser = staff("organiser")
    event = make.event()
    shy = make.speaker("Hemlig Person", consent=False)
    make.item(event, speakers=(shy, make.speaker("Öppen Person")))
    browser.submit(f"/arbeta/evenemang/{event.id}/publicera")
    assert "samtycke saknas" in browser.get(page(event)).text
    public = client.get(f"/evenemang/{event.slug}").text
    assert "Öppen Person" in public
    assert "Hemlig Person" not in public
    assert "Hemlig Person" not in json.dumps(latest(event).content)


def test_parallel_items_have_seats_and_one_in_use_cannot_be_removed(staff):
    browser = staff("organiser")
    event = make.event()
    item = make.item(event, "Spår A", group="Spår", capacity=20)
    pool = db.session.scalars(sa.select(Pool).filter_by(item_id=item.id)).one()
    assert (pool.capacity, pool.taken) == (20, 0)
    write(lambda: setattr(db.session.get_one(Pool, pool.id), "taken", 5))
    address = f"/arbeta/programpunkt/{item.id}"
    answer = browser.submit(address, capacity="4")
    assert answer.status_code == 422
    assert "5 platser är redan tagna" in answer.text
    assert browser.submit(address, group="").status_code == 422
    removed = browser.submit(address, _at=1)
    assert removed.status_code == 422
    assert "5 personer har plats" in removed.text
    assert browser.submit(address, capacity="").status_code == 303
    assert db.session.get_one(Pool, pool.id).capacity is None


def test_clashes_of_rooms_and_people_are_shown(staff):
    browser = staff("organiser")
    event = make.event()
    speaker = make.speaker("Maria Holm")
    make.item(event, "Ett", room="Sal A", speakers=(speaker,))
    make.item(event, "Två", room="sal a", after=0.5)
    make.item(event, "Tre", room="Sal B", after=0.5, speakers=(speaker,))
    text = browser.get(page(event)).text
    assert text.count("Sal A är upptagen samtidigt: ”Två”.") == 1
    assert text.count("Maria Holm är samtidigt med i ”Tre”.") == 1
    assert text.count('class="clashing"') == 3
    before_publishing = browser.get(f"/arbeta/evenemang/{event.id}/publicera").text
    assert "Pågår samtidigt på samma ställe: Ett – Två." in before_publishing
    assert "Samma person ska vara på två ställen samtidigt: Maria Holm." in before_publishing


def test_the_programme_page_costs_the_same_for_one_item_and_for_many(staff):
    browser = staff("organiser")
    event = make.event()
    asked = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    make.item(event, speakers=(make.speaker(),))
    asked.clear()
    browser.get(page(event))
    one = len(asked)
    for n in range(12):
        make.item(event, f"Punkt {n}", speakers=(make.speaker(f"Person {n}"),))
    asked.clear()
    browser.get(page(event))
    assert len(asked) == one


def test_somebody_elses_later_change_of_an_item_is_not_overwritten(staff):
    browser = staff("organiser")
    item = make.item(make.event(), "Först")
    address = f"/arbeta/programpunkt/{item.id}"
    answer = browser.submit(address, title="Mitt", version="0")
    assert answer.status_code == 409
    assert 'value="Mitt"' in answer.text
    assert db.session.get_one(ProgrammeItem, item.id).title == "Först"


def test_a_closed_event_keeps_its_programme(app):
    event = make.event(published=True)
    item = make.item(event)

    def close():
        for state in ("held", "closed"):
            services.set_state(
                db.session, db.session.get_one(Event, event.id), State(state),
                by=None, now=make.NOW,
            )  # fmt: skip

    write(close)
    for action in (
        lambda: services.remove_item(
            db.session, db.session.get_one(ProgrammeItem, item.id), by=None, now=make.NOW
        ),
        lambda: services.release_programme(
            db.session, db.session.get_one(Event, event.id), by=None, now=make.NOW
        ),
    ):
        with pytest.raises(Refusal, match="avslutat"):
            write(action)
