"""Files worth looking at: a printed programme and a plan for all, a sheet for those who come."""

import io
import zipfile
from datetime import datetime

import sqlalchemy as sa
from PIL import Image, ImageDraw

from accounts import queries as account_queries
from core.db import db, write
from events.attachments import services
from events.attachments.receiving import receive
from events.attachments.rules import Access, Visibility
from events.attachments.services import Facts
from events.models import Event
from events.pdf import programme_data, programme_pdf
from events.queries.releases import latest_release

PLAN = (
    "Planritning: från entrén i söder går man rakt fram till foajén med registrering och fika. "
    "Stora salen ligger till höger, grupprummen A och B till vänster. Hiss och tillgänglig "
    "toalett finns vid entrén."
)
ROOMS = {
    "Stora salen": (520, 60, 860, 420), "Grupprum A": (40, 60, 260, 230),
    "Grupprum B": (40, 250, 260, 420), "Foajé, fika": (280, 60, 500, 420),
    "Entré, hiss": (280, 440, 500, 560),
}  # fmt: skip
SHEET = ("Arbetsblad", "Vad tar du med dig hem från i dag?", "Vem behöver du prata med?")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org"


def add_files(slug: str, *, now: datetime) -> None:
    """Give the event three files, once."""
    event = db.session.scalar(sa.select(Event).filter_by(slug=slug))
    if event is None or event.attached:
        return
    release = latest_release(db.session, event.id)
    by = account_queries.user_by_email(db.session, "organisator@example.se")
    wanted = [
        ("planritning.png", _plan(), Facts("Hitta i lokalen", Visibility.PUBLIC, alternative=PLAN)),
        ("arbetsblad.docx", _sheet(), Facts("Arbetsblad till samtalen", Visibility.REGISTERED)),
    ]
    if release:
        printed = Facts("Programmet att skriva ut", Visibility.PUBLIC, access=Access.ACCESSIBLE)
        wanted.insert(0, ("program.pdf", programme_pdf(programme_data(event, release)), printed))
    db.session.rollback()
    sent = [
        (receive(io.BytesIO(body), name, whose="demo", now=now), facts)
        for name, body, facts in wanted
    ]

    def attach() -> None:
        inside = db.session.scalars(sa.select(Event).filter_by(slug=slug)).one()
        for received, facts in sent:
            services.attach(db.session, inside, received, facts=facts, by=by, now=now)

    write(attach)


def _plan() -> bytes:
    image = Image.new("RGB", (900, 600), "white")
    pen = ImageDraw.Draw(image)
    for name, (left, top, right, bottom) in ROOMS.items():
        pen.rectangle((left, top, right, bottom), outline="#1b4f72", width=4, fill="#e8f1f6")
        pen.text((left + 20, top + 20), name, fill="#1b2a33", font_size=26)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _sheet() -> bytes:
    """The smallest document that word processors read."""
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in SHEET)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{OFFICE}/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{OFFICE}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{lines}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{body}')
    return out.getvalue()
