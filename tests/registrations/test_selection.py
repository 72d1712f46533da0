"""Many at once: asked about first, done once, each looked at when its turn comes."""

import re

import pytest

from accounts import services as account_services
from core.db import db, write
from core.jobs.worker import run_once
from registrations import services
from registrations.models import Registration
from registrations.rules import Status
from tests.events.make import NOW
from tests.reading import forms
from tests.registrations import make
from tests.registrations.make_lists import statements, url, user

PLANNER = "organiser.jonkoping@example.se"
WHY = "Dagen flyttas till våren"


@pytest.fixture
def event(app):
    """Six people: three with a place, three that wait."""
    event = make.conference(room=3, online=None)
    for n in range(6):
        make.registration(event, n)
    return event


def id_of(event, number):
    return db.session.query(Registration.id).filter_by(
        event_id=event.id, last_name=f"Berg{number}"
    ).scalar()  # fmt: skip


def ask(event, *numbers, **more):
    """The address that asks whether to cancel those that are ticked."""
    rows = [("rad", str(id_of(event, n))) for n in numbers]
    query = [("gor", "cancel"), *rows, *more.items()]
    return url(event, "deltagare/valda") + "?" + "&".join(f"{k}={v}" for k, v in query)


def breaches(app):
    return [line for check in app.extensions["checks"] for line in check(db.session)]


def test_the_ticked_are_named_asked_about_and_cancelled(app, event, staff, post):
    browser = staff()
    post()
    page = browser.get(ask(event, 0, 4))
    assert "Avanmäl 2 personer?" in page.text
    assert "Ada Berg0" in page.text
    assert "Ada Berg1" not in page.text
    assert make.statuses(event)["Berg0"] == "confirmed"  # asking does nothing
    answer = browser.submit(ask(event, 0, 4), reason=WHY)
    assert answer.status_code == 303
    done = browser.get(answer.location).text
    assert "2 personer är avanmälda" in done
    assert WHY in done
    assert make.statuses(event) == {
        "Berg0": "cancelled", "Berg1": "confirmed", "Berg2": "confirmed", "Berg3": "confirmed",
        "Berg4": "cancelled", "Berg5": "waiting",
    }  # fmt: skip
    told = sorted(str(mail["To"]).split("@")[0][-5:] for mail in post())
    assert told == ["berg0", "berg3", "berg4"]  # who waited first has got the place
    assert db.session.get(Registration, id_of(event, 4)).cancel_reason == WHY
    assert breaches(app) == []


def test_nobody_who_is_cancelled_gets_a_place_on_the_way(app, event, staff, post):
    browser = staff()
    post()
    browser.submit(ask(event, 0, 3, 4), reason=WHY)
    assert make.statuses(event)["Berg5"] == "confirmed"
    subjects = [str(mail["Subject"]) for mail in post() if "berg3" in str(mail["To"])]
    assert len(subjects) == 1
    assert breaches(app) == []


def test_it_is_done_once_however_often_the_button_is_pressed(app, event, staff):
    browser = staff()
    address = ask(event, 0)
    fields = forms(browser.get(address).text)[0]["fields"] | {"reason": WHY}
    first, second = browser.post(address, data=fields), browser.post(address, data=fields)
    assert first.location == second.location
    assert make.statuses(event)["Berg3"] == "confirmed"
    assert make.statuses(event)["Berg4"] == "waiting"


def test_without_a_reason_nothing_is_done(app, event, staff):
    answer = staff().submit(ask(event, 0), reason=" ")
    assert answer.status_code == 422
    assert "Skriv varför" in answer.text
    assert make.statuses(event)["Berg0"] == "confirmed"


def test_all_who_match_are_those_of_the_filter_when_it_is_done(app, event, staff):
    browser = staff()
    address = url(event, "deltagare/valda") + "?gor=cancel&galler=alla&status=waiting"
    fields = forms(browser.get(address).text)[0]["fields"] | {"reason": WHY}
    late = make.registration(event, 7)
    refused = browser.post(address, data=fields)
    assert refused.status_code == 422
    assert "Urvalet har ändrats och är nu 4 personer" in refused.text
    assert WHY in refused.text
    assert make.again(late).status is Status.WAITING
    again = forms(refused.text)[0]["fields"]
    assert browser.post(address, data=again).status_code == 303
    assert sorted(make.statuses(event).values()) == ["cancelled"] * 4 + ["confirmed"] * 3


def test_those_with_whom_it_could_not_be_done_are_listed_with_why(app, event, staff):
    browser = staff()
    first = make.again(db.session.get_one(Registration, id_of(event, 0)))
    write(lambda: services.cancel(
        db.session, db.session.get_one(Registration, first.id), reason="x", now=NOW
    ))  # fmt: skip
    page = browser.get(ask(event, 0, 1)).text
    assert "1 av dem är redan avanmäld" in page
    done = browser.get(browser.submit(ask(event, 0, 1), reason=WHY).location).text
    assert "1 person är avanmäld" in done
    assert re.search(r"Berg0, Ada</a></th><td>Är redan avanmäld", done)


def test_one_that_was_changed_meanwhile_is_left_alone(app, event, staff):
    address = url(event, "deltagare/valda") + "?gor=cancel&galler=alla"
    crowd = [make.registration(event, n) for n in range(10, 30)]
    browser = staff()
    answer = browser.submit(address, reason=WHY)
    assert "/arbeta/jobb/" in answer.location
    changed = crowd[-1].id
    write(lambda: services.change(
        db.session, db.session.get_one(Registration, changed), by=user(PLANNER),
        facts={"organisation": "En annan"}, now=NOW,
    ))  # fmt: skip
    while run_once():
        pass
    page = browser.get(answer.location).text
    assert "Gjort för 25 personer. Med 1 gick det inte." in page
    done = browser.get(re.search(r'href="([^"]+valda/\d+)"', page)[1]).text
    assert "Anmälan har ändrats sedan du valde den" in done
    assert make.again(crowd[-1]).status is Status.CONFIRMED  # the only one left to give it to
    assert breaches(app) == []


def test_who_has_lost_the_role_does_not_go_on(app, event, staff):
    for n in range(10, 30):
        make.registration(event, n)
    browser = staff()
    address = url(event, "deltagare/valda") + "?gor=cancel&galler=alla"
    answer = browser.submit(address, reason=WHY)
    admin = staff("admin")
    write(lambda: account_services.set_open(
        db.session, user(PLANNER), authority=event.authority, is_open=False,
        by=user("admin.jonkoping@example.se"), now=NOW,
    ))  # fmt: skip
    while run_once():
        pass
    assert "inte längre rätt" in admin.get(answer.location).text
    assert "cancelled" not in make.statuses(event).values()


def test_nothing_ticked_is_nobody_and_not_everybody(app, event, staff):
    browser = staff()
    for query in ("gor=cancel", "gor=cancel&galler=valda", "gor=cancel&galler=sidan&pa_sidan="):
        page = browser.get(url(event, "deltagare/valda") + "?" + query)
        assert page.status_code == 200
        assert "Ingen är vald" in page.text
        token = forms(browser.get(ask(event, 0)).text)[0]["fields"]
        browser.post(url(event, "deltagare/valda") + "?" + query, data=token | {"reason": WHY})
    assert "cancelled" not in make.statuses(event).values()


def test_people_of_another_event_cannot_be_reached(app, event, staff):
    other = make.conference()
    stranger = make.registration(other, 50)
    browser = staff()
    query = f"?gor=cancel&rad={stranger.id}"
    assert "Ingen är vald" in browser.get(url(event, "deltagare/valda") + query).text
    mixed = ask(event, 0) + f"&rad={stranger.id}"
    browser.submit(mixed, reason=WHY)
    assert make.again(stranger).status is Status.CONFIRMED
    run = browser.submit(ask(event, 1), reason=WHY).location
    assert browser.get(run.replace(f"/{event.id}/", f"/{other.id}/", 1)).status_code == 404


@pytest.mark.parametrize(
    "query", ["gor=delete", "gor=cancel&galler=x", "gor=cancel&rad=x", "gor=cancel&rad=-1", "gor="]
)
def test_what_is_not_known_is_400_or_nobody(app, event, staff, query):
    answer = staff().get(url(event, "deltagare/valda") + "?" + query)
    assert answer.status_code == 400 or "Ingen är vald" in answer.text


def test_only_those_who_plan_may(app, event, staff):
    for role in ("secretary", "reader", "check-in"):
        assert staff(role).get(ask(event, 0)).status_code == 403
        assert 'name="rad"' not in staff(role).get(url(event)).text
    assert staff("organiser", "skane").get(ask(event, 0)).status_code == 404


def test_asking_about_many_costs_no_more_than_about_one(app, event, staff):
    browser, costs = staff(), []
    for numbers in ([0], [0, 1, 2, 3, 4, 5]):
        address = ask(event, *numbers)
        with statements() as asked:
            assert browser.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_mailing_goes_to_those_who_were_ticked_and_to_nobody_else(app, event, staff):
    browser = staff()
    address = (
        url(event, "deltagare/valda") + f"?gor=utskick&rad={id_of(event, 1)},{id_of(event, 4)}"
    )
    answer = browser.get(address)
    assert answer.status_code == 302
    assert "Bara de 2 som du kryssade" in browser.get(answer.location).text
    draft = browser.submit(answer.location, subject="Hej", body="Kom ihåg namnbrickan.")
    assert draft.status_code == 303
    page = browser.get(draft.location).text
    assert "2 kryssade" in page
    assert "Berg1" in page
    assert "Berg4" in page
    assert "Berg0" not in page


def test_a_mailing_takes_the_filter_over(app, event, staff):
    address = (
        url(event, "deltagare/valda") + "?gor=utskick&galler=alla&status=waiting&sektor=region"
    )
    assert staff().get(address).location.endswith("/utskick/nytt?status=waiting&sektor=region")
    searched = staff().get(url(event, "deltagare/valda") + "?gor=utskick&galler=alla&q=berg2")
    assert f"vald={id_of(event, 2)}" in searched.location


def test_those_who_wait_for_an_answer_are_let_in_as_they_came_or_refused(app, staff, post):
    event = make.conference(room=1, online=None)
    for n, name in enumerate(("Sen", "Alm", "Ek")):
        make.registration(event, n, last_name=name, status=Status.PENDING)
    browser = staff()
    post()
    query = "?gor={}&galler=alla&status=pending&q={}"
    address = url(event, "deltagare/valda") + query.format("decline", "Ek")
    assert browser.submit(address, reason="").status_code == 422
    assert browser.submit(address, reason="Platserna räckte inte").status_code == 303
    answer = browser.submit(url(event, "deltagare/valda") + query.format("approve", ""))
    assert "2 personer är godkända" in browser.get(answer.location).text
    assert make.statuses(event) == {"Sen": "confirmed", "Alm": "waiting", "Ek": "declined"}
    told = {str(mail["To"]): mail.get_body(("plain",)).get_content() for mail in post()}
    assert "Platserna räckte inte" in next(text for to, text in told.items() if "berg2" in to)
    assert breaches(app) == []
    again = browser.get(url(event, "deltagare/valda") + "?gor=approve&galler=alla").text
    assert "3 av dem väntar inte på besked" in again
