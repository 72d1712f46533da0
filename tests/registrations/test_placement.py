"""Parallel seminars: wishes take no seat, a placement gives them, and everybody can see why."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.db import Stale, db, write
from core.errors import Refusal
from core.jobs import worker as jobs
from core.outbox.models import Outbox
from events import services as event_services
from events.models import Pool, ProgrammeItem
from events.rules import Mode, Part
from registrations import services as registration_services
from registrations.models import ItemChoice, Registration
from registrations.placement import queries, services
from registrations.placement.models import PlacementRun, Wish
from registrations.placement.rules import How, RunState
from registrations.rules import Status
from tests.conftest import NOW, forms, links
from tests.registrations import make
from tests.registrations.make_lists import statements
from tests.registrations.make_seminars import (
    asked,
    place,
    placed,
    previewed,
    seats,
    seminars,
    wishing,
)
from tests.registrations.test_places import together


def breaches(app):
    db.session.rollback()
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def taken(items):
    db.session.rollback()
    pools = {p.item_id: p.taken for p in db.session.scalars(sa.select(Pool))}
    return [pools[item.id] for item in items]


def form_fields(event, items, **more):
    return make.PERSON | {
        "choice_11-00": str(items[0].id), "choice2_11-00": str(items[1].id),
    } | more  # fmt: skip


def register(client, event, **fields):
    return client.submit(f"/evenemang/{event.slug}/anmalan", **fields)


def person_of(event):
    db.session.rollback()
    return db.session.scalars(
        sa.select(Registration).filter_by(event_id=event.id).order_by(Registration.id.desc())
    ).first()


def own_page(client, post):
    """The person's own page, by the link of the latest mail."""
    text = post()[-1].get_body(("plain",)).get_content()
    link = next(one for one in links(text) if "/min-anmalan/" in one)
    return client.get(link, follow_redirects=True)


def test_wishes_take_no_seat_and_are_told_in_the_receipt_and_on_the_own_page(client, post):
    event, items = seminars()
    page = client.get(f"/evenemang/{event.slug}/anmalan").text
    assert "Önska seminarium: 11.00" in page
    assert "Platserna fördelas efter sista anmälningsdagen" in page
    assert register(client, event, **form_fields(event, items)).status_code == 303
    assert taken(items) == [0, 0, 0]
    mails = post()
    text = mails[-1].get_body(("plain",)).get_content()
    assert "1. Ensamkommande barn, 2. Bostäder på kort tid" in text
    own = client.get(next(o for o in links(text) if "min-anmalan" in o), follow_redirects=True)
    assert "1. Ensamkommande barn, 2. Bostäder på kort tid" in own.text


def test_a_second_choice_must_be_another_and_have_a_first(client):
    event, items = seminars()
    same = register(
        client, event, **form_fields(event, items, **{"choice2_11-00": str(items[0].id)})
    )
    assert same.status_code == 422
    assert "Välj ett annat andrahandsval än förstahandsvalet." in same.text
    lone = register(client, event, **form_fields(event, items, **{"choice_11-00": "0"}))
    assert "Välj ett förstahandsval också." in lone.text
    assert person_of(event) is None


def test_the_form_asks_as_before_where_nothing_is_placed(client):
    event = make.conference()
    items = make.parallel(event)
    page = client.get(f"/evenemang/{event.slug}/anmalan").text
    assert "Välj ett pass: 11.00" in page
    assert "Används bara om förstahandsvalet hinner bli fullt." in page
    register(client, event, **form_fields(event, items, **{"choice2_11-00": ""}))
    assert taken(items) == [1, 0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 0


def test_where_it_is_first_come_a_full_first_choice_gives_the_second_and_says_so(client, post):
    event = make.conference()
    items = make.parallel(event)
    page = client.get(f"/evenemang/{event.slug}/anmalan")
    assert page.status_code == 200
    make.registration(event, 1, choices=(items[0].id,), notify=False)
    assert register(client, event, **form_fields(event, items)).status_code == 303
    assert taken(items) == [1, 1]
    mail = post()[-1]
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Ditt förstahandsval ”Ensamkommande barn” var fullt när du anmälde dig." in text
    assert "Du fick ditt andrahandsval ”Bostäder på kort tid”." in text


def test_where_both_choices_are_full_the_field_says_so_and_nothing_is_saved(app):
    event = make.conference()
    items = make.parallel(event, seats=(1, 1))
    for number, item in enumerate(items):
        make.registration(event, number, choices=(item.id,))
    with pytest.raises(Refusal, match="Båda dina val har blivit fulla") as refused:
        wishing(event, 7, asked(items[0].id, items[1].id, placed=False))
    assert refused.value.field == "choice_11-00"
    assert taken(items) == [1, 1]
    assert breaches(app) == []


def test_registering_again_changes_no_wishes(client):
    event, items = seminars()
    register(client, event, **form_fields(event, items))
    register(
        client, event,
        **form_fields(event, items, **{"choice_11-00": str(items[2].id), "choice2_11-00": ""}),
    )  # fmt: skip
    wished = db.session.execute(sa.select(Wish.item_id, Wish.rank).order_by(Wish.rank)).all()
    assert wished == [(items[0].id, 1), (items[1].id, 2)]


def test_who_cancelled_and_comes_back_has_only_the_new_wishes(app):
    event, items = seminars()
    person = wishing(event, 1, asked(items[0].id, items[1].id))
    id_ = person.id
    write(
        lambda: registration_services.cancel(
            db.session, db.session.get_one(Registration, id_), now=NOW
        )
    )
    wishing(event, 1, asked(items[2].id))
    assert db.session.scalars(sa.select(Wish.item_id)).all() == [items[2].id]


def test_wishes_can_be_changed_on_the_own_page_and_nothing_is_lost_by_a_stale_form(client, post):
    event, items = seminars()
    register(client, event, **form_fields(event, items))
    assert own_page(client, post).status_code == 200
    answer = client.submit(
        "/min-anmalan/andra", **{"choice_11-00": str(items[1].id), "choice2_11-00": ""}
    )
    assert answer.status_code == 303
    assert db.session.scalars(sa.select(Wish.item_id)).all() == [items[1].id]
    assert "Ändrad anmälan" in post()[-1]["Subject"]
    page = client.get("/min-anmalan/andra")
    place(event, letters=False)
    late = client.submit("/min-anmalan/andra", version="1")
    assert late.status_code == 409, page.status_code
    assert seats(person_of(event)) == [items[1].id]


def test_a_placement_gives_the_seats_and_tells_each_person_why(app, client, post):
    event, items = seminars()
    people = [wishing(event, n, asked(items[0].id, items[1].id)) for n in range(4)]
    place(event)
    assert [seats(one) for one in people] == [[items[0].id], [items[1].id], [items[1].id], []]
    assert taken(items) == [1, 2, 0]
    assert breaches(app) == []
    mails = {mail["To"]: mail for mail in post()}
    assert len(mails) == 4
    texts = [
        " ".join(mails[one.email].get_body(("plain",)).get_content().split()) for one in people
    ]
    assert "Du fick ditt förstahandsval ”Ensamkommande barn”." in texts[0]
    assert (
        "Ditt förstahandsval ”Ensamkommande barn” hade 1 plats och 4 ville ha det; den som "
        "anmälde sig först fick platsen. Du fick ditt andrahandsval ”Bostäder på kort tid”."
    ) in texts[1]
    assert (
        "”Bostäder på kort tid” blev också fullt. Du har ingen plats i det här passet." in texts[3]
    )
    link = next(o for o in links(mails[people[1].email].get_body(("plain",)).get_content())
                if "min-anmalan" in o)  # fmt: skip
    own = client.get(link, follow_redirects=True).text
    assert "Så fick du dina seminarier" in own
    assert "hade 1 plats och 4 ville ha det" in own


def test_a_second_placement_moves_nobody_and_writes_only_to_who_is_new(app, post):
    event, items = seminars()
    first = wishing(event, 1, asked(items[0].id))
    place(event)
    assert len(post()) == 1
    late = wishing(event, 2, asked(items[0].id, items[2].id))
    place(event)
    assert (seats(first), seats(late)) == ([items[0].id], [items[2].id])
    assert [mail["To"] for mail in post()] == [late.email]
    with pytest.raises(Refusal, match="ingen att fördela"):
        place(event)
    assert breaches(app) == []


def test_a_whole_new_placement_keeps_what_was_given_by_hand_and_returns_the_rest(app, post, staff):
    event, items = seminars()
    late = wishing(event, 1, asked(items[0].id))
    place(event, letters=False)
    early = wishing(event, 2, asked(items[0].id), now=NOW - timedelta(days=3))
    by_hand = wishing(event, 3, asked(items[0].id))
    browser = staff("organiser")
    address = f"/arbeta/evenemang/{event.id}/deltagare/{by_hand.id}/seminarier"
    assert browser.submit(address, to=str(items[2].id), reason="Bad om det").status_code == 303
    place(event, anew=True, letters=False)
    assert seats(early) == [items[0].id]
    assert seats(late) == []
    assert seats(by_hand) == [items[2].id]
    assert taken(items) == [1, 0, 1]
    assert breaches(app) == []


def test_filling_places_those_without_a_wish_where_there_is_room(app):
    event, items = seminars()
    silent = wishing(event, 1, asked(None))
    place(event, fill=True, letters=False)
    assert seats(silent) == [items[2].id]


def test_seats_taken_before_and_people_who_wait_are_left_alone(app):
    event, items = seminars(room=2)
    seated = make.registration(event, 1, choices=(items[0].id,), notify=False)
    wishing(event, 2, asked(items[0].id, items[1].id))
    waiting = wishing(event, 3, asked(items[1].id))
    place(event, letters=False)
    assert seats(seated) == [items[0].id]
    assert seats(waiting) == []
    assert taken(items) == [1, 1, 0]
    assert breaches(app) == []


def test_people_online_get_seats_only_in_what_is_for_them_too(app, client):
    event, items = seminars(online=True)
    refused = register(client, event, **form_fields(event, items, mode="online"))
    assert refused.status_code == 422
    assert "Det hålls bara på plats." in refused.text
    placed(event, online=(items[1].id,))
    person = wishing(event, 1, asked(items[0].id, items[1].id), mode=Mode.ONLINE)
    [(_row, [entry])] = previewed(event).unmet
    assert entry[3]["first_bar"] == "in_room"
    place(event, letters=False)
    assert seats(person) == [items[1].id]


def test_the_preview_saves_nothing_and_what_changed_since_is_told(app, staff):
    event, items = seminars()
    for n in range(3):
        wishing(event, n, asked(items[0].id, items[1].id))
    browser = staff("organiser")
    address = f"/arbeta/evenemang/{event.id}/seminarier/fordela"
    page = browser.get(address)
    assert "Inget är sparat än" in page.text
    assert "hade 1 plats och 3 ville ha det" in page.text
    assert taken(items) == [0, 0, 0]
    gone = person_of(event).id
    later = NOW + timedelta(minutes=5)
    [form] = [one for one in forms(page.text) if "seen" in one["fields"]]
    write(
        lambda: registration_services.cancel(
            db.session, db.session.get_one(Registration, gone), now=later
        )
    )
    wishing(event, 8, asked(items[2].id), now=later)
    answer = browser.post(address, data=form["fields"])
    assert answer.status_code == 422
    assert "1 har anmält sig, 1 har avanmält sig. Inget är sparat." in answer.text
    assert taken(items) == [0, 0, 0]
    [form] = [one for one in forms(answer.text) if "seen" in one["fields"]]
    done = browser.post(address, data=form["fields"])
    assert (done.status_code, done.location) == (303, f"/arbeta/evenemang/{event.id}/seminarier")
    assert taken(items) == [1, 1, 1]
    pressed_again = browser.post(address, data=form["fields"])
    assert pressed_again.status_code in {303, 422}
    assert taken(items) == [1, 1, 1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlacementRun)) == 1


def test_many_people_are_placed_by_a_job_that_goes_on_where_it_was(app, monkeypatch, post):
    monkeypatch.setattr("registrations.placement.services.placing.AT_ONCE", 3)
    monkeypatch.setattr("registrations.placement.services.placing.STEP", 2)
    event, items = seminars()
    people = [wishing(event, n, asked(items[2].id)) for n in range(5)]
    run_id = place(event)
    assert taken(items) == [0, 0, 0]
    with pytest.raises(Refusal, match="pågår redan"):
        place(event)
    gone = people[4].id
    write(
        lambda: registration_services.cancel(
            db.session, db.session.get_one(Registration, gone), now=NOW, notify=False
        )
    )
    assert jobs.run_once() == 1
    run = db.session.get_one(PlacementRun, run_id)
    assert (run.state, run.done, run.missed) == (RunState.DONE, 5, 1)
    assert taken(items) == [0, 0, 4]
    assert len(post()) == 4
    assert breaches(app) == []


def test_a_seat_that_went_meanwhile_is_not_given_twice(app):
    event, items = seminars()
    person = wishing(event, 1, asked(items[0].id))
    made, event_id = previewed(event), event.id
    make.registration(event, 9, choices=(items[0].id,), notify=False)

    def begin():
        here = db.session.get_one(type(event), event_id)
        return services.begin(
            db.session, here, made, fill=False, anew=False, letters=False, by=None, now=NOW
        ).missed

    assert write(begin) == 1
    assert seats(person) == []
    assert taken(items) == [1, 0, 0]
    assert breaches(app) == []


def test_the_organiser_moves_somebody_with_a_reason_that_stays(app, staff):
    event, items = seminars()
    person = wishing(event, 1, asked(items[0].id))
    other = wishing(event, 2, asked(items[0].id))
    place(event, letters=False)
    browser = staff("organiser")
    address = f"/arbeta/evenemang/{event.id}/deltagare/{other.id}/seminarier"
    full = browser.submit(address, to=str(items[0].id), reason="Vill byta")
    assert full.status_code == 422
    assert "”Ensamkommande barn” är fullt" in full.text
    assert browser.submit(address, to=str(items[1].id), reason="").status_code == 422
    assert browser.submit(address, to=str(items[1].id), reason="Vill byta").status_code == 303
    page = browser.get(f"/arbeta/evenemang/{event.id}/deltagare/{other.id}").text
    assert "Flyttad mellan seminarier: Vill byta" in page
    assert "Arrangören har gett dig en plats på ”Bostäder på kort tid”." in page
    mine = f"/arbeta/evenemang/{event.id}/deltagare/{person.id}/seminarier"
    assert browser.submit(mine, to="-0", reason="Kommer senare").status_code == 303
    assert (seats(person), seats(other)) == ([], [items[1].id])
    assert taken(items) == [0, 1, 0]
    assert breaches(app) == []


def test_the_organiser_sets_how_seats_are_given_and_the_form_follows(app, client, staff):
    event = make.conference()
    make.parallel(event)
    assert "Välj ett pass" in client.get(f"/evenemang/{event.slug}/anmalan").text
    browser = staff("organiser")
    address = f"/arbeta/evenemang/{event.id}/seminarier"
    assert address in browser.get(f"/arbeta/evenemang/{event.id}/program").text
    assert browser.submit(address, how_0=How.PLACED.value).status_code == 303
    assert "Önska seminarium" in client.get(f"/evenemang/{event.slug}/anmalan").text


def test_a_protected_person_is_not_named_on_the_list_of_unmet_choices(app, staff):
    event, items = seminars()
    wishing(event, 1, asked(items[0].id))
    hidden = wishing(event, 2, asked(items[0].id), protected=True, first_name="Hemlig")
    page = staff("organiser").get(f"/arbeta/evenemang/{event.id}/seminarier/fordela").text
    assert f"Skyddad deltagare {hidden.id}" in page
    assert "Hemlig" not in page
    assert staff("reader").get(f"/arbeta/evenemang/{event.id}/seminarier").status_code == 403


def test_an_item_that_is_removed_takes_its_wishes_with_it(app):
    event, items = seminars()
    person = wishing(event, 1, asked(items[0].id, items[1].id))
    first = items[0].id
    write(
        lambda: event_services.remove_item(
            db.session, db.session.get_one(ProgrammeItem, first), by=None, now=NOW
        )
    )
    place(event, letters=False)
    assert seats(person) == [items[1].id]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ItemChoice)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0


def test_the_organiser_can_let_those_who_registered_first_go_first(app, staff):
    event, items = seminars()
    early = wishing(event, 1, asked(items[0].id, items[1].id))
    late = wishing(event, 2, asked(items[0].id), now=NOW + timedelta(minutes=1))
    browser = staff("organiser")
    address = f"/arbeta/evenemang/{event.id}/seminarier/fordela"
    most = browser.get(f"{address}?rule=most").text
    assert "utom att 1 som anmälde sig efter dig fick plats" in most
    page = browser.get(address).text
    assert "den som anmälde sig först fick platsen" in page
    [form] = [one for one in forms(page) if "seen" in one["fields"]]
    assert browser.post(address, data=form["fields"]).status_code == 303
    assert (seats(early), seats(late)) == ([items[0].id], [])


def test_the_preview_costs_the_same_for_one_and_for_many(app, staff):
    event, items = seminars(room=None)
    browser, costs = staff("organiser"), []
    address = f"/arbeta/evenemang/{event.id}/seminarier"
    for number in (1, 30):
        for n in range(number):
            wishing(event, number * 100 + n, asked(items[0].id, items[1].id))
        for page in (address, f"{address}/fordela"):
            browser.get(page)
            with statements() as said:
                assert browser.get(page).status_code == 200
            costs.append(len(said))
    assert costs[:2] == costs[2:]


def test_a_copy_of_the_event_gives_its_seats_in_the_same_way(app):
    event, items = seminars(online=True)
    placed(event, online=(items[1].id,))
    event_id = event.id

    def copy():
        return event_services.copy_event(
            db.session, db.session.get_one(type(event), event_id), title="Igen",
            starts=event.starts + timedelta(days=30), parts=set(Part), by=None, now=NOW,
        ).id  # fmt: skip

    copied = write(copy)
    assert queries.placed_groups(db.session, copied) == {"11.00"}
    assert [one.online for one in queries.choosable(db.session, copied)] == [False, True, False]


def test_placing_while_people_cancel_and_register_leaves_no_seat_unaccounted_for(app):
    event, items = seminars()
    event_id = event.id
    people = [wishing(event, n, asked(items[n % 3].id, items[2].id)).id for n in range(12)]
    made = previewed(event)

    def act(n):
        if n == 0:
            return write(
                lambda: (
                    services.begin(
                        db.session,
                        db.session.get_one(type(event), event_id),
                        made,
                        fill=True,
                        anew=False,
                        letters=False,
                        by=None,
                        now=NOW,
                    ).missed
                )
            )
        id_ = people[n]
        return write(
            lambda: registration_services.cancel(
                db.session, db.session.get_one(Registration, id_), now=NOW, notify=False
            )
        )

    given = together(app, 8, act)
    # Whoever cancels in the very moment of being placed may be asked to look again (409).
    stale = [one for one in given if isinstance(one, Stale)]
    assert not [one for one in given if isinstance(one, Exception) and one not in stale], given
    assert breaches(app) == []
    left = sa.select(sa.func.count()).select_from(Registration).filter_by(status=Status.CONFIRMED)
    assert db.session.scalar(left) == 12 - 7 + len(stale)
