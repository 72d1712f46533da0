"""Name badges: what stands on them, who gets one, what is remembered."""

import dataclasses
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from core.db import db
from core.jobs.models import Job
from core.jobs.worker import run_once
from core.pdf import render
from registrations.door_code import registration_by_code
from registrations.papers import rules
from registrations.papers.models import Badge
from registrations.papers.qr import svg
from tests.conftest import forms
from tests.registrations import make
from tests.registrations.make_lists import come, crowd, statements, url
from tests.registrations.make_papers import log, pages, people, text, update, words


@pytest.fixture
def event(app):
    return make.conference(room=20, online=None)


def made(browser, event, query=""):
    """Look at the sheet, then press the button."""
    page = browser.get(url(event, f"brickor{query}"))
    assert page.status_code == 200, page.text
    form = next(form for form in forms(page.text) if form["action"].endswith("/brickor"))
    return browser.post(form["action"], data=form["fields"])


def names(body):
    return re.findall(r"\b(Öberg|Blyg|Fjärr|Hemlig|Reserv|Borta|Siv|Ny)\b", text(body))


def test_everybody_in_the_room_gets_a_badge_and_nobody_else(event, staff):
    people(event)
    answer = made(staff("organiser"), event)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert pages(answer.data) == 1
    assert sorted(names(answer.data)) == ["Blyg", "Öberg"]
    assert "Tranås kommun" in text(answer.data)
    assert [line.details for line in log("papers.badges")] == [{"number": 3, "sheet": "90x54"}]


def test_a_protected_person_gets_a_line_to_write_on_or_a_number(event, staff):
    hidden = people(event)["hidden"]
    browser = staff("organiser")
    blank = text(made(browser, event, "?ark=90x54&vilka=all").data)
    assert f"{hidden.id}" in blank
    assert "Deltagare" not in blank
    numbered = text(made(browser, event, "?ark=90x54&vilka=all&skyddade=number&start=1").data)
    assert f"Deltagare\n{hidden.id}" in re.sub(" +\n? *", " ", numbered) or (
        f"Deltagare {hidden.id}" in " ".join(numbered.split())
    )
    for said in (blank, numbered):
        assert not [word for word in ("Hemlig", "Siv", "Skydd") if word in said]


def test_only_what_was_ticked_stands_on_the_badge(event, staff):
    chosen, _other = make.parallel(event)
    make.registration(
        event, 1, last_name="Öberg", organisation="Tranås kommun", municipality="0687",
        choices=(chosen.id,),
    )  # fmt: skip
    browser = staff("organiser")
    said = {
        part: text(made(browser, event, f"?ark=a6&vilka=all&med={part}").data)
        for part in ("organisation", "municipality", "role", "choices")
    }
    told = {"organisation": "Tranås kommun", "role": "Tjänsteperson", "choices": chosen.title}
    for part, told_words in told.items():
        assert [name for name in said if told_words in said[name]] == [part]
    assert "Tranås" in said["municipality"]


def test_the_code_on_the_badge_is_the_one_the_door_knows(event, staff, monkeypatch):
    person = make.registration(event, 1)
    drawn = []
    monkeypatch.setattr(
        "registrations.papers.badges.svg", lambda code: drawn.append(code) or svg(code)
    )
    made(staff("organiser"), event)
    code = drawn[-1]
    assert registration_by_code(db.session, event.id, code).id == person.id


def test_each_sheet_holds_as_many_as_it_says_and_begins_where_it_is_told(event, staff):
    browser = staff("organiser")
    for name, sheet in rules.SHEETS.items():
        blank = f"?ark={name}&vilka=blank&antal={sheet.places}"
        assert pages(made(browser, event, blank).data) == 1
        too_far = browser.get(url(event, f"brickor{blank}&start={sheet.places + 1}"))
        assert too_far.status_code == 422
        if sheet.places > 1:
            assert pages(made(browser, event, f"{blank}&start=2").data) == 2
            assert f"{sheet.places} platser" in too_far.text or sheet.places == 10


LONG = [
    ("Maximiliana-Alexandra", "Gyllenhammar-Wachtmeister af Björkö"),
    ("Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren", "Ek"),
    ("Å" * 100, "Ö" * 100),
    ("Ada Beda Ceda Disa Edit Frida Greta Hanna", "Isaksson Johansson Karlsson Larsson Månsson"),
    ("Li", ""),
]


@pytest.mark.parametrize(("first", "last"), LONG)
def test_no_name_is_cut_however_long(first, last):
    """Every letter is there, within the badge, on every sheet."""
    for name, sheet in rules.SHEETS.items():
        data = {
            "title": "Brickor", "authority": "Länsstyrelsen", "date": "2027-03-04",
            "sheet": dataclasses.asdict(sheet), "start": 1, "lines": False, "event": "En dag",
            "badges": [{
                "first": first, "last": last, "corner": "", "blank": False,
                "details": ["Ö" * 200, "Länsstyrelsen i Västra Götalands län"],
                "choices": ["Ensamkommande barn" * 9] * 3, "code": svg("17-AAAAAAAAAAAAAAAA"),
            }],
            "words": {"code": "Kod"},
        }  # fmt: skip
        found = words(render("badges", data))
        assert "".join(first.split()) in "".join(word for word, _box in found), name
        assert "".join(last.split()) in "".join(word for word, _box in found), name
        for word, (left, top, right, bottom) in found:
            assert sheet.left - 0.1 < left < right < sheet.left + sheet.width, (name, word)
            assert sheet.top - 0.1 < top < bottom < sheet.top + sheet.height, (name, word)


def test_only_new_and_changed_ones_are_made_the_next_time(event, staff):
    one, other = make.registration(event, 1, last_name="Öberg"), make.registration(event, 2)
    browser = staff("organiser")
    made(browser, event)
    nobody = browser.get(url(event, "brickor?ark=90x54&vilka=new"))
    assert "redan en bricka som stämmer" in nobody.text
    make.registration(event, 3, last_name="Ny")
    update(other, last_name="Blyg")
    assert sorted(names(made(browser, event, "?vilka=new").data)) == ["Blyg", "Ny"]
    update(one, phone="070-1", municipality="0680")  # does not stand on it
    assert "redan en bricka som stämmer" in browser.get(url(event, "brickor?vilka=new")).text


def test_a_sheet_that_is_only_looked_at_is_not_remembered(event, staff):
    make.registration(event, 1)
    browser = staff("organiser")
    browser.get(url(event, "brickor"))
    browser.get(url(event, "brickor/ark.png"))
    assert db.session.query(Badge).count() == 0
    assert log("papers.badges") == []


def test_a_selection_by_words_choice_or_hand(event, staff):
    chosen, _other = make.parallel(event)
    one = make.registration(event, 1, last_name="Öberg", organisation="Tranås kommun")
    make.registration(event, 2, last_name="Blyg", choices=(chosen.id,))
    make.registration(event, 3, last_name="Ny")
    browser = staff("organiser")
    assert names(made(browser, event, "?ark=a6&vilka=some&q=tranås").data) == ["Öberg"]
    assert names(made(browser, event, f"?ark=a6&vilka=some&val={chosen.id}").data) == ["Blyg"]
    assert names(made(browser, event, f"?vilka=some&vald={one.id}").data) == ["Öberg"]
    assert names(made(browser, event, "?vilka=some&sektor=civil_society&q=blyg").data) == ["Blyg"]
    assert browser.get(url(event, "brickor?vilka=some&vald=abc")).status_code == 400
    none = browser.get(url(event, "brickor?ark=a6&vilka=some&q=finnsinte"))
    assert "Ingen med plats i salen stämmer" in none.text


def test_what_was_filtered_in_the_list_is_handed_over(event, staff):
    come(make.registration(event, 1, last_name="Öberg", municipality="0687"))
    make.registration(event, 2, last_name="Blyg", municipality="0687")
    come(make.registration(event, 3, last_name="Ny", municipality="1280"))
    browser = staff("organiser")
    page = browser.get(url(event, "deltagare?lan=06&kom=ja")).text
    address = re.search(r'href="[^"]*/brickor(\?[^"]+)"', page)[1].replace("&amp;", "&")
    assert names(made(browser, event, address).data) == ["Öberg"]


def test_where_a_protected_person_comes_from_is_not_found_out_by_choosing(event, staff):
    make.registration(event, 1, last_name="Öberg", municipality="0687")
    make.registration(event, 2, last_name="Hemlig", municipality="0687", protected=True)
    browser = staff("check-in")
    assert "Hämta 2 brickor" in browser.get(url(event, "brickor?vilka=some")).text
    for query in ("lan=06", "sektor=civil_society", "q=tranås"):
        assert "Hämta 1 bricka " in browser.get(url(event, f"brickor?vilka=some&{query}")).text


def test_another_events_person_gets_no_badge_here(event, staff):
    make.registration(event, 1, last_name="Öberg")
    stranger = make.registration(make.conference(title="Annan"), 2, last_name="Blyg")
    page = staff("organiser").get(url(event, f"brickor?vilka=some&vald={stranger.id}"))
    assert "Ingen med plats i salen stämmer" in page.text


def test_blank_ones_to_write_on(event, staff):
    answer = made(staff("check-in"), event, "?ark=90x54&vilka=blank&antal=25")
    assert pages(answer.data) == 3
    assert "Mottagande och etablering" in text(answer.data)


def test_the_picture_shows_the_first_sheet(event, staff):
    people(event)
    browser = staff("organiser")
    page = browser.get(url(event, "brickor?ark=62&vilka=all")).text
    address = re.search(r'<img class="sheet" src="([^"]+)"', page)[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(address).query)["ark"] == ["62"]
    answer = browser.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    width, height = Image.open(io.BytesIO(answer.data)).size
    assert round(width / height, 1) == 1.6


def test_what_is_wrong_is_said_at_its_field(event, staff):
    make.registration(event, 1)
    browser = staff("organiser")
    page = browser.get(url(event, "brickor?ark=90x54&vilka=all&start=99"))
    assert page.status_code == 422
    assert "Skriv ett heltal från 1 till 10." in page.text
    answer = browser.get(url(event, "brickor/ark.png?ark=xxx"))
    assert answer.status_code == 400
    form = forms(browser.get(url(event, "brickor")).text)[-1]
    answer = browser.post(form["action"], data=form["fields"] | {"ark": "A5"})
    assert answer.status_code == 422
    answer = browser.post(form["action"], data=form["fields"] | {"form_key": ""})
    assert answer.status_code == 400
    assert log("papers.badges") == []


def test_who_may_make_badges(event, staff, client):
    make.registration(event, 1)
    for role, code in [("admin", 200), ("organiser", 200), ("secretary", 200), ("check-in", 200),
                       ("reader", 403)]:  # fmt: skip
        browser = staff(role)
        assert browser.get(url(event, "brickor")).status_code == code
        assert browser.get(url(event, "brickor/ark.png")).status_code == code
    assert staff("admin", "skane").get(url(event, "brickor")).status_code == 404
    assert client.get(url(event, "brickor")).status_code == 302


def test_many_badges_are_made_as_a_job_and_fetched_from_its_page(app, staff):
    event = make.conference(room=None)
    crowd(event, 200)  # every tenth waits
    browser = staff("organiser")
    answer = made(browser, event)
    assert answer.status_code == 303
    assert run_once() == 1
    page = browser.get(answer.headers["Location"])
    assert "namnbrickor-" in page.text
    job = db.session.query(Job).one()
    body = browser.get(f"/arbeta/jobb/{job.id}/fil").data
    assert pages(body) == 18
    assert "redan en bricka som stämmer" in browser.get(url(event, "brickor?vilka=new")).text


def test_the_new_ones_of_a_job_are_still_those_when_it_is_made(app, staff):
    event = make.conference(room=None)
    crowd(event, 200)
    browser = staff("organiser")
    made(browser, event, "?vilka=new")
    run_once()
    job = db.session.query(Job).one()
    assert pages(browser.get(f"/arbeta/jobb/{job.id}/fil").data) == 18


def test_whoever_may_not_plan_gets_many_badges_at_once(app, staff):
    event = make.conference(room=None)
    crowd(event, 200)
    assert pages(made(staff("check-in"), event).data) == 18


def test_the_page_asks_as_much_for_many_as_for_few(app, staff):
    few, many = make.conference(room=None), make.conference(room=None, title="Stor")
    crowd(few, 2)
    crowd(many, 1000)
    browser = staff("organiser")
    counts = []
    for event in (few, many):
        with statements() as asked:
            assert browser.get(url(event, "brickor")).status_code == 200
        counts.append(len([s for s in asked if s.startswith("SELECT")]))
    assert counts[0] == counts[1]
