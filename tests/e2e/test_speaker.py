"""A speaker is asked, answers on a phone by keyboard, says what may be shown, and takes it back."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from core.clock import STOCKHOLM
from tests.e2e.conftest import Sink, look, seed, sign_in, text_of
from tests.e2e.keyboard import press, tick, write

SLUG = "dag-om-skola"


@pytest.fixture
def conference(server: str, database_url: str, tmp_path: Path) -> str:
    """A conference with two speakers in parallel; the address of its page."""
    day = f"{datetime.now(STOCKHOLM) + timedelta(days=60):%Y-%m-%d}"
    karin = {"name": "Karin Ek", "title": "", "organisation": "Boverket", "consent": False}
    bo = {"name": "Bo Lind", "title": "rektor", "organisation": "Habo kommun", "consent": True,
          "role": "moderator"}  # fmt: skip
    event = {
        "slug": SLUG, "authority": "jonkoping", "kind": "regional_conference",
        "title": "Dag om skola", "state": "published", "starts": f"{day} 09:30",
        "ends": f"{day} 16:00", "capacity": {"room": 30}, "contact_phone": "010-223 60 00",
        "venue": {"name": "Elmia", "address": "Elmiavägen 11", "municipality": "Jönköping"},
        "programme": [
            {"starts": "09:30", "ends": "10:15", "kind": "talk", "title": "Språk som bär",
             "room": "Hammarskjöldsalen", "speakers": [karin]},
            {"starts": "10:15", "ends": "11:00", "kind": "panel", "title": "Vad gör vi nu?",
             "speakers": [karin, bo]},
        ],
    }  # fmt: skip
    seed(database_url, {"events": [event]}, tmp_path)
    return f"/evenemang/{SLUG}"


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """A drawn face, with the place where it was taken."""
    picture = Image.new("RGB", (900, 1100), "#cfe3e6")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((250, 150, 650, 650), fill="#8a5a44")
    draw.ellipse((100, 700, 800, 1500), fill="#0f4c5c")
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (57.0, 46.0, 58.0)}
    path = tmp_path / "jag.jpg"
    picture.save(path, exif=exif.tobytes())
    return path


def invite(desk: Page) -> None:
    sign_in(desk, "/arbeta/medverkande")
    desk.get_by_role("link", name="Karin Ek").click()
    desk.get_by_label(re.compile("^E-post")).fill("karin.ek@example.se")
    look(desk, "speaker-01-register")
    desk.get_by_role("button", name="Spara").click()
    desk.goto("/arbeta/")
    desk.get_by_role("link", name="Dag om skola").first.click()
    desk.get_by_role("link", name="Program", exact=True).click()
    desk.get_by_role("link", name="Medverkande").click()
    look(desk, "speaker-02-organiser")
    desk.get_by_role("button", name="Bjud in 1 som inte är inbjuden").click()
    expect(desk.get_by_role("status").first).to_contain_text("1 inbjudan skickas")


def test_a_speaker_from_the_letter_to_the_page_and_back(
    desk: Page, phone: Page, sink: Sink, conference: str, portrait: Path
) -> None:
    invite(desk)
    letter = text_of(sink.wait_for("karin.ek@example.se", "Vill du medverka?"))
    link = re.search(r"https?://\S+/medverka/\S+", letter)
    assert link
    phone.goto(link[0])
    assert phone.url.endswith("/medverka")
    look(phone, "speaker-03-mine")
    press(phone, phone.get_by_role("link", name="Svara ja eller nej"))
    press(phone, phone.get_by_role("button", name="Spara svaret"))
    expect(phone.get_by_role("alert")).to_contain_text("Välj ja eller nej")
    look(phone, "speaker-04-mistake")
    tick(phone, phone.get_by_label("Ja, jag kommer"))
    write(phone, phone.get_by_label(re.compile("^Något du vill säga")), "Kommer med tåget 8.50.")
    press(phone, phone.get_by_role("button", name="Spara svaret"))
    expect(phone.get_by_role("status")).to_contain_text("Tack för ditt svar")

    press(phone, phone.get_by_role("link", name="Ändra presentation och foto"))
    write(phone, phone.get_by_label(re.compile("^Titel")), "utredare")
    write(phone, phone.get_by_label(re.compile("^Om dig")), "Karin har följt nyanländas skolgång.")
    phone.get_by_label(re.compile("^Foto")).set_input_files(portrait)
    look(phone, "speaker-05-about")
    press(phone, phone.get_by_role("button", name="Spara presentationen"))
    expect(phone.get_by_role("img", name="Ditt foto")).to_be_visible()

    press(phone, phone.get_by_role("link", name="Berätta vad du behöver"))
    tick(phone, phone.get_by_label("Projektor eller skärm"))
    tick(phone, phone.get_by_label("Hörslinga"))
    write(phone, phone.get_by_label(re.compile("^Något annat")), "Ett ståbord")
    look(phone, "speaker-06-room")
    press(phone, phone.get_by_role("button", name="Spara"))

    press(phone, phone.get_by_role("link", name="Välj vad som får visas"))
    look(phone, "speaker-07-consents")
    for what in ("Namn, titel", "Foto"):
        tick(phone, phone.get_by_role("checkbox", name=re.compile(f"^{what}")))
    press(phone, phone.get_by_role("button", name="Spara mina val"))
    expect(phone.get_by_role("status")).to_contain_text("gäller nu")
    look(phone, "speaker-08-done")

    desk.reload()
    expect(desk.get_by_text("Projektor eller skärm, Hörslinga, Ett ståbord").first).to_be_visible()
    look(desk, "speaker-09-answered")
    desk.set_viewport_size({"width": 375, "height": 812})
    look(desk, "speaker-10-answered-phone")
    desk.set_viewport_size({"width": 1280, "height": 900})
    release(desk)
    desk.goto(f"{conference}/medverkande")
    expect(desk.get_by_role("heading", name="Karin Ek")).to_be_visible()
    source = desk.locator("img.face").first.get_attribute("src")
    assert source
    taken = desk.request.get(source)
    assert taken.status == 200
    assert not Image.open(io.BytesIO(taken.body())).getexif()
    look(desk, "speaker-11-people")
    phone.goto(f"{conference}/medverkande")
    look(phone, "speaker-12-people-phone")

    phone.goto("/medverka")
    press(phone, phone.get_by_role("button", name=re.compile("^Ta tillbaka: namn")))
    expect(phone.get_by_role("status")).to_contain_text("tillbakataget")
    assert desk.request.get(source).status == 404
    for page in (conference, f"{conference}/medverkande"):
        phone.goto(page)
        expect(phone.get_by_text("Karin Ek")).to_have_count(0)
    look(phone, "speaker-13-gone")


def release(desk: Page) -> None:
    """Publish the programme as the organiser does."""
    desk.get_by_role("link", name="Programmet", exact=True).click()
    desk.get_by_role("link", name=re.compile("[Pp]ublicera|Granska")).or_(
        desk.get_by_role("button", name=re.compile("[Pp]ublicera"))
    ).first.click()
    if desk.get_by_role("button", name=re.compile("[Pp]ublicera")).count():
        desk.get_by_role("button", name=re.compile("[Pp]ublicera")).first.click()
