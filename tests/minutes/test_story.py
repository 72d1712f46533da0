"""From the programme to the published document, by clicking."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from flask import Flask

from accounts.models import AuditEntry
from core.db import db
from tests.conftest import Client
from tests.minutes import make
from tests.registrations import make_invitations as councils


def pdf_text(document: bytes) -> str:
    """The words of a PDF, the divided ones put together; skips where pdftotext is missing."""
    if not (pdftotext := shutil.which("pdftotext")):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    read = subprocess.run([pdftotext, "-", "-"], input=document, capture_output=True, check=True)
    return " ".join(re.sub("[-\u00ad]\n", "", read.stdout.decode()).split())


def write_in(client: Client, heading: str, event_id: int, body: str, **fields: str) -> None:
    section = make.section(make.of(event_id), heading)
    address = f"/arbeta/minnesanteckningar/avsnitt/{section.id}"
    assert client.submit(address, body=body, **fields).status_code == 303


def test_the_whole_story(client: Client, staff: Callable[..., Client]) -> None:
    event = make.with_people(make.held())
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar"
    public = f"/evenemang/{event.slug}/dokumentation"
    secretary = staff("secretary", name="astrid")
    assert "Börja skriva" in secretary.get(at).text
    assert secretary.submit(at).status_code == 303
    draft = secretary.get(at).text
    order = [draft.index(f">{words}</h2>") for words in (
        "Inledning", "Deltagare", "Mat som mötesplats", "Vad händer nu?",
        "Sammanfattande slutsatser", "Avslutande kommentarer",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "Kaffe" not in draft
    for prefilled in (
        "851-1234-2026", "Folkets hus, Jönköping", "Karin Ek", "Astrid Exempel",
        "Att dela det som fungerar.", "Reem Omer, projektledare, Mångfaldsmat",
    ):  # fmt: skip
        assert prefilled in draft
    assert "Per Blyg" not in draft  # has not consented
    assert "3 personer var anmälda, och 2 kom." in draft

    write_in(secretary, "Inledning", event.id, "Vi möttes i **Jönköping**.")
    write_in(secretary, "Mat som mötesplats", event.id, "Yalla Trappan var förebild.")
    write_in(secretary, "Sammanfattande slutsatser", event.id, "1. Bygg. Ansvar: kommunerna.")
    assert client.get(public).status_code == client.get(f"{public}.pdf").status_code == 404
    review = secretary.get(f"{at}/publicera").text
    assert "Tomt avsnitt, kommer inte med: Vad händer nu?" in review
    assert "Slutsatserna är tomma." not in review
    invitation = f"/evenemang/{event.slug}"
    assert public not in client.get(invitation).text
    assert secretary.submit(f"{at}/publicera").status_code == 303

    page = client.get(public)
    assert page.status_code == 200
    assert "<strong>Jönköping</strong>" in page.text
    assert "Yalla Trappan var förebild." in page.text
    assert "Vad händer nu?" not in page.text  # empty
    assert "Sammanfattande slutsatser</h2>" in page.text
    sector = re.search(r"Civilsamhälle</th>\s*<td[^>]*>3</td>\s*<td[^>]*>2</td>", page.text)
    assert sector
    assert "<svg" in page.text
    file = client.get(f"{public}.pdf")
    assert file.mimetype == "application/pdf"
    assert file.data.startswith(b"%PDF")
    assert hashlib.sha256(file.data).hexdigest() in page.text
    assert file.headers["Content-Disposition"] == (
        f'inline; filename="dokumentation-{event.slug}.pdf"'
    )
    words = pdf_text(file.data)
    for word in (
        "Mottagande och etablering", "Yalla Trappan var förebild.", "Reem Omer",
        "851-1234-2026", "3 personer var anmälda", "av Astrid Exempel",
    ):  # fmt: skip
        assert word in words
    again = client.get(f"{public}.pdf", headers={"If-None-Match": file.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert client.get(public, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert public in client.get(invitation).text
    actions = [entry.action for entry in db.session.query(AuditEntry).filter_by(event_id=event.id)]
    assert "minutes.started" in actions
    assert "minutes.published" in actions


def test_starting_twice_gives_the_same_draft(staff: Callable[..., Client]) -> None:
    event = make.held()
    at = f"/arbeta/evenemang/{event.id}/minnesanteckningar"
    astrid, bo = staff("secretary", name="astrid"), staff("secretary", name="bo")
    form = {"csrf_token": "", "form_key": "k" * 20}
    for browser in (astrid, bo):
        page = browser.get(at).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        browser.post(f"{at}/borja", data=form | {"csrf_token": token[1]})
    assert make.headings(make.of(event.id)).count("Mat som mötesplats") == 1


def test_the_programme_as_published_is_where_it_starts(staff: Callable[..., Client]) -> None:
    event = make.held()
    make.events.item(event, "Inte släppt än", after=4)
    minutes = make.started(event)
    assert "Inte släppt än" not in make.headings(minutes)


def test_a_sakrad_without_a_programme_gets_the_template(app: Flask) -> None:
    event = councils.council()
    minutes = make.started(event)
    assert make.headings(minutes) == [
        "Inledning och syfte", "Närvarande", "Presentationsrunda", "Lägesbild från myndigheterna",
        "Frågeställningar", "Synpunkter och medskick från organisationerna", "Diskussion",
        "Fortsatt arbete och återkoppling", "Sammanfattning", "Avslutning",
    ]  # fmt: skip
    introduction = make.section(minutes, "Inledning och syfte").body
    assert "**Syfte:** En djupare bild." in introduction
    assert "**Vad sakrådet kan uppnå:** Svaren går in" in introduction
    assert make.again(minutes).chair == "Tove Forsell, länsråd"


def test_the_minutes_of_a_sakrad_name_organisations_and_no_person(client: Client) -> None:
    event = councils.council(starts=make.SOON, ends=make.SOON + make.FOUR_HOURS)
    came = councils.accepted(councils.invitation(event, "Kaffevagnen"))
    councils.invitation(event, "Grannhjälpen")
    for registration in came.registrations:
        make.came_in(registration)
    make.published(event)
    page = client.get(f"/evenemang/{event.slug}/dokumentation").text
    assert re.search(r"Inbjudna organisationer som kom</h3>.*?Kaffevagnen", page, re.DOTALL)
    assert re.search(r"Inbjudna som inte kom</h3>.*?Grannhjälpen", page, re.DOTALL)
    assert "Hamida" not in page
    assert "Qorane" not in page
    words = pdf_text(client.get(f"/evenemang/{event.slug}/dokumentation.pdf").data)
    assert "Inbjudna organisationer som kom • Kaffevagnen" in words
    assert "Qorane" not in words


def test_it_is_read_in_english_too(client: Client) -> None:
    event = make.held()
    make.published(event)
    page = client.get(f"/en/evenemang/{event.slug}/dokumentation")
    assert page.status_code == 200
    assert 'lang="en"' in page.text
    assert re.search(r'<h2 lang="sv">Mat som mötesplats', page.text)


@pytest.mark.parametrize(("sections", "listed"), [(2, False), (3, True)])
def test_long_documents_have_a_list_of_contents(
    client: Client, sections: int, listed: bool
) -> None:
    event = make.held()
    parts = [{"heading": f"Punkt {n}", "body": "Text."} for n in range(sections)]
    make.published(event, sections=parts)
    page = client.get(f"/evenemang/{event.slug}/dokumentation").text
    assert ('href="#avsnitt-3"' in page) is listed
    assert 'id="avsnitt-3"' in page
