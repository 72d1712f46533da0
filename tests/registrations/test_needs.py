"""Diet and access needs: counts for the kitchen, names for few, every look logged."""

import re

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db
from core.outbox.models import Outbox
from events.rules import Mode
from registrations.rules import Status
from tests.registrations import make
from tests.registrations.make_lists import url, user
from tests.registrations.make_papers import fetch_internal

TEXTS = ("Teckenspråkstolk", "Rullstol", "glutenfri", "Vegan", "Nötallergi")


@pytest.fixture
def event(app):
    """A conference where some have told what they need."""
    event = make.conference(room=4, online=None)
    told = [
        {"diet": "glutenfri"}, {"diet": "Glutenfri.", "access": "Teckenspråkstolk"},
        {"diet": "Vegan"}, {}, {"diet": "Nötallergi", "access": "Rullstol"},
    ]  # fmt: skip
    for n, needs in enumerate(told):
        make.registration(event, n, needs=needs)  # the fifth waits
    make.registration(event, 9, needs={"diet": "Vegan"}, mode=Mode.ONLINE)
    return event


def looks():
    """Who has looked at whose needs."""
    db.session.rollback()
    found = sa.select(AuditEntry).filter_by(action="need.read").order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def test_the_kitchen_gets_counts_without_names(event, staff):
    page = staff("organiser").get(url(event, "behov"))
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td>', page.text)
    assert rows == [("Glutenfri", "2"), ("Vegan", "1"), ("Utan önskemål", "1"), ("Summa", "4")]
    assert "Berg" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert looks() == []


def test_names_are_shown_only_after_a_line_in_the_log(event, staff):
    browser = staff("organiser")
    before = browser.get(url(event, "behov")).text
    assert "Teckenspråkstolk" not in before
    assert "1 person har skrivit" in before
    page = browser.submit(url(event, "behov"))
    assert page.status_code == 200
    assert "Teckenspråkstolk" in page.text
    assert "Berg1, Ada" in page.text
    assert "Rullstol" not in page.text  # has no place yet
    assert page.headers["Cache-Control"] == "no-store"
    (line,) = looks()
    assert line.user_id == user("organiser.jonkoping@example.se").id
    assert line.subject_type == "registration"
    assert line.event_id == event.id
    assert line.details == {}


def test_a_protected_person_has_a_number_on_the_list_of_needs(event, staff):
    hidden = make.registration(
        event,
        20,
        last_name="Hemlig",
        protected=True,
        mode=Mode.ONLINE,
        needs={"access": "Hörslinga"},
    )
    page = staff("admin").submit(url(event, "behov")).text
    assert "Hörslinga" in page
    assert f"Skyddad deltagare {hidden.id}" in page
    assert "Hemlig" not in page


def test_no_need_stands_in_lists_files_mails_or_logs(event, staff, post):
    browser = staff("admin")
    person = make.registration(
        event, 30, mode=Mode.ONLINE, needs={"diet": "Vegan", "access": "Rullstol"}
    )
    browser.submit(url(event, "behov"))
    own = f"deltagare/{person.id}"
    assert not [word for word in TEXTS if word in fetch_internal(browser, event).text]
    pages = ["deltagare", "deltagare?q=vegan", own, f"{own}/andra",
             "dorren?q=ada", "dorren/lista"]  # fmt: skip
    for path in pages:
        body = browser.get(url(event, path)).text
        body = body.split("<main")[-1].replace('value="vegan"', "")
        assert not [text for text in TEXTS if text in body], path
    for mail in post():
        text = mail.get_body(("plain",)).get_content()
        assert not [word for word in TEXTS if word in text]
    rows = db.session.scalars(sa.select(AuditEntry)).all()
    assert not [word for word in TEXTS if word in str([row.details for row in rows])]
    payloads = db.session.scalars(sa.select(Outbox.payload)).all()
    assert not [word for word in TEXTS if word in str(payloads)]


@pytest.mark.parametrize("query", ["q=vegan", "q=Teckenspråkstolk", "kost=vegan", "diet=Vegan"])
def test_nobody_can_be_searched_out_by_need(event, staff, query):
    """Dataskyddslagen 3 kap. 3 §."""
    browser = staff("admin")
    page = browser.get(f"{url(event)}?{query}")
    everybody = browser.get(url(event))
    told = page.text.count('<th scope="row"><a')
    assert told in {0, everybody.text.count('<th scope="row"><a')}


def test_who_may_see_needs(event, staff, client):
    for role, code in [("admin", 200), ("organiser", 200), ("secretary", 403), ("reader", 403),
                       ("check-in", 403)]:  # fmt: skip
        browser = staff(role)
        assert browser.get(url(event, "behov")).status_code == code
        assert browser.post(url(event, "behov")).status_code == 403  # without the form's token
    assert staff("admin", "skane").get(url(event, "behov")).status_code == 404
    assert client.get(url(event, "behov")).status_code == 302
    assert looks() == []


def test_an_event_without_needs_says_so(app, staff):
    page = staff().get(url(make.conference(), "behov")).text
    assert "Ingen har skrivit något." in page
    assert "Visa namn" not in page


def test_the_cancelled_do_not_eat(event, staff):
    make.registration(event, 40, needs={"diet": "Vegan"}, status=Status.CANCELLED)
    assert '>Vegan</th><td class="num">1<' in staff().get(url(event, "behov")).text
