"""A change followed from the page to the mail to the calendar, through SMTP, by other readers."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from core.clock import STOCKHOLM
from tests.calendar_readers import agreed
from tests.e2e.conftest import Sink, look, sign_in, text_of

ADDRESS = "/evenemang/mottagande-och-etablering-i-jonkopings-lan"
TITLE = "Mottagande och etablering i Jönköpings län"
CHOSEN = "Föreningen som bro"
TO = "asa.oberg@example.se"


def register(page: Page) -> None:
    page.goto(f"{ADDRESS}/anmalan")
    page.get_by_label("Förnamn").fill("Åsa")
    page.get_by_label("Efternamn").fill("Öberg")
    page.get_by_label("E-post").fill(TO)
    page.get_by_label(re.compile("^Organisation")).fill("Rädda bina")
    page.get_by_label("Sorts organisation").select_option(label="Civilsamhälle")
    page.get_by_role("radio", name=re.compile("^I salen")).check()
    page.get_by_role("radio", name=re.compile(CHOSEN)).check()
    page.get_by_role("button", name="Skicka anmälan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tack")


def move_the_chosen(page: Page) -> None:
    """To another room and a quarter later, in the draft; publish with the preview read."""
    page.goto("/arbeta/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Program", exact=True).click()
    row = page.locator("tr", has=page.locator(f'input[value="{CHOSEN}"]'))
    row.locator(".col-when input:not([type=hidden])").fill("13.15–14.15")
    row.locator(".col-room input").first.fill("Vättern")
    page.get_by_role("button", name="Spara").first.click()
    page.get_by_role("link", name="Se ändringarna och publicera").first.click()
    expect(page.get_by_text(f"”{CHOSEN}” börjar 13.15 i stället för 13.00.").first).to_be_visible()
    expect(page.get_by_text(f"”{CHOSEN}” har flyttat till rum Vättern.").first).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("Mejla dem det angår"))).to_be_checked()
    expect(page.get_by_text(f"Ändrat: {TITLE}")).to_be_visible()
    look(page, "releases-01-publish")
    page.get_by_role("button", name="Publicera").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Programmet är publicerat (version 2).")).to_be_visible()


def begin_earlier(page: Page) -> datetime:
    """Let the event begin at nine; the new start."""
    page.get_by_role("link", name="Inställningar").click()
    starts = page.get_by_label("Börjar")
    day = datetime.fromisoformat(starts.input_value()).replace(tzinfo=STOCKHOLM)
    nine = day.replace(hour=9, minute=0)
    starts.fill(f"{nine:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Spara", exact=True).click()
    return nine


def let_a_minute_pass(database_url: str) -> None:
    """The letters that wait for quiet are due now."""
    engine = sa.create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    past = datetime.now(STOCKHOLM) - timedelta(days=1)
    with engine.begin() as connection:
        waiting = connection.execute(
            sa.text(
                "UPDATE outbox SET next_try = :past WHERE kind = 'event.news' "
                "AND state = 'waiting' AND recipient = :to"
            ),
            {"past": f"{past:%Y-%m-%d %H:%M:%S}", "to": TO},
        ).rowcount
    engine.dispose()
    assert waiting == 1


def invitation(mail: EmailMessage) -> bytes:
    """The calendar object of a mail, as a calendar program takes it out."""
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    return bytes(part.get_payload(decode=True))


def test_a_change_is_followed_from_the_page_to_the_mail_to_the_calendar(
    desk: Page, phone: Page, upcoming: str, sink: Sink, database_url: str
) -> None:
    assert upcoming
    register(phone)
    [first] = agreed(invitation(sink.wait_for(TO)))

    sign_in(desk)
    move_the_chosen(desk)
    starts = begin_earlier(desk)

    phone.goto(ADDRESS)
    changed = phone.locator(".changed")
    expect(changed).to_contain_text(f"”{CHOSEN}” börjar 13.15 i stället för 13.00.")
    look(phone, "releases-02-page")
    phone.get_by_role("link", name="version 1", exact=True).click()
    expect(phone.get_by_text("Tidigare version.")).to_be_visible()
    expect(phone.get_by_text("Vättern")).to_have_count(0)
    look(phone, "releases-03-earlier")

    desk.get_by_role("link", name="Program", exact=True).click()
    desk.get_by_role("link", name=re.compile("^Utskrifter")).click()
    expect(desk.get_by_text(re.compile("^Vättern, "))).to_be_visible()
    look(desk, "releases-05-printing")

    let_a_minute_pass(database_url)
    mail = sink.wait_for(TO, "Ändrat")
    text = text_of(mail)
    assert f"”{CHOSEN}” börjar 13.15 i stället för 13.00." in text
    assert f"”{CHOSEN}” har flyttat till rum Vättern." in text
    assert re.search(r"Tiden är nu .* kl\. 09\.00–16\.00 i stället för .* kl\. 09\.30–16\.00", text)
    news = [m for m in sink.messages if TO in str(m["To"]) and "Ändrat" in str(m["Subject"])]
    assert len(news) == 1

    [second] = agreed(invitation(mail))
    assert second["UID"] == first["UID"]
    assert second.decoded("DTSTART") == starts
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["SUMMARY"] == TITLE

    own = re.search(r"https?://\S+/min-anmalan/\S+", text)
    assert own
    phone.goto(own[0])
    expect(phone.get_by_text("Nytt i programmet sedan du anmälde dig")).to_be_visible()
    expect(phone.get_by_text(f"”{CHOSEN}” har flyttat till rum Vättern.")).to_be_visible()
    look(phone, "releases-04-mine")
