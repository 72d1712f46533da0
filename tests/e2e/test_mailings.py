"""Write to some of the participants: the keyboard alone, and the mail as it arrives."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Sink, look, one_database, seed, sign_in, text_of

PEOPLE = [
    ("Ada", "Berg", "civil_society", "confirmed"), ("Bo", "Ek", "civil_society", "confirmed"),
    ("Cia", "Ask", "municipality", "confirmed"), ("Dan", "Alm", "civil_society", "cancelled"),
]  # fmt: skip


def add_event(database_url: str, folder: Path) -> None:
    scenario = {
        "events": [
            {
                "slug": "dag-om-bostad", "authority": "jonkoping", "kind": "regional_conference",
                "title": "Dag om bostad", "state": "published", "starts": "D+60 09:30",
                "ends": "D+60 16:00", "capacity": {"room": 50},
                "venue": {"name": "Elmia", "address": "Elmiavägen 11"},
                "registrations": [
                    {
                        "first_name": first, "last_name": last, "sector": sector,
                        "status": status, "mode": "room",
                        "email": f"{first}.{last}@example.se".lower(),
                    }
                    for first, last, sector, status in PEOPLE
                ],
            }
        ]
    }  # fmt: skip
    seed(database_url, scenario, folder)


def press(page: Page, role: str, name: str | re.Pattern[str], key: str = "Enter") -> None:
    """Go to it with the keyboard and press."""
    page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
    page.keyboard.press(key)


def write(page: Page) -> None:
    press(page, "link", "Praktisk information")
    expect(page.get_by_role("heading", level=1, name="Nytt utskick")).to_be_visible()
    page.get_by_label("Ämne", exact=True).fill("Inför {dagen}")
    press(page, "button", "Spara och förhandsgranska")
    expect(page.get_by_role("alert")).to_contain_text("{dagen} går inte att fylla i")
    look(page, "mailings-02-mistake")
    page.get_by_label("Ämne", exact=True).fill("Inför {evenemang}")
    page.get_by_label(re.compile("^Sektor")).focus()
    page.keyboard.type("Civil")
    page.get_by_text("Det här fylls i för var och en").focus()
    page.keyboard.press("Enter")
    look(page, "mailings-03-write")
    press(page, "button", "Spara och förhandsgranska")


@one_database
def test_a_mailing_to_one_sector_is_written_looked_at_and_sent_by_keyboard(
    desk: Page, phone: Page, sink: Sink, server: str, database_url: str, tmp_path: Path
) -> None:
    add_event(database_url, tmp_path)
    sign_in(desk)
    desk.get_by_role("link", name="Dag om bostad").first.click()
    press(desk, "link", "Utskick")
    expect(desk.get_by_role("heading", level=1, name="Utskick")).to_be_visible()
    look(desk, "mailings-01-none")
    write(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Inför Dag om bostad")
    expect(desk.get_by_text("2 personer får mejlet")).to_be_visible()
    expect(desk.get_by_role("heading", name="Så läser Ada Berg mejlet")).to_be_visible()
    press(desk, "link", "Nästa mottagare")
    expect(desk.get_by_role("heading", name="Så läser Bo Ek mejlet")).to_be_visible()
    desk.get_by_text("Som ren text").focus()
    desk.keyboard.press("Enter")
    look(desk, "mailings-04-preview")
    press(desk, "button", "Skicka ett prov till mig")
    trial = sink.wait_for("organisator@example.se", "Prov: Inför Dag om bostad")
    assert "/min-anmalan/" not in text_of(trial)
    desk.get_by_label("Nu", exact=True).focus()
    for _step in range(12):  # through the parts of the day and time to the button
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.textContent").startswith("Skicka till 2"):
            break
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Utskicket är på väg.")).to_be_visible()
    for name in ("ada.berg", "bo.ek"):
        message = sink.wait_for(f"{name}@example.se", "Inför Dag om bostad")
        first = name.partition(".")[0].capitalize()
        assert text_of(message).startswith(f"Hej {first}!")
        html = message.get_body(("html",))
        assert html is not None
        assert f"Hej {first}!" in html.get_content()
        assert re.search(rf"{server}/min-anmalan/[\w-]{{43}}", text_of(message))
    sent_to = {str(m["To"]) for m in sink.messages if str(m["Subject"]).startswith("Inför")}
    assert sent_to == {"ada.berg@example.se", "bo.ek@example.se"}
    desk.reload()
    expect(desk.get_by_text("Skickat till 2 av 2")).to_be_visible()
    look(desk, "mailings-05-sent")
    press(desk, "link", "Alla utskick")
    look(desk, "mailings-06-list")
    press(desk, "link", "Ställ in påminnelser")
    press(desk, "checkbox", "Påminn dem som har plats", "Space")
    look(desk, "mailings-07-reminders")
    press(desk, "button", "Spara påminnelserna")
    expect(desk.get_by_text("Påminnelse före evenemanget: går")).to_be_visible()
    sign_in(phone)
    for rest in ("", "/nytt?text=tack", "/paminnelser"):
        phone.goto(desk.url + rest)
        look(phone, f"mailings-08-phone{rest.partition('?')[0].replace('/', '-')}")
    phone.goto("/arbeta/utskick/1")
    look(phone, "mailings-09-phone-sent")
    say_no_to_news(desk, phone, sink)


def say_no_to_news(desk: Page, phone: Page, sink: Sink) -> None:
    press(desk, "link", "Nytt utskick")
    desk.get_by_label(re.compile("^Information eller inbjudan")).check()
    desk.get_by_label("Ämne", exact=True).fill("Nästa dag om bostad")
    desk.get_by_label("Text", exact=True).fill("Hej {förnamn}! Kom även nästa år.")
    press(desk, "button", "Spara och förhandsgranska")
    press(desk, "button", "Skicka till 3 personer")
    message = sink.wait_for("cia.ask@example.se", "Nästa dag om bostad")
    phone.goto(str(message["List-Unsubscribe"]).strip("<>"))
    look(phone, "mailings-10-opt-out")
    press(phone, "button", "Avregistrera mig")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Du är avregistrerad")
    look(phone, "mailings-11-opted-out")
