"""What the tests of lists and badges have in common."""

import html
import io
import re
import shutil
import subprocess

import pikepdf
import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core.db import db, write
from core.reference import Sector
from events.rules import Mode
from registrations.models import Registration
from registrations.rules import Status
from tests.reading import forms
from tests.registrations import make
from tests.registrations.make_lists import url


def people(event):
    """One of each sort: agreeing and not, protected, on the net, waiting, gone."""
    return {
        "agrees": make.registration(
            event, 1, first_name="Åsa", last_name="Öberg", organisation="Tranås kommun",
            sector=Sector.MUNICIPALITY, municipality="0687", list_consent=True,
            phone="070-123 45 67", needs={"diet": "Vegan", "access": "Teckenspråkstolk"},
        ),
        "silent": make.registration(event, 2, last_name="Blyg", organisation="Arbetsförmedlingen"),
        "online": make.registration(
            event, 3, last_name="Fjärr", list_consent=True, mode=Mode.ONLINE
        ),
        "hidden": make.registration(
            event, 4, first_name="Siv", last_name="Hemlig", organisation="Skyddsverket",
            protected=True, list_consent=True,
        ),
        "waiting": make.registration(
            event, 5, last_name="Reserv", list_consent=True, status=Status.WAITING
        ),
        "gone": make.registration(
            event, 6, last_name="Borta", list_consent=True, status=Status.CANCELLED
        ),
    }  # fmt: skip


def fetch(browser, event, to, **fields):
    """Press the button of one of the forms on the page."""
    page = browser.get(url(event, "listor")).text
    form = next(
        form for form in forms(page)
        if form["action"].endswith(to)
        and fields.get("level", form["fields"].get("level")) == form["fields"].get("level")
    )  # fmt: skip
    return browser.post(form["action"], data=form["fields"] | fields)


def fetch_internal(browser, event, kind="csv", **fields):
    """The complete list for those who work here, as a file."""
    return fetch(browser, event, "/listor/deltagare", level="internal", format=kind, **fields)


def text(body):
    """What a reader can copy from a PDF, line by line."""
    return _copied(body, "-layout")


def words(body):
    """Each word of a PDF, and where it stands: left, top, right, bottom in millimetres."""
    found = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        _copied(body, "-bbox"),
    )
    return [
        (html.unescape(word), [float(side) / 72 * 25.4 for side in box]) for *box, word in found
    ]


def _copied(body, how):
    """Skips where poppler is not installed."""
    if not (pdftotext := shutil.which("pdftotext")):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    command = [pdftotext, how, "-", "-"]
    said = subprocess.run(command, input=body, capture_output=True, check=True).stdout.decode()
    return re.sub("\u200b|\u00ad", "", said)


def pages(body):
    """How many pages a PDF has; it must be tagged, Swedish and PDF/A."""
    with pikepdf.open(io.BytesIO(body)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("sv")
        assert "pdfaid" in str(root.Metadata.read_bytes())
        return len(document.pages)


def log(action):
    """The lines of the log about `action`."""
    db.session.rollback()
    found = sa.select(AuditEntry).filter_by(action=action).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


def update(person, **facts):
    """Change columns straight in the table."""
    db.session.rollback()
    id_ = person.id
    write(
        lambda: db.session.execute(
            sa.update(Registration).where(Registration.id == id_).values(facts)
        )
    )
