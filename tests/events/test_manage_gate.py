"""Whose it is: another authority's events, items and speakers do not exist; roles decide."""

import pytest

from core.db import db
from events.models import Event
from events.rules import State
from tests.conftest import forms
from tests.events import make

OF_EVENT = [
    "", "/installningar", "/program", "/program/ny", "/publicera", "/kopiera", "/stall-in",
    "/flytta-fram",
]  # fmt: skip
POSTS = ["/program/publicera", "/tillstand"]


def everything(event, item, speaker):
    pages = [f"/arbeta/evenemang/{event.id}{rest}" for rest in OF_EVENT]
    pages += [f"/arbeta/programpunkt/{item.id}", f"/arbeta/medverkande/{speaker.id}"]
    posts = [f"/arbeta/evenemang/{event.id}{rest}" for rest in POSTS]
    posts += [
        f"/arbeta/programpunkt/{item.id}/ta-bort", f"/arbeta/medverkande/{speaker.id}/ta-bort-foto"
    ]  # fmt: skip
    return pages, posts


def test_another_authoritys_id_is_no_page_on_any_address(staff):
    browser = staff("admin", "jonkoping")
    event = make.event("skane", published=True)
    item, speaker = make.item(event), make.speaker(board_slug="skane")
    pages, posts = everything(event, item, speaker)
    button = forms(browser.get("/arbeta/evenemang/nytt?monster=webinar").text)[0]["fields"]
    for page in pages:
        assert browser.get(page).status_code == 404, page
    for page in [*pages, *posts]:
        answer = browser.post(page, data=button | {"title": "Kapad", "state": "held"})
        assert answer.status_code in {404, 405}, page
    event = db.session.get_one(Event, event.id)
    assert (event.title, event.state) == ("Mottagande och etablering", State.PUBLISHED)


def test_unknown_ids_are_no_pages(staff):
    browser = staff("admin")
    for page in ("/arbeta/evenemang/999", "/arbeta/programpunkt/999", "/arbeta/medverkande/999",
                 "/arbeta/evenemang/99999999999", "/arbeta/evenemang/0"):  # fmt: skip
        assert browser.get(page).status_code == 404, page


@pytest.mark.parametrize("role", ["reader", "secretary"])
def test_who_does_not_plan_sees_how_it_stands_and_no_more(staff, role):
    browser = staff(role)
    event = make.event(published=True)
    item, speaker = make.item(event), make.speaker()
    pages, posts = everything(event, item, speaker)
    assert browser.get(pages[0]).status_code == 200
    assert "Nytt evenemang" not in browser.get("/arbeta/").text
    for page in [*pages[1:], "/arbeta/evenemang/nytt", "/arbeta/medverkande"]:
        assert browser.get(page).status_code == 403, page
    token = forms(browser.get("/arbeta/losenord").text)[0]["fields"]
    for page in posts:
        assert browser.post(page, data=token).status_code == 403, page


def test_nobody_gets_in_without_signing_in(client):
    event = make.event(published=True)
    pages, posts = everything(event, make.item(event), make.speaker())
    for page in [*pages, "/arbeta/", "/arbeta/evenemang/nytt", "/arbeta/medverkande"]:
        assert client.get(page).location.startswith("/logga-in?next=/arbeta/"), page
    for page in posts:
        assert client.post(page).status_code == 403, page


def test_no_page_of_an_organiser_writes_when_it_is_read(staff):
    browser = staff("organiser")
    event = make.event(published=True)
    pages, _posts = everything(event, make.item(event), make.speaker())
    for page in [*pages, "/arbeta/", "/arbeta/evenemang/nytt", "/arbeta/medverkande",
                 "/arbeta/medverkande/ny", "/arbeta/evenemang/nytt?monster=webinar"]:  # fmt: skip
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.get_one(Event, event.id).version == event.version


def test_nonsense_never_crashes_a_form(staff):
    browser = staff("organiser")
    event = make.event(published=True)
    pages, _posts = everything(event, make.item(event), make.speaker())
    nonsense = [
        "x" * 100_000, "\0", "\u202eabc", "-1", "1e9", "NaN", "٣", "2027-13-45T99:99", "🙂" * 300
    ]  # fmt: skip
    asked = [*pages[1:], "/arbeta/evenemang/nytt?monster=webinar", "/arbeta/medverkande/ny"]
    for page in [one for one in asked if not one.endswith("/program")]:
        fields = forms(browser.get(page).text)[0]["fields"]
        for value in nonsense:
            sent = dict.fromkeys(fields, value)
            sent |= {name: fields[name] for name in ("csrf_token", "form_key")}
            answer = browser.post(page, data=sent)
            assert answer.status_code in {303, 400, 409, 413, 422}, (page, value[:20])
    assert browser.post(
        pages[1], data=fields | {"title": ["a", "b"], "starts": ["", ""]}
    ).status_code in {303, 409, 422}
