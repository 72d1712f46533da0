"""Several limits at once: seats kept for a sector, seats of one organisation, approval, offers."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import queries as account_queries
from accounts import services as account_services
from accounts.rules import Role
from core.db import db, write
from core.errors import Refusal
from core.reference import Sector
from events import services as event_services
from events.models import Event, Pool
from events.rules import Mode, WaitingRule
from registrations import services
from registrations.models import Registration
from registrations.places import services as places
from registrations.places.rules import Kept, rests
from registrations.rules import Status
from registrations.upkeep import upkeep
from tests.conftest import NOW, links
from tests.registrations import make
from tests.registrations.importing.make import take_in
from tests.registrations.make_lists import url
from tests.registrations.test_mine import enter
from tests.registrations.test_places import ask, breaches, together

OURS, THEIRS = Sector.CIVIL_SOCIETY, Sector.MUNICIPALITY
RULES = {"approval": False, "waiting_rule": WaitingRule.GIVEN, "offer_hours": 48}


def limit(event, *kept, most=None, now=NOW, **rules):
    """Set the limits of `event`; `kept` are pairs of sector and seats, or with a day as third."""
    wanted = [Kept(Mode.ROOM, *one) for one in kept]
    event_id = event.id
    write(
        lambda: places.set_limits(
            db.session, db.session.get_one(Event, event_id), kept=wanted, most=most,
            rules=RULES | rules, version=None, by=None, now=now,
        )
    )  # fmt: skip


def cancel(person, now=NOW):
    id_ = person.id
    write(lambda: services.cancel(db.session, db.session.get_one(Registration, id_), now=now))


def look_round(now):
    upkeep(db.session, now=now)
    db.session.rollback()


def of_sector(event, status=Status.CONFIRMED):
    db.session.rollback()
    found = db.session.query(Registration).filter_by(event_id=event.id, status=status)
    return Counter(one.sector for one in found)


def test_seats_kept_for_a_sector_are_not_given_to_others(app):
    event = make.conference(room=5)
    limit(event, (OURS, 2))
    others = [make.registration(event, n, sector=THEIRS) for n in range(4)]
    assert [one.status for one in others] == [Status.CONFIRMED] * 3 + [Status.WAITING]
    ours = [make.registration(event, 10 + n, sector=OURS) for n in range(3)]
    assert [one.status for one in ours] == [Status.CONFIRMED] * 2 + [Status.WAITING]
    assert breaches(app) == []


def test_a_seat_that_becomes_free_goes_to_the_first_who_may_have_it(app, post):
    event = make.conference(room=3)
    limit(event, (OURS, 1))
    others = [make.registration(event, n, sector=THEIRS) for n in range(3)]  # the third waits
    mine = make.registration(event, 10, sector=OURS)
    late = make.registration(event, 11, sector=OURS)
    assert [others[2].status, mine.status, late.status] == ["waiting", "confirmed", "waiting"]
    cancel(mine)
    assert make.again(late).status is Status.CONFIRMED, "the kept seat stays with the sector"
    assert make.again(others[2]).status is Status.WAITING
    cancel(others[0])
    assert make.again(others[2]).status is Status.CONFIRMED
    assert breaches(app) == []


def test_on_its_day_what_is_kept_opens_to_everybody_and_those_who_wait_come_first(app, post):
    event = make.conference(room=4)
    opens = NOW + timedelta(days=3)
    limit(event, (OURS, 3, opens))
    make.registration(event, 1, sector=THEIRS)
    waits = make.registration(event, 2, sector=THEIRS)
    post()
    look_round(opens - timedelta(minutes=1))
    assert make.again(waits).status is Status.WAITING
    look_round(opens)
    assert make.again(waits).status is Status.CONFIRMED
    app.config["FAKE_NOW"] = opens
    [mail] = post()
    assert "Du har fått en plats" in mail["Subject"]
    assert make.registration(event, 3, sector=THEIRS, now=opens).status is Status.CONFIRMED
    look_round(opens + timedelta(days=1))
    assert post() != []
    assert breaches(app) == []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
    st.integers(0, 8),
    st.lists(st.sampled_from(list(Sector)[:4]), max_size=40),
)
def test_no_order_of_arrival_takes_what_is_kept_or_leaves_it_empty(kept, free, arrivals):
    """Whoever may have a seat gets one, and each sector can always still have what is kept."""
    keeping = [Kept(Mode.ROOM, sector, seats) for sector, seats in zip(Sector, kept, strict=False)]
    capacity = sum(kept) + free
    left = {rest.sectors: rest.seats for rest in rests(capacity, keeping)}
    sitting = Counter()
    for sector in arrivals:
        sets = [sectors for sectors in left if sector not in sectors]
        may = sitting.total() < capacity and all(left[sectors] > 0 for sectors in sets)
        owed = sum(
            max(0, one.seats - sitting[one.sector]) for one in keeping if one.sector is not sector
        )
        assert may == (sitting.total() + owed < capacity)
        if may:
            sitting[sector] += 1
            for sectors in sets:
                left[sectors] -= 1


def test_more_cannot_be_kept_than_is_left(app):
    event = make.conference(room=4)
    for n in range(3):
        make.registration(event, n, sector=THEIRS)
    with pytest.raises(Refusal, match="3 personer av andra sorter"):
        limit(event, (OURS, 2))
    with pytest.raises(Refusal, match="finns inte så många platser"):
        limit(event, (OURS, 5))
    assert db.session.scalar(sa.select(sa.func.count()).where(Pool.others_mode.is_not(None))) == 0
    assert breaches(app) == []


def test_an_organisation_gets_no_more_than_its_number_however_it_is_spelt(app):
    event = make.conference(room=10)
    make.registration(event, 1, organisation="Rädda Bina")
    limit(event, most=2)
    make.registration(event, 2, organisation="rädda  bina")
    with pytest.raises(Refusal, match="redan de 2 platser") as refusal:
        make.registration(event, 3, organisation="RÄDDA BINA")
    assert refusal.value.field == "organisation"
    other = make.registration(event, 4, organisation="Bryggan")
    with pytest.raises(Refusal, match="redan de 2 platser"):
        write(
            lambda: services.change(
                db.session, make.again(other), facts={"organisation": "Rädda Bina"}, now=NOW
            )
        )
    cancel(make.again(make.registration(event, 1, organisation="Rädda Bina")))
    write(
        lambda: services.change(
            db.session, make.again(other), facts={"organisation": "Rädda Bina"}, now=NOW
        )
    )
    assert breaches(app) == []
    with pytest.raises(Refusal, match=r"Rädda Bina \(2\)|rädda\s+bina \(2\)"):
        limit(event, most=1)


def test_a_crowd_never_passes_any_of_several_limits(app):
    event = make.conference(room=12)
    few, _many = make.parallel(event, seats=(4, None))
    limit(event, (OURS, 5), most=3)
    event_id, few_id = event.id, few.id
    sectors = [OURS, THEIRS, Sector.REGION]

    def one(n):
        wished = (few_id,) if n % 2 else ()
        return ask(event_id, n, wished, sector=sectors[n % 3], organisation=f"Org {n % 7}")

    outcomes = together(app, 48, one)
    assert {type(o) for o in outcomes} <= {Status, Refusal}, outcomes
    assert breaches(app) == []
    sitting = of_sector(event)
    assert sitting.total() <= 12
    assert sitting.total() - sitting[OURS] <= 7
    organisations = Counter(
        one.organisation
        for one in db.session.query(Registration).filter_by(status=Status.CONFIRMED)
    )
    assert max(organisations.values()) <= 3


def test_seats_of_the_room_are_not_lowered_below_what_others_have(app):
    event = make.conference(room=10)
    limit(event, (OURS, 4))
    for n in range(6):
        make.registration(event, n, sector=THEIRS)
    with pytest.raises(Refusal, match="minst 10"):
        write(lambda: resize(event.id, 9))
    write(lambda: resize(event.id, 12))
    assert make.registration(event, 20, sector=THEIRS).status is Status.CONFIRMED
    assert breaches(app) == []


def resize(event_id, room):
    event_services.change_event(
        db.session, db.session.get_one(Event, event_id), facts={}, capacity={Mode.ROOM: room},
        by=None, now=NOW,
    )  # fmt: skip


def test_who_must_be_approved_waits_without_a_seat_and_hears_yes_or_no(app, post, staff):
    event = make.conference(room=1)
    limit(event, approval=True)
    first, second, third = (make.registration(event, n) for n in range(3))
    assert {one.status for one in (first, second, third)} == {Status.PENDING}
    assert all("Vi har tagit emot din anmälan" in mail["Subject"] for mail in post())
    desk = staff()
    page = desk.get(url(event, f"deltagare/{first.id}"))
    assert "Väntar på besked" in page.text
    desk.submit(
        url(event, f"deltagare/{first.id}"), _to=url(event, f"deltagare/{first.id}/godkann")
    )
    desk.submit(
        url(event, f"deltagare/{second.id}"), _to=url(event, f"deltagare/{second.id}/godkann")
    )
    answer = desk.submit(url(event, f"deltagare/{third.id}/nej"), reason="")
    assert answer.status_code == 422
    desk.submit(url(event, f"deltagare/{third.id}/nej"), reason="Bara kommuner den här gången.")
    found = [make.again(one).status for one in (first, second, third)]
    assert found == [Status.CONFIRMED, Status.WAITING, Status.DECLINED]
    mails = {mail["To"]: mail for mail in post()}
    assert "Du har en plats" in mails[first.email]["Subject"]
    assert "reservlistan" in mails[second.email]["Subject"]
    text = mails[third.email].get_body(("plain",)).get_content()
    assert "Bara kommuner den här gången." in text
    again = desk.post(
        url(event, f"deltagare/{third.id}/godkann"),
        data={"csrf_token": "x", "form_key": "y" * 43},
    )
    assert again.status_code in {400, 403}
    assert breaches(app) == []


def offered(event):
    """One seat, taken; one who waits; the seat becomes free and is offered."""
    limit(event, waiting_rule=WaitingRule.OFFERED)
    sitting, waits, next_one = (make.registration(event, n) for n in range(3))
    cancel(sitting)
    return make.again(waits), make.again(next_one)


def test_a_free_seat_is_offered_held_and_accepted_on_ones_own_page(app, client, post):
    event = make.conference(room=1)
    person, next_one = offered(event)
    assert (person.status, next_one.status) == (Status.OFFERED, Status.WAITING)
    assert person.offered_until == NOW + timedelta(hours=48)
    mail = next(m for m in post() if "det finns en plats" in m["Subject"])
    text = mail.get_body(("plain",)).get_content()
    assert "Svara senast" in text
    assert not list(mail.iter_attachments()), "no calendar before the yes"
    own = next(link for link in links(text) if "min-anmalan" in link)
    assert client.get(own).status_code == 303
    assert "Det finns en plats till dig." in client.get("/min-anmalan").text
    assert make.again(person).status is Status.OFFERED, "opening the link says neither yes nor no"
    client.submit("/min-anmalan")
    assert make.again(person).status is Status.CONFIRMED
    assert any(
        "kalender.ics" in part.get_filename() for m in post() for part in m.iter_attachments()
    )
    assert breaches(app) == []


def test_an_offer_nobody_answers_goes_to_the_next_once(app, client, post):
    event = make.conference(room=1)
    person, next_one = offered(event)
    post()
    late = NOW + timedelta(hours=48)
    look_round(late - timedelta(seconds=1))
    assert make.again(person).status is Status.OFFERED
    look_round(late)
    look_round(late + timedelta(minutes=1))
    assert make.again(person).status is Status.CANCELLED
    assert make.again(next_one).status is Status.OFFERED
    app.config["FAKE_NOW"] = late + timedelta(minutes=1)
    told = {mail["To"]: mail["Subject"] for mail in post()}
    assert "gått vidare" in told[person.email]
    assert "det finns en plats" in told[next_one.email]
    page = enter(client, make.again(person))
    assert "Du är avanmäld." in page.text
    assert breaches(app) == []


def test_one_may_say_no_to_an_offer_even_when_the_last_day_to_cancel_is_past(app, client):
    event = make.conference(room=1, cancel_by=NOW - timedelta(days=1))
    limit(event, waiting_rule=WaitingRule.OFFERED)
    sitting, waits = (make.registration(event, n) for n in range(2))
    id_ = sitting.id
    organiser = make_user()
    write(
        lambda: services.cancel(
            db.session, db.session.get_one(Registration, id_), by=organiser(), now=NOW
        )
    )
    assert make.again(waits).status is Status.OFFERED
    enter(client, make.again(waits))
    client.submit("/min-anmalan/avanmal")
    assert make.again(waits).status is Status.CANCELLED
    assert breaches(app) == []


def make_user():
    board = account_queries.authority_by_slug(db.session, "jonkoping")
    write(
        lambda: account_services.add_user(
            db.session, email="chef@example.se", name="Chef", password="x" * 20,
            roles=[(board, Role.ORGANISER)], by=None, now=NOW,
        )
    )  # fmt: skip
    return lambda: account_queries.user_by_email(db.session, "chef@example.se")


def test_the_organiser_keeps_seats_and_sees_how_it_stands(app, staff):
    event = make.conference(room=20)
    make.registration(event, 1, sector=OURS)
    desk = staff()
    page = desk.get(url(event, "platser"))
    assert "Platser och reservlista" in page.text
    answer = desk.submit(
        url(event, "platser"), kept_room_0_sector="civil_society", kept_room_0_seats="5",
        kept_room_0_opens="2027-02-01T08:00", most="3", waiting_rule="offered", offer_hours="24",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    shown = desk.get(url(event, "platser")).text
    assert "Civilsamhälle" in shown
    assert 'value="5"' in shown
    wrong = desk.submit(url(event, "platser"), kept_room_1_seats="4", kept_room_0_seats="21")
    assert wrong.status_code == 422
    assert "Välj vilka platserna hålls för." in wrong.text
    stale = desk.submit(url(event, "platser"), version="1")
    assert stale.status_code == 409
    assert db.session.get_one(Event, event.id).max_per_organisation == 3
    assert breaches(app) == []


def test_registering_by_the_form_tells_which_limit_is_reached(app, client):
    event = make.conference(room=20)
    limit(event, most=1)
    path = f"/evenemang/{event.slug}/anmalan"
    assert client.submit(path, **make.PERSON).status_code == 303
    answer = client.submit(path, **make.PERSON | {"email": "bo@example.se", "first_name": "Bo"})
    assert answer.status_code == 422
    assert "Tranås kommun har redan den enda plats" in answer.text
    assert 'value="bo@example.se"' in answer.text


def test_an_import_keeps_within_all_limits(app, staff):
    event = make.conference(room=6)
    make.registration(event, 1, organisation="Bryggan", sector=OURS)
    limit(event, (OURS, 3), most=2)
    rows = [("Tranås kommun", "Kommun")] * 3 + [("Bryggan", "Civilsamhälle")] * 3
    text = "Förnamn;Efternamn;E-post;Organisation;Sektor\n" + "".join(
        f"Bo;Ek{n};bo{n}@example.se;{organisation};{sector}\n"
        for n, (organisation, sector) in enumerate(rows)
    )
    desk = staff()
    take_in(desk, event, text.encode(), surplus="queue")
    sitting = of_sector(event)
    assert (sitting[THEIRS], sitting[OURS]) == (2, 2)
    assert of_sector(event, Status.WAITING).total() == 3
    assert breaches(app) == []


def test_the_overview_says_who_waits_for_an_answer(app, staff):
    event = make.conference(room=5)
    desk = staff()
    assert "väntar på ert svar" not in desk.get(url(event, "").rstrip("/")).text
    limit(event, approval=True)
    for n in range(2):
        make.registration(event, n)
    page = desk.get(url(event, "").rstrip("/")).text
    assert "2 anmälningar väntar på ert svar." in page
    assert "väntar på ert svar" not in staff("reader").get(url(event, "").rstrip("/")).text


def test_the_form_says_that_only_kept_seats_are_left(client):
    event = make.conference(room=5)
    limit(event, (OURS, 2))
    address = f"/evenemang/{event.slug}/anmalan"
    assert "Är de andra platserna slut" in client.get(address).text
    for n in range(3):
        make.registration(event, n, sector=THEIRS)
    page = client.get(address).text
    assert "2 platser i salen hålls för sektorn civilsamhälle." in page
    assert "De andra platserna är tagna" in page


def test_the_public_page_says_what_is_kept_and_for_whom(app, client):
    event = make.conference(room=5)
    page = client.get(f"/evenemang/{event.slug}").text
    assert "hålls för" not in page
    limit(event, (OURS, 2))
    page = client.get(f"/evenemang/{event.slug}").text
    assert "5 platser kvar" in page
    assert "2 platser i salen hålls för sektorn civilsamhälle." in page
    make.registration(event, 1, sector=OURS)
    page = client.get(f"/evenemang/{event.slug}").text
    assert "1 plats i salen hålls för sektorn civilsamhälle." in page
