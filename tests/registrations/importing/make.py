"""Files of invented people, and the steps of taking them in."""

import io
from typing import Any

import sqlalchemy as sa
import xlsxwriter

from core.db import db
from core.jobs.models import Job
from core.jobs.worker import run_once
from registrations.importing.models import ParticipantImport
from registrations.models import Registration

HEADINGS = ["Förnamn", "Efternamn", "E-post", "Organisation", "Sektor", "Kommun"]


def people(number: int, start: int = 0) -> list[list[str]]:
    """Rows of so many people, under headings."""
    return [HEADINGS] + [
        ["Ada", f"Berg{n}", f"ada.berg{n}@example.se", "Tranås kommun", "Kommun", "Tranås"]
        for n in range(start, start + number)
    ]


def csv(rows: list[list[str]], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The rows as a CSV file."""
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def xlsx(rows: list[list[Any]]) -> bytes:
    """The rows as an XLSX file."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Blad1")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return file.getvalue()


def send(browser: Any, event: Any, body: bytes | None = None, text: str = "", name: str = "l.csv"):
    """Send a file or a text."""
    file = {} if body is None else {"file": (io.BytesIO(body), name)}
    return browser.submit(address(event), text=text, **file)


def address(event: Any) -> str:
    """Where a list is sent."""
    return f"/arbeta/evenemang/{event.id}/deltagare/importera"


def take_in(browser: Any, event: Any, body: bytes | None = None, text: str = "", **choices: Any):
    """Send, go on and let the work be done; the page that tells what came of it."""
    answer = send(browser, event, body, text)
    assert answer.status_code == 303, answer.text
    started = browser.submit(answer.location, **choices)
    assert started.status_code == 303, started.text
    while run_once():
        pass
    return browser.get(started.location)


def registered(event_id: int) -> list[Registration]:
    """Everybody at the event, in the order they were written."""
    db.session.rollback()
    rows = sa.select(Registration).where(Registration.event_id == event_id)
    return list(db.session.scalars(rows.order_by(Registration.id)))


def the_job() -> Job:
    """The newest job."""
    db.session.rollback()
    return db.session.scalars(sa.select(Job).order_by(Job.id.desc())).first()


def the_import() -> ParticipantImport:
    """The newest import."""
    db.session.rollback()
    return db.session.scalars(
        sa.select(ParticipantImport).order_by(ParticipantImport.id.desc())
    ).first()
