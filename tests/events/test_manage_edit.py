"""Inställningar: what is saved, what is refused, and what two people do at once."""

import threading
from datetime import UTC, datetime

import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import Stale, db, write
from core.errors import Refusal
from events import services
from events.models import Event, Pool
from events.rules import Kind, Mode, State
from tests.conftest import forms
from tests.events import make


def settings(event):
    return f"/arbeta/evenemang/{event.id}/installningar"


def fresh(event):
    return db.session.get_one(Event, event.id)


def test_every_fact_is_saved(staff):
    browser = staff("organiser")
    event = make.event()
    texts = {
        "title": "Ny rubrik", "purpose": "Syftet", "lead": "Ingressen", "target_group": "Alla",
        "venue_name": "Elmia", "venue_address": "Elmiavägen 11", "directions": "Buss 1",
        "parking": "Vid entrén", "online_url": "https://mote.example.se/1", "cost": "Gratis",
        "contact_name": "Bo Ek", "contact_email": "bo@example.se", "contact_phone": "010-223 60 00",
        "case_number": "851-1234-2027", "in_cooperation_with": "Regionen", "municipality": "0687",
    }  # fmt: skip
    answer = browser.submit(
        settings(event), **texts, kind="training", starts="2027-03-05T09:00",
        ends="2027-03-05T12:00", registration_opens="2027-01-10T08:00",
        registration_closes="2027-02-10T23:59", cancel_by="2027-02-20T12:00", step_free="y",
        hearing_loop="y", lift="y", registration_paused="y", invited_only="y", online="y",
        capacity_room="80", capacity_online="", co_organisers=["skane", "kalmar"],
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    event = fresh(event)
    assert {name: getattr(event, name) for name in texts} == texts
    assert event.kind is Kind.TRAINING
    assert event.starts == datetime(2027, 3, 5, 8, 0, tzinfo=UTC)
    assert event.registration_closes == datetime(2027, 2, 10, 22, 59, tzinfo=UTC)
    assert event.cancel_by == datetime(2027, 2, 20, 11, 0, tzinfo=UTC)
    assert event.step_free
    assert event.hearing_loop
    assert event.lift
    assert event.registration_paused
    assert event.invited_only
    assert {p.mode: p.capacity for p in event.pools} == {Mode.ROOM: 80, Mode.ONLINE: None}
    assert [board.slug for board in event.co_organisers] == ["kalmar", "skane"]
    page = browser.get(settings(event)).text
    for value in ("2027-03-05T09:00", "Vid entrén", "https://mote.example.se/1"):
        assert value in page
    line = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert line.action == "event.changed"
    assert line.details["title"] == ["Mottagande och etablering", "Ny rubrik"]
    assert "mote.example.se" not in str(line.details)


def test_a_sakrad_carries_its_question_what_can_be_achieved_and_who_invites(staff):
    browser = staff("organiser")
    event = make.event(kind=Kind.ISSUE_COUNCIL)
    facts = {"question": "Hur når vi fler?", "can_achieve": "Underlag till beslutet",
             "inviter_name": "Anna Holm", "inviter_title": "landshövding"}  # fmt: skip
    assert browser.submit(settings(event), **facts).status_code == 303
    event = fresh(event)
    assert {name: getattr(event, name) for name in facts} == facts
    assert "Frågeställning" not in browser.get(settings(make.event())).text


def test_an_unusual_case_number_is_saved_and_pointed_out(staff):
    browser = staff("organiser")
    event = make.event()
    answer = browser.submit(settings(event), case_number="ett nummer")
    assert answer.status_code == 303
    assert "ser inte ut som ett ärendenummer" in browser.get(answer.location).text
    assert fresh(event).case_number == "ett nummer"


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(staff):
    browser = staff("organiser")
    event = make.event()
    wrong = {
        "starts": ("2027-03-28T02:30", "Klockan 02.30 finns inte den dagen"),
        "ends": ("2027-03-04T08:00", "Sluttiden måste vara senare"),
        "title": ("", "Skriv en rubrik."),
        "contact_email": ("x@", "Skriv en e-postadress"),
        "online_url": ("javascript:alert(1)", "Skriv hela webbadressen"),
        "capacity_room": ("0", "Skriv ett heltal från 1"),
        "municipality": ("9999", "Välj ett av alternativen"),
        "kind": ("party", "Välj ett av alternativen"),
        "room": (None, "Välj minst ett sätt att delta."),
    }
    for name, (value, sentence) in wrong.items():
        answer = browser.submit(settings(event), **{"lead": "Halvt sparat", name: value})
        assert answer.status_code == 422, name
        assert sentence in answer.text
        assert "Halvt sparat" in answer.text
        assert f'href="#{name}"' in answer.text
    answer = browser.submit(
        settings(event),
        registration_opens="2027-02-02T10:00",
        registration_closes="2027-02-01T10:00",
    )
    assert "Anmälan måste öppna innan den stänger" in answer.text
    event = fresh(event)
    assert (event.version, event.lead) == (1, "")


def test_two_who_save_at_once_both_keep_their_text(staff):
    mine, theirs = staff("organiser"), staff("organiser", name="annan")
    event = make.event(published=True)
    page = mine.get(settings(event)).text
    from_before = forms_of(page)
    assert (
        theirs.submit(settings(event), lead="<i>Deras</i>", venue_name="Elmia").status_code == 303
    )
    answer = mine.post(settings(event), data=from_before | {"lead": "Mitt <b>"})
    assert answer.status_code == 409
    for text in ("Någon annan har sparat", "&lt;i&gt;Deras&lt;/i&gt;", "Mitt &lt;b&gt;", "Elmia"):
        assert text in answer.text
    assert "<i>Deras" not in answer.text
    assert fresh(event).lead == "<i>Deras</i>"
    again = mine.post(settings(event), data=forms_of(answer.text))
    assert again.status_code == 303
    assert (fresh(event).lead, fresh(event).venue_name) == ("Mitt <b>", "Folkets hus")


def test_capacity_below_taken_is_refused_with_the_count(staff):
    browser = staff("organiser")
    event = make.event(room=10)
    write(lambda: setattr(db.session.get_one(Pool, event.pools[0].id), "taken", 7))
    answer = browser.submit(settings(event), capacity_room="6", lead="Inte detta heller")
    assert answer.status_code == 422
    assert "7 platser är redan tagna" in answer.text
    event = fresh(event)
    assert (event.pools[0].capacity, event.lead) == (10, "")


def test_lowering_capacity_while_seats_are_taken_never_leaves_too_few(app):
    event = make.event(room=40)
    pool_id, event_id = event.pools[0].id, event.id
    db.session.remove()
    barrier, refused, taken = threading.Barrier(8), [], []

    def take(n):
        for _n in range(5):
            done = write(lambda: db.session.execute(
                sa.update(Pool).where(Pool.id == pool_id, Pool.taken + 1 <= Pool.capacity)
                .values(taken=Pool.taken + 1).execution_options(synchronize_session=False)
            ).rowcount)  # fmt: skip
            taken.append(done)

    def lower(n):
        for capacity in range(30 - n, 5, -7):
            try:
                write(lambda c=capacity: services.change_event(
                    db.session, db.session.get_one(Event, event_id), facts={},
                    capacity={Mode.ROOM: c}, by=None, now=make.NOW,
                ))  # fmt: skip
            except Refusal as refusal:
                refused.append(str(refusal))
            except Stale:
                pass  # two organisers at once: the later is asked to look again

    def run(n):
        with app.app_context():
            barrier.wait()
            (take if n % 2 else lower)(n)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    pool = db.session.get_one(Pool, pool_id)
    assert pool.taken == sum(taken)
    assert pool.capacity >= pool.taken
    assert all("redan tag" in sentence for sentence in refused)
    assert fresh(event).state is State.DRAFT


def test_what_is_no_field_of_the_form_changes_nothing(staff):
    browser = staff("organiser")
    event = make.event(published=True)
    before = {c.key: getattr(event, c.key) for c in sa.inspect(Event).columns}
    other = make.board("skane").id
    answer = browser.submit(
        settings(event), authority_id=str(other), state="closed", sequence="99", id="77",
        slug="min-egen", uid="x", search="x", published="", created="1999-01-01", taken="5",
        event_id="1", tenant_id="1", state_note="Hej",
    )  # fmt: skip
    assert answer.status_code == 303
    event = fresh(event)
    assert {c.key: getattr(event, c.key) for c in sa.inspect(Event).columns} == before


def forms_of(page):
    return forms(page)[0]["fields"]
