"""One conference from first to last, by clicking, on a phone."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import icalendar
from playwright.sync_api import Page, expect

from core.clock import STOCKHOLM
from tests.e2e.conftest import Sink, look, one_database, sign_in, text_of

TITLE = "Mottagande och etablering i höst"


def in_two_months() -> str:
    return f"{datetime.now(STOCKHOLM) + timedelta(days=60):%Y-%m-%d}"


def put_on_the_web(page: Page) -> str:
    """Plan and publish; the address of the public page."""
    page.get_by_role("link", name="Nytt evenemang").click()
    look(page, "story-02-patterns")
    page.get_by_role("link", name="Regional konferens").click()
    page.get_by_label("Myndighet").select_option(label="Länsstyrelsen i Jönköpings län")
    page.get_by_label("Rubrik").fill(TITLE)
    page.get_by_label(re.compile("^Dag")).fill(in_two_months())
    page.get_by_label(re.compile("^Plats")).fill("Elmia")
    page.get_by_label(re.compile("^Adress")).fill("Elmiavägen 11, Jönköping")
    look(page, "story-03-create")
    page.get_by_role("button", name="Skapa utkast").click()
    expect(page.get_by_text(TITLE).first).to_be_visible()
    look(page, "story-04-draft")
    page.get_by_role("link", name="Kontrollera och publicera").first.click()
    look(page, "story-05-check")
    anyway = page.get_by_role("checkbox")
    if anyway.count():
        anyway.check()
    page.get_by_role("button", name="Publicera").click()
    page.get_by_role("link", name="Visa sidan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    look(page, "story-06-public")
    return re.sub(r"^https?://[^/]+", "", page.url)


def register(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Anmäl dig").first.click()
    look(page, "story-07-form")
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "story-08-mistakes")
    page.get_by_label("Förnamn").fill("Åsa")
    page.get_by_label("Efternamn").fill("Öberg")
    page.get_by_label("E-post").fill("asa.oberg@example.se")
    page.get_by_label(re.compile("^Organisation")).fill("Tranås kommun")
    page.get_by_label("Sorts organisation").select_option(label="Kommun")
    page.get_by_label(re.compile("^Kommun")).select_option(label="Tranås")
    page.get_by_label(re.compile("^Specialkost")).fill("utan nötter")
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")
    look(page, "story-09-thanks")


def calendar_of(message: EmailMessage) -> icalendar.Calendar:
    parts = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    return icalendar.Calendar.from_ical(parts[0].get_payload(decode=True))


def test_one_conference_from_first_to_last(phone: Page, server: str, sink: Sink) -> None:
    phone.goto("/logga-in")
    look(phone, "story-01-sign-in")
    sign_in(phone)
    expect(phone.get_by_role("heading", name="Våra evenemang")).to_be_visible()
    address = put_on_the_web(phone)

    register(phone, address)
    mail = sink.wait_for("asa.oberg@example.se")
    text = text_of(mail)
    assert TITLE in text
    assert "Elmia" in text
    assert "nötter" not in text
    event = calendar_of(mail).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == TITLE
    assert "Elmia" in str(event["LOCATION"])

    own = re.search(r"https?://\S+/min-anmalan/\S+", text)
    assert own
    phone.goto(own[0])
    assert phone.url.endswith("/min-anmalan")
    expect(phone.get_by_text(TITLE).first).to_be_visible()
    look(phone, "story-10-mine")

    phone.goto("/arbeta/")
    phone.get_by_role("link", name=TITLE).click()
    look(phone, "story-11-overview")
    phone.get_by_role("link", name="Deltagare", exact=True).click()
    expect(phone.get_by_text("Öberg").first).to_be_visible()
    look(phone, "story-12-participants")
    phone.get_by_role("link", name="Dörren", exact=True).click()
    expect(phone.get_by_text("Öberg")).to_have_count(0)
    phone.get_by_label("Sök den som kommer").fill("öberg")
    phone.get_by_role("button", name="Sök").click()
    look(phone, "story-13-door")
    phone.get_by_role("button", name="Pricka av").click()
    expect(phone.get_by_text("Avprickad").first).to_be_visible()
    look(phone, "story-14-ticked")

    phone.get_by_role("link", name=TITLE).click()
    phone.get_by_role("link", name="Minnesanteckningar").click()
    phone.get_by_role("button", name="Börja skriva").click()
    phone.get_by_role("link", name=re.compile("(Skriv|Ändra):? .*slutsatser")).click()
    look(phone, "story-15-section")
    phone.locator("textarea").fill("1. **Bostäder först.** Ansvar: kommunerna.")
    phone.get_by_role("button", name=re.compile("^Spara")).first.click()
    phone.get_by_role("link", name="Granska och publicera").click()
    look(phone, "story-16-review")
    phone.get_by_role("button", name="Publicera").click()
    phone.goto(address + "/dokumentation")
    expect(phone.get_by_text("Bostäder först.")).to_be_visible()
    expect(phone.get_by_text("Åsa Öberg")).to_have_count(0)
    look(phone, "story-17-documentation")
    file = phone.request.get(address + "/dokumentation.pdf")
    assert file.status == 200
    assert file.body().startswith(b"%PDF")


@one_database
def test_the_public_pages_read_well_on_a_desk(desk: Page) -> None:
    for name, address in {
        "start": "/", "councils": "/sakrad", "assignments": "/uppdrag", "cookies": "/om/kakor",
        "privacy": "/om/personuppgifter", "accessibility": "/om/tillganglighet",
        "english": "/en/", "missing": "/finns-inte",
    }.items():  # fmt: skip
        desk.goto(address)
        look(desk, f"desk-{name}")
