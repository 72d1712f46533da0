"""Mail to participants: written, looked at, sent once to each, told about afterwards."""

from core.jobs.worker import run_once
from registrations.rules import Source
from tests.reading import forms
from tests.registrations import make

TEXT = "Hej {förnamn}!\n\nVi ses {tid} på {plats}.\n\nDu har valt: {mina_val}\n\n{min_sida}"


def start(event):
    return f"/arbeta/evenemang/{event.id}/utskick"


def write_one(browser, event, **fields):
    """Write a mailing; its address."""
    told = {"subject": "Inför {evenemang}", "body": TEXT} | fields
    answer = browser.submit(f"{start(event)}/nytt", **told)
    assert answer.status_code == 303, answer.text
    return answer.location


def work():
    while run_once():
        pass


def send(browser, address, **fields):
    answer = browser.submit(address, _at=page_form(browser, address), **fields)
    work()
    return answer


def page_form(browser, address):
    """Which form of the page sends it."""
    return next(n for n, form in enumerate(forms(browser.get(address).text))
                if "when" in form["fields"])  # fmt: skip


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_a_mailing_goes_to_those_who_meet_every_condition_and_to_nobody_else(staff, post):
    event = make.conference(online=50)
    make.registration(event, 1)
    make.registration(event, 2, sector="municipality")
    make.registration(event, 3, mode="online")
    make.registration(event, 4, email="", source=Source.STAFF)
    post()
    browser = staff()
    address = write_one(browser, event, sector="civil_society", mode="room")
    page = browser.get(address).text
    assert ">1</b> person får mejlet" in page
    assert "1 saknar e-postadress" in page
    assert "Ada Berg1" in page
    assert "Ada Berg2" not in page
    assert post() == []
    assert send(browser, address).status_code == 303
    [message] = post()
    assert message["To"] == "ada.berg1@example.se"
    assert message["Subject"] == "Inför Mottagande och etablering"
    text = text_of(message)
    assert text.startswith("Hej Ada!")
    assert "Vi ses" in text
    assert "/min-anmalan/" in text
    assert "Du har valt" not in text
    html = message.get_body(("html",)).get_content()
    assert "Hej Ada!" in html
    assert "/min-anmalan/" in html
    assert "Skickat till 1 av 1" in browser.get(address).text
