"""What somebody with a secret link, or none, tries to do to others."""

from datetime import timedelta

import sqlalchemy as sa

from core.db import db, write
from core.outbox.models import Outbox
from core.throttle import RateCount, Turns
from registrations import services
from registrations.models import Registration
from registrations.rules import Source, Status
from tests.conftest import NOW
from tests.events import make as events
from tests.registrations import make, make_invitations
from tests.registrations.make_invitations import row
from tests.registrations.test_invitations import open_invitation
from tests.registrations.test_mine import enter

VICTIM = "offer@example.se"


def address(event):
    return f"/evenemang/{event.slug}/anmalan"


def letters_to(recipient=VICTIM, *, before=None):
    db.session.rollback()
    due = sa.select(sa.func.count()).select_from(Outbox).where(Outbox.recipient == recipient)
    return db.session.scalar(due if before is None else due.where(Outbox.next_try < before))


def test_one_address_gets_three_letters_an_hour_over_all_events_and_the_answer_is_the_same(client):
    one, other = make.conference(), events.event("skane", published=True)
    answers = set()
    for number in range(4):
        for event in (one, other):
            answer = client.submit(
                address(event),
                **make.PERSON | {"email": VICTIM, "last_name": f"Ek{'abcd'[number]}"},
            )
            answers.add((answer.status_code, answer.location == f"{address(event)}/tack"))
    for _again in range(2):
        client.submit("/min-anmalan/ny-lank", email=VICTIM)
        client.submit(address(one), **make.PERSON | {"email": VICTIM, "last_name": "Eka"})
    assert answers == {(303, True)}
    for hours in range(1, 4):
        assert letters_to(before=NOW + timedelta(hours=hours)) <= 3 * hours
    assert letters_to() == 8
    assert len(make.statuses(one)) == 4
    client.submit(address(one), **make.PERSON)
    assert letters_to(make.PERSON["email"]) == 1


def test_tags_of_one_mailbox_share_its_bounds_and_a_day_lets_ten_through(app):
    event = make.conference()
    for hour in range(6):
        for number in range(4):
            make.registration(
                event, 10 * hour + number, email=f"offer+{number}@example.se",
                now=NOW.replace(hour=hour + 1),
            )  # fmt: skip
    day = NOW.replace(hour=1) + timedelta(days=1)
    boxes = [f"offer+{number}@example.se" for number in range(4)]
    assert sum(letters_to(box, before=day) for box in boxes) == 10
    assert sum(letters_to(box) for box in boxes) == 20  # and ten the next day


def test_what_staff_enters_and_what_the_queue_gives_is_told_without_bounds(app):
    event = make.conference(room=1)
    for number in range(5):
        make.registration(event, number, email=VICTIM, source=Source.STAFF)
    first = db.session.scalars(sa.select(Registration).filter_by(status=Status.CONFIRMED)).one()
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, first.id), now=NOW
    ))  # fmt: skip
    kinds = db.session.scalars(sa.select(Outbox.kind)).all()
    assert kinds.count("registration.receipt") == 5
    assert kinds.count("registration.promoted") == 1


def test_load_tests_are_not_bounded(make_app):
    with make_app(GUARDS="off").app_context():
        event = make.conference()
        for number in range(5):
            make.registration(event, number, email=VICTIM)
        assert letters_to() == 5
        for counted in (RateCount, Turns):
            assert db.session.scalars(sa.select(counted)).all() == []


def test_a_full_item_does_not_tell_who_is_registered(client):
    event = make.conference()
    full, _other = make.parallel(event, seats=(1, None))
    make.registration(event, 1, choices=(full.id,))
    choice = {"choice_11-00": str(full.id)}
    pages = []
    for last_name in ("Berg1", "Berg2"):
        who = {"first_name": "Ada", "last_name": last_name, "email": "ada.berg1@example.se"}
        answer = client.submit(address(event), **make.PERSON | who | choice)
        pages.append((answer.status_code, "har blivit fullt" in answer.text))
    assert pages == [(422, True), (422, True)]


def test_a_form_left_in_another_tab_does_nothing_to_the_registration_opened_since(client):
    event = make.conference()
    mine, colleagues = make.registration(event, 1), make.registration(event, 2)
    for path in ("/min-anmalan/avanmal", "/min-anmalan/andra"):
        enter(client, mine)
        page = client.get(path).text
        enter(client, colleagues)
        answer = client.submit(path, whose=str(mine.id))
        assert f'name="whose" value="{mine.id}"' in page
        assert answer.status_code == 409
    assert make.again(colleagues).status is Status.CONFIRMED
    assert client.submit("/min-anmalan/avanmal").status_code == 303
    assert make.again(colleagues).status is Status.CANCELLED
    assert make.again(mine).status is Status.CONFIRMED


def test_a_form_of_one_invitation_does_not_answer_another(client, post):
    event = make_invitations.council()
    first = open_invitation(client, post, event, name="Kaffevagnen")
    assert f'name="whose" value="{first.id}"' in client.get("/inbjudan").text
    second = open_invitation(client, post, event, name="Bokbussen")
    for path in ("/inbjudan", "/inbjudan/nej"):
        assert client.submit(path, whose=str(first.id)).status_code == 409
    assert make_invitations.again(second).answer == "sent"


def test_an_organisation_has_no_power_over_who_had_registered_without_it(client, post):
    event = make_invitations.council(invited_only=False)
    person = make.registration(event, 1)
    post()
    open_invitation(client, post, event)
    named = {"first_name": "Ada", "last_name": "Berg1", "email": "ada.berg1@example.se"}
    assert client.submit("/inbjudan", **row(1, named), role_1="elected").status_code == 303
    assert client.submit("/inbjudan", **row(1, named), role_1="elected").status_code == 303
    assert client.submit("/inbjudan/nej").status_code == 303
    after = make.again(person)
    assert after.status is Status.CONFIRMED
    assert (after.role_kind, after.invitation_id) == ("official", None)


def test_nobody_is_greeted_with_an_address(client):
    event = make.conference()
    for name in ("http://ond.example", "Vinn på ond.example", "WWW.OND.SE", "a@ond.example"):
        answer = client.submit(address(event), **make.PERSON | {"first_name": name})
        assert (answer.status_code, "Skriv ditt förnamn" in answer.text) == (422, True)
    for name in ("Anna-Karin", "J.R.", "S:t Erik", "d’Arc", "St.Clair"):
        person = make.PERSON | {"last_name": name, "email": "ny@example.se"}
        assert client.submit(address(event), **person).status_code == 303
