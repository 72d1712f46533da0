"""What is not for everybody is reached by nobody else: by address, by guessing, by HEAD."""

import io

import pytest

from core.crypto import derived_token
from core.db import db, write
from events import services as event_services
from events.attachments import services
from events.attachments.models import Attachment
from events.attachments.receiving import receive
from events.attachments.rules import Access, Visibility
from events.models import Event, ProgrammeItem
from events.rules import State
from registrations import services as registration_services
from registrations.models import Registration
from registrations.rules import Status
from tests.conftest import open_client
from tests.events import make as events
from tests.events import make_files as sent
from tests.registrations import make
from tests.registrations.make_lists import statements


def attach(event, title, visibility, item=None):
    event_id = event.id
    received = receive(io.BytesIO(sent.PDF), f"{title}.pdf", whose="prov", now=events.NOW)
    facts = services.Facts(title, visibility, item.id if item else None, access=Access.ACCESSIBLE)
    made = write(lambda: services.attach(
        db.session, db.session.get_one(Event, event_id), received, facts=facts, by=None,
        now=events.NOW,
    ))  # fmt: skip
    return made.token, made.id


def let_in(app, person):
    browser = open_client(app)
    token = derived_token("registration", person.link_key, person.token_version)
    assert browser.get(f"/min-anmalan/{token}").status_code == 303
    return browser


def cancel(registration_id):
    def do():
        person = db.session.get_one(Registration, registration_id)
        registration_services.cancel(db.session, person, now=events.NOW)

    write(do)


def standing(registration_id, status):
    def do():
        db.session.get_one(Registration, registration_id).status = status

    write(do)


def remove_item(item_id):
    def do():
        item = db.session.get_one(ProgrammeItem, item_id)
        event_services.remove_item(db.session, item, by=None, now=events.NOW)

    write(do)


@pytest.fixture
def case(app):
    """An event with a file of each kind, another event with one for its own participants."""
    event = make.conference()
    draft = events.item(event, "Hemlig punkt")
    found = {
        title: attach(event, title, visibility, item)
        for title, visibility, item in [
            ("Öppen", Visibility.PUBLIC, None), ("Deltagare", Visibility.REGISTERED, None),
            ("Intern", Visibility.STAFF, None), ("Utkast", Visibility.PUBLIC, draft),
        ]
    }  # fmt: skip
    other = make.conference(title="En annan dag")
    found["Annan"] = attach(other, "Annan", Visibility.REGISTERED)
    return event, other, {title: token for title, (token, _id) in found.items()}, found


def test_each_file_reaches_those_it_is_for_and_nobody_else(app, client, staff, case):
    event, other, tokens, found = case
    page = client.get(f"/evenemang/{event.slug}").text
    assert "Öppen" in page
    for title in ("Deltagare", "Intern", "Utkast", "Hemlig"):
        assert title not in page
    confirmed = make.registration(event, 1)
    others = [make.registration(event, n) for n in (2, 3, 4)]
    cancelled = make.registration(event, 5)
    gone = let_in(app, cancelled)
    assert gone.get(f"/min-anmalan/handlingar/{tokens['Deltagare']}").status_code == 200
    cancel(cancelled.id)
    for one, status in zip(others, (Status.WAITING, Status.PENDING, Status.OFFERED), strict=True):
        standing(one.id, status)
    stranger = let_in(app, make.registration(other, 6))
    mine = let_in(app, confirmed)
    everyone = {"nobody": client, "gone": gone, "stranger": stranger, "mine": mine}
    everyone |= {make.again(one).status.value: let_in(app, one) for one in others}
    everyone |= {"staff here": staff(), "staff elsewhere": staff("organiser", "skane")}
    for who, browser in everyone.items():
        for title, token in tokens.items():
            for method in (browser.get, browser.head):
                answer = method(f"/handlingar/{token}")
                assert (answer.status_code == 200) == (title == "Öppen"), (who, title)
                own = method(f"/min-anmalan/handlingar/{token}")
                allowed = {"mine": {"Öppen", "Deltagare"}, "stranger": {"Annan"}}.get(who, set())
                assert (own.status_code == 200) == (title in allowed), (who, title)
                assert own.status_code in {200, 404}
                if own.status_code == 200:
                    assert own.headers["Cache-Control"] == "private, no-store"
                staffs = method(f"/arbeta/handling/{found[title][1]}/fil")
                assert (staffs.status_code == 200) == (who == "staff here"), (who, title)
    shown = mine.get("/min-anmalan").text
    assert ("Deltagare</a>" in shown, "Intern" in shown, "Utkast" in shown) == (True, False, False)
    assert "Deltagare</a>" not in gone.get("/min-anmalan").text
    guessed = tokens["Deltagare"][:-1] + ("A" if tokens["Deltagare"][-1] != "A" else "B")
    for address in ("/handlingar/", "/min-anmalan/handlingar/"):
        assert mine.get(f"{address}{guessed}").status_code == 404
    page = f"/evenemang/{event.slug}"
    for address in (
        f"{page}.ics", f"{page}/program.pdf", f"/en{page}", f"{page}/inbaddat", f"/api/v1{page}",
        f"/api/v1/events/{event.slug}", "/kalender.ics", "/sitemap.xml", "/sok?q=Deltagare",
        "/sok?q=Intern", "/sok?q=Utkast",
    ):  # fmt: skip
        body = client.get(address).data
        assert not any(tokens[title].encode() in body for title in tokens if title != "Öppen")


def test_a_draft_event_shows_no_file_and_one_taken_back_none_at_once(app, client, staff):
    event = events.event()
    token, id_ = attach(event, "Öppen", Visibility.PUBLIC)
    assert client.get(f"/handlingar/{token}").status_code == 404
    event_id = event.id
    write(lambda: event_services.publish(
        db.session, db.session.get_one(Event, event_id), by=None, now=events.NOW))  # fmt: skip
    assert client.get(f"/handlingar/{token}").status_code == 200
    assert "Öppen" in client.get(f"/evenemang/{event.slug}").text
    write(lambda: services.change(
        db.session, db.session.get_one(Attachment, id_), by=None, now=events.NOW,
        facts=services.Facts("Öppen", Visibility.STAFF)))  # fmt: skip
    assert client.get(f"/handlingar/{token}").status_code == 404
    assert "Öppen" not in client.get(f"/evenemang/{event.slug}").text


def test_the_files_of_a_line_that_was_never_shown_are_hidden_when_it_goes(app, client):
    event = make.conference()
    item = events.item(event, "Hemlig punkt")
    token, id_ = attach(event, "Utkast", Visibility.PUBLIC, item)
    item_id = item.id
    remove_item(item_id)
    row = db.session.get_one(Attachment, id_)
    assert (row.item_id, row.visibility) == (None, Visibility.STAFF)
    assert client.get(f"/handlingar/{token}").status_code == 404


def test_an_event_without_files_asks_nothing_about_them(app, client):
    event = make.conference()
    mine = let_in(app, make.registration(event))
    with statements() as asked:
        for browser, address in ((client, f"/evenemang/{event.slug}"), (mine, "/min-anmalan")):
            assert browser.get(address).status_code == 200
    assert [one for one in asked if "FROM attachment" in one] == []
    assert event.state is State.PUBLISHED
